"""A form made from a record: a row for each of its settings, redrawn by comparing what is shown with what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.errors import UserError
from ganstudio.experiment.reference import SettingReference, fields, kinds_of
from ganstudio.experiment.setting import Record
from ganstudio.ui.forms.choice_box import Option
from ganstudio.ui.forms.choices import choice
from ganstudio.ui.forms.editors import Editor, NumberEditor, OptionalNumberEditor, editor_for
from ganstudio.ui.forms.number import Number, in_range
from ganstudio.ui.forms.tooltip import (
    STRUCTURAL,
    label_text,
    plain_tooltip,
    range_text,
    record_tooltip,
    setting_tooltip,
)

LABEL_WIDTH = 124
"""Pixels; the same in every form, so that editors stand in one line down the whole column."""

INDENT = 12
LABEL_DROP = 6
"""Pixels from the top of an editor to that of its label, so that their texts stand on one line."""

Check = Callable[[str, Any], object]
"""Takes a full path and a value; raises :class:`UserError` when the experiment cannot take it."""


class RecordForm(QWidget):
    """Shows the settings of a record and asks for other values; it changes nothing itself.

    Its rows are made when it is shown or asked about: most forms stand in sections that are closed.

    Args:
        record: what to show; the same type is expected by ``show_record`` later.
        prefix: what stands before the paths of the record's settings in the experiment (``"training."``).
        only: show these settings alone: paths, or beginnings of paths, relative to the record. Empty shows all.
        without: leave these out.
        check: asked before a value is requested; what it refuses is marked in place and not requested.
        starts: by path, the value that an optional number has when it is first switched on.
        off_at_zero: paths, or beginnings of paths, of numbers whose 0 reads "off".
        labels: by path, a name that says more where the form stands than the setting's own.
    """

    value_requested = Signal(str, object)  # full path, value

    def __init__(
        self,
        record: Record,
        prefix: str = "",
        *,
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        check: Check | None = None,
        starts: Mapping[str, Number] | None = None,
        off_at_zero: Sequence[str] = (),
        labels: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._prefix = prefix
        self._only, self._without = tuple(only), tuple(without)
        self._check = check
        self._starts = dict(starts or {})
        self._off_at_zero = tuple(off_at_zero)
        self._labels = dict(labels or {})
        self._made: dict[str, _Row] = {}
        self._awaited: Record | None = None
        """What rows are to be made for once they are wanted."""
        # Where Tab comes to the rows, whenever they are made: new widgets would be the last in the window.
        self._tab_stop = QWidget(self, focusPolicy=Qt.FocusPolicy.TabFocus)
        self._tab_stop.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._awaited = record

    @property
    def _rows(self) -> dict[str, _Row]:
        """By full path; made now if they were not."""
        if self._awaited is not None:
            record, self._awaited = self._awaited, None
            self._show(record)
        return self._made

    @property
    def paths(self) -> tuple[str, ...]:
        """The full paths of the settings that are shown, in order."""
        return tuple(self._rows)

    @property
    def has_structural(self) -> bool:
        """Whether any of the settings shown re-initialises the networks."""
        return any(not row.setting.live for row in self._rows.values())

    def editor(self, path: str) -> Editor:
        """The editor of the setting at the full ``path``. Raises KeyError when the form does not show it."""
        return self._rows[path].editor

    def error(self, path: str) -> str:
        """The reason that stands under the setting at ``path``; empty when there is none."""
        return self._rows[path].reason.text()

    def show_record(self, record: Record) -> None:
        """Show this record. Editors of settings that it shares with the last one stay, with what is typed in them."""
        if self._awaited is not None and not self.isVisible():
            self._awaited = record
        else:
            self._awaited = None
            self._show(record)

    def _show(self, record: Record) -> None:
        wanted = {
            self._prefix + setting.path: replace(setting, label=self._labels.get(setting.path, setting.label), when=())
            for setting in _settings(record)
            if self._shows(setting.path)
        }
        kept = {path: row for path, row in self._made.items() if path in wanted and row.is_for(wanted[path])}
        for path, row in self._made.items():
            if path not in kept:
                row.remove()
        rows = {path: kept.get(path) or self._row(record, path, setting) for path, setting in wanted.items()}
        if list(rows.values()) != list(self._made.values()):
            self._made = rows
            self._arrange()
        self._made = rows
        for path, setting in wanted.items():
            rows[path].show_value(setting.default)
        if any(row.pending is not _NOTHING for row in rows.values()):
            # What was refused may be possible now. Later, as whoever shows this record is not done with it.
            QTimer.singleShot(0, self, self._try_pending)

    def show_error(self, path: str, message: str) -> bool:
        """Mark the setting at ``path`` with the reason under it; what was typed stays. False when it is not shown."""
        row = self._rows.get(path) or self._rows.get(f"{path}.kind")
        if row is None:
            return False
        row.show_error(message)
        return True

    def clear_errors(self) -> None:
        """Take all marks away, and show the record's values again."""
        for row in self._made.values():
            if row.has_error:
                row.pending = _NOTHING
                row.clear_error()
                row.editor.revert()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the rows, if they were not."""
        super().showEvent(event)
        if self._awaited is not None:
            for row in self._rows.values():
                row.name.show()  # at once, and not in the next turn, as what joins a layout that is shown already
                row.editor.show()

    def _shows(self, path: str) -> bool:
        return (not self._only or _begins(path, self._only)) and not _begins(path, self._without)

    def _row(self, record: Record, path: str, setting: SettingReference) -> _Row:
        row = _Row(self, setting, editor_for(setting, _options(record, setting)), path)
        if isinstance(row.editor, OptionalNumberEditor) and setting.path in self._starts:
            row.editor.start_from(self._starts[setting.path])
        if isinstance(row.editor, NumberEditor) and _begins(setting.path, self._off_at_zero):
            row.editor.field.say_off_at_zero()
        row.editor.entered.connect(lambda value: self._entered(row, value))
        row.editor.typed.connect(lambda value: self._typed(row, value))
        row.editor.refused.connect(row.show_error)
        return row

    def _arrange(self) -> None:
        """Put all rows into the grid, in order. Moving a widget within its layout costs it nothing, focus included."""
        while self._grid.count():
            self._grid.takeAt(0)
        kinds = [path.removesuffix("kind") for path, row in self._made.items() if row.setting.type == "kind"]
        depths = {path: sum(path.startswith(k) and path != f"{k}kind" for k in kinds) for path in self._made}
        shallowest = min((depths[path] for path, row in self._made.items() if row.setting.type != "kind"), default=0)
        last: QWidget = self._tab_stop
        for index, (path, row) in enumerate(self._made.items()):
            row.indent(max(0, depths[path] - shallowest))
            if row.setting.type == "integers":  # A list needs the whole width.
                self._grid.addWidget(row.name, 3 * index, 0)
                self._grid.addWidget(row.editor, 3 * index + 1, 0, 1, 2)
            else:
                self._grid.addWidget(row.name, 3 * index, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(row.editor, 3 * index, 1)
            self._grid.addWidget(row.reason, 3 * index + 2, 0, 1, 2)
            last = row.editor.chain_after(last)

    def _entered(self, row: _Row, value: Any) -> None:
        if self._accepts(row, value):
            self.value_requested.emit(row.path, value)
        else:
            row.pending = value

    def _typed(self, row: _Row, value: Any) -> None:
        row.pending = _NOTHING
        self._accepts(row, value)

    def _accepts(self, row: _Row, value: Any) -> bool:
        try:
            self._examine(row, value)
        except UserError as error:
            row.show_error(error.message)
            return False
        row.pending = _NOTHING
        row.clear_error()
        return True

    def _examine(self, row: _Row, value: Any) -> None:
        """Raise :class:`UserError` when ``value`` cannot be taken; the range first, in words of our own."""
        if isinstance(value, int | float) and not in_range(value, row.setting):
            raise UserError(f"the range is {range_text(row.setting)}", field=row.path)
        if self._check is not None:
            self._check(row.path, value)

    def _try_pending(self) -> None:
        for row in tuple(self._made.values()):
            if row.pending is not _NOTHING:
                self._entered(row, row.pending)


@dataclass(frozen=True)
class _Nothing:
    """Stands for no value at all, as None is one."""


_NOTHING = _Nothing()


class _Row:
    """The name, the editor and the place for a reason of one setting."""

    def __init__(self, form: QWidget, setting: SettingReference, editor: Editor, path: str) -> None:
        self.path = path
        self.setting = setting
        self.editor = editor
        self.pending: Any = _NOTHING  # what was entered and refused
        self._value: Any = _NOTHING
        tooltip = setting_tooltip(setting, path)
        editor.setParent(form)
        editor.describe(label_text(setting), tooltip)
        self._label = QLabel(label_text(setting))
        self._label.setBuddy(editor.controls[0])
        self._label.setToolTip(tooltip)
        self._label.setWordWrap(True)
        self.name = _Name(form, self._label, structural=not setting.live)
        self.reason = QLabel(form)
        self.reason.setProperty("role", "error")
        self.reason.setWordWrap(True)
        self.reason.hide()

    @property
    def has_error(self) -> bool:
        """Whether a reason is shown."""
        return bool(self.reason.text())

    def is_for(self, setting: SettingReference) -> bool:
        """Whether this row can show ``setting``: all but the value is the same, and the value is on offer."""
        return replace(self.setting, default=setting.default) == setting and self.editor.offers(setting.default)

    def show_value(self, value: Any) -> None:
        """Show the record's value. A new one takes the place of what was refused."""
        changed = self._value is not _NOTHING and value != self._value
        self._value = value
        if changed and self.has_error:
            self.pending = _NOTHING
            self.clear_error()
        self.editor.show_value(value)

    def show_error(self, message: str) -> None:
        """The reason, under the editor."""
        self.reason.setText(message[:1].upper() + message[1:])
        self.reason.show()
        self.editor.mark(invalid=True)

    def clear_error(self) -> None:
        """Accepted."""
        self.reason.clear()
        self.reason.hide()
        self.editor.mark(invalid=False)

    def indent(self, depth: int) -> None:
        """Stand ``depth`` levels below the settings of the form itself."""
        self.name.setContentsMargins(depth * INDENT, 0, 0, 0)

    def remove(self) -> None:
        """Delete the widgets, when Qt has time."""
        for widget in (self.name, self.editor, self.reason):
            widget.hide()
            widget.deleteLater()


class _Name(QWidget):
    """The label of a setting, and the mark of one that re-initialises the networks."""

    def __init__(self, form: QWidget, label: QLabel, *, structural: bool) -> None:
        super().__init__(form)
        column = QGridLayout(self)
        column.setContentsMargins(0, LABEL_DROP, 0, 0)
        column.setSpacing(4)
        column.addWidget(label, 0, 0)
        column.setColumnStretch(0, 1)
        if structural:
            mark = QLabel("↺")
            mark.setProperty("role", "muted")
            mark.setToolTip(plain_tooltip("Structural", STRUCTURAL.removeprefix("↺ ")))
            column.addWidget(mark, 0, 1, Qt.AlignmentFlag.AlignTop)


class Legend(QLabel):
    """The line that explains the mark of structural settings."""

    def __init__(self) -> None:
        super().__init__("↺ changing it re-initialises both networks")
        self.setProperty("role", "legend")
        self.setToolTip("All other settings are taken over by the running networks at once")


def stacked(*widgets: QWidget, spacing: int = 8) -> QVBoxLayout:
    """A column of widgets without margins."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for widget in widgets:
        column.addWidget(widget)
    return column


_last: list[tuple[Record, tuple[SettingReference, ...]]] = []


def _settings(record: Record) -> tuple[SettingReference, ...]:
    """The settings of ``record``; remembered for one record, as a dozen forms show the same one after another."""
    if not _last or _last[0][0] is not record:
        _last[:] = [(record, fields(record))]
    return _last[0][1]


def _begins(path: str, beginnings: Sequence[str]) -> bool:
    return any(path == beginning or path.startswith(f"{beginning}.") for beginning in beginnings)


def _options(record: Record, setting: SettingReference) -> tuple[Option, ...]:
    """The items of a choice. Kinds that cannot be made from nothing, such as files, are offered only where they are."""
    if setting.type != "kind":
        known = {value: choice(setting.path, value) for value in setting.choices}
        return tuple(Option(value, one.title, plain_tooltip(one.title, one.help)) for value, one in known.items())
    *outer, name, _ = setting.path.split(".")
    parent: Any = record
    for step in outer:
        parent = getattr(parent, step)
    return tuple(
        Option(kind, member.title, record_tooltip(member))
        for kind, member in kinds_of(type(parent), name).items()
        if kind == setting.default or not any(info.is_required() for info in member.model_fields.values())
    )
