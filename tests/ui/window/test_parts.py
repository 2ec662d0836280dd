"""The small parts of the window: timeline, messages, jobs, exports, layout, background work."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.errors import UserError
from ganstudio.experiment.experiment import Stop
from ganstudio.messages.snapshot import Progress
from ganstudio.ui import app, file_dialogs, jobs, logbook
from ganstudio.ui.background import Background
from ganstudio.ui.banner import MOST, Banner, Messages
from ganstudio.ui.export_dialog import FORMS, ExportDialog, Wish
from ganstudio.ui.garbage import GarbageCollector
from ganstudio.ui.jobs import Job, Jobs
from ganstudio.ui.status import StatusBar
from ganstudio.ui.theme import DARK
from ganstudio.ui.timeline_bar import MARGIN, TimelineBar

# -- timeline --------------------------------------------------------------------------------------------------------


@pytest.fixture
def bar(qtbot: QtBot) -> TimelineBar:
    bar = TimelineBar()
    qtbot.addWidget(bar)
    bar.resize(400 + 2 * MARGIN, 24)
    bar.set_snapshots((0, 100, 200, 400))
    bar.set_position(400)
    bar.show()
    return bar


def test_a_drag_tells_each_snapshot_once(qtbot: QtBot, bar: TimelineBar) -> None:
    told: list[int] = []
    bar.scrubbed.connect(told.append)
    y = bar.height() // 2
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(MARGIN + 395, y))
    for x in (390, 210, 205, 195, 90, -50):
        qtbot.mouseMove(bar, QPoint(MARGIN + x, y))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(MARGIN - 50, y))
    assert told == [400, 200, 100, 0]


def test_arrow_keys_go_to_the_neighbouring_snapshots(qtbot: QtBot, bar: TimelineBar) -> None:
    told: list[int] = []
    bar.scrubbed.connect(told.append)
    bar.set_position(150)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(bar, key)
    assert told == [100, 200, 0, 400]


def test_there_is_nothing_before_the_start_and_after_the_end(bar: TimelineBar) -> None:
    assert bar.neighbour(+1) is None
    bar.set_position(0)
    assert bar.neighbour(-1) is None


def test_an_empty_timeline_answers_nothing(qtbot: QtBot) -> None:
    bar = TimelineBar()
    qtbot.addWidget(bar)
    bar.show()
    with qtbot.assertNotEmitted(bar.scrubbed):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton)
        qtbot.keyClick(bar, Qt.Key.Key_Home)


def test_the_timeline_is_drawn_again_once_something_has_moved(qtbot: QtBot) -> None:
    class Counted(TimelineBar):
        paints = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            self.paints += 1
            super().paintEvent(event)

    bar = Counted()
    qtbot.addWidget(bar)
    bar.resize(400, 24)
    with qtbot.waitExposed(bar):
        bar.show()
    bar.set_position(100_000)
    qtbot.waitUntil(lambda: bar.paints > 0)
    QApplication.processEvents()
    before = bar.paints
    for iteration in range(100_000, 100_120):  # of 400 pixels .48
        bar.set_position(iteration)
        QApplication.processEvents()
    assert bar.paints == before
    bar.set_position(100_130)
    qtbot.waitUntil(lambda: bar.paints == before + 1)


# -- status ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stop", "text", "value"),
    [
        (Stop(iterations=1000), "50 % of 1,000", 500),
        (Stop(seconds=40), "25 % of 40 s", 250),
        (Stop(iterations=1000, seconds=40), "50 % of 1,000", 500),  # whichever holds first
        (Stop(iterations=100), "100 % of 100", 1000),
    ],
)
def test_the_progress_bar_shows_the_condition_that_holds_first(qtbot: QtBot, stop: Stop, text: str, value: int) -> None:
    status = StatusBar()
    qtbot.addWidget(status)
    status.show_stop(stop)
    status.show_progress(Progress(500, 500, 500, 10.0), 50.0)
    assert (status.stop.format(), status.stop.value()) == (text, value)


def test_without_an_end_there_is_no_progress_bar(qtbot: QtBot) -> None:
    status = StatusBar()
    qtbot.addWidget(status)
    status.show_stop(Stop(jsd_below=0.01))
    assert status.stop.isHidden()


def test_growing_numbers_do_not_move_their_neighbours(qtbot: QtBot) -> None:
    status = StatusBar()
    qtbot.addWidget(status)
    status.resize(1280, 30)
    status.show()
    status.show_progress(Progress(7), 3.0)
    before = status.state.geometry()
    status.show_progress(Progress(1_234_567), 12_345.0)
    qtbot.waitUntil(lambda: status.iteration.text() == "iteration 1,234,567")
    assert status.state.geometry() == before


# -- messages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def messages(qtbot: QtBot) -> Messages:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(800, 600)
    messages = Messages(holder)
    holder.show()
    return messages


def test_a_message_lies_over_the_axis_and_goes_when_it_is_dismissed(qtbot: QtBot, messages: Messages) -> None:
    messages.say("error", "mine.gans cannot be read")
    assert messages.isVisible()
    parent = messages.parentWidget()
    assert parent is not None
    assert parent.rect().contains(messages.geometry())
    assert messages.geometry().bottom() > parent.height() - 20
    messages.withdraw("mine.gans cannot be read")
    assert not messages.isVisible()


def test_the_same_message_is_shown_once(messages: Messages) -> None:
    messages.say("info", "one", key="k")
    messages.say("info", "two", key="k")
    assert messages.texts == ("two",)


def test_the_oldest_gives_way_when_there_are_many(messages: Messages) -> None:
    for number in range(MOST + 2):
        messages.say("info", str(number))
    assert messages.texts == tuple(str(number) for number in range(2, MOST + 2))


def test_an_offer_is_taken_and_the_message_goes(qtbot: QtBot, messages: Messages) -> None:
    taken: list[str] = []
    messages.say("warning", "lost", ("Recover", lambda: taken.append("recover")))
    qtbot.mouseClick(messages.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert taken == ["recover"]
    assert messages.texts == ()


def test_markup_in_a_file_name_is_shown_as_it_is(messages: Messages) -> None:
    messages.set_theme(DARK)
    messages.say("error", "<b>x</b>.gans is no session")
    assert messages.texts == ("<b>x</b>.gans is no session",)


def test_what_is_kept_stands_above_the_messages_and_comes_and_goes_by_itself(qtbot: QtBot, messages: Messages) -> None:
    work = QLabel("Exporting …")
    work.hide()
    messages.keep(work)
    assert not messages.isVisible()
    work.show()
    assert messages.isVisible() and work.isVisible()
    alone = messages.geometry()
    messages.say("info", "exported", key="k")
    qtbot.waitUntil(lambda: messages.geometry().height() > alone.height())
    assert work.geometry().bottom() < messages.findChild(Banner).geometry().top()
    messages.withdraw("k")
    assert messages.isVisible()
    work.hide()
    assert not messages.isVisible()


# -- background work -------------------------------------------------------------------------------------------------


@pytest.fixture
def background(qapp: object) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


def test_work_in_the_background_ends_in_order_in_the_gui_thread(qtbot: QtBot, background: Background) -> None:
    ended: list[int] = []
    for number in range(5):
        background.do(lambda number=number: number * number, ended.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(ended) == 5)
    assert ended == [0, 1, 4, 9, 16]


def test_a_users_error_is_told_in_its_own_words(qtbot: QtBot, background: Background) -> None:
    told: list[str] = []

    def work() -> None:
        raise UserError("is no session", file="a.gans")

    background.do(work, lambda _: told.append("done"), told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["a.gans is no session"]


def test_any_other_error_is_logged(qtbot: QtBot, background: Background, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    background.do(lambda: 1 // 0, lambda _: told.append("done"), told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert "should not happen" in told[0]
    assert "ZeroDivisionError" in caplog.text


def test_nothing_is_told_after_closing(qtbot: QtBot, background: Background) -> None:
    told: list[int] = []
    background.do(lambda: 1, told.append)
    assert background.close()
    qtbot.wait(1)
    assert told == []


# -- jobs ------------------------------------------------------------------------------------------------------------


def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let jobs run this in place of the command line."""
    package = tmp_path / "fake" / "ganstudio"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(text)
    monkeypatch.setattr(jobs.ganstudio, "__file__", str(package / "__init__.py"))
    monkeypatch.chdir(tmp_path)


def test_a_job_that_worked_says_so(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, monkeypatch, "import sys, json; open('said.json', 'w').write(json.dumps(sys.argv[1:]))")
    shown = Jobs()
    qtbot.addWidget(shown)
    ended: list[tuple[bool, str]] = []
    shown.start("Exporting …", ["sample", "a b.gans"], lambda worked, reason: ended.append((worked, reason)))
    assert len(shown.under_way) == 1
    qtbot.waitUntil(lambda: bool(ended), timeout=20_000)
    assert ended == [(True, "")]
    assert json.loads((tmp_path / "said.json").read_text()) == ["sample", "a b.gans"]
    assert shown.under_way == ()
    assert shown.isHidden()


def test_a_job_that_failed_gives_the_last_line_it_said(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(
        tmp_path, monkeypatch, "import sys; print('noise\\nganstudio: onnx is missing', file=sys.stderr); sys.exit(2)"
    )
    job = Job("x", [])
    with qtbot.waitSignal(job.finished, timeout=20_000) as ended:
        job.start()
    assert ended.args == [False, "onnx is missing"]


def test_a_cancelled_job_ends_without_a_complaint(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path, monkeypatch, "open('began', 'w').close(); import time; time.sleep(60)")
    shown = Jobs()
    qtbot.addWidget(shown)
    shown.show()
    ended: list[tuple[bool, str]] = []
    shown.start("Exporting …", [], lambda worked, reason: ended.append((worked, reason)))
    qtbot.waitUntil((tmp_path / "began").exists, timeout=20_000)
    qtbot.mouseClick(shown.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(ended), timeout=20_000)
    assert ended == [(False, "")]


def test_a_job_says_how_long_it_takes_already(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, monkeypatch, "import time; time.sleep(60)")
    shown = Jobs()
    qtbot.addWidget(shown)
    shown.start("Exporting …", [], lambda worked, reason: None)
    texts = [label.text() for label in shown.findChildren(QLabel)]
    assert texts == ["Exporting …", "0 s"]
    qtbot.waitUntil(lambda: "1 s" in [label.text() for label in shown.findChildren(QLabel)], timeout=10_000)
    shown.close_all()


def test_closing_ends_every_job(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, monkeypatch, "open('began', 'w').close(); import time; time.sleep(60)")
    shown = Jobs()
    qtbot.addWidget(shown)
    ended: list[bool] = []
    shown.start("Exporting …", [], lambda worked, reason: ended.append(worked))
    qtbot.waitUntil((tmp_path / "began").exists, timeout=20_000)
    shown.close_all()
    assert shown.under_way == ()
    assert ended == []


# -- exports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "wish", "arguments"),
    [
        ("generator", Wish(Path("/g.zip"), "py"), ["--format", "py", "-o", "/g.zip", "--weights", "ema"]),
        ("samples", Wish(Path("/s.npy"), "npy", count=50, seed=3), ["-n", "50", "--seed", "3", "-o", "/s.npy"]),
        ("view", Wish(Path("/v.svg"), "svg"), ["-o", "/v.svg", "--scale", "2"]),
        ("plot", Wish(Path("/p.png"), "png", scale=1.5), ["-o", "/p.png", "--scale", "1.5"]),
    ],
)
def test_what_was_asked_for_becomes_arguments_of_the_command_line(form: str, wish: Wish, arguments: list[str]) -> None:
    assert FORMS[form].arguments(wish) == [str(Path(word)) if word.startswith("/") else word for word in arguments]


def test_the_ending_of_the_file_follows_the_format(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(FORMS["generator"], tmp_path / "my.gan", "", parent)
    assert dialog.path.text() == str(tmp_path / "my.gan.zip")
    dialog.format.setCurrentIndex(3)
    assert dialog.path.text() == str(tmp_path / "my.gan.onnx")
    assert dialog.wish() == Wish(tmp_path / "my.gan.onnx", "onnx", count=10_000)


def test_only_pixels_are_scaled(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(FORMS["plot"], tmp_path / "p", "Losses", parent)
    dialog.show()
    assert dialog.scale.isVisible()
    dialog.format.setCurrentIndex(1)
    assert not dialog.scale.isVisible()


def test_a_file_that_exists_is_not_overwritten_without_asking(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(FORMS["samples"], tmp_path / "s", "", parent)
    (tmp_path / "s.npy").write_bytes(b"precious")
    asked: list[Path] = []

    def no(widget: QWidget, path: Path) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(file_dialogs, "may_overwrite", no)
    with qtbot.assertNotEmitted(dialog.wished):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    assert asked == [tmp_path / "s.npy"]
    monkeypatch.setattr(file_dialogs, "may_overwrite", lambda widget, path: True)
    with qtbot.waitSignal(dialog.wished):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)


# -- what nobody caught ----------------------------------------------------------------------------------------------


def test_what_nobody_caught_is_logged_and_told_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    earlier = sys.excepthook
    undo = logbook.catch_exceptions(told.append)
    try:
        sys.excepthook(ValueError, ValueError("odd"), None)
    finally:
        undo()
    assert sys.excepthook is earlier
    assert told == ["Something went wrong that should not: ValueError: odd. The log has the details."]
    assert caplog.records[-1].levelno == logging.CRITICAL


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_in_the_terminal_closes_the_window(qtbot: QtBot) -> None:
    import os
    import signal

    closed: list[bool] = []
    earlier = signal.getsignal(signal.SIGINT)
    watcher = app.InterruptWatcher(lambda: closed.append(True))
    try:
        os.kill(os.getpid(), signal.SIGINT)
        qtbot.waitUntil(lambda: bool(closed))
    finally:
        watcher.close()
    assert signal.getsignal(signal.SIGINT) is earlier


def test_cyclic_garbage_is_collected_by_the_gui_threads_timer_only(qtbot: QtBot) -> None:
    import gc
    import threading
    import weakref

    class Loop:
        def __init__(self) -> None:
            self.itself = self

    gc.enable()  # as it is where a program starts
    collector = GarbageCollector()
    try:
        assert not gc.isenabled()
        gone = weakref.ref(Loop())
        kept: list[list[int]] = []
        worker = threading.Thread(target=lambda: kept.extend([number] for number in range(5000)))
        worker.start()
        worker.join()
        assert gone() is not None
        qtbot.waitUntil(lambda: gone() is None)
    finally:
        collector.close()
    assert gc.isenabled()
