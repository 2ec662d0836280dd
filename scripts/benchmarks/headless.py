"""The window's trainer without the window: ``headless.py PRESET SECONDS``; prints its rate as JSON."""

from __future__ import annotations

import json
import sys
import time

import torch

from ganstudio.experiment.presets import preset
from ganstudio.messages import commands, events
from ganstudio.training.trainer import Trainer

WARM_UP_SECONDS = 2.0


def main(name: str, seconds: float) -> None:
    """Train for so long after a warm-up."""
    torch.set_num_threads(1)
    trainer = Trainer(_check)
    trainer.handle(commands.Start(preset(name).experiment, 1))
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
    main(sys.argv[1], float(sys.argv[2]))
