"""Finds the resources that ship with the program: icons, themes, presets, lessons.

They lie at the top of the checkout as ``resources/``; the wheel carries them as ``ganstudio/resources/``.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

_ROOTS = (_PACKAGE / "resources", _PACKAGE.parent / "resources")
"""Where resources may lie, first match wins: the installed package, then the checkout."""


def directory(name: str) -> Path:
    """Return the folder of shipped resources called ``name``, e.g. ``directory("icons")``.

    Raises:
        FileNotFoundError: no such folder ships with this installation; the message names the places looked at.
    """
    for root in _ROOTS:
        candidate = root / name
        if candidate.is_dir():
            return candidate
    places = " or ".join(str(root / name) for root in _ROOTS)
    raise FileNotFoundError(f"GAN Studio's own resources '{name}' are missing: looked for {places}. Reinstall it.")
