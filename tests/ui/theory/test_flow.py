"""The data-flow graph: alive with each frame, a way into the settings, and a picture of what a line of a walk uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from live_trainer import LiveTrainer, small
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from ganstudio.colours import DARK, LIGHT
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages.events import Field, Frame, Histograms
from ganstudio.messages.history import COLUMNS, History, HistoryChunk
from ganstudio.messages.snapshot import Progress
from ganstudio.messages.walkthrough import DISCRIMINATOR_LINES, GENERATOR_LINES
from ganstudio.targets import build
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.panels.control_column import ControlColumn
from ganstudio.ui.studio import Studio
from ganstudio.ui.theory.flow_nodes import CURRENT, EDGES, NODES, OUTSIDE, weight_of_edge, weight_of_node
from ganstudio.ui.theory.flow_panel import FlowPanel
from ganstudio.ui.theory.walk_places import Place, places

Make = Callable[..., FlowPanel]
LINES = [("discriminator", line.name) for line in DISCRIMINATOR_LINES]
LINES += [("generator", line.name) for line in GENERATOR_LINES]


@pytest.fixture
def panel(make: Make) -> FlowPanel:
    made = make("flow", (900, 180))
    made.show_target(build(Experiment().target))
    return made


def frame() -> Frame:
    edges = np.linspace(0, 1, 51, dtype=np.float32)
    counts = np.zeros(50, np.float32)
    counts[40] = 10
    return Frame(
        1,
        Progress(),
        0.0,
        generated=np.random.default_rng(0).normal(size=(100, 2)).astype(np.float32),
        field=Field(np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8), (-2.0, 2.0, -2.0, 2.0)),
        histograms=Histograms(edges, counts, counts[::-1].copy()),
        latent_grid=np.random.default_rng(1).normal(size=(30, 61, 2)).astype(np.float32),
    )


def history(rows: int) -> History:
    table = np.full((rows, len(COLUMNS)), np.nan)
    table[:, COLUMNS.index("iteration")] = np.arange(1, rows + 1)
    for at, name in enumerate(("discriminator_loss", "generator_loss")):
        table[:, COLUMNS.index(name)] = 1.25 + at
    for at, name in enumerate(("discriminator_gradient_norm", "generator_gradient_norm")):
        table[:, COLUMNS.index(name)] = 0.125 + at
    made = History()
    made.append(HistoryChunk(table))
    return made


def walked() -> tuple[Place, ...]:
    """A real iteration of two updates of D and one of G."""
    studio = Studio(small(training__discriminator_updates=2), LiveTrainer)
    studio.open()
    studio.run.tick()
    studio.walk_on()
    studio.run.tick()
    found = studio.walk.places
    studio.close()
    return found


def test_losses_and_gradients_are_those_of_the_last_iteration(panel: FlowPanel) -> None:
    assert panel.graph.nodes["loss_D"].number == "—"
    panel.show_history(history(500))
    numbers = {name: panel.graph.nodes[name].number for name in ("loss_D", "loss_G", "step_D", "step_G")}
    assert numbers == {"loss_D": "1.250", "loss_G": "2.250", "step_D": "0.125", "step_G": "1.125"}
    names, rows = panel.table()
    assert names[0] == "iteration" and rows[-1, 0] == 500


def test_the_means_of_d_stand_beside_its_labels(panel: FlowPanel) -> None:
    panel.show_frame(frame())
    assert panel.graph.nodes["on_real"].number == "0.810"
    assert panel.graph.nodes["on_generated"].number == "0.190"


def test_each_part_draws_what_it_is_told(panel: FlowPanel) -> None:
    before = {name: node.grab().toImage() for name, node in panel.graph.nodes.items()}
    panel.show_frame(frame())
    panel.show_history(history(50))
    changed = {name for name, node in panel.graph.nodes.items() if node.grab().toImage() != before[name]}
    assert changed == set(NODES) - {"z", "x"}, "latents and real samples are there from the start"


def test_it_asks_for_no_more_than_it_draws(panel: FlowPanel) -> None:
    assert set(panel.wanted_layers()) == {"generated", "field", "histograms", "latent_grid"}


def test_while_training_it_wants_its_layers_ten_times_a_second(qtbot: QtBot, panel: FlowPanel) -> None:
    studio, stage = Studio(small(), LiveTrainer), Stage(LIGHT)
    qtbot.addWidget(stage)
    panel.attach(studio, stage)
    studio.open()
    studio.run.tick()
    studio.run.play()
    panel.show_frame(frame())
    assert panel.wanted_layers() == ()
    panel._drawn_at -= 0.2
    assert panel.wanted_layers() != ()
    panel.show_frame(frame())
    studio.run.pause()
    assert panel.wanted_layers() != (), "the last frame before it rests must not be left out"
    studio.close()


def test_latents_are_those_of_the_generated_samples_that_are_drawn(panel: FlowPanel) -> None:
    from ganstudio.training.look import _look_latents
    from ganstudio.training.run import Run

    experiment = small(latent__dimension=3, seed=5)
    panel.show_experiment(experiment)
    latents = panel.graph.pictures.data.latents
    assert latents is not None
    np.testing.assert_array_equal(latents, _look_latents(Run(experiment), len(latents)))


@pytest.mark.parametrize("name", NODES)
def test_pressing_a_part_leads_to_a_setting_that_there_is(qtbot: QtBot, panel: FlowPanel, name: str) -> None:
    with qtbot.waitSignal(panel.setting_wanted) as wanted:
        qtbot.mouseClick(panel.graph.nodes[name], Qt.MouseButton.LeftButton)
    column = ControlColumn()
    qtbot.addWidget(column)
    column.resize(320, 500)
    with qtbot.waitExposed(column):
        column.show()
    column.restore(dict.fromkeys(column.sections, False))
    assert column.point_at(wanted.args[0])
    qtbot.waitUntil(column.spotlight.isVisible)
    opened = [title for title, is_open in column.state().items() if is_open]
    assert len(opened) == 1
    section = column.sections[opened[0]]
    assert section.geometry().contains(column.spotlight.geometry().center())


def test_a_setting_that_nobody_shows_is_not_pointed_at(qtbot: QtBot) -> None:
    column = ControlColumn()
    qtbot.addWidget(column)
    assert not column.point_at("nowhere")


def test_the_keyboard_reaches_every_part_and_enter_presses_it(qtbot: QtBot, panel: FlowPanel) -> None:
    panel.graph.nodes["z"].setFocus()
    reached = []
    for _ in NODES:
        focused = panel.graph.focusWidget() or panel.focusWidget()
        reached.append(next(name for name, node in panel.graph.nodes.items() if node is focused))
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert reached == list(NODES)
    panel.graph.nodes["D"].setFocus()
    with qtbot.waitSignal(panel.setting_wanted) as wanted:
        qtbot.keyClick(panel.graph.nodes["D"], Qt.Key.Key_Return)
    assert wanted.args == ["discriminator"]


def test_every_part_has_a_name_and_says_where_it_leads(panel: FlowPanel) -> None:
    for name, node in panel.graph.nodes.items():
        assert node.accessibleName()
        assert NODES[name].leads_to in node.toolTip()


@pytest.mark.parametrize(("player", "line"), LINES)
def test_every_line_of_the_algorithm_has_its_parts(player: str, line: str) -> None:
    current = CURRENT[player, line]  # type: ignore[index]
    assert current
    assert current <= set(NODES)
    assert not current & OUTSIDE[player]  # type: ignore[index]


def test_in_an_update_of_d_no_gradient_reaches_g() -> None:
    for place in walked():
        if place.player == "discriminator":
            assert weight_of_node("step_G", place) == weight_of_node("loss_G", place) == "outside"
            assert weight_of_node("x", place) != "outside"
            into_g = [edge for edge in EDGES if edge.gradient_of and edge.end in ("G", "samples", "step_G")]
            assert {weight_of_edge(edge, place) for edge in into_g} == {"outside"}


def test_in_an_update_of_g_gradients_go_through_d_and_the_real_path_is_out() -> None:
    gradient = next(place for place in walked() if (place.player, place.line.name) == ("generator", "gradient"))
    strong = {(e.start, e.end) for e in EDGES if weight_of_edge(e, gradient) == "current"}
    assert strong == {
        ("loss_G", "on_generated"),
        ("on_generated", "D"),
        ("D", "samples"),
        ("samples", "G"),
        ("G", "step_G"),
    }
    assert weight_of_node("x", gradient) == weight_of_node("on_real", gradient) == "outside"
    assert weight_of_node("x", gradient, relativistic=True) == "taking part"


def test_both_paths_into_d_are_strong_where_d_judges_its_batch() -> None:
    judge = next(place for place in walked() if (place.player, place.line.name) == ("discriminator", "judge"))
    strong = {(e.start, e.end) for e in EDGES if weight_of_edge(e, judge) == "current"}
    assert strong == {("samples", "D"), ("x", "D"), ("D", "on_generated"), ("D", "on_real")}


def test_a_walk_shows_its_batch_and_what_takes_part(qtbot: QtBot, panel: FlowPanel) -> None:
    studio, stage = Studio(small(), LiveTrainer), Stage(LIGHT)
    qtbot.addWidget(stage)
    panel.attach(studio, stage)
    studio.open()
    studio.run.tick()
    panel.show_experiment(studio.experiment)
    assert set(panel.graph.weights().values()) == {"taking part"}
    studio.walk_on()
    studio.run.tick()
    place = studio.walk.place
    assert place is not None
    data = panel.graph.pictures.data
    assert data.latents is place.step.latent and data.generated is place.step.generated
    assert panel.graph.nodes["loss_D"].number == f"{place.step.loss:.3f}"
    assert panel.graph.weights()["z"] == "current"
    assert "D learns" in panel.graph.caption.text()
    studio.walk.go_to(7)
    assert "G learns" in panel.graph.caption.text()
    studio.step_iterations(1)
    studio.run.tick()
    assert set(panel.graph.weights().values()) == {"taking part"}, "of a walk that is past nothing takes part"
    studio.close()


def test_it_stands_where_it_is_high_and_lies_where_it_is_wide(qtbot: QtBot, panel: FlowPanel) -> None:
    for size in (QSize(900, 140), QSize(300, 620)):
        panel.resize(size)
        qtbot.waitUntil(lambda size=size: panel.size() == size)
        rects = [node.geometry() for node in panel.graph.nodes.values()]
        assert all(panel.graph.rect().contains(rect) for rect in rects)
        assert not any(a.intersects(b) for at, a in enumerate(rects) for b in rects[at + 1 :])
    assert not panel.graph.is_lying
    assert panel.graph.nodes["D"].y() > panel.graph.nodes["G"].y()


def test_the_grid_stays_until_a_frame_has_another(panel: FlowPanel) -> None:
    panel.show_frame(frame())
    grid = panel.graph.pictures.data.grid
    assert grid is not None
    panel.show_frame(replace(frame(), latent_grid=None))
    assert panel.graph.pictures.data.grid is grid


def test_line_data_are_drawn_as_bars_and_curves(panel: FlowPanel) -> None:
    experiment = with_value(Experiment(), "target", "mixture_1d")
    panel.show_experiment(experiment)
    panel.show_target(build(experiment.target))
    before = {name: node.grab().toImage() for name, node in panel.graph.nodes.items()}
    z = np.linspace(-2, 2, 41, dtype=np.float32)
    panel.show_frame(
        Frame(
            1,
            Progress(),
            0.0,
            generated=np.random.default_rng(0).normal(size=(100, 1)).astype(np.float32),
            field=Field(np.linspace(0, 1, 64, dtype=np.float32)[None], (-2.0, 2.0, 0.0, 1.0)),
            histograms=frame().histograms,
            latent_map=np.column_stack([z, 0.5 * z]),
        )
    )
    changed = {name for name, node in panel.graph.nodes.items() if node.grab().toImage() != before[name]}
    assert changed == {"G", "samples", "D", "on_real", "on_generated"}


def test_another_theme_recolours_it(panel: FlowPanel) -> None:
    panel.show_frame(frame())
    before = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != before


def test_another_run_leaves_no_number_of_the_last(panel: FlowPanel) -> None:
    panel.show_frame(frame())
    panel.show_history(history(5))
    panel.clear()
    assert panel.graph.nodes["loss_G"].number == panel.graph.nodes["on_real"].number == "—"
    assert panel.graph.pictures.data.generated is None
    assert panel.graph.pictures.data.real is not None


def test_places_follow_the_updates_in_order() -> None:
    found = walked()
    assert [place.number for place in found if place.line.name == "real"] == [1, 2]
    assert found[-1].player == "generator" and found[-1].line.name == "update"
    assert places(()) == ()
