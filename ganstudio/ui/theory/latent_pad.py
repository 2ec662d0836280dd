"""The latent pad: a person points at z, and sees where G puts it; and the way from one z to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.networks import Latent
from ganstudio.gan.priors import prior_reach
from ganstudio.messages.events import Frame, Mapped
from ganstudio.ui.canvas.latent_marks import LatentMarks
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import Table
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.latent_domain import LatentDomain
from ganstudio.ui.theory.latent_images import LatentImages
from ganstudio.ui.theory.latent_path import STEPS, End, LatentPath, first_path
from ganstudio.ui.theory.latent_settings import LatentSettings
from ganstudio.ui.theory.latent_way import LatentWay
from ganstudio.ui.theory.panel import TheoryPanel

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

GRABBED = 14.0
"""Pixels within which a handle is taken hold of; a press elsewhere brings z there."""
NUDGE = 0.02
"""Of the pad's reach: how far an arrow key moves z; ten times as far with Shift."""
ROOM_FOR_NUMBERS, ROOM_FOR_THE_WAY = 300, 480
"""Pixels of height of the whole panel."""
ROUND_TRIP_SECONDS = 6.0
STEP_MILLISECONDS = 33
KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class LatentPadPanel(TheoryPanel):
    """p_z over one or two latent coordinates, with handles for z and z′ and a point on the way between them.

    On the stage the same points are marked where G puts them: domain here, range there.
    """

    looks_changed = Signal()
    """Other latents are to be mapped."""

    x_axis: ClassVar[str] = "z₁"
    y_axis: ClassVar[str] = "z₂"

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._latent: Latent | None = None
        self._seed = 0
        self._rng = np.random.default_rng(0)
        self._path = first_path(Latent(), 0, self._rng)
        self._asked: NDArray[np.float32] = self._path.latents()
        self._asked_share = 0.0
        self._mapped: Mapped | None = None
        self._held: End | None = None
        self._phase = 0.0
        self._marks_on_stage: LatentMarks | None = None
        self.domain = LatentDomain(self.plot.getPlotItem())
        self.images = LatentImages(theme)
        self.settings = LatentSettings()
        self.above.column.addWidget(self.images)
        self.way = LatentWay(theme)
        self.below.column.addWidget(self.settings)
        self.below.column.addWidget(self.way)
        self.settings.share_requested.connect(self._share_by_hand)
        self.settings.play_requested.connect(self._toggle)
        self.settings.axes_requested.connect(self.show_axes)
        self.settings.draw_requested.connect(self.draw_others)
        self._timer = QTimer(self, interval=STEP_MILLISECONDS)
        self._timer.timeout.connect(self._step)
        self.plot.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.setToolTip(
            "Grey is p_z. Drag z or z′; press anywhere to bring z there; arrow keys nudge z.\n"
            "The straight lines are those whose images the stage shows as its latent grid"
        )
        self.set_theme(theme)
        self._set_empty("")  # p_z is there before there is a model
        self.show_experiment(Experiment())

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Mark on the stage; have the trainer map what is pointed at."""
        self._marks_on_stage = LatentMarks(stage)
        self._marks_on_stage.set_theme(self._theme)
        self.looks_changed.connect(studio.run.look_again)
        chips = stage.chips
        self.settings.lines_requested.connect(lambda shown: chips.set_visible("latent_grid", shown))
        stage.layers_changed.connect(lambda: self.settings.show_lines(chips.is_visible("latent_grid")))
        self.settings.show_lines(chips.is_visible("latent_grid"))

    # -- what is pointed at --------------------------------------------------------------------------------------

    @property
    def path(self) -> LatentPath:
        """z, z′ and the way between them."""
        return self._path

    def set_path(self, path: LatentPath) -> None:
        """Point at these from now on."""
        self._path = path
        self._draw()
        self.looks_changed.emit()

    def bring(self, end: End, to: tuple[float, ...]) -> None:
        """Bring z or z′ to these coordinates of the pad; within what it shows."""
        reach = self.domain.reach
        self.set_path(self._path.moved(end, np.clip(np.array(to[: len(self._path.axes)]), -reach, reach)))

    def show_axes(self, axes: tuple[int, int]) -> None:
        """Show other coordinates of the latent space."""
        if self._latent is not None and axes != self._path.axes:
            self._path = self._path.along(axes)
            self._show_domain()
            self.set_path(self._path)

    def draw_others(self) -> None:
        """Hold other values in the coordinates that are not shown, drawn from the prior."""
        if self._latent is not None:
            self.set_path(self._path.drawn_anew(self._latent, self._seed, self._rng))

    # -- what the window tells -----------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        """The latent space and its prior."""
        super().show_experiment(experiment)
        latent, before = experiment.latent, self._latent
        if (latent, experiment.seed) == (before, self._seed):
            return
        self._latent, self._seed = latent, experiment.seed
        self._mapped = None
        if before is None or before.dimension != latent.dimension:
            self._rng = np.random.default_rng(experiment.seed)
            self._path = first_path(latent, experiment.seed, self._rng)
        self._path = self._path.within(prior_reach(latent, experiment.seed))
        self.settings.show_dimension(latent.dimension)
        self._show_domain()
        self._draw()

    def show_frame(self, frame: Frame) -> None:
        """Where G puts what is pointed at."""
        if frame.mapped is None or len(frame.mapped.points) != len(self._asked):
            return
        self._mapped = frame.mapped
        self._show_mapped()

    def wanted_latents(self) -> NDArray[np.float32] | None:
        """z, z′, z(t) and the way."""
        self._asked, self._asked_share = self._path.latents(), self._path.share
        return self._asked

    def wanted_axes(self) -> tuple[int, int]:
        """The coordinates along which the stage's latent grid is to run."""
        axes = self._path.axes
        return (axes[0], axes[1]) if len(axes) == 2 else (0, 1)

    def clear(self) -> None:
        """Another run: G is another."""
        self._mapped = None
        self._show_mapped()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self.domain.set_theme(theme)
        self.images.set_theme(theme)
        self.settings.set_theme(theme)
        self.way.set_theme(theme)
        if self._marks_on_stage is not None:
            self._marks_on_stage.set_theme(theme)
        super().set_theme(theme)

    def table(self) -> Table:
        """The way from z to z′: t, z, G(z(t)) and D there."""
        dimension = self._path.dimension
        width = 0 if self._mapped is None else self._mapped.points.shape[1]
        names = ("t", *(f"z{k + 1}" for k in range(dimension)), *(f"x{k + 1}" for k in range(width)), "D")
        if self._mapped is None:
            return names, np.empty((0, len(names)))
        shares = np.linspace(0.0, 1.0, STEPS)[:, None]
        way = slice(-STEPS, None)
        columns = (shares, self._asked[way], self._mapped.points[way], self._mapped.probabilities[way, None])
        return names, np.hstack(columns).astype(np.float64)

    # -- Qt ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Press and drag on the pad."""
        if isinstance(event, QMouseEvent) and self._dragged(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nudge z."""
        direction = KEYS.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
            return
        far = NUDGE * self.domain.reach * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        at = self._path.shown(self._path.start[None])[0]
        self.bring("start", tuple(value + far * step for value, step in zip(at, direction, strict=False)))

    def set_on_screen(self, on_screen: bool) -> None:
        """Marks go with the pad; so does what moves them."""
        super().set_on_screen(on_screen)
        if not on_screen:
            self._set_playing(False)
            if self._marks_on_stage is not None:
                self._marks_on_stage.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers give way to the pad where there is little room."""
        super().resizeEvent(event)
        self.images.set_roomy(self.height() >= ROOM_FOR_NUMBERS)
        self.settings.lines.setVisible(self.height() >= ROOM_FOR_NUMBERS)
        self.way.setVisible(self.height() >= ROOM_FOR_THE_WAY)

    # -- inside --------------------------------------------------------------------------------------------------

    def _fill_menu(self, menu: QMenu) -> None:
        action = menu.addAction("Interpolate on a great circle")
        action.setToolTip("Keeps to the lengths of z and z′, as most of a normal prior does in many dimensions (slerp)")
        action.setCheckable(True)
        action.setChecked(self._path.way == "great circle")
        action.setEnabled(self._path.dimension > 1)
        action.toggled.connect(
            lambda checked: self.set_path(replace(self._path, way="great circle" if checked else "straight"))
        )

    def _dragged(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonRelease and self._held is not None:
            self._held = None
            return True
        if kind not in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove):
            return False
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._held = None
            return False
        scene = self.plot.mapToScene(event.position().toPoint())
        if kind == QEvent.Type.MouseButtonPress:
            if not self.view.sceneBoundingRect().contains(scene):
                return False
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._held = self._grabbed(scene)
        if self._held is None:
            return False
        point = self.view.mapSceneToView(scene)
        self.bring(self._held, (point.x(), point.y()))
        return True

    def _grabbed(self, scene: QPointF) -> End:
        """z′ where it is nearer than z, and near; else z, which comes to the mouse."""
        away = []
        for place in self.domain.handles():
            between = self.view.mapViewToScene(QPointF(*place)) - scene
            away.append(float(np.hypot(between.x(), between.y())))
        return "end" if away[1] < min(away[0], GRABBED) else "start"

    def _share_by_hand(self, share: float) -> None:
        self._set_playing(False)
        self.set_path(replace(self._path, share=share))

    def _toggle(self) -> None:
        self._set_playing(not self._timer.isActive())

    def _set_playing(self, playing: bool) -> None:
        if playing is self._timer.isActive():
            return
        if playing:
            self._phase = self._path.share / 2
            self._timer.start()
        else:
            self._timer.stop()
        self.settings.show_playing(playing)

    def _step(self) -> None:
        """Go to and fro."""
        self._phase = (self._phase + STEP_MILLISECONDS / 1000 / ROUND_TRIP_SECONDS) % 1.0
        self.set_path(replace(self._path, share=1.0 - abs(2.0 * self._phase - 1.0)))

    def _show_domain(self) -> None:
        latent = self._latent
        assert latent is not None  # noqa: S101  # show_experiment sets it
        axes = self._path.axes
        self.domain.show_prior(latent, axes, self._seed)
        reach = prior_reach(latent, self._seed)
        names = [f"z{_subscript(axis + 1)}" for axis in axes] if latent.dimension > 1 else ["z", "p<sub>z</sub>(z)"]
        self._x.set_name(names[0])
        self._y.set_name(names[1])
        self.view.setAspectLocked(len(axes) == 2)
        low, high = (-reach, reach) if len(axes) == 2 else self.domain.heights
        self.view.setRange(xRange=(-reach, reach), yRange=(low, high), padding=0.03)

    def _draw(self) -> None:
        path = self._path
        self.domain.show_path(path)
        self.settings.show_share(path.share)
        self.images.show_path(path)
        self._update_hover()

    def _show_mapped(self) -> None:
        mapped = self._mapped
        self.images.show_mapped(mapped)
        if mapped is None:
            self.way.show_answers(None, 0.0, 0.0)
        else:
            self.way.show_answers(mapped.probabilities[-STEPS:], self._asked_share, float(mapped.probabilities[2]))
        if self._marks_on_stage is not None and self.isVisible():
            if mapped is None:
                self._marks_on_stage.clear()
            else:
                self._marks_on_stage.show_marks(self._asked, mapped.points, moving=self._path.share > 0)
        self._update_hover()

    def _latest(self) -> tuple[Readout, ...]:
        if self._mapped is None:
            return ()
        at = 2 if self._path.share > 0 else 0
        name = "D(G(z(t)))" if at else "D(G(z))"
        return (Readout(name, figure(float(self._mapped.probabilities[at])), "discriminator", short="D"),)


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
