"""The fake trainer must be importable by name, in this process and in its children."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
