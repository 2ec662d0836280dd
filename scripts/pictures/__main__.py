"""Opens the window once for each size and theme, in a process of its own, and lets it play its scenes."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))  # what the scripts share lies one folder up

import terminal
from environment import CHECKOUT
from virtual_display import VirtualDisplay

SIZES = ("1280x720", "1920x1080")
THEMES = ("light", "dark")
README_PICTURE = CHECKOUT / "resources" / "screenshots" / "main.png"
README_SCENE = "painting-light-1280x720.png"
MOST_BYTES = 400_000


def main() -> int:
    """Parse the arguments, take the pictures."""
    parser = argparse.ArgumentParser(prog="screenshots.py", description="Takes pictures of the window at work.")
    parser.add_argument("--out", type=Path, default=Path("screenshots"), help="where to (default: ./screenshots)")
    parser.add_argument("--size", choices=SIZES, help="only this size")
    parser.add_argument("--theme", choices=THEMES, help="only this theme")
    parser.add_argument(
        "--scene",
        action="append",
        default=[],
        help="only this scene; repeatable. Of lessons: lessons (their list), lesson-05, lesson-05-2 (a step)",
    )
    parser.add_argument("--readme", action="store_true", help=f"replace the README's picture by {README_SCENE}")
    options = parser.parse_args()
    folder: Path = options.out.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for size in [options.size] if options.size else SIZES:
        for theme in [options.theme] if options.theme else THEMES:
            terminal.say(f"{size}, {theme} …")
            take(folder, size, theme, options.scene)
    if options.readme:
        picture = folder / README_SCENE
        if picture.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{README_SCENE} has more than {MOST_BYTES:,} bytes")
        README_PICTURE.parent.mkdir(exist_ok=True)
        shutil.copyfile(picture, README_PICTURE)
    return 0


def take(folder: Path, size: str, theme: str, scenes: list[str]) -> None:
    """Let one window play these scenes, or all of them, with settings of its own."""
    width, height = (int(side) for side in size.split("x"))
    with VirtualDisplay(width, height) as display, tempfile.TemporaryDirectory(prefix="ganstudio-pictures-") as home:
        own = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        code = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("window.py")), str(folder), size, theme, *scenes],
            env={**os.environ, **own, **display.environment(), "OMP_NUM_THREADS": "1"},
            check=False,
        ).returncode
    if code != 0:
        raise SystemExit(f"the window ended with {code}")


if __name__ == "__main__":
    sys.exit(main())
