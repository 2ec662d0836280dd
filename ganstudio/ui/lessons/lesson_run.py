"""A lesson that is played: which step is shown, what the run says to its checks, and what the program does itself."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtCore import Signal as QtSignal

from ganstudio.errors import UserError
from ganstudio.lessons.action import PlayToy
from ganstudio.lessons.facts import Observation
from ganstudio.lessons.lesson import Lesson, Step
from ganstudio.lessons.progress import LessonProgress
from ganstudio.messages.events import Frame, Optimality, ToyPlayed
from ganstudio.messages.snapshot import Floats
from ganstudio.session.session import Session
from ganstudio.ui.lessons.doing import Condition, Doer, Script, StoppedError
from ganstudio.ui.studio import Studio
from ganstudio.ui.training_run import RunState

LOOK_MILLISECONDS = 50


class LessonRun(QObject):
    """Plays one lesson at a time in a studio; knows no widgets.

    The run at the beginning of each step is kept, so that a step can be begun again. Whoever goes to a step whose
    beginning is not known, since the steps before it were not played, is taken there: the program does them.
    """

    stepped = QtSignal()  # another step, or the same again, is shown
    changed = QtSignal()  # what is known of the step: values, ticks, what the program is doing
    completed = QtSignal(int)  # the number of a step, from 0, that was ticked off
    refused = QtSignal(str)  # why an action could not be done
    speed_limited = QtSignal(object)  # float | None: how fast the run goes from now on

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.doer = Doer(studio, self)
        self.progress: LessonProgress | None = None
        """The place in the lesson; None while there is none."""
        self.done: set[int] = set()
        """The steps that were ticked off, today or earlier."""
        self.catching_up: int | None = None
        """The earlier step that the program is doing on the way to the one that is shown."""
        self.usual_speed: float | None = None
        """Iterations a second at most where a step does not say."""
        self._script: Script | None = None
        self._condition: Condition | None = None
        self._is_doing = False
        self._watches = False
        self._beginnings: dict[int, Session] = {}
        self._generated: Floats | None = None
        self._optimality: Optimality | None = None
        self._toy: ToyPlayed | None = None
        run = studio.run
        run.begun.connect(self._forget)
        run.frame_arrived.connect(self._on_frame)
        run.optimality_changed.connect(self._on_optimality)
        run.asides.toy_played.connect(self._on_toy)
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)

    # -- where one is --------------------------------------------------------------------------------------------

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is played."""
        return None if self.progress is None else self.progress.lesson

    @property
    def step(self) -> Step:
        """The step that is shown. Raises RuntimeError where there is no lesson."""
        return self._place.step

    @property
    def is_doing(self) -> bool:
        """Whether the program does the step's actions."""
        return self._is_doing

    @property
    def is_ready(self) -> bool:
        """Whether the run stands where the step begins, or further."""
        return self._watches

    def begin(self, lesson: Lesson, done: Iterable[int] = ()) -> None:
        """Play this lesson from its first step that is not done, all of it if all are."""
        place = LessonProgress.of(lesson, done)
        self.done = set(place.done)
        self._beginnings.clear()
        self.progress = LessonProgress(lesson)
        self._timer.start()
        self._go(place.at)

    def end(self) -> None:
        """Play no lesson any more."""
        self._timer.stop()
        self._stop()
        if self.progress is not None:
            self._limit_speed(self.usual_speed)
        self.progress = None
        self._beginnings.clear()

    # -- going about ---------------------------------------------------------------------------------------------

    def go_to(self, step: int) -> None:
        """Show this step, from 0; the run goes on where the one before it was done, else it begins as the step does."""
        place = self._place
        ready = self._watches and place.step_done and step == place.at + 1
        self._go(step, goes_on=ready and not place.lesson.steps[step].loads)

    def again(self) -> None:
        """The step that is shown, from its beginning."""
        self._go(self._place.at)

    def skip(self) -> None:
        """Do not catch up: begin the step with a new run of its experiment."""
        if self.catching_up is not None:
            self._stop()
            self._load(Session(self.step.experiment))
            self._run_script(self._arrival())

    def _go(self, at: int, *, goes_on: bool = False) -> None:
        self._stop()
        self.progress = LessonProgress(self._place.lesson).go_to(at)
        self._toy = None
        self._studio.run.pause()
        self._run_script(self._kept_beginning(at) if goes_on else self._journey(at))
        # Only now: what a step shows depends on its experiment, which has been loaded.
        self.stepped.emit()
        self.changed.emit()

    def _journey(self, at: int) -> Script:
        """To the beginning of a step: from the nearest beginning that is known, by doing the steps between."""
        steps = self._place.lesson.steps
        start = next(number for number in range(at, -1, -1) if number in self._beginnings or steps[number].loads)
        self.catching_up = start if start < at else None
        self._load(self._beginnings.get(start) or Session(steps[start].experiment))
        yield self._has_started
        for number in range(start, at):
            self.catching_up = number
            self._limit_speed(None)
            self.changed.emit()
            passed = LessonProgress(self._place.lesson, number)

            def is_checked() -> bool:
                nonlocal passed
                passed = passed.seen(self._observation())
                return passed.step_done

            is_checked()
            for doing in steps[number].actions:
                if not isinstance(doing, PlayToy):  # it is beside the run and leaves nothing in it
                    yield from self.doer.script(doing, is_checked)
            yield from self._beginning_of(number + 1)
        yield from self._arrival()

    def _kept_beginning(self, at: int) -> Script:
        yield from self._beginning_of(at)
        yield from self._arrival()

    def _beginning_of(self, at: int) -> Script:
        """Keep the run as it stands, as the beginning of a step."""
        kept: list[Session] = []
        self._studio.run.request_session(kept.append)
        yield lambda: bool(kept)
        self._beginnings[at] = kept[0]

    def _arrival(self) -> Script:
        yield self._has_started
        self.catching_up = None
        self._watches = True
        self._limit_speed(self.step.speed or self.usual_speed)
        self._see()  # at once: from here on changes are counted
        self.changed.emit()

    def _limit_speed(self, limit: float | None) -> None:
        self._studio.run.limit_speed(limit)
        self.speed_limited.emit(limit)

    def _load(self, session: Session) -> None:
        self._studio.set_session(session)

    def _has_started(self) -> bool:
        return self._studio.run.state is not RunState.STARTING

    # -- doing ---------------------------------------------------------------------------------------------------

    def do(self) -> None:
        """Do the step's actions, or stop doing them."""
        if self._is_doing:
            self.stop_doing()
        elif self._watches:
            self._is_doing = True
            self._run_script(self._deeds())

    def stop_doing(self) -> None:
        """Leave the rest to the person."""
        if self._is_doing:
            self._stop(watches=True)
            self._studio.run.pause()
            self.changed.emit()

    def _deeds(self) -> Script:
        for doing in self.step.actions:
            yield from self.doer.script(doing, lambda: self._place.step_done)

    def _run_script(self, script: Script) -> None:
        self._script, self._condition = script, None
        self.changed.emit()
        self._advance()

    def _stop(self, *, watches: bool = False) -> None:
        self._script = self._condition = self.catching_up = None
        self._is_doing, self._watches = False, watches

    def _advance(self) -> None:
        """Go on with the script as far as it goes."""
        try:
            while self._script is not None and (self._condition is None or self._condition()):
                script = self._script
                self._condition = next(script)
                if script is not self._script:  # what was done began another one
                    return
        except StopIteration:
            self._script = None
            self._is_doing = False
            self.changed.emit()
        except StoppedError:
            self._give_up()
        except UserError as error:
            self._give_up()
            self.refused.emit(str(error))

    def _give_up(self) -> None:
        caught_up = self.catching_up is not None
        self._stop(watches=True)
        if caught_up:  # the way to the step was interrupted: the step is begun as it can be
            self._load(Session(self.step.experiment))
        self.changed.emit()

    # -- watching ------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the run: tick what holds, go on with what is being done."""
        if self.progress is None:
            return
        if self._watches and self._see():
            self.changed.emit()
        self._advance()

    def _see(self) -> bool:
        """Take in the run as it is; say whether anything differs from the last look."""
        before = self._place
        self.progress = after = before.seen(self._observation())
        if after.step_done and not before.step_done:
            self.done.add(after.at)
            self.completed.emit(after.at)
        return (after.values, after.ticked) != (before.values, before.ticked)

    @property
    def _place(self) -> LessonProgress:
        if self.progress is None:
            raise RuntimeError("no lesson is played")
        return self.progress

    def _observation(self) -> Observation:
        studio = self._studio
        return Observation(
            studio.experiment,
            studio.run.progress,
            studio.run.history,
            studio.target,
            self._generated,
            self._optimality,
            self._toy,
            studio.phases.reader,
        )

    def _forget(self) -> None:
        self._generated = self._optimality = None

    def _on_frame(self, frame: Frame) -> None:
        if frame.generated is not None:
            self._generated = frame.generated

    def _on_optimality(self, event: Optimality) -> None:
        self._optimality = event

    def _on_toy(self, event: ToyPlayed) -> None:
        if event.trajectories.shape[0] > 1 and event.trajectories.shape[1]:
            self._toy = event
