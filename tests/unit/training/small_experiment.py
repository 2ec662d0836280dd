"""An experiment that trains in milliseconds, and whether two runs of it are at the same place."""

from __future__ import annotations

import numpy as np

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages.snapshot import Snapshot


def small(**changes: object) -> Experiment:
    """The default with tiny networks and batches; ``changes`` are paths with ``__`` for their dots."""
    experiment = Experiment()
    base: dict[str, object] = {
        "generator.widths": [6],
        "discriminator.widths": [6],
        "discriminator.fourier_features": 0,
        "training.batch_size": 8,
        "measure.samples": 1000,
        "measure.every": 10**6,
    }
    for path, value in (base | {path.replace("__", "."): value for path, value in changes.items()}).items():
        experiment = with_value(experiment, path, value)
    return experiment


def same(first: Snapshot, second: Snapshot) -> bool:
    """Whether all arrays are, bit for bit, and the counts of iterations and updates."""
    counters = [
        (s.progress.iteration, s.progress.discriminator_updates, s.progress.generator_updates) for s in (first, second)
    ]
    return counters[0] == counters[1] and all(
        np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays.keys() | second.arrays.keys()
    )
