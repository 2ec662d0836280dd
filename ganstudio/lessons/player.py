"""Plays a lesson without a window, by the real trainer in this process: does every action and watches every check.

The only module here that loads torch, so the window must not import it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import needs_restart, with_value
from ganstudio.lessons import action as actions
from ganstudio.lessons.facts import Observation
from ganstudio.lessons.lesson import Lesson, Step
from ganstudio.lessons.progress import LessonProgress
from ganstudio.messages import commands, events
from ganstudio.messages.history import History
from ganstudio.messages.snapshot import Floats
from ganstudio.metrics.phases import PhaseReader
from ganstudio.targets import build
from ganstudio.training.trainer import Trainer

STRIDE = 25
"""Iterations between two looks at the checks; a window looks about as often."""
SHOWN_SAMPLES = 2000
"""As many generated samples as the window shows."""


@dataclass(frozen=True)
class CheckReport:
    """What came of a check. ``value`` is the fact's at the end of the step, None where it is not known."""

    says: str
    ticked_before: bool
    ticked: bool
    value: object


@dataclass(frozen=True)
class StepReport:
    """What came of a step's actions."""

    number: int
    title: str
    seconds: float
    iterations: int
    checks: tuple[CheckReport, ...]

    @property
    def passed(self) -> bool:
        """Whether every check was ticked by the actions, and none before them."""
        return all(check.ticked and not check.ticked_before for check in self.checks)


def play(lesson: Lesson, *, seed: int | None = None) -> Iterator[StepReport]:
    """Do every step in order and report on each; ``seed`` replaces that of the lesson's experiments.

    Raises:
        UserError: the trainer refuses an action.
    """
    player = _Player(seed)
    progress = LessonProgress(lesson)
    for number, step in enumerate(lesson.steps):
        started = time.perf_counter()
        player.begin(step)
        progress = progress.go_to(number)
        before = player.look(progress, step)
        progress = before
        for doing in step.actions:
            progress = player.do(doing, progress, step)
        yield StepReport(
            number=number + 1,
            title=step.title,
            seconds=time.perf_counter() - started,
            iterations=progress.played,
            checks=tuple(
                CheckReport(check.says, at in before.ticked, at in progress.ticked, player.value(check.fact, progress))
                for at, check in enumerate(step.checks)
            ),
        )


class _Player:
    """The far end of a trainer, as the window is: it keeps what the trainer tells."""

    def __init__(self, seed: int | None) -> None:
        self._trainer = Trainer(self._take)
        self._seed = seed
        self._generation = 0
        self._history = History()
        self._phase_reader = PhaseReader()
        self._generated: Floats | None = None
        self._optimality: events.Optimality | None = None
        self._toy: events.ToyPlayed | None = None
        self._failure: events.Failed | events.NonFinite | None = None
        self._experiment: Experiment | None = None

    def begin(self, step: Step) -> None:
        """Load the step's experiment if it has one."""
        if step.loads:
            experiment = step.experiment
            self._start(experiment if self._seed is None else with_value(experiment, "seed", self._seed))

    def look(self, progress: LessonProgress, step: Step) -> LessonProgress:
        """Let the checks see the run as it stands."""
        if step.needs_samples:
            self._send(commands.RequestFrame(("generated",), (-1, 1, -1, 1), points=SHOWN_SAMPLES))
        return progress.seen(self._observation())

    def do(self, doing: actions.Action, progress: LessonProgress, step: Step) -> LessonProgress:
        """Do one action, looking at the checks on the way."""
        for _ in _DOING[type(doing)](self, doing):
            progress = self.look(progress, step)
            if isinstance(doing, actions.Play) and doing.until_checked and progress.step_done:
                break
        return progress

    def value(self, fact: str, progress: LessonProgress) -> object:
        """A fact as it stands now."""
        return progress.played if fact == "played" else self._observation().value(fact)

    def _play(self, doing: actions.Play) -> Iterator[None]:
        left = doing.iterations
        while left > 0:
            self._send(commands.Play(min(STRIDE, left)))
            left -= STRIDE
            while self._trainer.playing:
                self._trainer.work()
            self._complain()
            yield

    def _update(self, doing: actions.SingleUpdates) -> Iterator[None]:
        for _ in range(doing.count):
            self._send(commands.Update(doing.player))
            yield

    def _optimise(self, doing: actions.TrainToOptimality) -> Iterator[None]:
        self._send(commands.TrainDiscriminator(max_updates=doing.most))
        while not self._is_optimal():
            self._trainer.work()
            self._complain()
        yield

    def _is_optimal(self) -> bool:
        return self._optimality is not None and self._optimality.finished

    def _change(self, doing: actions.SetValue | actions.NewSeed | actions.Paint) -> Iterator[None]:
        """As the window's studio does it: what a running GAN can take over is taken over, else it begins anew."""
        old = self._current
        new = doing.changed(old)
        both = (type(old.target), type(new.target))
        if needs_restart(old, new) or both[0] is not both[1]:
            self._start(new)
        else:
            self._experiment = new
            self._send(commands.Apply(new))
        yield

    def _restart(self, doing: actions.Restart) -> Iterator[None]:
        self._start(self._current)
        yield

    def _play_toy(self, doing: actions.PlayToy) -> Iterator[None]:
        self._send(commands.PlayToy(doing.toy, 0))
        yield

    @property
    def _current(self) -> Experiment:
        if self._experiment is None:
            raise RuntimeError("no experiment was loaded")
        return self._experiment

    def _start(self, experiment: Experiment) -> None:
        self._generation += 1
        self._history, self._generated, self._optimality = History(), None, None
        self._experiment = experiment
        self._send(commands.Start(experiment, self._generation))
        self._trainer.work()  # the first measurement, which in the window is there before a person has done anything

    def _observation(self) -> Observation:
        experiment = self._current
        return Observation(
            experiment,
            self._trainer.run.progress,
            self._history,
            build(experiment.target),
            self._generated,
            self._optimality,
            self._toy,
            self._phase_reader,
        )

    def _send(self, command: commands.Command) -> None:
        self._trainer.handle(command)
        self._complain()

    def _take(self, event: events.Event) -> None:
        if isinstance(event, events.HistoryGrew):
            self._history.append(event.chunk)
        elif isinstance(event, events.Frame):
            self._generated = event.generated
        elif isinstance(event, events.Optimality):
            self._optimality = event
        elif isinstance(event, events.ToyPlayed):
            self._toy = event
        elif isinstance(event, events.Failed | events.NonFinite):
            self._failure = event

    def _complain(self) -> None:
        failure, self._failure = self._failure, None
        if isinstance(failure, events.Failed):
            raise UserError(failure.message) if failure.user else RuntimeError(failure.traceback)
        if failure is not None:
            raise UserError(f"{failure.quantity.replace('_', ' ')} became infinite at {failure.progress.iteration:,}")


_DOING: dict[type, Callable[..., Iterator[None]]] = {
    actions.Play: _Player._play,
    actions.SetValue: _Player._change,
    actions.Paint: _Player._change,
    actions.NewSeed: _Player._change,
    actions.SingleUpdates: _Player._update,
    actions.TrainToOptimality: _Player._optimise,
    actions.Restart: _Player._restart,
    actions.PlayToy: _Player._play_toy,
}
