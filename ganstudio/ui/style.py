"""The style sheet of the window: quiet, on a grid of 8 pixels, one accent colour for what can be pressed now.

Widgets say what they are by a dynamic property ``role`` (``widget.setProperty("role", "muted")``); the roles are

    ======================  =======================================================================
    ``title``               the title of a section or a plot
    ``muted``               secondary text
    ``mono``                numbers that change, formulas: tabular figures
    ``legend``              the line at the foot of a column that explains its marks
    ``error``               the reason why an input is not accepted
    ``primary``             the one button of a group that does what one came for
    ``section``             the button that opens and closes a section of the control column
    ``outlined``            a tool button that looks like a push button
    ``task``                a tool button that stands in a text, as what a lesson asks for
    ``formula``             equations
    ``card``                a button that is a picture with a name, as in a gallery
    ======================  =======================================================================

and ``invalid`` (true or false) marks an input that is not accepted. :func:`restyle` makes a changed property seen.
"""

from __future__ import annotations

import math
from string import Template

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ganstudio import shipped
from ganstudio.colours import Theme

GRID = 8
"""Pixels; margins and spacings are this, half of it, or a multiple of it."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours ``#rrggbb``, 1 to 21, as WCAG 2.1 defines it; text needs at least 4.5."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """The colour that is ``share`` of the way (0 to 1) from ``one`` to ``other``, as ``#rrggbb``."""
    red, green, blue = (a + share * (b - a) for a, b in zip(_channels(one), _channels(other), strict=True))
    return QColor.fromRgbF(red, green, blue).name()


def hover(theme: Theme) -> str:
    """Behind a flat button under the mouse."""
    return mixed(theme.window, theme.text, 0.08)


def pressed(theme: Theme) -> str:
    """Behind a flat button that is held down."""
    return mixed(theme.window, theme.text, 0.16)


def checked(theme: Theme) -> str:
    """Behind a button that is on."""
    return mixed(theme.window, theme.accent, 0.16)


def restyle(widget: QWidget) -> None:
    """Let a changed dynamic property of ``widget`` be seen."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def stylesheet(theme: Theme) -> str:
    """The style sheet of the application in the colours of ``theme``."""
    pictures = shipped.directory("icons") / "style"
    return Template(_SHEET).substitute(
        vars(theme),
        hover=hover(theme),
        pressed=pressed(theme),
        checked=checked(theme),
        accent_hover=mixed(theme.accent, theme.text, 0.15),
        faded=mixed(theme.muted, theme.window, 0.45),
        field_border=mixed(theme.border, theme.muted, 0.35),
        handle=mixed(theme.border, theme.muted, 0.15),
        check=(pictures / f"check-{theme.name}.svg").as_posix(),
        down=(pictures / f"chevron-down-{theme.name}.svg").as_posix(),
        up=(pictures / f"chevron-up-{theme.name}.svg").as_posix(),
    )


def _channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of ``#rrggbb``, 0 to 1."""
    known = QColor(colour)
    return known.redF(), known.greenF(), known.blueF()


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4) for c in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_SHEET = """
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 6px 8px; }

QLabel { background: transparent; }
*[role="title"] { font-weight: 600; }
*[role="muted"] { color: $muted; }
*[role="legend"] { color: $muted; border-top: 1px solid $border; padding: 0 12px; }
*[role="error"] { color: $error; }
*[role="formula"] { background: $surface; border: 1px solid $border; border-radius: 6px; padding: 8px; }

/* buttons */
QPushButton { background: $raised; color: $text; border: 1px solid $border; border-radius: 6px; padding: 5px 9px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:checked { background: $checked; border-color: $accent; }
QPushButton:disabled { color: $faded; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 8px; }
QPushButton:default, QPushButton[role="primary"] { background: $accent; color: $accent_text; border-color: $accent; }
QPushButton:default:hover, QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton:default:focus, QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton:default:disabled, QPushButton[role="primary"]:disabled {
    background: $raised; color: $faded; border-color: $border;
}
QToolButton { background: transparent; color: $text; border: 2px solid transparent; border-radius: 6px; padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $checked; color: $text; }
QToolButton:disabled { color: $faded; }
QToolButton:focus { border-color: $accent; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 14px; }
QToolButton::menu-arrow, QToolButton::menu-indicator { image: url("$down"); width: 10px; height: 10px; }
QToolButton[popupMode="2"] { padding-right: 14px; }
QToolButton::menu-indicator { subcontrol-origin: padding; subcontrol-position: center right; right: 2px; }
QToolButton[role="primary"] { background: $accent; color: $accent_text; }
QToolButton[role="primary"]:hover { background: $accent_hover; }
QToolButton[role="primary"]:focus { border-color: $text; }
QToolButton[role="disclosure"] { padding: 2px 4px 2px 0; color: $muted; }
QToolButton[role="disclosure"]:checked { background: transparent; }
QToolButton[role="disclosure"]:hover { color: $text; background: $hover; }
QToolButton[role="small"] { padding: 0; color: $muted; }
QToolButton[role="small"]:hover { color: $text; }
QToolButton[role="outlined"] { background: $raised; border: 1px solid $border; padding: 4px 20px 4px 8px; }
QToolButton[role="outlined"]:hover { background: $hover; }
QToolButton[role="outlined"]:focus { border: 2px solid $accent; padding: 3px 19px 3px 7px; }
QToolButton[role="task"] { background: $raised; border: 1px solid $border; padding: 3px 8px 3px 6px; }
QToolButton[role="task"]:hover { background: $hover; }
QToolButton[role="task"]:focus { border: 2px solid $accent; padding: 2px 7px 2px 5px; }
QPushButton[role="section"] {
    background: $window; border: 2px solid transparent; border-top: 1px solid $border; border-radius: 0; padding: 0;
}
QPushButton[role="section"]:hover { background: $hover; }
QPushButton[role="section"]:focus { border: 2px solid $accent; }
QToolButton[role="card"] { border-radius: 8px; padding: 1px 0; color: $muted; }
QToolButton[role="card"]:hover { color: $text; }
QToolButton[role="card"]:checked { border-color: $accent; color: $text; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

/* fields */
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $surface; color: $text; border: 1px solid $field_border; border-radius: 5px; padding: 3px 6px;
    selection-background-color: $accent; selection-color: $accent_text;
}
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $accent; padding: 2px 5px;
}
QLineEdit:disabled, QAbstractSpinBox:disabled { placeholder-text-color: $muted; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faded; background: $window; }
*[invalid="true"] { border: 2px solid $error; padding: 2px 5px; }
QAbstractSpinBox > QLineEdit, QComboBox > QLineEdit { border: none; background: transparent; padding: 0 0 0 2px; }
QAbstractSpinBox { padding-right: 18px; }
QAbstractSpinBox:focus, QAbstractSpinBox[invalid="true"] { padding-right: 17px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; background: transparent; border: none; width: 16px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; border-radius: 3px; }
QAbstractSpinBox::up-arrow { image: url("$up"); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: 9px; height: 9px; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off,
QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off { image: none; }
QComboBox { padding-right: 2px; }
QComboBox:focus, QComboBox[invalid="true"] { padding-right: 1px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$down"); width: 12px; height: 12px; }
QComboBox::down-arrow:disabled { image: none; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $border; padding: 4px; outline: none;
    selection-background-color: $checked; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 6px; border-radius: 4px; }

QCheckBox, QRadioButton { background: transparent; spacing: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: $faded; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator {
    width: 14px; height: 14px; border: 1px solid $field_border; border-radius: 4px; background: $surface;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$check");
}
QCheckBox::indicator:checked:focus { border-color: $text; }
QRadioButton::indicator:checked { background: $surface; border: 5px solid $accent; width: 6px; height: 6px; }
QCheckBox::indicator:disabled { background: $raised; border-color: $border; }

QSlider { background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $surface; border: 1px solid $muted;
}
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider:focus { border: none; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QSlider::groove:vertical { width: 4px; border-radius: 2px; background: $border; }
QSlider::add-page:vertical { width: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:vertical {
    width: 14px; height: 14px; margin: 0 -6px; border-radius: 8px; background: $surface; border: 1px solid $muted;
}
QSlider::handle:vertical:focus { border: 2px solid $accent; width: 12px; height: 12px; }

QProgressBar {
    border: none; border-radius: 3px; background: $raised; color: $text; text-align: center; min-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }

/* groups and scrolling */
QGroupBox { border: none; margin-top: 20px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; color: $muted; }
QScrollArea { border: none; background: transparent; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

/* the window's own parts */
QMainWindow::separator { background: $border; width: 1px; height: 1px; margin: 3px; }
QMainWindow::separator:hover { background: $accent; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; margin: 0 3px; }
QSplitter::handle:vertical { height: 1px; margin: 3px 0; }
QDockWidget { color: $text; font-weight: 600; titlebar-close-icon: none; }
QDockWidget::title { background: $window; padding: 6px 8px; text-align: left; }
QToolBar { background: $window; border: none; spacing: 2px; padding: 4px 6px; }
QToolBar::separator { background: $border; width: 1px; margin: 6px; }
QToolBar::handle { width: 8px; }
QStatusBar { background: $window; color: $muted; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 0 6px; }

#jobs { background: $raised; border: 1px solid $border; border-radius: 6px; }

QTabWidget::pane { border: none; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 6px 12px; border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $text; background: $hover; }

QMenuBar { background: $window; color: $text; }
QMenuBar::item { background: transparent; padding: 5px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $checked; color: $text; }
QMenu::item:disabled { color: $faded; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }

QHeaderView::section { background: $window; color: $muted; border: none; padding: 4px 8px; }
QTableView, QTreeView, QListView {
    background: $surface; color: $text; border: 1px solid $border; border-radius: 5px; gridline-color: $grid;
    selection-background-color: $checked; selection-color: $text;
}
"""
