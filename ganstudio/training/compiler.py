"""Whether this machine can compile updates: as machine code for the CPU, as recordings for CUDA."""

from __future__ import annotations

import os
import shutil
import sys

COMPILING, RECORDING = "cpu", "cuda"
"""The device that a C++ compiler makes code for, and that on which the step is recorded (``training.recording``)."""


def compiler() -> str | None:
    """The path of the C++ compiler that torch would use; None without one."""
    usual = "clang++" if sys.platform == "darwin" else "g++"
    return shutil.which(os.environ.get("CXX", usual))


def fault(device: str) -> str | None:
    """Why nothing can be compiled for this device here, in words; None where it can."""
    if device == RECORDING:
        return None
    if device != COMPILING:
        return f"compiled training is for {COMPILING} and {RECORDING}; on {device} it stays eager"
    if sys.platform == "win32":
        return "compiled training on the CPU is for Linux and macOS; on Windows it stays eager"
    if compiler() is None:
        name = os.environ.get("CXX") or ("clang++ (xcode-select --install)" if sys.platform == "darwin" else "g++")
        return f"compiled training needs a C++ compiler, and there is no {name} here"
    return None
