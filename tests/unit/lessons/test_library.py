"""A folder of lessons, as much of it as can be read."""

from __future__ import annotations

from pathlib import Path

from ganstudio import shipped
from ganstudio.lessons.library import shelf

LESSON = '+++\ntitle = "T"\nsummary = "S"\n+++\n\n## Step\n\nText.\n\n```toml\npreset = "ring8"\n```\n'


def write(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "lesson.md").write_text(text, encoding="utf-8")


def test_lessons_stand_in_the_order_of_their_folders_and_a_fault_spares_the_others(tmp_path: Path) -> None:
    write(tmp_path / "b", LESSON)
    write(tmp_path / "a", LESSON)
    write(tmp_path / "c", LESSON.replace("ring8", "nothing"))
    (tmp_path / "notes").mkdir()
    found = shelf(tmp_path)
    assert [lesson.name for lesson in found.lessons] == ["a", "b"]
    assert [str(fault).split(":")[0] for fault in found.faults] == ["c/lesson.md"]


def test_a_folder_that_is_a_lesson_itself_is_a_shelf_of_one(tmp_path: Path) -> None:
    write(tmp_path / "one", LESSON)
    assert [lesson.name for lesson in shelf(tmp_path / "one").lessons] == ["one"]


def test_an_empty_or_missing_folder_is_a_fault_that_names_it(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        assert shelf(folder).lessons == ()
        assert str(folder) in str(shelf(folder).faults[0])


def test_what_ships_can_all_be_read() -> None:
    assert len(shelf(shipped.directory("lessons")).lessons) == 12
    assert shelf(shipped.directory("lessons")).faults == ()
