"""What another process took of the machine: processor time, which tells what the clock on the wall does not; memory."""

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


def resident_megabytes(process: int) -> float:
    """What a living process holds in memory; NaN where the system has no /proc."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return math.nan
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
