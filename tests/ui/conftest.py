"""Guards for tests with Qt: settings of their own, no window and no running QThread left behind."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.ui.garbage import collect_due


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> None:
    """Every test starts from empty settings, in an INI file of its own."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    # QSettings(organisation, application) takes the native format, whatever the default is. Where that is a registry
    # it cannot be moved: the program itself asks for IniFormat.
    for settings_format in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(settings_format, scope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def garbage_is_collected_here() -> Iterator[None]:
    """As in the program: no widget is destroyed in whatever thread happens to allocate."""
    gc.disable()
    yield
    collect_due()
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_left_of_qt(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a top-level widget of this program, anything visible, or a running QThread behind."""
    widgets_before = set(QApplication.topLevelWidgets())
    threads_before = _native_threads()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if _left(widgets_before):
        gc.collect()  # only a suspect is worth the time: what a reference cycle held is no leak
    left = [f"window {type(widget).__name__}" for widget in _left(widgets_before)]
    if threads_before is None or _native_threads() != threads_before:
        left += [f"running {type(thread).__name__}" for thread in _running_threads()]
    assert not left, f"left behind: {', '.join(left)}. Give widgets to qtbot.addWidget, end and wait for threads"


_left_running: list[QThread] = []
"""Threads that some test was blamed for already: those after it are not."""


def _left(before: set[QWidget]) -> list[QWidget]:
    # pyqtgraph's menus are hidden top-level widgets that live as long as their plot: only ours and the visible count.
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget not in before and (widget.isVisible() or type(widget).__module__.startswith("ganstudio"))
    ]


def _native_threads() -> set[str] | None:
    """The system's threads of this process, where it tells cheaply; they gate the search below."""
    return {task.name for task in Path("/proc/self/task").iterdir()} if sys.platform == "linux" else None


def _running_threads() -> list[QThread]:
    main = QCoreApplication.instance().thread()
    # Not isinstance: it asks for __class__, at which deprecated objects of other packages warn.
    found = (thing for thing in gc.get_objects() if issubclass(type(thing), QThread))
    running = [thread for thread in found if thread is not main and thread.isRunning()]
    left = [thread for thread in running if not any(thread is known for known in _left_running)]
    _left_running.extend(left)
    return left
