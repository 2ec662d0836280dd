"""The trained generator of a session file, for the commands that need one."""

from __future__ import annotations

from pathlib import Path

import torch

from ganstudio.errors import UserError
from ganstudio.gan.trained import TrainedGenerator
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
