"""Nothing that goes wrong vanishes: a log file, and one message instead of a traceback."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("ganstudio")

SIZE = 1_000_000
KEPT = 3
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def folder() -> Path:
    """Where the log is."""
    return user_log_path("GAN Studio", appauthor=False)


def open_log() -> None:
    """Write what the program logs to a file that is kept small; on the terminal only what matters."""
    log.setLevel(logging.INFO)
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    terminal.setFormatter(logging.Formatter("ganstudio: %(levelname)s: %(message)s"))
    log.addHandler(terminal)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(folder() / "ganstudio.log", maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
    except OSError as error:
        log.warning("there is no log file: %s", error)
        return
    file.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    log.addHandler(file)


def catch_exceptions(tell: Callable[[str], object]) -> Callable[[], None]:
    """Log what nobody caught, in slots and in threads, and ``tell`` of it in one line. Returns how to undo that.

    ``tell`` may be called from any thread.
    """
    earlier, earlier_in_threads = sys.excepthook, threading.excepthook

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            earlier(kind, error, traceback)
            return
        log.critical("nobody caught this", exc_info=(kind, error, traceback))
        tell(f"Something went wrong that should not: {kind.__name__}: {error}. The log has the details.")

    def thread_hook(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            hook(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def undo() -> None:
        sys.excepthook, threading.excepthook = earlier, earlier_in_threads

    sys.excepthook, threading.excepthook = hook, thread_hook
    return undo


def catch_qt_messages() -> None:
    """Send what Qt has to say to the log."""
    qInstallMessageHandler(_log_qt)


def _log_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    logging.getLogger("ganstudio.qt").log(_LEVELS.get(kind, logging.WARNING), "%s", text)
