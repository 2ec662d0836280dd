"""One iteration, slowly: the algorithm line by line, with the numbers and the points of its very batch."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ganstudio.experiment import Experiment
from ganstudio.messages.walkthrough import DiscriminatorWalk
from ganstudio.ui.canvas.polylines import arrows
from ganstudio.ui.forms.formula import readable, rich
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import Readout, tabular
from ganstudio.ui.plots.panel import Table
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme, field_lookup_table
from ganstudio.ui.theory.batch_overlay import BatchOverlay
from ganstudio.ui.theory.batch_picture import Dots, Picture, axes, picture, span
from ganstudio.ui.theory.listing import Listing
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.walk import Walk
from ganstudio.ui.theory.walk_places import Place
from ganstudio.ui.theory.walk_texts import Row, Said, listing, said
from ganstudio.ui.training_run import RunState

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

INTRODUCTION = (
    "Plays one iteration, the same that ▶ would play, and goes through it line by line: its noise, its real samples, "
    "what D says of each, every number in the formulas."
)
NEAR = 16.0
"""Pixels within which the mouse finds a point."""
ARROW = 0.14
"""Length of a usual arrow, as a share of the plot's shorter side."""
WIDE = 1.25
"""From this ratio of width to height on, listing, numbers and picture stand beside one another."""
ROOM_FOR_PICTURE = {True: 540, False: 490}
ROOM_FOR_LISTING = {True: 380, False: 300}
"""Width in pixels where it is wide, height where it is not, from which each is shown; where there is less, the
stage shows the batch alone."""
ROOM_FOR_ALL_LINES, ROOM_FOR_INTRODUCTION = 760, 440
"""Height in pixels from which both players' lines are shown: in a walk, and before one."""
SHORT = 40
"""Letters of a formula and its number that fit into one line."""
FIGURES = "0123456789−—"
COUNT = "{at} / {of}"


class WalkPanel(TheoryPanel):
    """The listing with its current line, the formulas with their numbers, and the batch as points."""

    x_axis: ClassVar[str] = "x"
    y_axis: ClassVar[str] = "y"

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._studio: Studio | None = None
        self._overlay: BatchOverlay | None = None
        self._experiment = Experiment()
        self._said = Said("", ())
        self._picture: Picture | None = None
        self._build_plot()
        self._build_body()
        self._build_buttons()
        self.set_theme(theme)
        self.clear()

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Walk with the studio's walk."""
        self._studio = studio
        self._overlay = BatchOverlay(stage, self._theme)
        studio.walk.changed.connect(self._redraw)
        studio.run.state_changed.connect(lambda _state: self._show_buttons())
        self.next_button.clicked.connect(studio.walk_on)
        self.back_button.clicked.connect(studio.walk.back)
        self.finish_button.clicked.connect(studio.walk.end)
        self.listing.stepped.connect(lambda step: studio.walk_on() if step > 0 else studio.walk.back())
        self.listing.line_requested.connect(self._go_to_line)
        self._redraw()

    def show_experiment(self, experiment: Experiment) -> None:
        """The listing follows the objective and the numbers of updates."""
        super().show_experiment(experiment)
        self._experiment = experiment
        self._redraw()

    def clear(self) -> None:
        """Another run: the walk has ended with the last."""
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        self.listing.set_theme(theme)
        self._body.setStyleSheet(f"#body {{ background: {theme.surface}; }}")
        if self._overlay is not None:
            self._overlay.set_theme(theme)
        self._paths.setPen(pg.mkPen(mixed(theme.muted, theme.surface, 0.35), width=1))
        self._arrows.setPen(pg.mkPen(theme.generator, width=1.3))
        self._redraw()

    def table(self) -> Table:
        """The batch of this update: latents, samples, and D of each."""
        place = self._place
        if place is None:
            return (), np.empty((0, 0))
        step = place.step
        columns = [("z", step.latent), ("G(z)", step.generated), ("D(G(z))", step.generated_probability[:, None])]
        if isinstance(step, DiscriminatorWalk):
            columns += [("x", step.real), ("D(x)", step.real_probability[:, None])]
        names = [
            name if array.shape[1] == 1 else f"{name}_{at + 1}"
            for name, array in columns
            for at in range(array.shape[1])
        ]
        return tuple(names), np.hstack([array for _, array in columns]).astype(np.float64)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside one another or below, and what there is room for."""
        super().resizeEvent(event)
        self._arrange()

    # -- building ------------------------------------------------------------------------------------------------

    def _build_plot(self) -> None:
        self._paths = pg.PlotCurveItem(connect="pairs", antialias=True)
        self._arrows = pg.PlotCurveItem(connect="finite", antialias=True)
        self._dots = [pg.ScatterPlotItem(pxMode=True) for _ in range(2)]
        for item in (self._paths, *self._dots, self._arrows):
            self.plot.addItem(item)
        self.plot.setMinimumWidth(150)

    def _build_body(self) -> None:
        """Listing, numbers and picture in one box that can lie or stand."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        at = column.indexOf(self.plot)
        column.removeWidget(self.plot)
        self.listing = Listing(self._theme)
        self.caption, self.numbers, self.notice = QLabel(), QLabel(), QLabel()
        for label in (self.caption, self.numbers, self.notice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.caption.setAccessibleName("What this line does")
        self.numbers.setAccessibleName("The formulas of this line, with the numbers of this batch")
        inside = QWidget()
        inside.setObjectName("body")
        text = QVBoxLayout(inside)
        text.setContentsMargins(0, 0, 4, 0)
        text.setSpacing(4)
        for label in (self.notice, self.caption, self.numbers):
            text.addWidget(label)
        text.addStretch(1)
        self._text = QScrollArea()
        self._text.setWidget(inside)
        self._text.setWidgetResizable(True)
        self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QWidget()
        self._body.setObjectName("body")
        self._body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._body)
        self._box.setContentsMargins(8, 2, 4, 2)
        self._box.setSpacing(10)
        self._box.addWidget(self.listing)
        self._box.addWidget(self._text, 4)
        self._box.addWidget(self.plot, 5)
        column.insertWidget(at, self._body, 1)
        self.above.hide()

    def _build_buttons(self) -> None:
        self.back_button, self.next_button, self.finish_button = (
            QPushButton("Back"),
            QPushButton(),
            QPushButton("Finish"),
        )
        self.back_button.setToolTip("The line before (←). The state of the run stays: the iteration is made")
        self.finish_button.setToolTip("Put the walk away. The iteration stays made, as if it had been played")
        self.next_button.setProperty("role", "primary")
        self.next_button.setToolTip("The next line (Shift+W, or → in the listing)")
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.count.setToolTip("The line, and how many the iteration has")
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.back_button, self.next_button):
            row.addWidget(widget)
        row.addWidget(self.count, 1)
        row.addWidget(self.finish_button)
        self.below.column.addLayout(row)

    # -- what is shown -------------------------------------------------------------------------------------------

    @property
    def _walk(self) -> Walk | None:
        return self._studio.walk if self._studio is not None else None

    @property
    def _place(self) -> Place | None:
        return self._walk.place if self._walk is not None else None

    @property
    def _walked(self) -> Experiment:
        """The experiment of the iteration that is walked through, or the present one."""
        walk = self._walk
        return walk.experiment if walk is not None and walk.place and walk.experiment else self._experiment

    def _go_to_line(self, player: str, name: str) -> None:
        """To a line of the current update where it has it, else of the nearest update that has."""
        walk = self._walk
        if walk is None or walk.place is None:
            return
        here = walk.places[walk.at]
        found = [at for at, place in enumerate(walk.places) if (place.player, place.line.name) == (player, name)]
        same = [at for at in found if walk.places[at].step is here.step]
        walk.go_to((same or sorted(found, key=lambda at: abs(at - walk.at)))[0])

    def _redraw(self) -> None:
        place = self._place
        self.listing.show_entries(listing(self._walked))
        if place is None:
            self.listing.set_current(None)
            self._said, self._picture = Said(INTRODUCTION, ()), None
        else:
            count = f"{place.number} of {place.of}" if place.of > 1 else ""
            self.listing.set_current(place.player, place.line.name, count)
            self._said, self._picture = said(place, self._walked), picture(place)
        self._show_text()
        self._show_buttons()
        self._draw()
        self._arrange()

    def _show_text(self) -> None:
        theme = self._theme
        place, walk = self._place, self._walk
        heading = ""
        if place is not None and self.listing.isHidden():
            number = f", update {place.number} of {place.of}" if place.of > 1 else ""
            heading = f"<b>{'D' if place.player == 'discriminator' else 'G'}{number}</b> "
        self.caption.setText(heading + _with_indices(self._said.caption))
        rows = [f'<p style="margin:0 0 4px 0">{_row(row, theme)}</p>' for row in self._said.rows]
        self.numbers.setFont(tabular(self.font()))
        self.numbers.setText("".join(rows))
        past = walk is not None and walk.is_past
        self.notice.setVisible(past)
        if walk is not None and past:
            self.notice.setText(
                f'<span style="color:{theme.warning}">The run has moved on: these are the numbers of iteration '
                f"{walk.iteration:,}.</span>"
            )

    def _show_buttons(self) -> None:
        walk, place = self._walk, self._place
        run = self._studio.run if self._studio is not None else None
        can = run is not None and run.state in (RunState.PAUSED, RunState.PLAYING)
        if walk is None or place is None:
            text = "Walk through one iteration"
        elif walk.is_past:
            text = "Walk through the next"
        else:
            text = "Next iteration" if walk.is_last else "Next"
        self.next_button.setText(text)
        self.next_button.setEnabled(can)
        for button in (self.back_button, self.finish_button):
            button.setVisible(place is not None)
        self.back_button.setEnabled(walk is not None and walk.at > 0)
        self.count.setText(
            "" if walk is None or place is None or walk.is_past else COUNT.format(at=walk.at + 1, of=len(walk.places))
        )
        self._update_hover()

    def _arrange(self) -> None:
        wide = self.width() >= WIDE * self.height()
        length = self.width() if wide else self.height()
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._box.direction() != direction:
            self._box.setDirection(direction)
        shown, place = self._picture, self._place
        on_stage = shown is not None and shown.space == "data"
        self.plot.setVisible(shown is not None and (length >= ROOM_FOR_PICTURE[wide] or not on_stage))
        listed = length >= ROOM_FOR_LISTING[wide]
        if listed is self.listing.isHidden():
            self.listing.setVisible(listed)
            self._show_text()
        # Before the first line there are neither numbers nor a picture: all of the algorithm has room.
        enough = ROOM_FOR_ALL_LINES if place is not None else ROOM_FOR_INTRODUCTION
        room = self.listing.height_for(all_lines=self.height() >= enough)
        self.listing.setMinimumHeight(0 if wide else room)
        self.listing.setMaximumHeight(self.maximumHeight() if wide else room)

    # -- the picture ---------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        shown, walk, place = self._picture, self._walk, self._place
        for item in (self._paths, self._arrows, *self._dots):
            item.clear()
        self._set_empty("")
        if self._overlay is not None:
            live = walk is not None and not walk.is_past
            dimension = place.step.generated.shape[1] if place is not None else 0
            self._overlay.show_picture(shown if live else None, dimension=dimension)
        if shown is None or walk is None or place is None:
            return
        for item, dots in zip(self._dots, shown.dots, strict=False):
            self._draw_dots(item, dots)
        ends = shown.lines.reshape(-1, 2)
        self._paths.setData(ends[:, 0], ends[:, 1])
        x_name, y_name = axes(place)
        self._x.set_name(x_name)
        self._y.set_name(y_name)
        x_min, x_max, y_min, y_max = span(walk.places, shown)
        self.view.setAspectLocked(not y_name.startswith(("D", "(")))
        self.view.setRange(xRange=(x_min, x_max), yRange=(y_min, y_max), padding=0)
        drawn = arrows(shown.arrows, ARROW * min(x_max - x_min, y_max - y_min))
        self._arrows.setData(drawn.x, drawn.y)

    def _draw_dots(self, item: pg.ScatterPlotItem, dots: Dots) -> None:
        theme = self._theme
        colour = {"latent": theme.muted, "real": theme.real, "generated": theme.generated}[dots.side]
        outline = pg.mkPen(colour, width=1.3)
        if dots.judged is None:
            item.setData(
                x=dots.points[:, 0],
                y=dots.points[:, 1],
                size=5,
                pen=outline if dots.hollow else pg.mkPen(theme.surface, width=0.6),
                brush=None if dots.hollow else pg.mkBrush(colour),
            )
            return
        shades = field_lookup_table(theme)[(np.clip(np.nan_to_num(dots.judged, nan=0.5), 0, 1) * 255).astype(int)]
        brushes = [pg.mkBrush(QColor(*shade)) for shade in shades.tolist()]
        item.setData(x=dots.points[:, 0], y=dots.points[:, 1], size=6.5, pen=outline, brush=brushes)

    def _latest(self) -> tuple[Readout, ...]:
        walk = self._walk
        if walk is None or walk.place is None:
            return ()
        return (Readout("iteration", f"{walk.iteration:,}", widest="00,000", short="it."),)

    def _update_hover(self) -> None:
        """The sample nearest to the mouse, with what D says of it."""
        found = self._nearest()
        self._marks.setVisible(found is not None)
        if found is None:
            self.header.set_readouts(self._latest())
            return
        dots, at = found
        x, y = (float(value) for value in dots.points[at])
        name = {"latent": "z", "real": "x", "generated": "G(z)"}[dots.side]
        self._marks.setData(x=[x], y=[y], brush=pg.mkBrush(None), pen=pg.mkPen(self._theme.text, width=1.5), size=11)
        readouts = [Readout(name, f"({x:.2f}, {y:.2f})".replace("-", "−"), widest="(−0.00, −0.00)")]
        if dots.judged is not None:
            readouts.append(Readout("D", figure(float(dots.judged[at]))))
        self.header.set_readouts(tuple(readouts), hovering=True)

    def _nearest(self) -> tuple[Dots, int] | None:
        if self._mouse is None or self._picture is None or not self.plot.isVisible():
            return None
        here = self.view.mapSceneToView(self._mouse)
        beside = self.view.mapSceneToView(self._mouse + QPointF(1, -1))
        scale = np.array([abs(beside.x() - here.x()), abs(beside.y() - here.y())])
        best: tuple[float, Dots, int] | None = None
        for dots in self._picture.dots:
            if dots.hollow or not len(dots.points):
                continue
            away = np.linalg.norm((dots.points - (here.x(), here.y())) / scale, axis=1)
            at = int(np.nanargmin(away))
            if away[at] <= NEAR and (best is None or away[at] < best[0]):
                best = (float(away[at]), dots, at)
        return None if best is None else best[1:]


def _row(row: Row, theme: Theme) -> str:
    """Formula and number: in one line where both are short, else below each other."""
    formula = f'<span style="color:{theme.muted}">{rich(row.formula)}</span>'
    value = html.escape(row.value)
    if len(readable(row.formula)) + len(row.value) <= SHORT:
        return f"{_dot(row.colour, theme)}{formula}{' = ' if row.value[0] in FIGURES else ' '}{value}"
    return f"{formula}<br>{_dot(row.colour, theme)}{value}"


def _with_indices(text: str) -> str:
    """θ_D, θ_G, p_z and p_data as they are written."""
    return re.sub(r"(θ|p)_([DGz]|data)\b", r"\1<sub>\2</sub>", html.escape(text))


def _dot(colour: str, theme: Theme) -> str:
    return f'<span style="color:{getattr(theme, colour)}">●</span> ' if colour else ""
