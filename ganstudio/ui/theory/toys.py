"""Dirac-GAN and the bilinear game on a small stage of their own: why training circles, and what makes it converge."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.messages.commands import PlayToy
from ganstudio.messages.events import ToyPlayed
from ganstudio.messages.toys import Toy
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.header import Readout, tabular
from ganstudio.ui.plots.panel import TICK_SCALE, Table
from ganstudio.ui.plots.range import nice_ceiling
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory import toy_choices as choices
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.toy_settings import ToySettings
from ganstudio.ui.theory.unit_circle import SIDE, SMALL_SIDE, UnitCircle
from ganstudio.ui.theory.vector_field import arrows
from ganstudio.ui.training_run import RunState

if TYPE_CHECKING:
    from ganstudio.experiment import Experiment
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

Floats = NDArray[np.float64]

HEADER = ("iteration", "theta", "psi", "norm")
WAITING = "The vector field and a trajectory appear here as soon as the trainer is there; then click to start elsewhere"
GRID = 15
REACHES = (2.0, 10.0)
"""The least and the most that is shown around the equilibrium."""
DOTTED = 600
"""Up to so many iterations each is a dot."""
TOO_FAR = 1e6
PREVIEW = 100
"""Iterations that are played at first while the start is dragged; then as many as come back in time."""
LEAST_PREVIEW = 20
PREVIEW_SECONDS = 0.05
"""A drag is answered about twenty times a second."""
FADED = 0.3
"""Opacity of what was played by other settings, until the answer to the latest is there."""
NEAR = 24.0
"""Pixels within which the mouse finds a point of the trajectory."""
ROOM_FOR_SETTINGS = 330
"""Height in pixels from which all settings are shown, below it the presets alone."""


class ToysPanel(TheoryPanel):
    """The (θ, ψ) plane with v, one trajectory, the eigenvalues of a step, and all that can be chosen."""

    play_requested = Signal(object)  # PlayToy

    x_axis: ClassVar[str] = "θ (G)"
    y_axis: ClassVar[str] = "ψ (D)"

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._toy = choices.PRESETS[0].toy
        self._start = (1.0, 1.0)
        self._iterations = 500
        self._reach = REACHES[0]
        self._request = 0
        self._asked = self._due = self._roomy = self._dragging = False
        self._played: ToyPlayed | None = None
        self._field = (np.empty((0, 2)), np.empty((0, 2)))
        self._preview, self._asked_at = PREVIEW, 0.0
        self._path = np.empty((0, 2))
        self.view.setAspectLocked(True)
        self._arrows = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._line = pg.PlotCurveItem(connect="finite", antialias=True)
        self._dots = pg.ScatterPlotItem(size=3, pen=None)
        self._ends = pg.ScatterPlotItem(size=9)
        for item in (self._arrows, self._line, self._dots, self._ends):
            self.plot.addItem(item)
        self.view.setToolTip("Press or drag to start from there")
        self.plot.setCursor(Qt.CursorShape.CrossCursor)
        self.circle = UnitCircle(theme)
        self.circle.set_side(SMALL_SIDE)
        self.eigenvalues = QLabel()
        self.eigenvalues.setToolTip(
            "Of v′, the Jacobian of the field: locally stable where the real parts are negative. Of one step: it "
            "converges near the equilibrium where every modulus is below 1."
        )
        self._build_stage()
        self.settings = ToySettings()
        self.settings.toy_requested.connect(self.set_toy)
        self.settings.iterations_requested.connect(self.set_iterations)
        self.above.column.addWidget(self.settings.preset)
        self.below.column.addWidget(self.settings)
        self.set_theme(theme)
        self.settings.show_toy(self._toy)
        self.settings.show_iterations(self._iterations)
        self.clear()

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Let the trainer play; it needs no run for it."""
        run = studio.run
        self.play_requested.connect(run.asides.play_toy)
        run.asides.toy_played.connect(self.show_played)
        run.state_changed.connect(self._on_state)
        run.failed.connect(lambda _event: self._forget_request())
        self._on_state(run.state)

    # -- what is played ------------------------------------------------------------------------------------------

    @property
    def toy(self) -> Toy:
        """The game and the rule that are chosen."""
        return self._toy

    @property
    def start(self) -> tuple[float, float]:
        """Where the trajectory starts."""
        return self._start

    def set_toy(self, toy: Toy) -> None:
        """Play this from now on."""
        if toy != self._toy:
            self._toy = toy
            self.settings.show_toy(toy)
            self._draw()
            self._ask()

    def play(self, toy: Toy) -> None:
        """Play this from (1, 1), even if it was played before."""
        self._start = (1.0, 1.0)
        self._toy = toy
        self.settings.show_toy(toy)
        self._draw()
        self._ask()

    def set_start(self, theta: float, psi: float) -> None:
        """Start from there."""
        self._start = (theta, psi)
        self._ends.setData(x=[theta], y=[psi], brush=pg.mkBrush(self._theme.surface))  # the rest takes a moment
        self._ask()

    def set_iterations(self, iterations: int) -> None:
        """Play so long."""
        if iterations != self._iterations:
            self._iterations = iterations
            self.settings.show_iterations(iterations)
            self._ask()

    def show_played(self, event: ToyPlayed) -> None:
        """Draw what the trainer has played, if it is the latest that was asked for."""
        if event.request != self._request:
            return
        self._asked = False
        self._played = event
        if len(event.positions):  # else it is dragged, and the field stays
            self._field = (event.positions, event.vectors)
        else:
            self._adapt_preview(time.perf_counter() - self._asked_at)
        if event.trajectories.shape[1]:  # else only the field was wanted, for a larger plane
            self._path = event.trajectories[:, 0]
        self._draw()
        if self._due:
            self._ask()
        elif not self._dragging and self._reach < (wanted := _reach(self._path)):
            self._reach = wanted
            self._send(PlayToy(self._toy, 0, (), 0, GRID, wanted))

    def clear(self) -> None:
        """Another run: of no concern here."""
        self._draw()

    def show_experiment(self, experiment: Experiment) -> None:
        """The toys have objectives of their own."""

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._arrows.setPen(pg.mkPen(mixed(theme.muted, theme.surface, 0.35), width=1))
        self._line.setPen(pg.mkPen(mixed(theme.accent, theme.surface, 0.3), width=1.5))
        self._dots.setBrush(pg.mkBrush(theme.accent))
        self.circle.set_theme(theme)
        self.eigenvalues.setFont(tabular(self.font(), scale=TICK_SCALE))
        self._side.setStyleSheet(f"#side {{ background: {theme.surface}; }}")
        super().set_theme(theme)
        self._draw()

    def table(self) -> Table:
        """The trajectory."""
        norms = np.linalg.norm(self._path, axis=1)
        return HEADER, np.column_stack([np.arange(len(self._path)), self._path, norms])

    # -- Qt ------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is played before somebody looks."""
        super().showEvent(event)
        if self._played is None or self._due:
            self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The settings give way to the plane where there is little room."""
        super().resizeEvent(event)
        roomy = self.height() >= ROOM_FOR_SETTINGS
        self.below.setVisible(roomy)
        if roomy is not self._roomy:
            self._roomy = roomy
            self.circle.set_side(SIDE if roomy else SMALL_SIDE)
            self._show_eigenvalues()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Press or drag on the plane to start from there."""
        if isinstance(event, QMouseEvent) and event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove):
            at = self.plot.mapToScene(event.position().toPoint())
            if event.buttons() & Qt.MouseButton.LeftButton and self.view.sceneBoundingRect().contains(at):
                self._dragging = True
                point = self.view.mapSceneToView(at)
                self.set_start(round(point.x(), 3), round(point.y(), 3))
                return True
        if event.type() == QEvent.Type.MouseButtonRelease and self._dragging:
            self._dragging = False
            self._ask()
        return super().eventFilter(watched, event)

    # -- asking the trainer --------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Have the game played; one request is on its way at most."""
        self._due = self._asked or not self.isVisible()
        if self._due:
            return
        if self._dragging and len(self._path) and self._is_current:
            # The beginning is enough to see which way it goes; the field is there already.
            self._asked_at = time.perf_counter()
            self._send(PlayToy(self._toy, 0, (self._start,), min(self._iterations, self._preview), 0, self._reach))
            return
        self._reach = REACHES[0]
        self._send(PlayToy(self._toy, 0, (self._start,), self._iterations, GRID, self._reach))

    def _send(self, command: PlayToy) -> None:
        self._asked = True
        self._request += 1
        self.play_requested.emit(replace(command, request=self._request))

    def _adapt_preview(self, seconds: float) -> None:
        """Play more, or fewer, while it is dragged: so that answers keep up with the mouse on any machine."""
        fitting = self._preview * PREVIEW_SECONDS / max(seconds, 1e-3)
        self._preview = round(
            min(max(fitting, self._preview / 2, LEAST_PREVIEW), self._preview * 1.5, self._iterations)
        )

    def _on_state(self, state: RunState) -> None:
        if state in (RunState.STARTING, RunState.FAILED) and self._asked:  # a trainer that died answers no more
            self._forget_request()
            if state is RunState.STARTING:
                self._ask()

    def _forget_request(self) -> None:
        self._asked = False

    # -- drawing -------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        played = self._played
        self._set_empty(WAITING if played is None else "")
        for item in (self._arrows, self._line, self._dots, self._ends):
            item.setVisible(played is not None)
            item.setOpacity(1.0 if self._is_current else FADED)
        if played is not None:
            theme = self._theme
            if len(self._field[0]):
                self._arrows.setData(*arrows(*self._field))
            reach = max(self._reach, _reach(self._path))
            path = _in_sight(self._path)
            self._line.setData(path[:, 0], path[:, 1])
            self._dots.setData(*(path if len(path) <= DOTTED else path[:0]).T)
            ends = path[[0, -1]]
            self._ends.setData(
                x=ends[:, 0],
                y=ends[:, 1],
                brush=[pg.mkBrush(theme.surface), pg.mkBrush(theme.accent)],
                pen=pg.mkPen(theme.accent, width=2),
            )
            self.view.setRange(xRange=(-reach, reach), yRange=(-reach, reach), padding=0.02)
        self._show_eigenvalues()
        self._update_hover()

    def _show_eigenvalues(self) -> None:
        played = self._played if self._is_current else None
        if played is None or played.step_eigenvalues is None or played.field_eigenvalues is None:
            self.circle.show_values(np.empty(0, np.complex128))
            kink = "no eigenvalues:\nv has a kink at 0" if played is not None else ""
            self.eigenvalues.setText(kink)
            return
        field, step = (_complex(parts) for parts in (played.field_eigenvalues, played.step_eigenvalues))
        self.circle.show_values(step)
        largest = float(np.abs(step).max())
        word = "converges" if largest < 1 - 1e-9 else "circles" if largest < 1 + 1e-9 else "driven away"
        few = [f"|λ| {largest:.6f}", word]
        of_field = ["of v′:", _written(field)] if self._roomy else []
        self.eigenvalues.setText("\n".join([*of_field, "of a step:", _written(step), *few]))

    @property
    def _is_current(self) -> bool:
        """Whether what is drawn is what is chosen."""
        return self._played is not None and self._played.toy == self._toy

    def _latest(self) -> tuple[Readout, ...]:
        if not len(self._path):
            return ()
        if not self._is_current:
            return (Readout("playing …", "", widest=""),)
        norm = float(np.linalg.norm(self._path[-1]))
        return (Readout(f"norm after {len(self._path) - 1:,}", _short(norm), widest="8.88e-88", short="norm"),)

    def _update_hover(self) -> None:
        """The point of the trajectory nearest to the mouse, in the plane rather than along x."""
        path = self._path
        at = self._nearest(path) if self._mouse is not None and len(path) else None
        self._marks.setVisible(at is not None)
        if at is None:
            self.header.set_readouts(self._latest())
            return
        theta, psi = (float(value) for value in path[at])
        norm = float(np.hypot(theta, psi))
        self._marks.setData(x=[theta], y=[psi], brush=pg.mkBrush(self._theme.accent), pen=pg.mkPen(self._theme.surface))
        self.header.set_readouts(
            (
                Readout("it.", f"{at:,}", widest="00,000"),
                Readout("θ", _short(theta), widest="−8.88"),
                Readout("ψ", _short(psi), widest="−8.88"),
                Readout("norm", _short(norm), widest="8.88"),
            ),
            hovering=True,
        )

    def _nearest(self, path: Floats) -> int | None:
        assert self._mouse is not None  # noqa: S101  # asked before
        here = self.view.mapSceneToView(self._mouse)
        away = np.hypot(path[:, 0] - here.x(), path[:, 1] - here.y())
        pixel = abs(self.view.mapSceneToView(self._mouse + QPointF(1, 0)).x() - here.x())
        if not np.isfinite(away).any() or np.nanmin(away) > NEAR * pixel:
            return None
        return int(np.nanargmin(away))

    # -- arrangement ---------------------------------------------------------------------------------------------

    def _build_stage(self) -> None:
        """The plane, and beside it what its linear part says."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        at = column.indexOf(self.plot)
        column.removeWidget(self.plot)
        self._side = QWidget()
        self._side.setObjectName("side")
        self._side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 6, 8, 4)
        side.setSpacing(4)
        side.addWidget(self.circle)
        side.addWidget(self.eigenvalues)
        side.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.plot, 1)
        row.addWidget(self._side)
        column.insertLayout(at, row, 1)


def _reach(path: Floats) -> float:
    """How far the plane must go to show the trajectory, within reason."""
    size = np.abs(path[np.isfinite(path)])
    farthest = float(size.max(initial=0.0))
    return float(np.clip(nice_ceiling(max(farthest, 1e-9)), *REACHES))


def _in_sight(path: Floats) -> Floats:
    """The trajectory up to where it is so far away that a line to there could not be drawn."""
    far = np.flatnonzero(~np.all(np.abs(path) < TOO_FAR, axis=1))
    return path[: max(1, int(far[0]))] if len(far) else path


def _complex(parts: Floats) -> NDArray[np.complex128]:
    return parts[:, 0] + 1j * parts[:, 1]


def _written(values: NDArray[np.complex128]) -> str:
    """Eigenvalues as text: conjugate pairs as one, each once."""
    said: list[str] = []
    for value in values:
        real, imaginary = (0.0 if abs(part) < 1e-9 else float(part) for part in (value.real, abs(value.imag)))
        text = f"{real:.3g}" if imaginary == 0 else f"{real:.3g} ± {imaginary:.3g}i" if real else f"±{imaginary:.3g}i"
        if text not in said:
            said.append(text)
    return "\n".join(said).replace("-", "−")


def _short(value: float) -> str:
    if not np.isfinite(value):
        return "∞"
    text = f"{value:.2e}" if value and not 1e-3 <= abs(value) < 1e4 else f"{value:.3f}"
    return text.replace("-", "−")
