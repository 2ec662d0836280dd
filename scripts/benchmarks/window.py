"""The real window while it trains: ``window.py PRESET SECONDS WxH [--engine E] [--layers all|default] [--long] …``.

Prints as JSON the rate of training, the frames shown, the gaps between ticks of a GUI timer, this process's share of a
core, and what this process and the trainer's hold in memory, in MB, with its growth since the warm-up. ``--long`` goes
on with a run of 100,000 iterations, and shows 10,000 real and as many generated samples. With ``--profile FILE`` the
functions of this process that took longest go to a file (and the numbers suffer).
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import os
import pstats
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from process_figures import processor_seconds, resident_megabytes
from PySide6.QtCore import QObject, Qt, QTimer

from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import preset
from ganstudio.messages.commands import RequestFrame
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, HistoryChunk
from ganstudio.messages.snapshot import Snapshot
from ganstudio.session.session import Session
from ganstudio.ui.app import application_of, dress
from ganstudio.ui.canvas import plane_layers
from ganstudio.ui.garbage import GarbageCollector, map_large_pieces
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import ENGINE, WELCOMED, Settings
from ganstudio.ui.theme import ThemeController
from ganstudio.ui.trainer_thread import TrainerThread
from ganstudio.ui.training_run import RunState

TICK_MILLISECONDS = 16
WARM_UP_SECONDS = 3.0
LONG_ITERATIONS = 100_000
LONG_SAMPLES = 10_000
"""Of each side."""


class Measurement(QObject):
    """Waits until the window trains, lets it warm up, measures, and tells."""

    def __init__(
        self,
        window: MainWindow,
        trainers: list[TrainerThread],
        options: argparse.Namespace,
        done: Callable[[dict[str, float]], None],
    ) -> None:
        super().__init__(window)
        self._trainers = trainers
        self._window, self._options, self._done = window, options, done
        self._ticks: list[float] = []
        self._frames = 0
        self._asked = False
        window.studio.run.state_changed.connect(self._on_state)
        window.studio.run.frame_arrived.connect(self._on_frame)
        self._timer = QTimer(self, interval=TICK_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def _on_state(self, state: RunState) -> None:
        if state is RunState.FAILED:
            raise SystemExit("the trainer failed")
        if state is RunState.PAUSED and not self._asked:
            self._asked = True
            stage, studio = self._window.stage, self._window.studio
            if self._options.layers == "all":
                stage.restore_layers(tuple(replace(layer, visible=True) for layer in stage.layer_states()))
            studio.change(preset(self._options.preset).experiment, "preset")
            if self._options.long:
                studio.run.request_session(self._lengthen)
            else:
                self._play()

    def _lengthen(self, session: Session) -> None:
        """Go on with a run that is as long as if it had been trained for minutes."""
        if session.snapshot is None:
            raise SystemExit("the run has not begun")
        self._window.studio.set_session(long_session(session.experiment, session.snapshot))
        self._play()

    def _play(self) -> None:
        self._window.studio.play()
        QTimer.singleShot(int(self._options.warm_up * 1000), self, self._begin)

    def _begin(self) -> None:
        self._frames = 0
        self._ticks.clear()
        self._before = self._window.studio.run.progress.iteration
        self._started, self._worked = time.perf_counter(), time.process_time()
        self._trained = self._processor_seconds()
        self._held = self._memory()
        self._timer.start()
        QTimer.singleShot(int(self._options.seconds * 1000), self, self._end)

    def _tick(self) -> None:
        self._ticks.append(time.perf_counter())

    def _on_frame(self, frame: object) -> None:
        self._frames += 1

    def _end(self) -> None:
        self._timer.stop()
        elapsed = time.perf_counter() - self._started
        iterations = self._window.studio.run.progress.iteration - self._before
        gaps = np.diff(self._ticks) * 1000
        memory = self._memory()
        self._done(
            {
                "rate": iterations / elapsed,
                "rate_per_processor_second": iterations / (self._processor_seconds() - self._trained),
                "frames": self._frames / elapsed,
                "gap_p50": float(np.percentile(gaps, 50)),
                "gap_p95": float(np.percentile(gaps, 95)),
                "gap_max": float(gaps.max()),
                "window_memory": memory[0],
                "trainer_memory": memory[1],
                "window_growth": memory[0] - self._held[0],
                "trainer_growth": memory[1] - self._held[1],
                "window_cpu": 100 * (time.process_time() - self._worked) / elapsed,
            }
        )

    def _memory(self) -> tuple[float, float]:
        return resident_megabytes(os.getpid()), resident_megabytes(self._trainers[-1].process_id or 0)

    def _processor_seconds(self) -> float:
        return processor_seconds(self._trainers[-1].process_id or 0)


def long_session(experiment: Experiment, snapshot: Snapshot) -> Session:
    """A session of ``LONG_ITERATIONS``, its curves made up: noise around a slow decay."""
    rng, iterations = np.random.default_rng(0), np.arange(1, LONG_ITERATIONS + 1, dtype=float)
    rows = 1.0 + 0.3 * rng.standard_normal((LONG_ITERATIONS, len(COLUMNS)))
    rows *= np.exp(-iterations / LONG_ITERATIONS)[:, None]
    rows = rows.astype(np.float32).astype(float)  # as a trainer's are
    rows[:, 0] = iterations
    every = experiment.measure.every
    measures = 0.1 + 0.01 * rng.standard_normal((LONG_ITERATIONS // every, len(MEASURE_COLUMNS)))
    measures[:, 0] = np.arange(1, len(measures) + 1) * every
    progress = replace(
        snapshot.progress,
        iteration=LONG_ITERATIONS,
        discriminator_updates=LONG_ITERATIONS * experiment.training.discriminator_updates,
        generator_updates=LONG_ITERATIONS * experiment.training.generator_updates,
    )
    return Session(experiment, replace(snapshot, progress=progress), HistoryChunk(rows, measures))


def show_many_samples(window: MainWindow) -> None:
    """Ask for more samples than the window does by itself."""
    look = window.studio.run.look

    def look_at_many() -> RequestFrame | None:
        request = look()
        return None if request is None else replace(request, points=LONG_SAMPLES)

    window.studio.run.look = look_at_many


def main(options: argparse.Namespace) -> None:
    """Open the window, measure, close it."""
    application = application_of(sys.argv[:1])
    settings = Settings()
    settings.set(WELCOMED, True)
    settings.set(ENGINE, options.engine)  # as headless.py trains; auto would have a compiler at work beside it
    themes = ThemeController(application, "light")
    dress(application, themes)
    trainers: list[TrainerThread] = []

    def make_trainer() -> TrainerThread:
        trainers.append(TrainerThread())
        return trainers[-1]

    map_large_pieces()  # as ganstudio.ui.app has it
    garbage = GarbageCollector()
    window = MainWindow(settings, themes, make_trainer)
    window.resize(*(int(side) for side in options.size.split("x")))
    if options.long:
        plane_layers.REAL_SAMPLES = LONG_SAMPLES
        show_many_samples(window)
    gc.freeze()
    window.show()
    profiler = cProfile.Profile()

    def done(numbers: dict[str, float]) -> None:
        profiler.disable()
        window.shut_down()
        print(json.dumps(numbers), flush=True)
        application.quit()

    measurement = Measurement(window, trainers, options, done)
    QTimer.singleShot(0, window, window.begin)
    if options.profile is not None:
        profiler.enable()
    application.exec()
    garbage.close()
    del measurement
    if options.profile is not None:
        with options.profile.open("w", encoding="utf-8") as output:
            statistics: Any = pstats.Stats(profiler, stream=output)
            statistics.sort_stats("tottime").print_stats(45)
            statistics.sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("preset")
    parser.add_argument("seconds", type=float)
    parser.add_argument("size")
    parser.add_argument("--engine", choices=("eager", "compiled"), default="eager")
    parser.add_argument("--layers", choices=("all", "default"), default="all")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--warm-up", type=float, default=WARM_UP_SECONDS)
    parser.add_argument("--profile", type=Path)
    main(parser.parse_args())
