"""Does the actions of a lesson's step in the window, as a person would: each is a script of commands and waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtCore import Signal as QtSignal

from ganstudio.lessons import action as actions
from ganstudio.messages.events import Failed, NonFinite, Paused
from ganstudio.ui.studio import Studio
from ganstudio.ui.training_run import RunState

Condition = Callable[[], bool]
Script = Iterator[Condition]
"""Gives one condition after the other; it is gone on with once the last one holds."""


class StoppedError(Exception):
    """The person did something else meanwhile: the rest is left to them."""


class Doer(QObject):
    """Turns actions into scripts on a studio."""

    toy_wanted = QtSignal(object)  # Toy

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._run = studio, studio.run
        self._rests = 0
        self._rested_at = 0
        self._run.paused.connect(self._on_rest)
        self._run.non_finite.connect(self._on_rest)
        self._run.failed.connect(self._on_failed)
        self._toys = 0
        self._run.asides.toy_played.connect(self._on_toy)

    def script(self, doing: actions.Action, is_checked: Condition) -> Script:
        """The script of one action; ``is_checked`` says whether the step is ticked off.

        Raises:
            UserError: it cannot be done; while the script is run.
            StoppedError: the person stopped it; likewise.
        """
        yield from _SCRIPTS[type(doing)](self, doing, is_checked)

    def _play(self, doing: actions.Play, is_checked: Condition) -> Script:
        yield self._is_ready
        run, before = self._run, self._rests
        goal = run.progress.iteration + doing.iterations
        self._studio.step_iterations(doing.iterations)

        def is_over() -> bool:
            return self._rests > before or (doing.until_checked and is_checked())

        yield is_over
        # Not the run's own progress: a frame that was made a moment earlier may arrive after the rest.
        if self._rests > before and self._rested_at >= goal:
            return
        if not (doing.until_checked and is_checked()):
            raise StoppedError
        if self._rests == before:
            run.pause()
            yield lambda: self._rests > before

    def _update(self, doing: actions.SingleUpdates, is_checked: Condition) -> Script:
        yield self._is_ready
        goal = self._updates + doing.count
        for _ in range(doing.count):
            self._studio.step(doing.player)
        yield lambda: self._updates >= goal

    def _optimise(self, doing: actions.TrainToOptimality, is_checked: Condition) -> Script:
        yield self._is_ready
        self._studio.train_discriminator(doing.most)
        yield lambda: not self._run.optimising

    def _set(self, doing: actions.SetValue, is_checked: Condition) -> Script:
        self._studio.change(doing.changed(self._studio.experiment), doing.path)
        yield self._is_ready

    def _paint(self, doing: actions.Paint, is_checked: Condition) -> Script:
        self._studio.paint(doing.changed(self._studio.experiment).target)
        yield self._is_ready

    def _restart(self, doing: actions.Restart, is_checked: Condition) -> Script:
        self._studio.restart()
        yield self._is_ready

    def _new_seed(self, doing: actions.NewSeed, is_checked: Condition) -> Script:
        self._studio.new_seed()
        yield self._is_ready

    def _play_toy(self, doing: actions.PlayToy, is_checked: Condition) -> Script:
        before = self._toys
        self.toy_wanted.emit(doing.toy)
        yield lambda: self._toys > before

    @property
    def _updates(self) -> int:
        progress = self._run.progress
        return progress.discriminator_updates + progress.generator_updates

    def _is_ready(self) -> bool:
        if self._run.state is RunState.FAILED:
            raise StoppedError
        return self._run.state is not RunState.STARTING

    def _on_rest(self, event: Paused | NonFinite) -> None:
        self._rests += 1
        self._rested_at = event.progress.iteration

    def _on_failed(self, event: Failed) -> None:
        if not event.user:  # else something was refused, and training goes on
            self._rests += 1
            self._rested_at = 0

    def _on_toy(self, event: object) -> None:
        self._toys += 1


_SCRIPTS: dict[type, Callable[[Doer, Any, Condition], Script]] = {
    actions.Play: Doer._play,
    actions.SetValue: Doer._set,
    actions.SingleUpdates: Doer._update,
    actions.TrainToOptimality: Doer._optimise,
    actions.Paint: Doer._paint,
    actions.Restart: Doer._restart,
    actions.NewSeed: Doer._new_seed,
    actions.PlayToy: Doer._play_toy,
}
