"""The real window, training, with every layer visible: ``window.py PRESET SECONDS WxH [--warm-up S] [--profile FILE]``.

Prints as JSON the rate of training, the frames shown, the gaps between ticks of a GUI timer, this process's share of a
core, and what this process and the trainer's hold in memory, in MB, with its growth since the warm-up. With --profile,
the functions of this process that took longest go to FILE (and the numbers suffer).
"""

from __future__ import annotations

import argparse
import cProfile
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

from ganstudio.experiment.presets import preset
from ganstudio.ui.app import application_of, dress
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import ENGINE, WELCOMED, Settings
from ganstudio.ui.theme import ThemeController
from ganstudio.ui.trainer_thread import TrainerThread
from ganstudio.ui.training_run import RunState

TICK_MILLISECONDS = 16
WARM_UP_SECONDS = 3.0


class Measurement(QObject):
    """Waits until the window trains, lets it warm up, measures, and tells."""

    def __init__(
        self,
        window: MainWindow,
        trainers: list[TrainerThread],
        name: str,
        seconds: float,
        warm_up: float,
        done: Callable[[dict[str, float]], None],
    ) -> None:
        super().__init__(window)
        self._trainers = trainers
        self._window, self._name, self._seconds, self._done = window, name, seconds, done
        self._warm_up = warm_up
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
            self._window.stage.restore_layers(
                tuple(replace(layer, visible=True) for layer in self._window.stage.layer_states())
            )
            self._window.studio.change(preset(self._name).experiment, "preset")
            self._window.studio.play()
            QTimer.singleShot(int(self._warm_up * 1000), self, self._begin)

    def _begin(self) -> None:
        self._frames = 0
        self._ticks.clear()
        self._before = self._window.studio.run.progress.iteration
        self._started, self._worked = time.perf_counter(), time.process_time()
        self._trained = self._processor_seconds()
        self._held = self._memory()
        self._timer.start()
        QTimer.singleShot(int(self._seconds * 1000), self, self._end)

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


def main(name: str, seconds: float, size: str, warm_up: float, profile: Path | None) -> None:
    """Open the window, measure, close it."""
    application = application_of(sys.argv[:1])
    settings = Settings()
    settings.set(WELCOMED, True)
    settings.set(ENGINE, "eager")  # as headless.py trains; otherwise a compiler would be at work beside it
    themes = ThemeController(application, "light")
    dress(application, themes)
    trainers: list[TrainerThread] = []

    def make_trainer() -> TrainerThread:
        trainers.append(TrainerThread())
        return trainers[-1]

    window = MainWindow(settings, themes, make_trainer)
    window.resize(*(int(side) for side in size.split("x")))
    window.show()
    profiler = cProfile.Profile()

    def done(numbers: dict[str, float]) -> None:
        profiler.disable()
        window.shut_down()
        print(json.dumps(numbers), flush=True)
        application.quit()

    measurement = Measurement(window, trainers, name, seconds, warm_up, done)
    QTimer.singleShot(0, window, window.begin)
    if profile is not None:
        profiler.enable()
    application.exec()
    del measurement
    if profile is not None:
        with profile.open("w", encoding="utf-8") as output:
            statistics: Any = pstats.Stats(profiler, stream=output)
            statistics.sort_stats("tottime").print_stats(45)
            statistics.sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("preset")
    parser.add_argument("seconds", type=float)
    parser.add_argument("size")
    parser.add_argument("--warm-up", type=float, default=WARM_UP_SECONDS)
    parser.add_argument("--profile", type=Path)
    given = parser.parse_args()
    main(given.preset, given.seconds, given.size, given.warm_up, given.profile)
