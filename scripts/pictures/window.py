"""One window that plays scenes: ``window.py FOLDER WxH THEME [SCENE]…``; leaves FOLDER/SCENE-THEME-WxH.png."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from scenes import ALL, SCENES, Condition

from ganstudio.ui.app import application_of, dress
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.theme import ThemeController
from ganstudio.ui.training_run import RunState

LOOK_MILLISECONDS = 50
SETTLING_SECONDS = 0.4
"""From the moment a scene is reached to its picture: the views redraw at most so rarely."""
PATIENCE_SECONDS = 180.0


class Player(QObject):
    """Plays scenes one after the other, and takes a picture of each."""

    def __init__(self, window: MainWindow, folder: Path, ending: str, names: list[str]) -> None:
        super().__init__(window)
        self._window, self._folder, self._ending = window, folder, ending
        self._names = names
        self._scene: Generator[Condition, None, None] | None = None
        self._condition: Condition = lambda: window.studio.run.state is RunState.PAUSED
        self._deadline = time.monotonic() + PATIENCE_SECONDS
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        if time.monotonic() > self._deadline:
            print(f"{self._names[0]}: what it waits for does not come", file=sys.stderr)
            self._end(1)
        elif self._condition():
            self._timer.stop()
            QTimer.singleShot(int(SETTLING_SECONDS * 1000), self, self._go_on)

    def _go_on(self) -> None:
        if self._scene is None:
            self._scene = ALL[self._names[0]](self._window)
        try:
            self._condition = next(self._scene)
        except StopIteration:
            self._take_picture()
            return
        self._deadline = time.monotonic() + PATIENCE_SECONDS
        self._timer.start()

    def _take_picture(self) -> None:
        name = self._names.pop(0)
        self._window.grab().save(str(self._folder / f"{name}-{self._ending}.png"))
        self._scene = None
        self._window.studio.run.pause()
        if self._names:
            self._go_on()
        else:
            self._end(0)

    def _end(self, code: int) -> None:
        self._timer.stop()
        self._window.shut_down()
        QTimer.singleShot(0, lambda: sys.exit(code))


def wanted(names: list[str]) -> list[str]:
    """The scenes of these names, and those whose names begin so: ``lesson-05`` is all of its steps."""
    return [scene for name in names for scene in ALL if scene == name or scene.startswith(f"{name}-")]


def main(folder: Path, size: str, theme: str, names: list[str]) -> int:
    """Open the window, play."""
    application = application_of(sys.argv[:1])
    themes = ThemeController(application, "dark" if theme == "dark" else "light")
    dress(application, themes)
    window = MainWindow(Settings(), themes)
    window.resize(*(int(side) for side in size.split("x")))
    window.show()
    player = Player(window, folder, f"{theme}-{size}", wanted(names) or list(SCENES))
    QTimer.singleShot(0, window, window.begin)
    code = application.exec()
    del player
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]))
