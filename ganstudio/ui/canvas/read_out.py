"""The line under the stage that says what is under the mouse."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

NOTHING = "–"


class ReadOut(QWidget):
    """Values in fixed places and tabular figures, so that nothing moves but the digits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(4)
        for name, title, widest in (
            ("x", "x₁", "−00.000"),
            ("y", "x₂", "−00.000"),
            ("d", "D(x)", "0.000"),
            ("p", "p_data", "≈ 0000.000"),
            ("g", "p_g", "0000.000"),
            ("best", "D*(x)", "0.000"),
            ("gradient", "longest ↗", "0.00e−00"),
        ):
            caption, value = QLabel(title), QLabel(NOTHING)
            value.setFont(_tabular(value.font()))
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance(widest))
            value.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            value.setAccessibleName(title)
            caption.setProperty("role", "muted")
            row.addWidget(caption)
            row.addWidget(value)
            row.addSpacing(6)
            self._values[name], self._names[name] = value, caption
        row.addStretch(1)
        self._names["g"].setToolTip("The density of what G makes, per data unit")
        self._names["best"].setToolTip(
            "The best D there could be against G's current parameters: p_data/(p_data + p_g)"
        )
        self._names["gradient"].setToolTip("The norm of −∂L_G/∂x that the longest arrow stands for")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(22)

    def set_dimension(self, dimension: int) -> None:
        """Name the coordinates."""
        self._names["x"].setText("x" if dimension == 1 else "x₁")
        self._names["y"].setText("x₂")
        for name, shown in (("y", dimension == 2), ("g", dimension == 1), ("best", dimension == 1)):
            self._names[name].setVisible(shown)
            self._values[name].setVisible(shown)

    def show_point(self, x: float, y: float, discriminator: float, density: float, *, exact: bool) -> None:
        """What is at a point; NaN is not known. ``exact`` is false for a density that was counted."""
        self._values["x"].setText(_signed(x))
        self._values["y"].setText(_signed(y))
        self._values["d"].setText(NOTHING if math.isnan(discriminator) else f"{discriminator:.3f}")
        about = "" if exact else "≈ "
        self._values["p"].setText(NOTHING if math.isnan(density) else about + _magnitude(density))

    def show_curves(self, generated: float, optimal: float) -> None:
        """On the line: p_g of G as it is shown, and D*, at the same point; NaN is not known."""
        self._values["g"].setText(NOTHING if math.isnan(generated) else _magnitude(generated))
        self._values["best"].setText(NOTHING if math.isnan(optimal) else f"{optimal:.3f}")

    def clear(self) -> None:
        """Nothing is under the mouse."""
        for name in ("x", "y", "d", "p", "g", "best"):
            self._values[name].setText(NOTHING)

    def show_gradient(self, longest: float) -> None:
        """The value of the longest arrow; NaN when none are shown."""
        shown = not math.isnan(longest)
        self._values["gradient"].setText(_norm(longest) if shown else "")
        self._names["gradient"].setText("longest ↗" if shown else "")

    def shows(self, name: str) -> bool:
        """Whether there is a place for x, y, d, p, g, best or gradient."""
        return not self._values[name].isHidden()

    def text(self, name: str) -> str:
        """What is shown for x, y, d, p, g, best or gradient."""
        return self._values[name].text()


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−").replace("+", " ")


def _magnitude(value: float) -> str:
    return f"{value:.3f}" if value == 0 or 1e-3 <= value < 1e4 else f"{value:.1e}".replace("-", "−")


def _norm(value: float) -> str:
    """Three digits: ``1.44``, ``0.00382``, ``2.7e−6``."""
    return f"{value:.3g}".replace("e+0", "e").replace("e-0", "e-").replace("-", "−")


def _tabular(font: QFont) -> QFont:
    """The same font with figures of one width."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
