"""The strip of phases under the losses, the word in the status bar, and what keeps both up to date."""

from __future__ import annotations

import numpy as np
import pytest
from histories import history
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from ganstudio.colours import DARK, LIGHT
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History, HistoryChunk
from ganstudio.messages.snapshot import Progress
from ganstudio.metrics.phases import HELP, PHASES, Phases, Segment
from ganstudio.ui.phases import NOTHING, PhaseWatch
from ganstudio.ui.plots.phase_axis import COLOURS, STRIP
from ganstudio.ui.plots.standing_mark import VEIL
from ganstudio.ui.standing import Standing
from ganstudio.ui.status import StatusBar
from ganstudio.ui.style import mixed

TWO = Phases("G following", (Segment("D ahead", 0, 100), Segment("G following", 100, 200)))


class Run(QObject):
    """As much of a run as a watch looks at."""

    history_changed = Signal()
    begun = Signal()
    progressed = Signal(object, float)
    is_training = False

    def __init__(self) -> None:
        super().__init__()
        self.history = History()

    def trains(self, first: int, count: int, real: float, generated: float, jsd: float = 0.5) -> None:
        rows = np.full((count, len(COLUMNS)), 0.5)
        rows[:, 0] = np.arange(first, first + count)
        rows[:, COLUMNS.index("real_output")] = real
        rows[:, COLUMNS.index("generated_output")] = generated
        measure = np.array([[float(first), jsd, 0.002, jsd, jsd]])
        assert measure.shape[1] == len(MEASURE_COLUMNS)
        self.history.append(HistoryChunk(rows, measure))
        self.history_changed.emit()


def strip_colours(panel):
    """The colours along the middle of the strip, in pixels of the view."""
    rect = panel._view_rect()
    image = panel.plot.grab().toImage()
    y = rect.bottom() + 2 + STRIP // 2
    return [image.pixelColor(x, y).name() for x in range(rect.left() + 3, rect.right() - 3)]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_strip_has_the_colour_of_each_phase_where_it_lasted(make, theme):
    panel = make("losses", (340, 220))
    panel.set_theme(theme)
    panel.show_history(history(200))
    panel.show_phases(TWO)
    colours = strip_colours(panel)
    middle = len(colours) // 2
    assert set(colours[: middle - 6]) == {QColor(theme.phase_ahead).name()}
    assert set(colours[middle + 6 :]) == {QColor(theme.phase_following).name()}


def test_a_new_run_takes_the_strip_away(make):
    panel = make("losses")
    panel.show_history(history(200))
    panel.show_phases(TWO)
    panel.clear()
    panel.show_phases(NOTHING)
    assert not set(strip_colours(panel)) & {LIGHT.phase_ahead, LIGHT.phase_following}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_strip_fades_after_the_iteration_that_was_gone_back_to(make, theme):
    panel = make("losses", (340, 220))
    panel.set_theme(theme)
    panel.show_history(history(200))
    panel.show_phases(TWO)
    before = strip_colours(panel)
    panel.show_standing(50)
    colours = strip_colours(panel)
    quarter = len(colours) // 4
    ahead, following = QColor(theme.phase_ahead).name(), QColor(theme.phase_following).name()
    assert set(colours[: quarter - 6]) == {ahead}
    assert set(colours[quarter + 6 : 2 * quarter - 6]) == {mixed(ahead, theme.surface, VEIL)}
    assert set(colours[2 * quarter + 6 :]) == {mixed(following, theme.surface, VEIL)}
    panel.show_standing(None)
    assert strip_colours(panel) == before


def test_the_mouse_reads_off_the_phase(make, hover):
    panel = make("losses")
    panel.show_history(history(200))
    panel.show_phases(TWO)
    hover(panel, 50)
    assert panel._tag.text().endswith("· D ahead")
    hover(panel, 150)
    assert panel._tag.text().endswith("· G following")


def test_every_phase_has_a_colour_of_its_own_in_both_themes():
    for theme in (LIGHT, DARK):
        colours = [getattr(theme, COLOURS[phase]) for phase in PHASES]
        assert len({*colours, theme.real, theme.generated}) == len(PHASES) + 2


def test_the_status_bar_names_the_phase_and_tells_the_rule(qtbot):
    status = StatusBar()
    qtbot.addWidget(status)
    assert status.phase.text() == "phase: before training"
    status.show_phases(Phases("G following", TWO.segments, "D is too weak."))
    assert status.phase.text() == "phase: G following"
    assert HELP["G following"] in status.phase.toolTip()
    assert "D is too weak." in status.phase.toolTip()


def test_the_watch_looks_at_once_and_then_no_more_than_twice_a_second(qtbot):
    run = Run()
    watch = PhaseWatch(run, Standing(run), run)
    told: list[Phases] = []
    watch.changed.connect(told.append)
    run.trains(1, 50, 0.9, 0.1)
    assert [phases.current for phases in told] == ["D ahead"]
    for first in (51, 101, 151):
        run.trains(first, 50, 0.55, 0.45)
    assert len(told) == 1
    qtbot.waitUntil(lambda: len(told) == 2, timeout=3000)
    assert told[-1].current == "G following"
    assert told[-1].segments[-1].end == 200


def test_the_watch_forgets_with_the_run(qtbot):
    run = Run()
    watch = PhaseWatch(run, Standing(run), run)
    run.trains(1, 50, 0.9, 0.1)
    run.history = History()
    run.begun.emit()
    assert watch.now == NOTHING


def test_the_phase_is_at_once_that_of_the_iteration_gone_back_to_and_again_the_newest(qtbot):
    run = Run()
    watch = PhaseWatch(run, Standing(run), run)
    run.trains(1, 50, 0.9, 0.1)
    run.trains(51, 100, 0.55, 0.45)
    qtbot.waitUntil(lambda: watch.now.current == "G following", timeout=3000)
    newest = watch.now
    for iteration, phase in ((40, "D ahead"), (140, "G following"), (50, "D ahead"), (0, "before training")):
        run.progressed.emit(Progress(iteration), 0.0)
        assert watch.now == Phases(phase, newest.segments)
    run.progressed.emit(Progress(150), 0.0)
    assert watch.now == newest


def test_a_frame_that_is_behind_the_history_while_it_trains_takes_nobody_back(qtbot):
    run = Run()
    standing = Standing(run)
    run.trains(1, 50, 0.9, 0.1)
    run.is_training = True
    run.progressed.emit(Progress(40), 0.0)
    assert standing.at is None
    run.is_training = False
    run.progressed.emit(Progress(40), 0.0)
    assert standing.at == 40


def test_going_on_from_an_earlier_iteration_names_the_phase_it_goes_on_with(qtbot):
    run = Run()
    watch = PhaseWatch(run, Standing(run), run)
    run.trains(1, 50, 0.9, 0.1)
    run.trains(51, 100, 0.55, 0.45)
    qtbot.waitUntil(lambda: watch.now.current == "G following", timeout=3000)
    run.progressed.emit(Progress(40), 0.0)
    told: list[Phases] = []
    watch.changed.connect(told.append)
    run.history.truncate(40)
    run.history.append(HistoryChunk(np.array([[41.0, *[0.9] * 4, 0.9, 0.1, 0.5, 0.5]])))
    run.progressed.emit(Progress(41), 0.0)
    assert [(phases.current, phases.segments[-1].end) for phases in told] == [("D ahead", 41)]


def test_the_level_of_equilibrium_follows_the_objective(qtbot):
    """With smoothed labels D comes to rest at .4, which is not ½."""
    run = Run()
    watch = PhaseWatch(run, Standing(run), run)
    smoothed = with_value(Experiment(), "objective.label_smoothing", 0.4)
    watch.show_experiment(Experiment(), smoothed)
    for first in (1, 51, 101):
        run.trains(first, 50, 0.3, 0.3, jsd=0.004)
    qtbot.waitUntil(lambda: watch.now.current == "equilibrium", timeout=3000)
    watch.show_experiment(smoothed, Experiment())
    qtbot.waitUntil(lambda: watch.now.current != "equilibrium", timeout=3000)
