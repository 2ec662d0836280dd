"""The row of layers under the stage: a click switches one, a right click fades it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSlider,
    QWidget,
    QWidgetAction,
)

from ganstudio.ui.canvas.layers import LAYERS, LayerState, StageLayer, carried, default_states, restored
from ganstudio.ui.flow_layout import FlowLayout
from ganstudio.ui.theme import Theme

SWATCH = 14


class LayerChips(QWidget):
    """Holds which layers are shown and how opaque: the one place that knows."""

    states_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states = default_states()
        self._dimension = 2
        self._left: dict[int, tuple[LayerState, ...]] = {}
        self._chips: dict[str, LayerChip] = {}
        row = FlowLayout(self)
        for layer in LAYERS:
            chip = LayerChip(layer, theme, self)
            chip.clicked.connect(lambda checked, name=layer.name: self.set_visible(name, checked))
            chip.opacity_changed.connect(lambda opacity, name=layer.name: self.set_opacity(name, opacity))
            row.addWidget(chip)
            self._chips[layer.name] = chip
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._show()

    @property
    def states(self) -> tuple[LayerState, ...]:
        return self._states

    def states_of(self, dimension: int) -> tuple[LayerState, ...]:
        """The states for targets of a dimension: as they were left, else by default, but with what was chosen."""
        if dimension == self._dimension:
            return self._states
        return self._left.get(dimension, carried(self._states, self._dimension, dimension))

    def chip(self, name: str) -> LayerChip:
        """The chip of a layer."""
        return self._chips[name]

    def is_visible(self, name: str) -> bool:
        """Whether a layer is switched on."""
        return next(state.visible for state in self._states if state.name == name)

    def set_states(self, states: tuple[LayerState, ...]) -> None:
        """Take over stored states; layers that are missing there come as by default."""
        wanted = restored(states)
        if wanted != self._states:
            self._states = wanted
            self._show()
            self.states_changed.emit()

    def set_visible(self, name: str, visible: bool) -> None:
        """Switch one layer."""
        self._replace(name, visible=visible)

    def set_opacity(self, name: str, opacity: float) -> None:
        """Fade one layer; one that was off is switched on, or the slider would do nothing."""
        self._replace(name, opacity=opacity, visible=True)

    def set_dimension(self, dimension: int) -> None:
        """Name, draw and show the layers for targets of this dimension."""
        if dimension != self._dimension:
            wanted = self.states_of(dimension)
            self._left[self._dimension] = self._states
            self._dimension = dimension
            self.set_states(wanted)
        for layer in LAYERS:
            self._chips[layer.name].set_layer(layer.of_dimension(dimension))

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        for chip in self._chips.values():
            chip.set_theme(theme)

    def sizeHint(self) -> QSize:
        """One line; as many more as the width needs are asked for apart. All chips below one another, which is what Qt
        would take from the layout, were the least height of the stage."""
        return self.minimumSizeHint()

    def _replace(self, name: str, **changes: object) -> None:
        self.set_states(
            tuple(replace(state, **changes) if state.name == name else state for state in self._states)  # type: ignore[arg-type]
        )

    def _show(self) -> None:
        for state in self._states:
            self._chips[state.name].show_state(state)


class LayerChip(QAbstractButton):
    """One layer: its swatch and its name."""

    opacity_changed = Signal(float)

    def __init__(self, layer: StageLayer, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer, self._theme, self._opacity = layer, theme, 1.0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.92)
        self.setFont(font)
        self.set_layer(layer)

    def set_layer(self, layer: StageLayer) -> None:
        """Show this layer."""
        self._layer = layer
        self.setText(layer.title)
        self.setAccessibleName(f"Layer {layer.title}")
        self.setToolTip(f"{layer.help}.\nClick to switch, right click to fade.")
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self._theme = theme
        self.update()

    def show_state(self, state: LayerState) -> None:
        """Follow the record."""
        self._opacity = state.opacity
        self.setChecked(state.visible)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(SWATCH + metrics.horizontalAdvance(self.text()) + 18, max(24, metrics.height() + 6))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.opacity_menu().exec(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.opacity_menu().exec(self.mapToGlobal(QPoint(0, self.height())))
        else:
            super().keyPressEvent(event)

    def opacity_menu(self) -> QMenu:
        """A small menu with the layer's opacity."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        panel = QWidget(menu)
        row = QHBoxLayout(panel)
        row.setContentsMargins(10, 6, 10, 6)
        slider = QSlider(Qt.Orientation.Horizontal, panel)
        slider.setObjectName("opacity")
        slider.setRange(5, 100)
        slider.setValue(round(100 * self._opacity))
        slider.setFixedWidth(120)
        percent = QLabel(f"{slider.value()} %", panel)
        percent.setFixedWidth(percent.fontMetrics().horizontalAdvance("100 %"))
        slider.valueChanged.connect(lambda value: percent.setText(f"{value} %"))
        slider.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        row.addWidget(QLabel("Opacity", panel))
        row.addWidget(slider)
        row.addWidget(percent)
        action = QWidgetAction(menu)
        action.setDefaultWidget(panel)
        menu.addAction(action)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        outline = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(self._theme.accent if self.hasFocus() else self._theme.border))
        fill = QColor(self._theme.raised) if on or self.underMouse() else QColor(0, 0, 0, 0)
        painter.setBrush(fill)
        painter.drawRoundedRect(outline, outline.height() / 2, outline.height() / 2)
        swatch = QRectF(6, (self.height() - SWATCH) / 2, SWATCH, SWATCH)
        painter.setOpacity(1.0 if on else 0.35)
        SWATCHES[self._layer.swatch](painter, swatch, self._theme, QColor(getattr(self._theme, self._layer.colour)))
        painter.setOpacity(1.0)
        painter.setPen(QColor(self._theme.text if on else self._theme.muted))
        text = self.rect().adjusted(SWATCH + 10, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


def _dot(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(area.center(), 4.5, 4.5)


def _bars(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    for place, height in enumerate((5.0, 10.0, 7.0)):
        bar = QRectF(area.left() + 1 + 4 * place, area.bottom() - 2 - height, 3.5, height)
        painter.fillRect(bar, colour)


def _ramp(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    gradient = QLinearGradient(area.topLeft(), area.topRight())
    for at, stop in ((0.0, theme.generated), (0.5, theme.neutral), (1.0, theme.real)):
        gradient.setColorAt(at, QColor(stop))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.drawRoundedRect(area.adjusted(1, 2, -1, -2), 2, 2)


def _shade(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    clear = QColor(colour)
    clear.setAlpha(40)
    gradient = QLinearGradient(area.topLeft(), area.topRight())
    gradient.setColorAt(0.0, clear)
    gradient.setColorAt(1.0, colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.drawRoundedRect(area.adjusted(1, 2, -1, -2), 2, 2)


def _line(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    painter.setPen(QPen(colour, 2))
    painter.drawLine(QPointF(area.left() + 1, area.center().y()), QPointF(area.right() - 1, area.center().y()))


def _dashes(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(area.left() + 1, area.center().y()), QPointF(area.right() - 1, area.center().y()))


def _arrow(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.6))
    tip = QPointF(area.right() - 3, area.top() + 3)
    painter.drawLine(QPointF(area.left() + 3, area.bottom() - 3), tip)
    painter.drawLine(tip, tip + QPointF(-6, 0))
    painter.drawLine(tip, tip + QPointF(0, 6))


def _grid(painter: QPainter, area: QRectF, theme: Theme, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1))
    for share in (0.25, 0.5, 0.75):
        x, y = area.left() + share * area.width(), area.top() + share * area.height()
        painter.drawLine(QPointF(x, area.top() + 1), QPointF(x, area.bottom() - 1))
        painter.drawLine(QPointF(area.left() + 1, y), QPointF(area.right() - 1, y))


SWATCHES = {
    "dot": _dot,
    "bars": _bars,
    "ramp": _ramp,
    "shade": _shade,
    "line": _line,
    "dashes": _dashes,
    "arrow": _arrow,
    "grid": _grid,
}
