"""Asks for one axis of a sweep: which setting, and its values; or so many seeds."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.population import Axis, sweepable
from ganstudio.experiment.reference import SettingReference, fields
from ganstudio.ui.forms.number import parsed
from ganstudio.ui.forms.tooltip import plain_tooltip, setting_tooltip
from ganstudio.ui.population.proposals import as_text, as_values, long_label, proposed
from ganstudio.ui.style import restyle

SEEDS = "seed"
"""In place of a setting: the same settings again, from other seeds."""
SEEDS_AT_FIRST = "4"
VALUES_WIDTH = 236


class AxisEditor(QWidget):
    """A list of settings, and a line for the values. It proposes values when another setting is chosen."""

    changed = Signal()

    def __init__(self, title: str, *, offers_seeds: bool) -> None:
        super().__init__()
        self.title = title
        self._offers_seeds = offers_seeds
        self._settings: Mapping[str, SettingReference] = {}
        self._proposal = ""
        self.setting = QComboBox()
        self.setting.setAccessibleName(f"{title}: setting")
        self.setting.setMaxVisibleItems(24)
        self.setting.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setting.activated.connect(self._on_setting)
        self.values = QLineEdit()
        self.values.setAccessibleName(f"{title}: values")
        self.values.setFixedWidth(VALUES_WIDTH)
        self.values.textEdited.connect(lambda _: self.changed.emit())
        label = QLabel(title)
        label.setBuddy(self.setting)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (label, self.setting, self.values):
            row.addWidget(widget)

    @property
    def path(self) -> str:
        """The setting that is chosen, or ``SEEDS``."""
        return str(self.setting.currentData() or "")

    @property
    def reference(self) -> SettingReference | None:
        """All that is known of the setting that is chosen; None for seeds."""
        return self._settings.get(self.path)

    def show_experiment(self, experiment: Experiment, first: str) -> None:
        """Offer what can be swept in this experiment; the choice and the values stay, while they can."""
        chosen = self.path or first
        able = set(sweepable(experiment))
        self._settings = {found.path: found for found in fields(experiment) if found.path in able}
        self.setting.clear()
        for path, found in self._settings.items():
            self.setting.addItem(long_label(found), path)
            tip = plain_tooltip(long_label(found), found.help)
            self.setting.setItemData(self.setting.count() - 1, tip, 3)  # Qt.ItemDataRole.ToolTipRole
        if self._offers_seeds:
            self.setting.addItem("Seeds", SEEDS)
        at = self.setting.findData(chosen)
        self.setting.setCurrentIndex(max(at, 0))
        if at < 0 or self.values.text() == self._proposal:  # what a person wrote stays
            self._propose()
        self._describe()

    def axis(self) -> Axis | None:
        """The setting and its values; None for seeds.

        Raises:
            UserError: what stands there are no values.
        """
        reference = self.reference
        if reference is None:
            return None
        try:
            values = as_values(self.values.text(), whole=reference.type == "int")
        except ValueError as error:
            raise UserError(str(error), field=self.title) from None
        return Axis(path=reference.path, values=tuple(float(value) for value in values))

    def seeds(self) -> int:
        """How many, where seeds are chosen; else 1.

        Raises:
            UserError: what stands there is no whole number.
        """
        if self.path != SEEDS:
            return 1
        try:
            return int(parsed(self.values.text(), whole=True))
        except ValueError as error:
            raise UserError(f"how many seeds? {error}", field=self.title) from None

    def mark(self, *, invalid: bool) -> None:
        """Mark the values as not accepted, or take the mark away."""
        if bool(self.values.property("invalid")) != invalid:
            self.values.setProperty("invalid", invalid)
            restyle(self.values)

    def _on_setting(self) -> None:
        self._propose()
        self._describe()
        self.changed.emit()

    def _propose(self) -> None:
        reference = self.reference
        self._proposal = SEEDS_AT_FIRST if reference is None else as_text(proposed(reference, reference.default))
        self.values.setText(self._proposal)
        self.values.setCursorPosition(0)

    def _describe(self) -> None:
        reference = self.reference
        if reference is None:
            self.setting.setToolTip(plain_tooltip("Seeds", "Each row again, from so many seeds"))
            self.values.setToolTip(plain_tooltip("How many seeds", "Counted on from the seed of the experiment"))
            return
        self.setting.setToolTip(setting_tooltip(reference, reference.path))
        self.values.setToolTip(plain_tooltip("Values", "Any numbers, with commas between them: 0.0003, 0.001, 3e-3"))
