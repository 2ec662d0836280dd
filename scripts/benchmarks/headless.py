"""The window's trainer without the window: ``headless.py PRESET SECONDS ENGINE [unmeasured]``; its rate as JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import cast

import torch

from ganstudio.experiment.change import with_value
from ganstudio.experiment.presets import preset
from ganstudio.messages import commands, events
from ganstudio.training.engine_choice import engine_for
from ganstudio.training.trainer import Trainer

WARM_UP_SECONDS = 2.0
SELDOM = 100_000
"""Iterations from one measurement to the next where none is wanted."""


def main(name: str, seconds: float, engine: commands.EngineChoice, *, measured: bool) -> None:
    """Train for so long after a warm-up; what has to be compiled is compiled before."""
    torch.set_num_threads(1)
    experiment = preset(name).experiment
    if not measured:
        experiment = with_value(experiment, "measure.every", SELDOM)
    if reason := engine_for(experiment, engine, None).reason:
        raise SystemExit(reason)
    trainer = Trainer(_check, engine)
    trainer.handle(commands.Start(experiment, 1))
    trainer.handle(commands.Play())
    _train(trainer, WARM_UP_SECONDS)
    before, started, worked = trainer.run.progress.iteration, time.perf_counter(), time.process_time()
    _train(trainer, seconds)
    iterations = trainer.run.progress.iteration - before
    elapsed, worked = time.perf_counter() - started, time.process_time() - worked
    print(json.dumps({"rate": iterations / elapsed, "rate_per_processor_second": iterations / worked}))


def _train(trainer: Trainer, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and trainer.playing:
        trainer.work()


def _check(event: events.Event) -> None:
    if isinstance(event, events.Failed | events.NonFinite):
        raise SystemExit(str(event))


if __name__ == "__main__":
    main(
        sys.argv[1], float(sys.argv[2]), cast(commands.EngineChoice, sys.argv[3]), measured="unmeasured" not in sys.argv
    )
