"""The list of lessons: what was done, a folder of one's own, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.ui import file_dialogs
from ganstudio.ui.lessons.ticks import Ticks
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import LESSONS_DONE, Settings
from ganstudio.ui.trainer_link import TrainerLink

OWN = """+++
title = "My lesson"
summary = "Of my own."
+++

## To read

Nothing to do here.

```toml
preset = "ring8"
```

## To do

```toml
do = "Press Play."
actions = ["play 10"]
checks = ["iteration >= 10"]
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("good", OWN), ("worse", OWN.replace('preset = "ring8"', 'preset = "rong"'))):
        (tmp_path / "mine" / name).mkdir(parents=True)
        (tmp_path / "mine" / name / "lesson.md").write_text(text, encoding="utf-8")
    return tmp_path / "mine"


def titles(window: MainWindow) -> list[str]:
    return [card.entry.lesson.title for card in window.lessons.dock.list.cards]


def test_the_list_opens_by_its_key_with_every_lesson_and_none_done(qtbot: QtBot, window: MainWindow) -> None:
    assert window.lessons.dock.isHidden()
    qtbot.keyClick(window.stage.view, Qt.Key.Key_F2)
    qtbot.waitUntil(window.lessons.dock.isVisible)
    cards = window.lessons.dock.list.cards
    assert len(cards) == 12
    assert not any(card.tick.is_on for card in cards)
    assert not window.controls_dock.isHidden()


def test_the_list_can_be_scrolled_to_its_last_lesson_and_no_further(qtbot: QtBot, window: MainWindow) -> None:
    window.lessons.show()
    shown = window.lessons.dock.list
    bar = shown.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    last = shown.cards[-1]
    foot = last.mapTo(shown.scroll_area.viewport(), last.rect().bottomLeft()).y()
    height = shown.scroll_area.viewport().height()
    assert height - 16 <= foot < height


def test_a_click_on_the_list_begins_a_lesson_and_leaving_comes_back_to_the_list(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.lessons.show()
    qtbot.mouseClick(window.lessons.dock.list.cards[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.lessons.is_in_lesson)
    assert window.lessons.dock.shows_lesson
    qtbot.mouseClick(window.lessons.dock.step.leave, Qt.MouseButton.LeftButton)
    assert not window.lessons.is_in_lesson
    assert not window.lessons.dock.shows_lesson


def test_what_was_done_is_ticked_at_the_next_start_and_the_lesson_goes_on_there(
    qtbot: QtBot,
    make: Callable[[Callable[[], TrainerLink]], MainWindow],
    trainers: Callable[[], TrainerLink],
    folder: Path,
) -> None:
    window = make(trainers)
    window.lessons.open_folder(folder)
    own = window.lessons.dock.list.cards[-1]
    qtbot.mouseClick(own, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.lessons.run.done == {0})  # read is done
    shipped = window.lessons.shipped[0]
    for step in range(len(shipped.steps)):
        Ticks(window.settings).keep(shipped, step)
    window.close()

    again = make(trainers)
    again.lessons.show()
    cards = again.lessons.dock.list.cards
    assert cards[0].tick.is_on
    assert cards[-1].entry.done == 1
    again.lessons.open(cards[-1].entry.lesson, folder)
    qtbot.waitUntil(lambda: again.lessons.is_in_lesson)
    assert again.lessons.run.progress is not None and again.lessons.run.progress.at == 1


def test_a_folder_of_ones_own_is_listed_with_what_is_wrong_named_by_file_and_field(
    window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs, "folder_to_open", lambda *arguments: folder)
    window.actions_["lesson_folder"].trigger()
    assert titles(window)[-1] == "My lesson"
    fault = window.lessons.dock.list.faults[0].text()
    assert fault.startswith("worse/lesson.md: step 1 (To read): preset: ")
    assert "rong" in fault
    (folder / "worse" / "lesson.md").write_text(OWN.replace("My lesson", "Mended"), encoding="utf-8")
    window.lessons.reload()
    assert titles(window)[-1] == "Mended"
    assert window.lessons.dock.list.faults == []
    window.lessons.forget_folder()
    assert "Mended" not in titles(window)


def test_a_folder_without_lessons_and_one_that_is_gone_say_so(window: MainWindow, tmp_path: Path) -> None:
    window.lessons.open_folder(tmp_path)
    assert "holds no lesson" in window.lessons.dock.list.faults[0].text()
    window.lessons.open_folder(tmp_path / "gone")
    assert "cannot be read" in window.lessons.dock.list.faults[0].text()
    assert len(titles(window)) == 12


def test_what_was_done_is_kept_by_title_and_of_each_folder_apart(tmp_path: Path, window: MainWindow) -> None:
    settings = Settings()
    ticks = Ticks(settings)
    lesson = window.lessons.shipped[1]
    ticks.keep(lesson, 2)
    ticks.keep(lesson, 2)
    ticks.keep(lesson, 0, tmp_path)
    assert ticks.done(lesson) == {2}
    assert ticks.done(lesson, tmp_path) == {0}
    ticks.forget(lesson)
    assert ticks.done(lesson) == frozenset()
    settings.set(LESSONS_DONE, '[not what it was"')
    assert ticks.done(lesson, tmp_path) == frozenset()
