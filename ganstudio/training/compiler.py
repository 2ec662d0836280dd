"""Whether this machine can compile updates."""

from __future__ import annotations

import os
import shutil
import sys

DEVICES = ("cpu",)
"""Updates are captured and compiled with tensors of the CPU; those of another device must not reach them."""


def compiler() -> str | None:
    """The path of the C++ compiler that torch would use; None without one."""
    usual = "clang++" if sys.platform == "darwin" else "g++"
    return shutil.which(os.environ.get("CXX", usual))


def fault(device: str) -> str | None:
    """Why nothing can be compiled for this device here, in words; None where it can."""
    if sys.platform == "win32":
        return "compiled training is for Linux and macOS; on Windows it stays eager"
    if device not in DEVICES:
        return f"compiled training is for {' and '.join(DEVICES)}; on {device} it stays eager"
    if compiler() is None:
        name = os.environ.get("CXX") or ("clang++ (xcode-select --install)" if sys.platform == "darwin" else "g++")
        return f"compiled training needs a C++ compiler, and there is no {name} here"
    return None
