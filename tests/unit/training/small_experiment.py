"""An experiment that trains in milliseconds."""

from __future__ import annotations

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value


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
