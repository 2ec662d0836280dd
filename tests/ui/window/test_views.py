"""What the window asks the trainer to show it, and what it makes of that."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from doubles import Trainers, progress_at, train
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganstudio.messages import events as e
from ganstudio.ui import views as views_module
from ganstudio.ui.export_dialog import FORMS, Wish
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.theory.latent_pad import LatentPadPanel
from ganstudio.ui.views import FIELD_CELLS

Make = Callable[[], MainWindow]


def test_a_hidden_window_asks_for_no_frames(window: MainWindow) -> None:
    assert window.views.look() is not None
    window.hide()
    assert window.views.look() is None


def test_only_layers_that_can_be_seen_are_asked_for(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.docks["outputs"].on_screen)
    request = window.views.look()
    assert request is not None
    assert {"generated", "field", "histograms"} <= set(request.layers)
    window.docks["outputs"].hide()
    request = window.views.look()
    assert request is not None
    assert "histograms" not in request.layers


def test_while_training_the_dear_layers_come_with_every_other_frame_and_stay_on_the_screen(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow, trainers: Trainers
) -> None:
    run, now = window.studio.run, [time.monotonic() + 60.0]
    monkeypatch.setattr(views_module.time, "monotonic", lambda: now[0])
    train(run, trainers.last, 10)
    first = window.views.look()
    assert first is not None and {"generated", "field", "histograms"} <= set(first.layers)
    field = e.Field(np.full((4, 4), 0.9, np.float32), (-1.0, 1.0, -1.0, 1.0))
    points = np.zeros((3, 2), np.float32)
    run.frame_arrived.emit(e.Frame(run.generation, progress_at(10), 1.0, generated=points, field=field))
    now[0] += 1 / 30
    second = window.views.look()
    assert second is not None and "generated" in second.layers and "field" not in second.layers
    run.frame_arrived.emit(e.Frame(run.generation, progress_at(11), 1.0, generated=points + 1))
    assert not window.stage.plane.field.boundingRect().isNull()
    np.testing.assert_array_equal(window.stage.plane.generated.points(), points + 1)
    now[0] += 1 / 30
    third = window.views.look()
    assert third is not None and "field" in third.layers


def test_a_layer_that_costs_much_is_asked_for_less_often(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow, trainers: Trainers
) -> None:
    run, now = window.studio.run, [time.monotonic() + 60.0]
    monkeypatch.setattr(views_module.time, "monotonic", lambda: now[0])
    train(run, trainers.last, 10)

    def asked_within(seconds: float, cost: float) -> int:
        asked = 0
        for _ in range(round(30 * seconds)):
            now[0] += 1 / 30
            request = window.views.look()
            assert request is not None and "generated" in request.layers
            asked += "field" in request.layers
            costs = {layer: cost if layer == "field" else 0.0 for layer in request.layers}
            run.frame_arrived.emit(e.Frame(run.generation, progress_at(11), 1.0, costs=costs))
        return asked

    assert 14 * 4 <= asked_within(4.0, 1e-5) <= 16 * 4
    dear = 0.005  # seconds: at 1 % of the time, one every half second
    asked_within(20.0, dear)
    assert 15 <= asked_within(10.0, dear) <= 21
    asked_within(60.0, 10.0)
    assert asked_within(20.0, 10.0) >= 9  # it never grows older than two seconds


def test_on_the_line_layers_come_together_however_dear_they_are(window: MainWindow, trainers: Trainers) -> None:
    window.studio.load_preset("gaussian-1d")
    run = window.studio.run
    run.tick()
    train(run, trainers.last, 10)
    for _ in range(5):
        request = window.views.look()
        assert request is not None and {"generated", "field", "optimal"} <= set(request.layers)
        costs = dict.fromkeys(request.layers, 0.1)
        run.frame_arrived.emit(e.Frame(run.generation, progress_at(11), 1.0, costs=costs))


def test_paused_every_frame_has_all_that_can_be_seen(window: MainWindow) -> None:
    for _ in range(2):
        request = window.views.look()
        assert request is not None and "field" in request.layers


def test_a_layer_that_was_switched_off_leaves_nothing_of_its_last_frame(window: MainWindow, trainers: Trainers) -> None:
    run = window.studio.run
    train(run, trainers.last, 10)
    window.views.look()
    field = e.Field(np.full((4, 4), 0.9, np.float32), (-1.0, 1.0, -1.0, 1.0))
    run.frame_arrived.emit(e.Frame(run.generation, progress_at(10), 1.0, field=field))
    for name in ("field", "contour"):
        window.stage.chips.set_visible(name, False)
    window.views.look()
    run.frame_arrived.emit(e.Frame(run.generation, progress_at(11), 1.0))
    assert window.stage.plane.field.boundingRect().isNull()


def test_what_the_latent_pad_points_at_is_mapped_while_the_pad_can_be_seen(qtbot: QtBot, window: MainWindow) -> None:
    request = window.views.look()
    assert request is not None and request.latents is None
    dock = window.theory.docks["latent_pad"]
    dock.show()
    dock.raise_()
    qtbot.waitUntil(lambda: dock.on_screen)
    assert isinstance(dock.panel, LatentPadPanel)
    dock.panel.bring("start", (0.5, -0.25))
    request = window.views.look()
    assert request is not None and request.latents is not None
    np.testing.assert_allclose(request.latents[0], [0.5, -0.25], rtol=1e-6)
    assert request.axes == (0, 1)
    dock.hide()
    request = window.views.look()
    assert request is not None and request.latents is None


def test_on_the_line_the_figure_of_the_paper_comes_with_every_frame_while_training(
    window: MainWindow, trainers: Trainers
) -> None:
    window.studio.load_preset("gaussian-1d")
    window.studio.run.tick()
    train(window.studio.run, trainers.last, 10)
    requests = [window.views.look() for _ in range(3)]
    assert all(request is not None and {"optimal", "latent_grid"} <= set(request.layers) for request in requests)
    assert requests[0] is not None and requests[0].cells == FIELD_CELLS[1] > FIELD_CELLS[2]


def test_layers_chosen_for_the_plane_are_remembered_from_a_session_on_the_line(make: Make) -> None:
    window = make()
    window.stage.chips.set_visible("gradients", True)
    window.studio.load_preset("gaussian-1d")
    assert window.stage.chips.is_visible("optimal") and window.stage.chips.is_visible("gradients")
    window.close_at_once()
    again = make()
    assert again.stage.chips.is_visible("gradients")
    assert not again.stage.chips.is_visible("optimal")


def test_a_plot_that_was_hidden_is_up_to_date_when_it_is_shown(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    dock = window.docks["losses"]
    qtbot.waitUntil(lambda: dock.on_screen)
    dock.hide()
    assert not dock.on_screen
    train(window.studio.run, trainers.last, 100)
    qtbot.waitUntil(lambda: "losses" in window.views.stale)
    assert dock.panel.empty_text()
    dock.show()
    dock.raise_()
    qtbot.waitUntil(lambda: not dock.panel.empty_text())


def test_the_data_of_a_plot_that_cannot_be_seen_are_exported_whole(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, tmp_path: Path
) -> None:
    window.docks["gradients"].hide()
    train(window.studio.run, trainers.last, 20)
    with qtbot.waitSignal(window.exports.exported):
        window.exports.export(FORMS["plot"], Wish(tmp_path / "g.csv", "csv"), "gradients")
    assert len((tmp_path / "g.csv").read_text().splitlines()) == 21


def test_a_plot_without_data_is_not_exported_as_an_empty_table(window: MainWindow, tmp_path: Path) -> None:
    window.exports.export(FORMS["plot"], Wish(tmp_path / "g.csv", "csv"), "gradients")
    assert not (tmp_path / "g.csv").exists()
    assert any("has no data yet" in label.text() for label in window.messages.findChildren(QLabel))
