"""The system libraries that Qt needs on Linux: found missing, named as packages, installed where that is allowed.

Standard library only. On other systems Qt's own packages bring everything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from terminal import SetupError, say

if TYPE_CHECKING:
    from environment import Environment

DEBIAN_PACKAGE_OF = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libICE.so.6": "libice6",
    "libOpenGL.so.0": "libopengl0",
    "libSM.so.6": "libsm6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXrender.so.1": "libxrender1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
"""Debian's and Ubuntu's package of each library that a bare system may lack; releases with renamed packages (…t64)
still answer to these names."""

X_TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""The programs the end-to-end tests use, and their Debian packages."""


@dataclass(frozen=True)
class Check:
    """One thing that must load: ``files`` are looked at with ldd, relative to the folder of PySide6."""

    name: str
    purpose: str
    files: tuple[str, ...]


OFFSCREEN = Check(
    "qt-offscreen",
    "Qt",
    (
        "QtWidgets.abi3.so",
        "Qt/lib/libQt6Gui.so.6",
        "Qt/lib/libQt6Widgets.so.6",
        "Qt/lib/libQt6Svg.so.6",
        "Qt/plugins/platforms/libqoffscreen.so",
    ),
)
XCB = Check("qt-xcb", "Qt's windows on X", ("Qt/lib/libQt6XcbQpa.so.6", "Qt/plugins/platforms/libqxcb.so"))


def has_display() -> bool:
    """Say whether a window can be shown. Only Linux and its kin can lack a screen in a way that can be asked."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def uses_x() -> bool:
    """Say whether Qt will open its windows through X: it prefers Wayland where both are there."""
    chosen = os.environ.get("QT_QPA_PLATFORM") or ("wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")
    return bool(os.environ.get("DISPLAY")) and chosen == "xcb"


def ensure_qt(environment: Environment, *checks: Check) -> None:
    """Make sure that Qt loads as these checks want it. What passed once is remembered.

    Raises:
        SetupError: libraries are missing and could not be installed; the message names them.
    """
    if not sys.platform.startswith("linux"):
        return
    for check in checks:
        if check.name in environment.checked():
            continue
        missing = missing_libraries(environment, check)
        if missing:
            provide([_package(library) for library in missing], f"{check.purpose} needs {_listed(missing)}")
            missing = missing_libraries(environment, check)
        problem = f"{_listed(missing)} still missing" if missing else _qt_problem(environment)
        if problem:
            raise SetupError(f"{check.purpose} does not load: {problem}")
        environment.remember_check(check.name)


def ensure_x_tools() -> None:
    """Make sure that the programs of the end-to-end tests are there.

    Raises:
        SetupError: some are missing and could not be installed; the message names them.
    """
    missing = _missing_tools()
    if missing and sys.platform.startswith("linux"):
        provide([X_TOOLS[tool] for tool in missing], f"the end-to-end tests need {_listed(missing)}")


def _missing_tools() -> list[str]:
    return [tool for tool in X_TOOLS if not shutil.which(tool)]


def missing_libraries(environment: Environment, check: Check) -> list[str]:
    """Return the names (sonames) of the shared libraries that the check's files want and the system lacks."""
    folders = list(environment.folder.glob("lib*/python*/site-packages/PySide6"))
    if not folders or not shutil.which("ldd"):
        return []
    files = [str(path) for path in (folders[0] / file for file in check.files) if path.is_file()]
    # In one call: ldd prints what each file lacks, Qt itself would only name the first.
    answer = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False)  # noqa: S607
    return not_found(answer.stdout)


def not_found(ldd_output: str) -> list[str]:
    """Read the missing libraries out of what ldd printed, each once, sorted."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", ldd_output, flags=re.MULTILINE)))


def _qt_problem(environment: Environment) -> str:
    """Start Qt without a screen in a process of its own; return why it fails, or nothing."""
    probe = "from PySide6 import QtGui, QtSvg, QtWidgets; QtWidgets.QApplication([])"
    answer = subprocess.run(
        [str(environment.python), "-c", probe],
        capture_output=True, text=True, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    lines = answer.stderr.strip().splitlines() or [f"its process ended with {answer.returncode}"]
    return lines[-1] if answer.returncode else ""


def _package(library: str) -> str:
    return DEBIAN_PACKAGE_OF.get(library, library)


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def provide(packages: list[str], reason: str) -> None:
    """Install Debian packages when that is allowed; otherwise say exactly what to install."""
    names = sorted(set(packages))
    if not shutil.which("apt-get"):
        raise SetupError(f"{reason}. Install what provides it with your system's package manager")
    if os.geteuid() != 0:
        raise SetupError(f"{reason}. Install it with: sudo apt-get install {' '.join(names)}")
    say(f"{reason}: installing {' '.join(names)} with apt-get …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *names]):
        answer = subprocess.run(
            ["apt-get", *arguments],  # noqa: S607
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env=quiet,
        )  # fmt: skip
        # A failed update alone may only mean that one of many sources is out of reach: the installation decides.
        if answer.returncode != 0 and arguments[0] == "install":
            print(answer.stdout.rstrip(), file=sys.stderr)
            raise SetupError(f"apt-get could not install {' '.join(names)}; its own words stand above")
