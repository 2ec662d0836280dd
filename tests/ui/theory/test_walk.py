"""A walk through one iteration in the window: its lines, its numbers, and that walking is training."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from live_trainer import LiveTrainer, small
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.colours import DARK, LIGHT
from ganstudio.experiment import Experiment
from ganstudio.gan.objectives import OBJECTIVES
from ganstudio.messages import commands as c
from ganstudio.messages.walkthrough import DiscriminatorWalk, GeneratorWalk
from ganstudio.session.session import Session
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.studio import Studio
from ganstudio.ui.theory.batch_picture import picture, span
from ganstudio.ui.theory.walk_panel import WalkPanel
from ganstudio.ui.theory.walk_texts import listing, said
from ganstudio.ui.training_run import RunState

Open = Callable[..., tuple[Studio, WalkPanel, Stage]]


@pytest.fixture
def open_(qtbot: QtBot, make: Callable[..., WalkPanel]) -> Iterator[Open]:
    """A studio with the program's own trainer, a walk panel and a stage."""
    studios: list[Studio] = []

    def opened(
        experiment: Experiment | None = None, size: tuple[int, int] = (320, 640)
    ) -> tuple[Studio, WalkPanel, Stage]:
        studio = Studio(experiment or small(), LiveTrainer)
        studios.append(studio)
        panel, stage = make("walk", size), Stage(LIGHT)
        qtbot.addWidget(stage)
        panel.attach(studio, stage)
        studio.experiment_changed.connect(lambda _old, new: panel.show_experiment(new))
        studio.run.begun.connect(panel.clear)
        studio.open()
        studio.run.tick()
        return studio, panel, stage

    yield opened
    for studio in studios:
        studio.close()


def press(qtbot: QtBot, studio: Studio, panel: WalkPanel, times: int = 1) -> None:
    """Press Next, and let the trainer answer."""
    for _ in range(times):
        qtbot.mouseClick(panel.next_button, Qt.MouseButton.LeftButton)
        studio.run.tick()


def session(studio: Studio) -> Session:
    told: list[Session] = []
    studio.run.request_session(told.append)
    studio.run.tick()
    return told[0]


def test_walking_back_and_forth_through_three_iterations_is_playing_three(qtbot: QtBot, open_: Open) -> None:
    experiment = small(training__discriminator_updates=2, measure__every=2)
    walked, panel, _ = open_(experiment)
    for _ in range(3):
        press(qtbot, walked, panel)
        while not walked.walk.is_last:
            press(qtbot, walked, panel)
        for _ in range(4):
            qtbot.mouseClick(panel.back_button, Qt.MouseButton.LeftButton)
        press(qtbot, walked, panel, 4)
    played, _, _ = open_(experiment)
    played.step_iterations(3)
    played.run.tick()
    ours, theirs = session(walked), session(played)
    assert ours.snapshot is not None and theirs.snapshot is not None
    assert ours.snapshot.progress.iteration == theirs.snapshot.progress.iteration == 3
    assert ours.snapshot.arrays.keys() == theirs.snapshot.arrays.keys()
    for name, array in ours.snapshot.arrays.items():
        np.testing.assert_array_equal(array, theirs.snapshot.arrays[name])
    np.testing.assert_array_equal(ours.history.rows, theirs.history.rows)
    np.testing.assert_array_equal(ours.history.measures, theirs.history.measures)


def test_next_goes_through_every_line_of_k_updates_of_d_and_then_of_g(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_(small(training__discriminator_updates=2))
    press(qtbot, studio, panel)
    seen = []
    for _ in range(len(studio.walk.places)):
        place, current = studio.walk.place, panel.listing.current
        assert place is not None and current is not None
        assert (current.player, current.name) == (place.player, place.line.name)
        assert panel.caption.text() and panel.numbers.text()
        seen.append((place.player, place.number))
        if not studio.walk.is_last:
            press(qtbot, studio, panel)
    assert seen == [("discriminator", 1)] * 7 + [("discriminator", 2)] * 7 + [("generator", 1)] * 6
    assert panel.next_button.text() == "Next iteration"
    assert studio.run.progress.iteration == 1


def test_the_formula_holds_the_numbers_of_this_batch(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 5)
    place = studio.walk.place
    assert place is not None and place.line.name == "loss"
    step = place.step
    assert isinstance(step, DiscriminatorWalk) and step.real_term is not None and step.generated_term is not None
    text = panel.numbers.text().replace("−", "-")
    assert f"{step.real_term:.3f}" in text
    assert f"{step.generated_term:.3f}" in text
    assert f"{step.real_term + step.generated_term:.3f}" in text
    assert f"{np.log(step.real_probability[0]):.2f}" in text
    assert "1/16" in text


def test_at_the_loss_of_g_it_says_why_the_real_term_is_gone(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 11)
    assert studio.walk.place is not None and studio.walk.place.player == "generator"
    assert "its derivative is zero" in panel.caption.text()
    assert "0: there is no G in it" in panel.numbers.text()


def test_an_objective_that_compares_both_sides_does_not_say_so(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_(small(objective="relativistic_paired"))
    press(qtbot, studio, panel, 11)
    assert "real samples stay" in panel.caption.text()
    assert "there is no G in it" not in panel.numbers.text()


@pytest.mark.parametrize("kind", [kind.model_fields["kind"].default for kind in OBJECTIVES])
def test_every_objective_can_be_walked(qtbot: QtBot, open_: Open, kind: str) -> None:
    studio, _, _ = open_(
        small(objective=kind, penalties__weight_clipping=0.1, optimizers__generator__gradient_clip=1e-6)
    )
    studio.walk_on()
    studio.run.tick()
    for place in studio.walk.places:
        told = said(place, studio.experiment)
        assert told.caption
        for row in told.rows:
            assert row.formula and row.value and "nan" not in row.value
    assert {entry.player for entry in listing(studio.experiment)} == {"discriminator", "generator"}


@pytest.mark.parametrize("target", ["gaussian_ring", "mixture_1d"])
@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_every_line_has_its_picture_within_the_axes(qtbot: QtBot, open_: Open, target: str, dimension: int) -> None:
    studio, panel, _ = open_(small(target=target, latent__dimension=dimension))
    press(qtbot, studio, panel)
    for _ in studio.walk.places:
        place = studio.walk.place
        assert place is not None
        shown = picture(place)
        x_min, x_max, y_min, y_max = span(studio.walk.places, shown)
        for dots in shown.dots:
            assert dots.points.shape[1] == 2
            inside = (dots.points >= (x_min, y_min)) & (dots.points <= (x_max, y_max))
            assert inside.mean() > 0.9
        assert panel._dots[0].data["x"].size == len(shown.dots[0].points)
        studio.walk.go_to(studio.walk.at + 1)


def test_the_last_line_of_g_shows_where_its_samples_went(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 13)
    place = studio.walk.place
    assert place is not None and isinstance(place.step, GeneratorWalk) and place.line.name == "update"
    shown = picture(place)
    np.testing.assert_allclose(shown.lines[:, :2], place.step.generated)
    np.testing.assert_allclose(shown.lines[:, 2:], place.step.moved)
    overlay = panel._overlay
    assert overlay is not None
    np.testing.assert_allclose(overlay.clouds["generated"].points(), place.step.moved)
    assert not overlay.clouds["real"].isVisible()
    assert overlay.lines.isVisible()
    qtbot.mouseClick(panel.finish_button, Qt.MouseButton.LeftButton)
    assert not overlay.clouds["generated"].isVisible()
    assert not overlay.lines.isVisible()


def test_on_the_line_the_batch_lies_in_rows_below_the_curves_and_what_d_has_judged_at_its_answers(
    qtbot: QtBot, open_: Open
) -> None:
    studio, panel, stage = open_(small(target="mixture_1d"))
    stage.show_target(studio.target, studio.experiment.target)
    bare = stage.line.strip.bottom
    seen: set[str] = set()
    press(qtbot, studio, panel)
    overlay = panel._overlay
    assert overlay is not None
    for _ in studio.walk.places:
        place = studio.walk.place
        assert place is not None
        shown, strip = picture(place), stage.line.strip
        assert strip.bottom < bare  # the same room at every line: the curves stand still
        sides = {dots.side: dots for dots in shown.dots if not dots.hollow and shown.space == "data"}
        for at, side in enumerate(("real", "generated")):
            assert overlay.rows[side].isVisible() is (side in sides)
            assert overlay.judged[side].isVisible() is (side in sides and sides[side].judged is not None)
            if side in sides:
                row = overlay.rows[side].points()
                np.testing.assert_allclose(row[:, 0], sides[side].points[:, 0])
                np.testing.assert_allclose(row[:, 1], strip.batch[at])
            if overlay.judged[side].isVisible():
                np.testing.assert_allclose(overlay.judged[side].points()[:, 1], sides[side].judged)
            assert not overlay.clouds[side].isVisible()
        assert overlay.moves.isVisible() is (len(shown.lines) > 0)
        assert overlay.pulls.isVisible() is (len(shown.arrows) > 0)
        seen |= {place.line.name}
        studio.walk.go_to(studio.walk.at + 1)
    assert {"judge", "gradient", "update"} <= seen
    stage.chips.set_visible("generated", not stage.chips.is_visible("generated"))
    for at, side in enumerate(("real", "generated")):
        np.testing.assert_allclose(overlay.rows[side].points()[:, 1], stage.line.strip.batch[at])
    stage.chips.set_visible("generated", not stage.chips.is_visible("generated"))
    qtbot.mouseClick(panel.finish_button, Qt.MouseButton.LeftButton)
    assert stage.line.strip.bottom == bare
    assert not any(cloud.isVisible() for cloud in (*overlay.rows.values(), *overlay.judged.values()))


def test_the_arrows_point_where_d_pulls(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 12)
    place = studio.walk.place
    assert place is not None and isinstance(place.step, GeneratorWalk) and place.line.name == "gradient"
    np.testing.assert_allclose(picture(place).arrows, np.hstack([place.step.generated, place.step.pull]))


def test_playing_on_makes_the_walk_past_and_next_begins_another(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 4)
    assert panel.notice.isHidden()
    studio.step_iterations(2)
    studio.run.tick()
    assert studio.walk.is_past
    assert "iteration 1" in panel.notice.text() and not panel.notice.isHidden()
    assert panel.next_button.text() == "Walk through the next"
    assert panel._overlay is not None and not panel._overlay.clouds["real"].isVisible()
    qtbot.mouseClick(panel.back_button, Qt.MouseButton.LeftButton)  # it can still be read
    assert studio.walk.at == 2 and studio.walk.is_past
    press(qtbot, studio, panel)
    assert (studio.walk.iteration, studio.walk.at, studio.walk.is_past) == (4, 0, False)
    assert panel.notice.isHidden()


def test_a_running_training_pauses_before_it_is_walked(open_: Open) -> None:
    studio, _, _ = open_()
    studio.play()
    trainer = studio.run._trainer
    assert isinstance(trainer, LiveTrainer)
    studio.walk_on()
    studio.run.tick()
    assert [type(command) for command in trainer.sent[-2:]] == [c.Pause, c.WalkIteration]
    assert studio.run.state is RunState.PAUSED
    assert studio.walk.place is not None and not studio.walk.is_past


def test_going_back_along_the_timeline_makes_it_past(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel)
    studio.run.go_to(0)
    studio.run.tick()
    assert studio.walk.is_past


def test_another_run_ends_the_walk(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 3)
    studio.set_value("generator.widths", [4])
    studio.run.tick()
    assert studio.walk.place is None
    assert panel.next_button.text() == "Walk through one iteration"
    assert panel.back_button.isHidden()


def test_a_live_change_leaves_the_numbers_and_their_formulas_as_they_were(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 5)
    before = panel.numbers.text()
    studio.set_value("training.batch_size", 64)
    studio.set_value("objective", "wasserstein")
    studio.run.tick()
    assert panel.numbers.text() == before
    assert not studio.walk.is_past
    press(qtbot, studio, panel, 9)  # the eight lines that are left, then the next iteration
    assert "64 latents" in panel.numbers.text()


def test_finishing_keeps_the_iteration(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 2)
    qtbot.mouseClick(panel.finish_button, Qt.MouseButton.LeftButton)
    assert studio.walk.place is None
    assert studio.run.progress.iteration == 1
    assert len(studio.run.history.rows) == 1


def test_a_walk_that_fails_can_be_tried_again(open_: Open) -> None:
    studio, _, _ = open_(
        small(
            optimizers__discriminator="sgd",
            optimizers__discriminator__learning_rate=1.0,
            objective="f_kl",
            penalties__r1=0.1,
            penalties__r2=0.1,
        )
    )
    trainer = studio.run._trainer
    assert isinstance(trainer, LiveTrainer)
    told: list[object] = []
    studio.run.non_finite.connect(told.append)
    for _ in range(60):
        studio.walk.go_to(len(studio.walk.places) - 1)
        studio.walk_on()
        studio.run.tick()
        assert not studio.run.walking
        if told:
            break
    assert told, "an exploding game should have become infinite"
    studio.set_value("optimizers.discriminator.learning_rate", 1e-4)
    studio.walk_on()
    assert isinstance(trainer.sent[-1], c.WalkIteration)


def test_arrow_keys_go_on_and_back_and_a_click_goes_to_a_line(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_(small(training__discriminator_updates=2))
    panel.listing.setFocus()
    qtbot.keyClick(panel.listing, Qt.Key.Key_Down)
    studio.run.tick()
    assert studio.walk.at == 0
    qtbot.keyClick(panel.listing, Qt.Key.Key_Down)
    qtbot.keyClick(panel.listing, Qt.Key.Key_Right)
    assert studio.walk.at == 2
    qtbot.keyClick(panel.listing, Qt.Key.Key_Up)
    assert studio.walk.at == 1
    panel.listing.line_requested.emit("generator", "loss")
    assert studio.walk.place is not None
    assert (studio.walk.place.player, studio.walk.place.line.name) == ("generator", "loss")
    panel.listing.line_requested.emit("discriminator", "judge")
    assert (studio.walk.place.number, studio.walk.place.line.name) == (2, "judge")  # the nearest update that has it
    panel.listing.line_requested.emit("discriminator", "real")
    assert (studio.walk.place.number, studio.walk.place.line.name) == (2, "real")  # of the same update


def test_a_click_on_the_listing_asks_for_the_line_under_the_mouse(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel)
    shown = panel.listing.shown
    at = next(at for at, entry in enumerate(shown) if (entry.player, entry.name) == ("discriminator", "loss"))
    point = panel.listing.rect().topLeft()
    point.setX(40)
    point.setY(round((at + 0.5) * panel.listing._pitch()))
    qtbot.mouseClick(panel.listing, Qt.MouseButton.LeftButton, pos=point)
    assert studio.walk.place is not None and studio.walk.place.line.name == "loss"


def test_a_low_panel_lists_the_lines_of_the_one_whose_turn_it_is(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_(size=(320, 520))
    press(qtbot, studio, panel)
    names = [entry.name for entry in panel.listing.shown if entry.player == "generator"]
    assert names == [""]
    panel.resize(320, 900)
    qtbot.waitUntil(lambda: len(panel.listing.shown) == 15)


@pytest.mark.parametrize("height", [330, 420, 585, 800])
def test_before_a_walk_no_line_of_the_listing_is_cut_off(open_: Open, height: int) -> None:
    _, panel, _ = open_(size=(320, height))
    assert panel.listing.shown
    below = range(panel.listing.height() + 1, panel.listing.height() + 300)
    assert not [entry for entry in map(panel.listing.row_at, below) if entry is not None]
    if height >= 585:
        assert len(panel.listing.shown) == len(listing(Experiment()))


def test_beside_one_another_where_it_is_wide_below_where_it_is_not(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_(size=(900, 300))
    press(qtbot, studio, panel, 4)
    qtbot.waitUntil(panel.plot.isVisible)
    assert panel.listing.geometry().right() < panel.plot.geometry().left()
    panel.resize(320, 700)
    qtbot.waitUntil(lambda: panel.listing.geometry().bottom() < panel.plot.geometry().top())


def test_the_numbers_can_be_copied(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_(small(latent__dimension=3))
    assert panel.table()[1].size == 0
    press(qtbot, studio, panel)
    names, rows = panel.table()
    assert names == ("z_1", "z_2", "z_3", "G(z)_1", "G(z)_2", "D(G(z))", "x_1", "x_2", "D(x)")
    assert rows.shape == (16, 9)


def test_another_theme_recolours_it(qtbot: QtBot, open_: Open) -> None:
    studio, panel, _ = open_()
    press(qtbot, studio, panel, 12)
    before = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != before


def test_before_the_first_walk_it_says_what_will_be_seen(open_: Open) -> None:
    _, panel, _ = open_()
    assert "line by line" in panel.caption.text()
    assert panel.next_button.isEnabled()
    assert len(panel.listing.shown) > 8


def test_without_a_target_it_says_what_is_missing(qtbot: QtBot, open_: Open) -> None:
    from ganstudio.experiment.targets import Painting

    studio, panel, _ = open_()
    studio.set_target(Painting())
    told: list[str] = []
    studio.message.connect(lambda _level, text: told.append(text))
    qtbot.mouseClick(panel.next_button, Qt.MouseButton.LeftButton)
    assert told and "nothing to train on" in told[0]
    assert studio.walk.place is None
