"""What the window remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from ganstudio.ui import settings as keys
from ganstudio.ui.settings import Key, Settings


@pytest.mark.parametrize(
    ("key", "value"),
    [(keys.THEME, "dark"), (keys.WELCOMED, True), (keys.SPEED_LIMIT, 250.0), (keys.STEP_COUNT, 7),
     (keys.LAYOUT, QByteArray(b"\x00\xff\x01")), (keys.RECENT, ["/a b.gans"]), (keys.RECENT, ["/a", "/b,c"])],
)  # fmt: skip
def test_a_value_comes_back_from_the_file_with_its_type(key: Key[object], value: object) -> None:
    first = Settings()
    first.set(key, value)
    first.save()
    again = Settings().get(key)
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize("key", [keys.WELCOMED, keys.SPEED_LIMIT, keys.STEP_COUNT, keys.RECENT, keys.LAYOUT])
def test_nonsense_in_the_file_counts_as_nothing(key: Key[object]) -> None:
    raw = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, keys.ORGANISATION, keys.APPLICATION)
    raw.setValue(key.name, {"what": "is this"})
    raw.sync()
    assert type(Settings().get(key)) is key.type


def test_an_unknown_theme_follows_the_system() -> None:
    settings = Settings()
    settings.set(keys.THEME, "pink")
    assert settings.theme == "system"


def test_recent_files_are_latest_first_each_once_and_at_most_ten() -> None:
    settings = Settings()
    paths = [Path(f"/somewhere/{number}.gans") for number in range(12)]
    for path in paths:
        settings.add_recent_file(path)
    settings.add_recent_file(paths[5])
    recent = settings.recent_files
    assert recent[:2] == (paths[5], paths[11])
    assert len(recent) == 10
    assert len(set(recent)) == 10
    settings.forget_recent_file(paths[11])
    assert paths[11] not in settings.recent_files


def test_a_folder_that_is_gone_becomes_the_home_folder(tmp_path: Path) -> None:
    settings = Settings()
    settings.folder = tmp_path
    assert settings.folder == tmp_path
    settings.folder = tmp_path / "gone"
    assert settings.folder == Path.home()
