"""What is shown on the pictures: each scene brings the window somewhere, then yields for the picture.

A scene is a generator of conditions: the player goes on once the condition it yielded holds. It never waits itself.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator

from ganstudio import shipped
from ganstudio.experiment.painting import BrushStroke
from ganstudio.lessons.library import shelf
from ganstudio.ui.main_window import MainWindow

Condition = Callable[[], bool]
Scene = Callable[[MainWindow], Generator[Condition, None, None]]


def reached(window: MainWindow, iteration: int) -> Condition:
    """Training has come so far."""
    return lambda: window.studio.run.progress.iteration >= iteration


def after(seconds: float) -> Condition:
    """So much time has passed."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def first_start(window: MainWindow) -> Generator[Condition, None, None]:
    """What a newcomer sees."""
    window.welcome.show()
    yield after(2.0)


def training(window: MainWindow) -> Generator[Condition, None, None]:
    """The main window in the middle of a run."""
    _begin(window, "moons")
    window.studio.play()
    yield reached(window, 1500)


def painting(window: MainWindow) -> Generator[Condition, None, None]:
    """A heart that was painted with the brush, learnt."""
    _begin(window, "gaussians")
    window.target_files.begin_painting(2)
    window.stage.execute(BrushStroke(points=_heart(), size=0.09, strength=0.6))
    window.stage.select_tool("brush")
    window.studio.play()
    yield reached(window, 1200)


def one_dimension(window: MainWindow) -> Generator[Condition, None, None]:
    """A mixture on the line."""
    window.stage.select_tool("pan")
    _begin(window, "mixture-1d")
    window.studio.play()
    yield reached(window, 800)


def networks(window: MainWindow) -> Generator[Condition, None, None]:
    """Both networks drawn, with their weights; every layer of the stage."""
    _begin(window, "spirals")
    _open_only(window, "Networks")
    window.studio.play()
    yield reached(window, 800)


def settings(window: MainWindow) -> Generator[Condition, None, None]:
    """The forms of objective and optimizers."""
    _begin(window, "ring8")
    _open_only(window, "Objective", "Optimizers")
    window.studio.play()
    yield reached(window, 400)


def run_settings(window: MainWindow) -> Generator[Condition, None, None]:
    """The form of the run."""
    _open_only(window, "Run")
    yield after(0.5)


def lesson_list(window: MainWindow) -> Generator[Condition, None, None]:
    """The lessons there are."""
    window.lessons.leave()
    window.lessons.show()
    yield after(0.5)


def lesson_of(number: int, step: int) -> Scene:
    """A step of a shipped lesson, once the program has done what there is to do."""

    def scene(window: MainWindow) -> Generator[Condition, None, None]:
        window.welcome.hide()
        run, lesson = window.lessons.run, window.lessons.shipped[number - 1]
        window.lessons.show()
        if run.lesson is not lesson:
            window.lessons.open(lesson)
            yield lambda: run.lesson is lesson and run.is_ready
        if run.progress is not None and run.progress.at != step - 1:
            run.go_to(step - 1)
        yield lambda: run.is_ready
        run.do()
        yield lambda: not run.is_doing

    return scene


LESSONS: dict[str, Scene] = {
    "lessons": lesson_list,
    **{
        f"lesson-{number:02d}-{step}": lesson_of(number, step)
        for number, lesson in enumerate(shelf(shipped.directory("lessons")).lessons, start=1)
        for step in range(1, len(lesson.steps) + 1)
    },
}
"""The list of lessons, and every step of each; played where they are asked for by name."""

SCENES: dict[str, Scene] = {
    "first-start": first_start,
    "training": training,
    "painting": painting,
    "one-dimension": one_dimension,
    "networks": networks,
    "settings": settings,
    "run-settings": run_settings,
}
"""Every scene by name, in the order in which they are played."""

ALL = SCENES | LESSONS


def _begin(window: MainWindow, name: str) -> None:
    """Take a preset; that it takes the place of the scene before need not be said."""
    window.welcome.hide()
    window.studio.load_preset(name)
    window.messages.withdraw("reinitialised")


def _open_only(window: MainWindow, *titles: str) -> None:
    window.controls.restore({title: title in titles for title in window.controls.state()})


def _heart() -> tuple[tuple[float, float, float], ...]:
    turns = [2 * math.pi * step / 120 for step in range(121)]
    return tuple(
        (
            16 * math.sin(t) ** 3 / 16,
            (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16,
            1.0,
        )
        for t in turns
    )
