"""What the window remembers from one start to the next: an INI file with typed keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar, cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from ganstudio.messages.commands import EngineChoice
from ganstudio.ui.theme import Mode

T = TypeVar("T")

ORGANISATION = "ganstudio"
APPLICATION = "ganstudio"
RECENT_FILES = 10


@dataclass(frozen=True)
class Key(Generic[T]):
    """A remembered value: its name in the file, its type, and what holds as long as nothing is remembered."""

    name: str
    type: type[T]
    default: T


THEME = Key("view/theme", str, "system")
GEOMETRY = Key("window/geometry", QByteArray, QByteArray())
LAYOUT = Key("window/layout", QByteArray, QByteArray())
CONTROLS = Key("view/controls", str, "")
LAYERS = Key("view/layers", str, "")
WELCOMED = Key("view/welcomed", bool, False)
SPEED_LIMIT = Key("run/speed_limit", float, 0.0)
ENGINE = Key("run/engine", str, "auto")
STEP_COUNT = Key("run/step_count", int, 100)
LESSONS_DONE = Key("lessons/done", str, "")
LESSON_FOLDER = Key("lessons/folder", str, "")
FOLDER = Key("files/folder", str, "")
RECENT = Key("files/recent", list, [])


class Settings:
    """Reads and writes :class:`Key` values. What cannot be read as its type counts as not remembered."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION)

    def get(self, key: Key[T]) -> T:
        """The remembered value, or the key's default."""
        try:
            # Without a type an INI file gives back text: 'true' for True, and a list of one as its only entry.
            value = self._store.value(key.name, key.default, type=key.type)
        except (TypeError, ValueError, SystemError):
            return key.default
        return value if isinstance(value, key.type) else key.default

    def set(self, key: Key[T], value: T) -> None:
        """Remember a value."""
        self._store.setValue(key.name, value)

    def forget(self, *keys: Key[QByteArray]) -> None:
        """Go back to the defaults of these keys."""
        for key in keys:
            self._store.remove(key.name)

    def save(self) -> None:
        """Write to the disk now."""
        self._store.sync()

    # -- values with a meaning of their own ----------------------------------------------------------------------

    @property
    def theme(self) -> Mode:
        """The chosen theme."""
        mode = self.get(THEME)
        return cast(Mode, mode) if mode in ("system", "light", "dark") else "system"

    @property
    def engine(self) -> EngineChoice:
        """How iterations are to be executed."""
        engine = self.get(ENGINE)
        return cast("EngineChoice", engine) if engine in get_args(EngineChoice) else "auto"

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """Sessions opened or saved lately, latest first."""
        return tuple(Path(entry) for entry in self.get(RECENT) if isinstance(entry, str))

    def add_recent_file(self, path: Path) -> None:
        """Put a session at the head of the recent files."""
        others = [entry for entry in self.recent_files if entry != path]
        self.set(RECENT, [str(entry) for entry in (path, *others)[:RECENT_FILES]])

    def forget_recent_file(self, path: Path) -> None:
        """A session that is gone."""
        self.set(RECENT, [str(entry) for entry in self.recent_files if entry != path])

    def clear_recent_files(self) -> None:
        """Forget all recent files."""
        self.set(RECENT, [])

    @property
    def folder(self) -> Path:
        """Where files were opened or saved last; the home folder before that."""
        folder = Path(self.get(FOLDER) or Path.home())
        return folder if folder.is_dir() else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self.set(FOLDER, str(folder))
