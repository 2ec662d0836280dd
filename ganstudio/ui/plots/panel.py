"""What all plots have in common: a header, a plot with named axes, an empty state, a menu, the hover read-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame
from ganstudio.messages.history import History
from ganstudio.metrics.phases import Phases
from ganstudio.ui.menu_tips import show_tips
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.axes import BELOW_CURVES, GUTTER_WIDTH, PLAIN_GUTTER_WIDTH, Gutter, GutterLabel, PlotAxis
from ganstudio.ui.plots.header import PanelHeader, Readout, tabular
from ganstudio.ui.plots.measuring import Measuring
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution

Table = tuple[tuple[str, ...], NDArray[np.float64]]

TICK_SCALE = 0.88
"""Size of the text at the axes, relative to the application's font."""

ABOVE_CURVES = 100


@dataclass(frozen=True)
class Reference:
    """A dashed line at a value that theory names. ``colour`` is the name of a colour of the theme.

    Without ``line`` the value is only named at the edge: what is drawn there is a curve of the plot's own.
    """

    value: float
    text: str
    colour: str
    tip: str = ""
    line: bool = True


class PlotPanel(QWidget):
    """A plot with its header. The base of every class that :data:`ganstudio.ui.plots.PLOTS` names.

    It is told what there is by the ``show_…`` methods and asks for frame layers by :meth:`wanted_layers`; it sends
    nothing but wishes. Widgets of pyqtgraph are touched from the main thread only.
    """

    export_requested = Signal(str)  # name of the plot

    x_axis: ClassVar[str] = "iteration"
    y_axis: ClassVar[str]
    gutter: ClassVar[bool] = True
    """Whether levels are named at the right edge."""

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.name = entry.name
        self.title = entry.title
        self.setObjectName(entry.name)
        self.setMinimumSize(200, 120)
        self._theme = theme
        self._references: tuple[Reference, ...] = ()
        self._lines: list[pg.InfiniteLine] = []
        self._logarithmic = False
        self._mouse: QPointF | None = None

        self.header = PanelHeader(entry.title, theme, self)
        self.header.menu_requested.connect(lambda at: self.menu().popup(at))
        self._x = self._bottom_axis()
        self._y = PlotAxis("left", self.y_axis)
        self._gutter = Gutter(GUTTER_WIDTH if self.gutter else PLAIN_GUTTER_WIDTH)
        self.plot = pg.PlotWidget(axisItems={"bottom": self._x, "left": self._y, "right": self._gutter})
        for axis in (self._x, self._y):  # only now: taking an axis over, the plot puts it above the curves
            axis.setZValue(BELOW_CURVES)
        self.plot.setObjectName(f"{entry.name}_plot")
        self.plot.setAccessibleName(f"{entry.title}: {entry.help}")
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.plot.getPlotItem().layout.setContentsMargins(2, 6, 2, 2)
        self.view = self.plot.getViewBox()
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0)
        self.view.sigResized.connect(self._place_labels)
        self.plot.viewport().installEventFilter(self)

        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self._marks = pg.ScatterPlotItem(size=7, pxMode=True)
        self._marks.hide()
        for item in (self._cursor, self._marks):
            item.setZValue(ABOVE_CURVES)
            self.plot.addItem(item)
        self._tag = QLabel(self.plot)  # where the mouse is, over the numbers of the axis
        self._tag.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tag.hide()
        self._empty = QLabel(self.plot)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.plot, 1)

    # what the window tells

    def show_experiment(self, experiment: Experiment) -> None:
        """The experiment as it is now: axes and levels follow its objective."""

    def show_target(self, target: TargetDistribution | None) -> None:
        """The target as it was built; None while it cannot be sampled."""

    def set_on_screen(self, on_screen: bool) -> None:
        """Whether the plot can be seen from now on: behind another tab it cannot."""

    def show_history(self, history: History) -> None:
        """The complete history of the run; called at most 30 times a second."""

    def show_frame(self, frame: Frame) -> None:
        """A look at the run; only the layers of :meth:`wanted_layers` are of interest."""

    def show_phases(self, phases: Phases) -> None:
        """The phases of training so far; called at most twice a second."""

    def show_standing(self, iteration: int | None) -> None:
        """The iteration at which the run stands, while that is before its newest one; None at the newest."""

    def show_measuring(self, measuring: Measuring) -> None:
        """What measuring costs, and how often it is done."""

    def clear(self) -> None:
        """Nothing has been measured: the empty state."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts. Subclasses colour their own items and then call this."""
        self._theme = theme
        small = tabular(self.font(), scale=TICK_SCALE)
        self.plot.setBackground(theme.surface)
        self.header.set_theme(theme)
        for axis in (self._x, self._y, self._gutter):
            axis.set_theme(theme, small)
        self._cursor.setPen(pg.mkPen(theme.muted, width=1))
        for label, ink, behind in ((self._empty, theme.muted, theme.surface), (self._tag, theme.window, theme.text)):
            label.setFont(tabular(self.font(), scale=TICK_SCALE) if label is self._tag else self.font())
            label.setStyleSheet(f"color: {ink}; background: {behind}; border-radius: 3px; padding: 0 4px;")
        self.set_references(self._references)
        self._update_hover()

    # what the window asks

    def wanted_layers(self) -> tuple[Layer, ...]:
        """The layers of a frame that this plot draws."""
        return ()

    def wanted_latents(self) -> NDArray[np.float32] | None:
        """Latents, (n, latent dimension), that a frame is to map; None wants none. One plot at a time may have any."""
        return None

    def wanted_axes(self) -> tuple[int, int]:
        """The latent coordinates that the latent grid is to run along, where :meth:`wanted_latents` has any."""
        return 0, 1

    def table(self) -> Table:
        """The plotted data at full resolution: names of the columns, and (rows, columns) of float64."""
        raise NotImplementedError

    def empty_text(self) -> str:
        """What stands in the middle when there is nothing to draw, or nothing."""
        return self._empty.text() if not self._empty.isHidden() else ""

    def menu(self) -> QMenu:
        """The context menu, as the plot stands; owned by the panel, gone when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show_tips(menu)
        self._fill_menu(menu)
        if menu.actions():
            menu.addSeparator()
        export = menu.addAction("Export plot or data…")
        export.triggered.connect(lambda: self.export_requested.emit(self.name))
        return menu

    # for subclasses

    def _bottom_axis(self) -> PlotAxis:
        """The x axis; called once, at first."""
        return PlotAxis("bottom", self.x_axis, iterations=self.x_axis == "iteration")

    def _fill_menu(self, menu: QMenu) -> None:
        """Add the entries of this plot."""

    def _set_empty(self, text: str) -> None:
        """Show ``text`` in the middle in place of everything drawn; '' shows the plot."""
        self._empty.setText(text)
        self._empty.setVisible(bool(text))
        for line in self._lines:
            line.setVisible(not text)
        self._gutter.setOpacity(0.0 if text else 1.0)
        self._place_labels()

    def set_references(self, references: Sequence[Reference]) -> None:
        """Draw these levels, and name them at the right edge."""
        self._references = tuple(references)
        for line in self._lines:
            self.plot.removeItem(line)
        self._lines = []
        labels = []
        for reference in self._references:
            at = self._to_axis(reference.value)
            if not np.isfinite(at):
                continue
            colour = getattr(self._theme, reference.colour)
            labels.append(GutterLabel(at, reference.text, colour))
            if not reference.line:
                continue
            line = pg.InfiniteLine(at, angle=0, pen=pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine))
            line.setZValue(-5)
            line.setToolTip(reference.tip)
            line.setVisible(self._empty.isHidden())
            self.plot.addItem(line)
            self._lines.append(line)
        self._gutter.set_labels(labels)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The levels that are drawn."""
        return self._references

    def _to_axis(self, value: float) -> float:
        """Where a value stands on the y axis; NaN where a logarithmic one does not reach."""
        if not self._logarithmic:
            return value
        return float(np.log10(value)) if value > 0 else float("nan")

    def _hovered(self, x: float) -> Hover | None:
        """What there is nearest to ``x``; None where there is nothing."""
        return None

    def _latest(self) -> tuple[Readout, ...]:
        """What the header shows when the mouse is elsewhere: the numbers of where the run stands."""
        return ()

    def _update_hover(self) -> None:
        """Bring header, line, marks and tag up to date with the mouse and the data."""
        hover = self._hovered(self.view.mapSceneToView(self._mouse).x()) if self._mouse is not None else None
        self._cursor.setVisible(hover is not None)
        self._marks.setVisible(hover is not None)
        self._tag.setVisible(hover is not None)
        if hover is None:
            self.header.set_readouts(self._latest())
            return
        self.header.set_readouts(hover.readouts, hovering=True)
        self._cursor.setValue(hover.x)
        points = [(self._to_axis(y), colour) for y, colour in hover.marks]
        points = [(y, colour) for y, colour in points if np.isfinite(y)]
        self._marks.setData(
            x=[hover.x] * len(points),
            y=[y for y, _ in points],
            brush=[pg.mkBrush(getattr(self._theme, colour)) for _, colour in points],
            pen=pg.mkPen(self._theme.surface, width=1),
        )
        self._tag.setText(hover.tag)
        self._tag.adjustSize()
        rect = self._view_rect()
        middle = self.plot.mapFromScene(self.view.mapViewToScene(QPointF(hover.x, 0))).x()
        left = min(max(middle - self._tag.width() // 2, 0), self.plot.width() - self._tag.width())
        self._tag.move(left, rect.bottom() + 3)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse over the plot."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            at = self.plot.mapToScene(event.position().toPoint())
            self._mouse = at if self.view.sceneBoundingRect().contains(at) else None
            self._update_hover()
        elif event.type() == QEvent.Type.Leave:
            self._mouse = None
            self._update_hover()
        return super().eventFilter(watched, event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the menu anywhere on the panel, and for the menu key."""
        self.menu().popup(event.globalPos())

    def _view_rect(self) -> QRect:
        """Where the curves are, in pixels of the plot widget."""
        rect: QRect = self.plot.mapFromScene(self.view.sceneBoundingRect()).boundingRect()
        return rect

    def _place_labels(self) -> None:
        rect = self._view_rect()
        self._empty.setGeometry(rect.adjusted(1, 0, 0, -1))


@dataclass(frozen=True)
class Hover:
    """What stands under the mouse: its place on the x axis and in words, numbers, and (value, colour) of the marks."""

    x: float
    tag: str
    readouts: tuple[Readout, ...]
    marks: tuple[tuple[float, str], ...] = ()
