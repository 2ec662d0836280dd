"""What every registered plot does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from histories import frame, history
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu

from ganstudio.colours import DARK, LIGHT
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.targets import GaussianRing
from ganstudio.targets import build
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.plots.panel import PlotPanel

every_plot = pytest.mark.parametrize("name", PLOTS)


def fed(panel: PlotPanel) -> PlotPanel:
    panel.show_experiment(Experiment())
    panel.show_history(history(300))
    target = build(GaussianRing())
    panel.show_target(target)
    samples = target.sample(500, np.random.default_rng(0))
    panel.show_frame(replace(frame([0, 1, 3, 0], [4, 2, 0, 0]), generated=samples))
    return panel


def test_the_plots_of_the_studio_are_registered_under_their_names():
    assert {"jsd", "losses", "value", "outputs", "scores", "gradients"} <= set(PLOTS)
    assert all(entry.name == name and entry.title and entry.help for name, entry in PLOTS.items())


@every_plot
def test_a_plot_is_made_from_its_entry(make, name):
    panel = make(name)
    assert (panel.name, panel.objectName(), panel.title) == (name, name, PLOTS[name].title)
    assert panel.plot.accessibleName()


@every_plot
def test_an_empty_plot_says_what_will_appear_and_how(make, name):
    panel = make(name)
    assert "Press play (Space)" in panel.empty_text()
    header, rows = panel.table()
    assert rows.shape == (0, len(header))
    assert panel.header.readouts == ()


@every_plot
def test_data_replace_the_empty_state_and_clearing_brings_it_back(make, name):
    panel = fed(make(name))
    assert panel.empty_text() == ""
    assert len(panel.table()[1])
    panel.clear()
    assert "Press play" in panel.empty_text()
    assert len(panel.table()[1]) == 0


@every_plot
def test_axes_are_named_and_have_units_where_they_have_any(make, name):
    panel = fed(make(name))
    bottom, left = (panel.plot.getAxis(side).labelText for side in ("bottom", "left"))
    assert bottom
    assert left
    assert ("nats" in left) == (name in {"jsd", "losses", "value"})


@every_plot
def test_another_theme_recolours_what_is_drawn(make, name):
    panel = fed(make(name))
    light = panel.grab().toImage()
    panel.set_theme(DARK)
    dark = panel.grab().toImage()
    inside = panel.plot.mapTo(panel, panel._view_rect().topRight())
    corner = (inside.x() - 3, inside.y() + 12)
    assert light.pixelColor(*corner) == QColor(LIGHT.surface)
    assert dark.pixelColor(*corner) == QColor(DARK.surface)
    assert panel.empty_text() == ""


@every_plot
@pytest.mark.parametrize("size", [(320, 180), (600, 300)])
def test_the_header_has_room_for_its_numbers(make, name, size):
    """All of them are painted, so hiding one changes the picture; in a dock, where there is a button more."""
    panel = fed(make(name, size))
    panel.header.show_close_button()
    needed = tuple(shown for shown in panel.header.readouts if shown.label != "measuring")  # the cost can wait
    panel.header.set_readouts(needed)
    whole = panel.header.grab().toImage()
    panel.header.set_readouts(needed[:-1])
    assert panel.header.grab().toImage() != whole


@every_plot
def test_the_menu_asks_for_an_export_by_name(make, name, qtbot):
    panel = make(name)
    menu = panel.menu()
    export = next(action for action in menu.actions() if action.text().startswith("Export"))
    with qtbot.waitSignal(panel.export_requested) as asked:
        export.trigger()
    assert asked.args == [name]
    menu.close()


def test_the_button_in_the_header_opens_the_menu(make, qtbot):
    panel = make("losses")
    panel.header._more.click()
    menu = panel.findChild(QMenu)
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    menu.close()


def test_only_the_histograms_want_a_layer_of_the_frame(make):
    assert {name: make(name).wanted_layers() for name in PLOTS} == {
        name: ("histograms",) if name == "outputs" else () for name in PLOTS
    }


def test_levels_follow_the_objective(make):
    panel = make("losses")
    panel.show_experiment(Experiment())
    assert [(level.text, pytest.approx(level.value)) for level in panel.references] == [
        ("log 4", np.log(4)),
        ("log 2", np.log(2)),
    ]
    panel.show_experiment(with_value(Experiment(), "objective", "hinge"))
    assert [level.text for level in panel.references] == ["2"]
    assert "loss" in panel.plot.getAxis("left").labelText
    assert "nats" not in panel.plot.getAxis("left").labelText
    menu = panel.menu()
    reasons = [action.text() for action in menu.actions() if not action.isEnabled() and not action.isSeparator()]
    assert "every constant D" in reasons[0]
    menu.close()


def test_smoothed_labels_move_the_levels_of_v_and_of_mean_d(make):
    smoothed = with_value(Experiment(), "objective.label_smoothing", 0.2)
    value, scores = make("value"), make("scores")
    for panel in (value, scores):
        panel.show_experiment(smoothed)
    assert [level.value for level in value.references] == [0.0, pytest.approx(np.log(0.4) + np.log(0.6))]
    assert [level.value for level in scores.references] == [0.5, pytest.approx(0.4)]
