"""Processor time of another process: on a busy machine it tells what the clock on the wall does not."""

from __future__ import annotations

import math
import os
from pathlib import Path


def processor_seconds(process: int) -> float:
    """User and system time of a living process so far; NaN where the system has no /proc."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime, proc(5)
