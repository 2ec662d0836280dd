"""Builds the application around the window, and takes it down again."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ganstudio import __version__
from ganstudio.ui import logbook
from ganstudio.ui.garbage import GarbageCollector, map_large_pieces
from ganstudio.ui.icons import icon
from ganstudio.ui.settings import APPLICATION, ORGANISATION, Settings
from ganstudio.ui.theme import Theme, ThemeController
from ganstudio.ui.trainer_process import TrainerProcess
from ganstudio.ui.trainer_thread import TrainerAhead, wait_for_unfinished

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow


def run(trainer: TrainerProcess, path: Path | None = None, watch: Callable[[MainWindow], object] | None = None) -> int:
    """The part of :func:`~ganstudio.ui.launch.launch` that needs Qt; takes over the trainer that was started."""
    logbook.open_log()
    map_large_pieces()
    application = application_of(sys.argv)
    trainers = TrainerAhead(trainer)
    try:
        return _run(application, trainers, path, watch)
    finally:
        trainers.close()
        wait_for_unfinished()


def _run(
    application: QApplication,
    trainers: TrainerAhead,
    path: Path | None,
    watch: Callable[[MainWindow], object] | None,
) -> int:
    # Imported here: the trainer's process loads torch meanwhile, which takes as long.
    from ganstudio.ui.main_window import MainWindow

    logbook.catch_qt_messages()
    settings = Settings()
    themes = ThemeController(application, settings.theme)
    dress(application, themes)
    window = MainWindow(settings, themes, trainers)
    if watch is not None:
        watch(window)
    teller = _Teller(window)
    undo = logbook.catch_exceptions(teller.told.emit)
    interrupts = InterruptWatcher(window.close_at_once)
    garbage = GarbageCollector()
    gc.freeze()  # what lives as long as the window need not be looked through: a collection took a tenth of a second
    application.aboutToQuit.connect(window.shut_down)
    window.closed.connect(application.quit)
    window.show()
    QTimer.singleShot(0, window, lambda: window.begin(path))
    try:
        return application.exec()
    finally:
        undo()
        interrupts.close()
        window.shut_down()
        garbage.close()


def application_of(arguments: list[str]) -> QApplication:
    """The QApplication with its names and its icon."""
    # Every movement of the mouse belongs to a stroke; X11 would merge them before they arrive.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application = QApplication(arguments)
    application.setOrganizationName(ORGANISATION)
    application.setApplicationName(APPLICATION)
    application.setApplicationDisplayName("GAN Studio")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(APPLICATION)
    return application


def dress(application: QApplication, themes: ThemeController) -> None:
    """Let the icon follow the theme."""

    def wear(theme: Theme) -> None:
        application.setWindowIcon(icon("app", theme))

    themes.theme_changed.connect(wear)
    wear(themes.current)


class _Teller(QObject):
    """Brings news from any thread to the window."""

    told = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.told.connect(self._tell)

    def _tell(self, text: str) -> None:
        self._window.messages.say("error", text)


class InterruptWatcher(QObject):
    """Ctrl-C in the terminal, and the wish of a system that shuts down, close the window.

    Python runs its signal handlers only when it gets a turn; a byte on a socket wakes Qt up to give it one.
    """

    def __init__(self, close: Callable[[], object]) -> None:
        super().__init__()
        self._ours, theirs = socket.socketpair()
        self._theirs = theirs
        for end in (self._ours, theirs):
            end.setblocking(False)
        self._earlier_wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

        def handler(number: int, frame: FrameType | None) -> None:
            # Not from within whatever Python was doing: when Qt has its turn.
            QTimer.singleShot(0, self, close)

        self._earlier = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}

    def close(self) -> None:
        """Put everything back as it was."""
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._earlier_wakeup)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()

    def _drain(self) -> None:
        try:
            self._ours.recv(64)
        except BlockingIOError:
            return
