"""On what was measured: without it a number means nothing."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

PACKAGES = ("torch", "PySide6-Essentials", "pyqtgraph", "numpy")


def description() -> str:
    """Processor, cores, load, system and the versions that matter, in one line."""
    parts = [_processor(), f"{os.cpu_count()} cores"]
    if hasattr(os, "getloadavg"):
        parts.append(f"load {os.getloadavg()[0]:.1f}")
    parts += [f"{platform.system()} {platform.machine()}", f"Python {platform.python_version()}"]
    parts += [f"{name} {metadata.version(name)}" for name in PACKAGES]
    return " · ".join(parts)


def is_busy() -> bool:
    """Say whether more wants to run than there are cores for."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > (os.cpu_count() or 1) + 0.5


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
