"""The bar at the top: which preset, play and step, seed, speed, the stage."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QComboBox, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import presets
from ganstudio.ui.icons import icon
from ganstudio.ui.menu_tips import show_tips
from ganstudio.ui.theme import Theme

STEPS = ("step_iteration", "step_discriminator", "step_generator", "walk", "step_many")
SPEEDS: tuple[float | None, ...] = (None, 1000, 300, 100, 30, 10, 3, 1)
"""Iterations a second that are offered; any other can be typed."""


def speed_text(limit: float | None) -> str:
    """A speed limit in words."""
    return "As fast as it goes" if limit is None else f"{limit:,g} iterations a second"


class Toolbar(QToolBar):
    """Looks only at what it is told; wishes go out as signals."""

    preset_requested = Signal(str)
    speed_requested = Signal(object)  # float | None

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.toggleViewAction().setEnabled(False)  # what could never be found again should not be hidden
        for name in ("open", "save"):
            self._button(actions[name])
        self.addSeparator()
        self.presets = self._preset_box()
        self.addWidget(self.presets)
        self.addSeparator()
        self.play = self._button(actions["play"])
        self.play.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.play.setMinimumWidth(self.play.fontMetrics().horizontalAdvance("Pause") + 48)
        self.step = self._button(actions[STEPS[0]])
        self.step.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        steps = QMenu(self.step)
        show_tips(steps)
        steps.addActions([actions[name] for name in STEPS])
        self.step.setMenu(steps)
        self.addSeparator()
        for name in ("restart", "new_seed"):
            self._button(actions[name])
        self.speed = self._speed_button(actions["speed_limit"])
        self.addWidget(self.speed)
        self.addSeparator()
        for name in ("undo", "redo"):
            self._button(actions[name])
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self._button(actions["lessons"]).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button(actions["switch_theme"])

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons that belong to no action in the colours of a theme."""
        self.speed.setIcon(icon("speed", theme))

    def show_experiment(self, experiment: Experiment) -> None:
        """Name the preset that this is, if it is one."""
        names = [name for name, preset in presets().items() if preset.experiment == experiment]
        self.presets.setCurrentIndex(self.presets.findData(names[0]) if names else -1)

    def show_speed(self, limit: float | None) -> None:
        """Mark the speed limit that holds."""
        for action in self._speeds.actions():
            action.setChecked(action.data() == (limit or 0))
        self.speed.setText("" if limit is None else f"{limit:,g} it/s")
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if limit is None else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.speed.setToolButtonStyle(style)
        self.speed.setToolTip(f"Speed limit: {speed_text(limit).lower()}")

    def _preset_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("Preset")
        box.setToolTip("A whole experiment to start from: target, networks and all settings")
        box.setPlaceholderText("own experiment")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMinimumWidth(150)
        box.setMaxVisibleItems(24)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for name, preset in presets().items():
            box.addItem(preset.title, name)
            box.setItemData(box.count() - 1, preset.description, Qt.ItemDataRole.ToolTipRole)
        box.activated.connect(lambda index: self.preset_requested.emit(box.itemData(index)))
        return box

    def _button(self, action: QAction) -> QToolButton:
        self.addAction(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)  # noqa: S101  # Qt makes one for every action
        button.setAccessibleName(action.text().replace("&", ""))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _speed_button(self, other: QAction) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName("Speed limit")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(button)
        self._speeds = QActionGroup(menu)
        self._speeds.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        for limit in SPEEDS:
            action = menu.addAction(speed_text(limit))
            action.setCheckable(True)
            action.setData(limit or 0)
            action.triggered.connect(lambda _checked=False, limit=limit: self.speed_requested.emit(limit))
            self._speeds.addAction(action)
        menu.addSeparator()
        menu.addAction(other)
        button.setMenu(menu)
        return button
