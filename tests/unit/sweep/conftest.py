"""Runs that take moments, and outcomes that were never run."""

from __future__ import annotations

import sys
from pathlib import Path

# The modules beside the tests must be importable by name.
sys.path.insert(0, str(Path(__file__).parent))
