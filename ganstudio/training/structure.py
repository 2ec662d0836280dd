"""What a compiled update depends on: all of a game that is no input of it."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from pathlib import Path
from typing import Any

import torch

import ganstudio.gan
import ganstudio.training
from ganstudio.experiment import Experiment
from ganstudio.gan.live import live_values

FORMAT = 1
"""Of the files in the cache; a higher one leaves the older files unread."""
OUTSIDE: dict[str, Any] = {
    "target": True,
    "normalisation": True,
    "measure": True,
    "stop": True,
    "seed": True,
    "latent": {"prior"},
    "generator": {"initialisation", "fourier_scale"},
    "discriminator": {"initialisation", "fourier_scale"},
    "penalty_schedule": True,
    "training": {"discriminator_updates", "generator_updates", "ema_decay"},
    "optimizers": {"generator": {"learning_rate", "schedule"}, "discriminator": {"learning_rate", "schedule"}},
    "updates": {"lookahead"},
}
"""What an update does not see, or is given with its draw."""


def structure(experiment: Experiment) -> dict[str, Any]:
    """All that decides what there is to compute; of live numbers only which of them are on."""
    tree: dict[str, Any] = experiment.model_dump(mode="json", exclude=OUTSIDE)
    for path in live_values(experiment):
        *names, last = path.split(".")
        record = tree
        for name in names:
            record = record[name]
        record[last] = "on"
    schedule, latent = experiment.penalty_schedule, experiment.latent
    # A table of latents is looked up by the quantiles of the prior, and a mixture's centres follow from the seed.
    table = [latent.prior.model_dump(mode="json"), experiment.seed] if experiment.generator.table_rows else None
    return tree | {
        "dimension": type(experiment.target).dimension,
        "device": "cpu" if experiment.device == "auto" else experiment.device,  # auto: by the rest, on one machine
        "ema": experiment.training.ema_decay > 0,
        "lookahead": experiment.updates.lookahead > 0,
        "table": table,
        "lazy": schedule.every > 1,
        "scaled": schedule.weights.kind != "constant",
    }


def key(experiment: Experiment, members: int | None = None) -> str:
    """A name for what was compiled for this experiment, on this machine, by this version: 40 hexadecimal digits.

    With a number of ``members``: for a population of so many that have this experiment in common.
    """
    text = json.dumps([structure(experiment), members, _surroundings()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


@cache
def _surroundings() -> list[str]:
    """Whatever else goes into compiled code: the mathematics itself, torch, and the processor."""
    source = hashlib.sha256(ganstudio.__version__.encode())
    rooms = (*ganstudio.gan.__path__, *ganstudio.training.__path__)  # the step, and how it is made into a graph
    for path in sorted(file for room in rooms for kind in ("*.py", "*.h") for file in Path(room).glob(kind)):
        source.update(path.name.encode() + path.read_bytes())
    return [str(FORMAT), source.hexdigest(), torch.__version__, platform.platform(), _processor()]


def _processor() -> str:
    """What the processor can do; code for one with more instructions would end the program on another."""
    information = Path("/proc/cpuinfo")
    if information.is_file():
        lines = information.read_text(encoding="utf-8").splitlines()
        told = {line.partition(":")[0].strip(): line.partition(":")[2].strip() for line in lines}
        return " ".join(told.get(name, "") for name in ("model name", "flags", "Features"))
    return f"{platform.machine()} {platform.processor()} {torch.backends.cpu.get_cpu_capability()}"
