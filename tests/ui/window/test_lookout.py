"""The window sees what the target is like, and offers the settings that suit it, without insisting."""

from __future__ import annotations

import pytest
from doubles import Trainers, offer
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.experiment.change import with_value
from ganstudio.experiment.painting import GaussianBlob
from ganstudio.experiment.presets import preset
from ganstudio.experiment.recipes import recipe, recipe_of
from ganstudio.experiment.sight import Sight
from ganstudio.experiment.targets import GaussianGrid, Painting
from ganstudio.targets.sight import sight_of
from ganstudio.ui.main_window import MainWindow

DEFAULT = recipe("studio-default")
GRID = GaussianGrid(count=10, spacing=1.0, sigma=0.03)


def looks(window: MainWindow) -> list[Sight | None]:
    """What is seen from now on, look by look."""
    found: list[Sight | None] = []
    window.lookout.seen.connect(found.append)
    return found


def look_again(qtbot: QtBot, window: MainWindow, path: str, value: object) -> None:
    """Change a setting of the target, and wait until it was looked at."""
    with qtbot.waitSignal(window.lookout.seen, timeout=20_000):
        window.studio.set_value(path, value)


def advice(window: MainWindow) -> list[str]:
    return [text for text in window.messages.texts if "Studio default" in text]


@pytest.fixture
def grid(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A window on the 5 × 5 grid, which it has looked at."""
    with qtbot.waitSignal(window.lookout.seen, timeout=20_000) as seen:
        window.studio.load_preset("grid25")
        window.studio.run.tick()
    assert seen.args == [Sight(25, pytest.approx(0.707, rel=0.01), pytest.approx(0.0177, rel=0.03))]
    return window


def test_a_grid_that_grew_is_told_and_one_click_trains_it_as_it_should_be(qtbot: QtBot, grid: MainWindow) -> None:
    assert advice(grid) == []
    look_again(qtbot, grid, "target.count", 10)
    assert advice(grid) == [
        "Studio default would differ here: 100 clusters, 0.35 apart, so z from 256 narrow gaussians, 64 Fourier pairs "
        "at scale 3, weaker penalties, and learning rates that fall over 75,000 iterations."
    ]
    assert grid.controls.recipe.summary() == "own settings, 9 away from Studio default"
    qtbot.mouseClick(offer(grid, "Apply"), Qt.MouseButton.LeftButton)
    assert advice(grid) == []
    assert grid.controls.recipe.summary() == "Studio default"
    experiment = grid.studio.experiment
    assert experiment.discriminator.fourier_features == 64
    assert grid.studio.undo_stack.undoText() == "recipe “Studio default”"


def test_who_goes_on_without_is_not_told_again(qtbot: QtBot, grid: MainWindow) -> None:
    look_again(qtbot, grid, "target.count", 10)
    grid.messages.withdraw("advice")
    for count in (11, 15):
        look_again(qtbot, grid, "target.count", count)
        assert advice(grid) == []


def test_who_followed_is_told_when_the_choice_changes_and_when_it_is_the_usual_one_again(
    qtbot: QtBot, grid: MainWindow
) -> None:
    look_again(qtbot, grid, "target.count", 10)
    grid.studio.load_recipe("studio-default")
    look_again(qtbot, grid, "target.count", 15)
    assert "225 clusters" in advice(grid)[0]
    grid.studio.load_recipe("studio-default")
    look_again(qtbot, grid, "target.count", 3)
    assert advice(grid) == ["Studio default would differ here: 9 separate clusters, so the usual settings."]


def test_advice_goes_when_the_target_needs_it_no_more(qtbot: QtBot, grid: MainWindow) -> None:
    look_again(qtbot, grid, "target.count", 10)
    look_again(qtbot, grid, "target.count", 4)
    assert advice(grid) == []


def test_settings_of_ones_own_are_left_in_peace(qtbot: QtBot, grid: MainWindow) -> None:
    grid.studio.set_value("training.batch_size", 77)
    look_again(qtbot, grid, "target.count", 10)
    assert advice(grid) == []


def test_dots_that_are_drawn_are_seen_when_the_hand_rests(qtbot: QtBot, grid: MainWindow) -> None:
    found = looks(grid)
    blobs = tuple(
        GaussianBlob(centre=(0.35 * column - 1.2, 0.35 * row - 1.2), sigma=0.02)
        for column in range(8)
        for row in range(8)
    )
    with qtbot.waitSignal(grid.lookout.seen, timeout=20_000):
        for count in (1, 30, 50, 64):
            grid.studio.paint(Painting(commands=blobs[:count]))
    assert [sight.clusters for sight in found if sight] == [64], "not between the strokes"
    assert "64 clusters" in advice(grid)[0]


def test_an_empty_painting_is_nothing_to_see(qtbot: QtBot, grid: MainWindow) -> None:
    found = looks(grid)
    with qtbot.waitSignal(grid.lookout.seen, timeout=20_000):
        grid.studio.set_target(Painting())
    assert found == [None]
    assert advice(grid) == []


def test_nothing_is_said_of_recipes_in_a_lesson(qtbot: QtBot, grid: MainWindow) -> None:
    found = looks(grid)
    grid.lessons.reload()
    grid.lessons.open(grid.lessons.shipped[0])
    qtbot.waitUntil(lambda: grid.lessons.is_in_lesson)
    grid.studio.load_recipe("studio-default")
    grid.studio.set_target(GRID)
    qtbot.waitUntil(
        lambda: found[-1:] == [sight_of(with_value(grid.studio.experiment, "target", GRID))], timeout=20_000
    )
    assert advice(grid) == []


def test_the_first_look_waits_for_the_trainer(window: MainWindow, trainers: Trainers) -> None:
    other = MainWindow(window.settings, window.themes, trainers)
    found = looks(other)
    other.studio.open()
    assert not other.lookout._timer.isActive()
    other.studio.run.tick()
    assert other.lookout._timer.isActive()
    other.shut_down()
    assert not other.lookout._timer.isActive()
    assert found == []
    other.deleteLater()


# -- the studio ------------------------------------------------------------------------------------------------------


def test_a_recipe_is_applied_for_the_target_as_it_is_seen(window: MainWindow) -> None:
    window.studio.set_target(GRID)
    window.studio.load_recipe("studio-default")
    experiment = window.studio.experiment
    assert experiment == DEFAULT.apply(experiment, sight_of(experiment))
    assert experiment.discriminator.fourier_scale == 3
    assert experiment.target == GRID


@pytest.mark.parametrize("heeds", [True, False])
def test_from_many_clusters_to_the_line_the_default_is_followed_whether_it_was_heeded_or_not(
    window: MainWindow, heeds: bool
) -> None:
    window.studio.set_target(GRID)
    if heeds:
        window.studio.load_recipe("studio-default")
    window.studio.set_target(preset("mixture-1d").experiment.target)
    followed = recipe_of(window.studio.experiment)
    assert followed is DEFAULT


def test_from_the_line_to_many_clusters_the_default_chooses_for_them(window: MainWindow) -> None:
    window.studio.load_preset("mixture-1d")
    window.studio.set_target(GRID)
    assert not DEFAULT.changes(window.studio.experiment, sight_of(window.studio.experiment))
    assert DEFAULT.changes(with_value(window.studio.experiment, "target.count", 5))
