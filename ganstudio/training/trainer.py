"""The trainer: one loop that serves commands and trains in between. Window, command line and tests use this one."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Any, ClassVar

from ganstudio.cores import available_cores
from ganstudio.errors import UserError
from ganstudio.messages import commands, events
from ganstudio.messages.history import HistoryChunk
from ganstudio.messages.link import Link
from ganstudio.messages.population import RequestPopulationFrame, StartPopulation
from ganstudio.messages.timeline import CAPACITY, FEWEST
from ganstudio.training.approximating import ApproximationJob
from ganstudio.training.engine_choice import EngineKeeper
from ganstudio.training.look import look
from ganstudio.training.optimality import DiscriminatorTraining
from ganstudio.training.pace import Pace
from ganstudio.training.population_service import PopulationService
from ganstudio.training.run import NonFiniteError, Run
from ganstudio.training.sampling import outputs_sampled
from ganstudio.training.tempo import BURST_SECONDS, Tempo
from ganstudio.training.toy_play import toy_played
from ganstudio.training.walking import walk_iteration

REPORT_SECONDS = 0.050
SNAPSHOT_SECONDS = 2.0
OPTIMALITY_SECONDS = 0.1
PREPARING_SECONDS = 0.5
FIRST_LOOK_SECONDS = 0.25
"""How long the first measurement waits for somebody who wants to see the run: a picture takes a tenth of its time."""

_GOES_FIRST = (commands.Start, commands.RequestFrame, commands.Quit)
"""What need not wait for the first measurement: it does not change what will be measured, or there is no need to."""

Emit = Callable[[events.Event], None]


class Trainer:
    """Commands in, events out.

    ``serve`` runs it at one end of a link; the command line and tests call ``handle`` and ``work`` themselves.
    """

    def __init__(self, emit: Emit, engine: commands.EngineChoice = "eager") -> None:
        self._emit = emit
        self._engine = engine
        self._engines = EngineKeeper(engine, self._tell_engine)
        self._run: Run | None = None
        self._population: PopulationService | None = None
        self._generation = 0
        self._playing = False
        self._tempo = Tempo()
        self._optimising: DiscriminatorTraining | None = None
        self._last_optimality = 0.0
        self._approximating: ApproximationJob | None = None
        self._paced = False
        self._pace = Pace()
        self._last_report = self._last_snapshot = 0.0
        self._sent_rows = self._sent_measures = self._sent_engines = 0
        self._sent_timeline = 0
        self._unmeasured = False
        self._quit = False

    @property
    def run(self) -> Run:
        """The run that was started. Raises RuntimeError before that."""
        if self._run is None:
            raise RuntimeError("no run was started")
        return self._run

    @property
    def population(self) -> PopulationService:
        """The population that was started in place of a run. Raises RuntimeError where there is none."""
        if self._population is None:
            raise RuntimeError("no population was started")
        return self._population

    @property
    def playing(self) -> bool:
        return self._playing if self._population is None else self._population.playing

    def serve(self, link: Link) -> None:
        """Serve commands and train until told to quit or the other end is gone.

        Somebody is watching then: measurements are spaced out where they would take more than a tenth of the time.
        Called directly, the Trainer measures at exactly the iterations that the experiment says.
        """
        self._paced = True
        try:
            while not self._quit:
                (self._population or self._engines).tend(playing=self.playing)
                command = link.receive(self._patience())
                while command is not None:
                    self.handle(command)
                    command = link.receive(FIRST_LOOK_SECONDS if isinstance(command, commands.Start) else 0.0)
                self.work()
        except EOFError:
            return  # The window is gone: so is the trainer.
        finally:
            self._engines.close()
            self._leave_population()

    def handle(self, command: commands.Command) -> None:
        """Carry out one command. What goes wrong becomes one ``Failed`` event; the state is kept."""
        if not isinstance(command, _GOES_FIRST):
            self._measure_first()
        try:
            self._handlers[type(command)](self, command)
        except UserError as error:
            self._emit(events.Failed(self._generation, str(error), "", user=True))
        except EOFError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the window is told and the state kept
            self._fail(error)

    def work(self) -> None:
        """Train one burst if playing and the speed limit allows it, and report what is due."""
        self._measure_first()
        if self._playing and not self._tempo.wait:
            try:
                self._tempo.burst(self._play_some)
            except NonFiniteError as error:
                self._stand_still()
                self._emit(events.NonFinite(self._generation, self.run.progress, error.quantity))
            except EOFError:
                raise
            except Exception as error:  # noqa: BLE001  as above
                self._fail(error)
        if self._playing and time.perf_counter() - self._last_report >= REPORT_SECONDS:
            self._report()
        if self._optimising is not None:
            self._optimise(self._optimising)
        if self._approximating is not None:
            self._go_on_approximating(self._approximating)
        if self._population is not None:
            self._work_on(self._population)

    def _work_on(self, population: PopulationService) -> None:
        try:
            population.work()
        except EOFError:
            raise
        except Exception as error:  # noqa: BLE001  as above
            population.close()
            self._fail(error)

    def _optimise(self, optimising: DiscriminatorTraining) -> None:
        """One burst of training D to optimality."""
        try:
            optimising.advance(BURST_SECONDS)
        except NonFiniteError as error:
            self._stand_still()
            self._emit(events.NonFinite(self._generation, self.run.progress, error.quantity))
            return
        except Exception as error:  # noqa: BLE001  as above
            self._fail(error)
            return
        now = time.perf_counter()
        if optimising.latest.finished:
            self._stand_still()
        elif now - self._last_optimality >= OPTIMALITY_SECONDS:
            self._last_optimality = now
            self._emit(optimising.latest)
            self._report()

    def _play_some(self, most: int) -> int:
        """Play a part of a burst; how many iterations it was."""
        run, stop = self.run, self.run.experiment.stop
        reason = self._reason_to_stop()
        if reason is not None:
            self._stand_still(reason)
            return 0
        count = self._tempo.up_to_an_end(most, run.progress.iteration, stop, run.experiment.measure.every)
        run.advance(count)
        self._pace.played(count)
        self._pace.look(run.measure_seconds, run.progress.seconds, self._tempo.limit)
        # A run that stops by its JSD must not stop later for being watched.
        run.measure_spacing = self._pace.spacing if self._paced and stop.jsd_below is None else 1
        return count

    def _reason_to_stop(self) -> str | None:
        """Why training should stand still before the next iteration; '' when it was asked for, None to go on."""
        run, stop = self.run, self.run.experiment.stop
        reason, measures = self._tempo.reason_to_stop(run.progress, stop), run.history.measures
        if reason is None and stop.jsd_below is not None and len(measures) and measures[-1, 1] < stop.jsd_below:
            return f"JSD {measures[-1, 1]:.4f} is below {stop.jsd_below:g}"
        return reason

    def _stand_still(self, reason: str = "") -> None:
        self._playing = False
        self._tempo.rest()
        if self._optimising is not None:
            optimising, self._optimising = self._optimising, None
            if not optimising.latest.finished:
                optimising.end("paused")
            self._emit(optimising.latest)
        self._report()
        self._emit(events.Paused(self._generation, self.run.progress, reason))

    def _fail(self, error: Exception) -> None:
        self._playing = False
        self._optimising = None
        self._tempo.rest()
        self._emit(events.Failed(self._generation, f"{type(error).__name__}: {error}", traceback.format_exc()))

    def _report(self) -> None:
        """Send what is new of history and timeline."""
        run = self.run
        self._last_report = time.perf_counter()
        chunk: HistoryChunk = run.history.since(self._sent_rows, self._sent_measures, self._sent_engines)
        self._sent_engines += len(chunk.engines)
        self._sent_rows += len(chunk.rows)
        self._sent_measures += len(chunk.measures)
        if self._paced:
            run.history.let_go()  # who watches has them now
        if len(chunk.rows) or len(chunk.measures):
            share, spacing = self._pace.share, run.measure_spacing
            self._emit(
                events.HistoryGrew(self._generation, run.progress, chunk, self._tempo.rate.value, share, spacing)
            )
        last = run.timeline.last
        if last is not None and last.progress.iteration > self._sent_timeline:
            self._sent_timeline = last.progress.iteration
            self._send_snapshot(events.SnapshotTaken(self._generation, last))
        elif self._last_report - self._last_snapshot > SNAPSHOT_SECONDS:
            # A slow run: what a crash could cost stays small.
            self._send_snapshot(events.SnapshotTaken(self._generation, run.snapshot()))

    def _send_snapshot(self, taken: events.SnapshotTaken) -> None:
        self._last_snapshot = time.perf_counter()
        self._emit(taken)

    def _patience(self) -> float | None:
        """How long to wait for a command: for ever when paused, not at all when training."""
        if self._optimising is not None or self._approximating is not None:
            return 0.0
        if self._population is not None:
            return self._population.patience
        if not self._playing:
            return PREPARING_SECONDS if self._engines.preparing else None
        return self._tempo.wait

    def _start_population(self, command: StartPopulation) -> None:
        self._leave_population()
        self._playing = False
        self._optimising = self._run = None
        self._engines.close()
        self._generation = command.generation
        processes = max(1, available_cores() - 1)  # one is the window's
        self._population = PopulationService(command, self._emit, self._engine, processes=processes)
        self._population.limit_speed(self._tempo.limit)

    def _leave_population(self) -> None:
        population, self._population = self._population, None
        if population is not None:
            population.close()

    def _request_population_frame(self, command: RequestPopulationFrame) -> None:
        frame = self.population.frame(command)
        if frame is not None:
            self._emit(frame)

    def _start(self, command: commands.Start) -> None:
        self._leave_population()
        self._playing = False
        self._optimising = None
        self._run, self._unmeasured = None, False
        self._generation = command.generation
        # Whoever watches keeps all snapshots. Here they would cost more than their size: scattered among what every
        # iteration needs for a moment, they keep its memory from being given back.
        kept = FEWEST if self._paced else CAPACITY
        run = Run(command.experiment, command.snapshot, kept_snapshots=kept)
        self._run = run
        self._tempo = Tempo(self._tempo.limit)
        self._sent_rows = self._sent_measures = self._sent_engines = 0
        self._sent_timeline = -1
        self._emit(
            events.Started(
                self._generation,
                run.progress,
                run.game.generator.parameters.size,
                run.game.discriminator.parameters.size,
                run.centre,
                run.scale,
            )
        )
        self._engines.attach(run)
        self._unmeasured = command.snapshot is None
        self._pace = Pace(run.measure_seconds, run.progress.seconds)
        self._report()

    def _measure_first(self) -> None:
        """Measure a run as it was initialised; later than its start, so that it can be seen before."""
        if not self._unmeasured:
            return
        self._unmeasured = False
        run = self.run
        try:
            run.measure()
        except Exception as error:  # noqa: BLE001  as above
            self._fail(error)
            return
        self._pace.begin_at(run.measure_seconds, run.progress.seconds)
        self._report()

    def _apply(self, command: commands.Apply) -> None:
        if self._optimising is not None:
            self._stand_still()  # what it was heading for may have moved
        self.run.apply(command.experiment)
        self._engines.attach(self.run)

    def _play(self, command: commands.Play) -> None:
        if self._population is not None:
            self._population.play(command.iterations)
            return
        run = self.run
        if self._optimising is not None:
            self._stand_still()
        self._playing = True
        self._tempo.begin(None if command.iterations is None else run.progress.iteration + command.iterations)
        self._emit(events.Playing(self._generation))

    def _pause(self, command: commands.Pause) -> None:
        if self._population is not None and self._population.playing:
            self._population.pause()
        if self._playing or self._optimising is not None:
            self._stand_still()

    def _update(self, command: commands.Update) -> None:
        self._check_paused("taking single updates")
        try:
            self.run.update(command.player)
        except NonFiniteError as error:
            self._emit(events.NonFinite(self._generation, self.run.progress, error.quantity))
        self._report()
        self._emit(events.Paused(self._generation, self.run.progress))

    def _train_discriminator(self, command: commands.TrainDiscriminator) -> None:
        self._check_paused("training D to optimality")
        self._optimising = DiscriminatorTraining(self.run, command, self._generation)
        self._last_optimality = time.perf_counter()
        self._emit(self._optimising.latest)

    def _walk(self, command: commands.WalkIteration) -> None:
        self._check_paused("walking through an iteration")
        try:
            steps = walk_iteration(self.run)
            self._emit(events.Walkthrough(self._generation, self.run.progress, steps))
        except NonFiniteError as error:
            self._emit(events.NonFinite(self._generation, self.run.progress, error.quantity))
        self._report()
        self._emit(events.Paused(self._generation, self.run.progress))

    def _play_toy(self, command: commands.PlayToy) -> None:
        self._emit(toy_played(command, self._generation))

    def _sample_outputs(self, command: commands.SampleOutputs) -> None:
        self._emit(outputs_sampled(self.run, command, self._generation))

    def _approximate(self, command: commands.Approximate) -> None:
        self._approximating = None
        self._approximating = ApproximationJob(command, self._run, self._generation)
        self._emit(self._approximating.latest)

    def _go_on_approximating(self, job: ApproximationJob) -> None:
        try:
            is_news = job.advance(BURST_SECONDS)
        except Exception as error:  # noqa: BLE001  as above
            self._approximating = None
            self._fail(error)
            return
        if job.finished:
            self._approximating = None
        if is_news:
            self._emit(job.latest)

    def _stop_approximating(self, command: commands.StopApproximating) -> None:
        job, self._approximating = self._approximating, None
        if job is not None:
            self._emit(job.stop())

    def _check_paused(self, before: str) -> None:
        if self._playing or self._optimising is not None:
            raise UserError(f"pause training before {before}")

    def _limit_speed(self, command: commands.LimitSpeed) -> None:
        limit = command.iterations_per_second
        if limit is not None and not limit > 0:
            raise UserError(f"a speed limit must be above 0 iterations/s, not {limit:g}", field="speed limit")
        if limit != self._tempo.limit and self._run is not None:
            # What was seldom for want of time need not wait for its turn at this speed.
            self._pace = Pace(self._run.measure_seconds, self._run.progress.seconds)
            self._run.measure_spacing = 1
        self._tempo.limit_to(limit)
        if self._population is not None:
            self._population.limit_speed(limit)

    def _choose_engine(self, command: commands.ChooseEngine) -> None:
        self._engine = command.engine
        self._engines.choose(command.engine)
        if self._population is not None:
            self._population.choose_engine(command.engine)

    def _tell_engine(self, engine: str, preparing: bool, reason: str) -> None:
        progress, at = self.run.progress, self.run.placed
        self._emit(events.EngineChanged(self._generation, progress, engine, preparing, reason, at.name, at.reason))

    def _restore(self, command: commands.Restore) -> None:
        run = self.run
        if self._optimising is not None:
            self._stand_still()
        run.restore(command.snapshot)
        self._pace.begin_at(run.measure_seconds, run.progress.seconds)
        self._sent_rows = len(run.history.rows)
        self._sent_measures = len(run.history.measures)
        self._sent_engines = len(run.history.engines)
        self._sent_timeline = run.progress.iteration
        self._emit(events.Restored(self._generation, run.progress))

    def _request_frame(self, command: commands.RequestFrame) -> None:
        self._emit(look(self.run, command, self._generation, self._tempo.rate.value))

    def _request_snapshot(self, command: commands.RequestSnapshot) -> None:
        self._report()
        self._emit(events.SnapshotTaken(self._generation, self.run.snapshot(), requested=True))

    def _end(self, command: commands.Quit) -> None:
        self._playing = False
        self._optimising = None
        self._quit = True

    _handlers: ClassVar[dict[type, Callable[[Trainer, Any], None]]] = {
        commands.Start: _start,
        StartPopulation: _start_population,
        RequestPopulationFrame: _request_population_frame,
        commands.Apply: _apply,
        commands.Play: _play,
        commands.Pause: _pause,
        commands.Update: _update,
        commands.TrainDiscriminator: _train_discriminator,
        commands.WalkIteration: _walk,
        commands.PlayToy: _play_toy,
        commands.Approximate: _approximate,
        commands.StopApproximating: _stop_approximating,
        commands.SampleOutputs: _sample_outputs,
        commands.LimitSpeed: _limit_speed,
        commands.ChooseEngine: _choose_engine,
        commands.Restore: _restore,
        commands.RequestFrame: _request_frame,
        commands.RequestSnapshot: _request_snapshot,
        commands.Quit: _end,
    }
