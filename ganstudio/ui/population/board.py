"""All that is seen of one population: the grid, the spread, and one member large."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from ganstudio.messages.population import PopulationFrame
from ganstudio.ui.population.grid import MemberGrid
from ganstudio.ui.population.member_card import MemberCard
from ganstudio.ui.population.population_run import PopulationRun
from ganstudio.ui.population.sheet import sheet_of
from ganstudio.ui.population.small_stage import STAGES
from ganstudio.ui.population.spread import SpreadPlot
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution

SHARES = (73, 27)
"""Of the width, that the grid takes, and spread and card."""


class Board(QSplitter):
    """Shows a run; changes nothing but what is pointed at and what is chosen."""

    export_requested = Signal()
    wanted = Signal(int)  # a member's experiment, in the window
    toggled = Signal()  # play, or pause

    def __init__(self, run: PopulationRun, target: TargetDistribution, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._run = run
        self.sheet = sheet = sheet_of(run.spec)
        self.points: NDArray[np.floating] | None = None
        """The latest samples of all members, (members, n, dimension)."""
        self.stage = STAGES[target.dimension](target, run.spec.base.seed, theme)
        self.grid = MemberGrid(sheet, self.stage, theme)
        self.spread = SpreadPlot(run.measures, theme)
        self.card = MemberCard(self.stage, theme)
        legend = QLabel(self.stage.legend)
        legend.setProperty("role", "muted")
        legend.setWordWrap(True)
        left, side = QWidget(), QWidget()
        for holder, parts in ((left, ((self.grid, 1), (legend, 0))), (side, ((self.spread, 2), (self.card, 3)))):
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(8)
            for widget, stretch in parts:
                column.addWidget(widget, stretch)
            self.addWidget(holder)
        self.setChildrenCollapsible(False)
        for part, share in enumerate(SHARES):
            self.setStretchFactor(part, share)
        self.setSizes(list(SHARES))
        run.frame_arrived.connect(self._on_frame)
        run.measured.connect(self._on_measured)
        self.grid.hovered.connect(self._point_at)
        self.grid.selected.connect(self._on_selected)
        self.grid.toggled.connect(self.toggled)
        self.spread.member_hovered.connect(self._on_curve)
        self.spread.export_requested.connect(lambda _: self.export_requested.emit())
        self.card.wanted.connect(lambda: self.wanted.emit(self.grid.selected_member))
        self._show_member()

    @property
    def member(self) -> int:
        """The member that is pointed at, or else the one that is chosen; −1 none."""
        return self.grid.hovered_member if self.grid.hovered_member >= 0 else self.grid.selected_member

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self.stage.set_theme(theme)
        for part in (self.grid, self.spread, self.card):
            part.set_theme(theme)

    def _on_frame(self, frame: PopulationFrame) -> None:
        self.points = frame.points
        self.grid.show_points(frame.points)
        self.grid.show_jsd(frame.jsd, self._run.broken_by)
        self._show_member()

    def _on_measured(self) -> None:
        self.spread.show_measures()

    def _point_at(self, member: int) -> None:
        self.spread.show_member(self.member)
        self._show_member()

    def _on_curve(self, member: int) -> None:
        self.grid.hover(member)
        self._point_at(member)

    def _on_selected(self, member: int) -> None:
        self.card.offer(self.sheet.names[member])
        self._point_at(member)

    def _show_member(self) -> None:
        member = self.member
        if member < 0:
            self.card.show_member("", None, float("nan"), None)
            return
        points = None if self.points is None else self.points[member]
        jsd = float(self.grid.jsd[member])
        self.card.show_member(self.sheet.names[member], points, jsd, self._run.broken_by.get(member))
