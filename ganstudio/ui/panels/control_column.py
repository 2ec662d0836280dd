"""The column of controls at the left of the window: everything that can be set, in sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ganstudio.experiment import Experiment
from ganstudio.ui.forms.record_form import Legend
from ganstudio.ui.panels.data_panel import DataPanel
from ganstudio.ui.panels.network_drawing import Weights
from ganstudio.ui.panels.networks_panel import NetworksPanel
from ganstudio.ui.panels.objective_panel import ObjectivePanel
from ganstudio.ui.panels.optimizers_panel import OptimizersPanel
from ganstudio.ui.panels.panel import Panel
from ganstudio.ui.panels.recipe_panel import RecipePanel
from ganstudio.ui.panels.run_panel import RunPanel
from ganstudio.ui.panels.section import Section
from ganstudio.ui.panels.spotlight import Spotlight
from ganstudio.ui.scroll_content import ScrollContent
from ganstudio.ui.theme import LIGHT, Theme

WIDTH = 340
NARROWEST = 300
FOOT = 28
"""Pixels below the sections, for the line that explains the mark of structural settings wherever one has scrolled."""
RECIPE = "recipe"
"""Where ``point_at`` finds the recipes, which are no setting."""
OPEN_AT_FIRST = ("Data source", "Networks")


class ControlColumn(QScrollArea):
    """Recipe, data source, networks, objective, optimizers and run, each in a section that can be closed.

    It shows an experiment and asks for changes; it changes nothing itself.
    """

    value_requested = Signal(str, object)  # path in the experiment, value
    preset_requested = Signal(str)  # name
    recipe_requested = Signal(str)  # name
    drawing_requested = Signal(int)  # dimension
    file_requested = Signal()

    def __init__(
        self, experiment: Experiment | None = None, theme: Theme = LIGHT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        shown = experiment if experiment is not None else Experiment()
        self.recipe = RecipePanel(shown, theme)
        self.data = DataPanel(shown, theme)
        self.networks = NetworksPanel(shown, theme)
        self.objective = ObjectivePanel(shown, theme)
        self.optimizers = OptimizersPanel(shown, theme)
        self.run = RunPanel(shown, theme)
        # The recipe first: the pictures of the data source would push it out of a small screen.
        self._panels: tuple[Panel, ...] = (
            *(self.recipe, self.data, self.networks),
            *(self.objective, self.optimizers, self.run),
        )
        self.sections = {
            panel.title: Section(panel.title, panel.icon_name, panel, theme, always_sums_up=panel.always_sums_up)
            for panel in self._panels
        }
        self._build(theme)
        self._connect()
        self.restore(dict.fromkeys(OPEN_AT_FIRST, True))

    def _build(self, theme: Theme) -> None:
        inside = self._inside = ScrollContent()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in self.sections.values():
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(NARROWEST)
        self.setAccessibleName("Settings of the experiment")
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.spotlight = Spotlight(theme, inside)
        self._legend = Legend()
        self._legend.setParent(self)
        self.setViewportMargins(0, 0, 0, FOOT)

    def _connect(self) -> None:
        for panel in self._panels:
            panel.value_requested.connect(self.value_requested)
            panel.summary_changed.connect(lambda panel=panel: self._summarise(panel))
            self._summarise(panel)
        self.data.preset_requested.connect(self.preset_requested)
        self.recipe.recipe_requested.connect(self.recipe_requested)
        self.data.drawing_requested.connect(self.drawing_requested)
        self.data.file_requested.connect(self.file_requested)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels, top to bottom."""
        return self._panels

    def sizeHint(self) -> QSize:
        """The width at which everything stands well."""
        return QSize(WIDTH, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the legend at the foot."""
        super().resizeEvent(event)
        self._legend.setGeometry(0, self.height() - FOOT, self.width(), FOOT)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show this experiment; what someone is typing at this moment stays."""
        for panel in self._panels:
            panel.show_experiment(experiment)

    def show_error(self, path: str, message: str) -> bool:
        """Mark the setting at ``path`` with the reason, opened and scrolled to; False when there is no such setting."""
        for panel in self._panels:
            if panel.show_error(path, message):
                self.reveal(path)
                return True
        return False

    def clear_errors(self) -> None:
        """Take all marks away, and show the experiment's values again."""
        for panel in self._panels:
            panel.clear_errors()

    def reveal(self, path: str, *, focus: bool = False) -> None:
        """Open the section that has the setting at ``path``, and scroll to it."""
        for panel in self._panels:
            control = panel.control(path)
            if control is None:
                continue
            self.sections[panel.title].set_open(True)
            if focus:
                control.controls[0].setFocus(Qt.FocusReason.OtherFocusReason)
            # Its place is known once the layout has been done.
            QTimer.singleShot(0, control, partial(self._scroll_to, control))
            return

    def point_at(self, path: str) -> bool:
        """Show where ``path``, a setting or a record of several, is set: opened, scrolled to, focused and framed.

        ``RECIPE`` shows the list of recipes.

        Returns:
            False where no section shows it.
        """
        if path == RECIPE:
            self._show_recipes()
            return True
        for panel in self._panels:
            for form in panel.forms:
                known = [name for name in form.paths if name == path or name.startswith(f"{path}.")]
                if not known:
                    continue
                for disclosure in panel.disclosures:
                    if disclosure.isAncestorOf(form):
                        disclosure.set_open(True)
                self.reveal(known[0], focus=True)
                QTimer.singleShot(0, form, partial(self._frame, [form.editor(name) for name in known]))
                return True
        return False

    def _show_recipes(self) -> None:
        """Open the section of the recipes, scrolled to, with the keyboard in their list."""
        section = self.sections[self.recipe.title]
        section.set_open(True)
        self.recipe.list.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, section, partial(self._scroll_to, section.header))

    def _frame(self, controls: Sequence[QWidget]) -> None:
        """Frame the rows of these controls, over the whole width; called after they were scrolled to."""
        inside = self._inside
        places = [QRect(control.mapTo(inside, QPoint(0, 0)), control.size()) for control in controls]
        rows = QRect()
        for place in places:
            rows = rows.united(place)
        place = QRect(6, rows.top() - 5, inside.width() - 12, rows.height() + 10)
        self.ensureVisible(place.left(), place.bottom(), 0, 8)
        self.ensureVisible(place.left(), place.top(), 0, 40)  # where not all of it fits, its beginning
        self.spotlight.show_at(place)

    def _scroll_to(self, control: QWidget) -> None:
        # What was just opened may wait while a scroll bar comes or goes: all around the control is laid out now.
        around = control.parentWidget()
        while around is not None and around is not self:
            if (layout := around.layout()) is not None:
                layout.invalidate()
                layout.activate()
            around = around.parentWidget()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self.ensureWidgetVisible(control, 0, 48)

    def set_theme(self, theme: Theme) -> None:
        """Draw icons, pictures and networks in the colours of ``theme``."""
        for panel in self._panels:
            panel.set_theme(theme)
        for section in self.sections.values():
            section.set_theme(theme)
        self.spotlight.set_theme(theme)

    def show_weights(self, generator: Weights | None, discriminator: Weights | None) -> None:
        """Draw the weights of a frame: matrices (out, in) of each network, first to last."""
        self.networks.show_weights(generator, discriminator)

    def set_parameter_counts(self, generator: int, discriminator: int) -> None:
        """Parameters of the networks of the run."""
        self.networks.set_parameter_counts(generator, discriminator)

    def shows_networks(self) -> bool:
        """Whether the drawings of the networks can be seen, so that their weights are worth asking for."""
        drawings = (self.networks.generator.drawing, self.networks.discriminator.drawing)
        return any(not drawing.visibleRegion().isEmpty() for drawing in drawings)

    def state(self) -> dict[str, bool]:
        """Which sections are open, by title."""
        return {title: section.is_open for title, section in self.sections.items()}

    def restore(self, state: Mapping[str, bool]) -> None:
        """Open and close sections as ``state`` says; those it does not name stay as they are."""
        for title, section in self.sections.items():
            section.set_open(state.get(title, section.is_open))

    def _summarise(self, panel: Panel) -> None:
        self.sections[panel.title].set_summary(panel.summary())
