"""The trained networks of a session file, for the commands that need them."""

from __future__ import annotations

from pathlib import Path

import torch

from ganstudio.errors import UserError
from ganstudio.gan.checkpoint import to_state
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.metrics.model import Model
from ganstudio.metrics.trained_model import trained_model
from ganstudio.session.session import Session


def trained_generator(file: Path, session: Session) -> TrainedGenerator:
    """The generator in ``session``, which was read from ``file``.

    Raises:
        UserError: the session was never trained, or its state does not fit its experiment.
    """
    torch.set_num_threads(1)
    if session.snapshot is None:
        raise UserError("holds no trained generator; train it first (`ganstudio train --session …`)", file=file)
    try:
        return TrainedGenerator.from_snapshot(session.experiment, session.snapshot)
    except UserError as error:
        raise UserError(error.message, file=file, field=error.field) from error


def generator_with_discriminator(generator: TrainedGenerator, session: Session) -> Model:
    """``generator``, which came from ``session``, with the discriminator it was trained against."""
    if session.snapshot is None:
        raise ValueError("a generator comes from a session with a snapshot")
    return trained_model(generator, to_state(session.snapshot, generator.game))
