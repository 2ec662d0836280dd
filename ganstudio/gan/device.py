"""Where tensors live, and where they had better live.

``auto`` goes by parameters of both players × samples of a batch, to which the work of an iteration is proportional.
An iteration is some 500 operations. A GPU takes about 5 ms to be told of them, however small they are; one core of a
CPU takes 8 ms for all of 2×64 at batch 256 (3·10⁶), 28 ms for 3×256 (7·10⁷) and 256 ms for 3×512 at batch 1024 (10⁹),
as it is written, and a half to a quarter of that compiled. So the GPU begins in between. Recorded as a CUDA graph, an
iteration is told at once, and the GPU would be worth it earlier: how much earlier has not been measured.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import torch

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.gan.game import Game
from ganstudio.gan.trees import mapped

Tree = TypeVar("Tree")

WORTH_A_GPU = 2**26
"""Parameters × batch from which ``auto`` takes a GPU where there is one."""


class Placed(NamedTuple):
    """Where the tensors of an experiment live: ``cpu``, ``cuda`` or ``mps``; and why, where ``auto`` chose it."""

    name: str
    reason: str = ""


def device_of(experiment: Experiment) -> torch.device:
    """The device on which the experiment is played.

    Raises:
        UserError: this machine does not have what was asked for; the message lists those it has.
    """
    return torch.device(placed(experiment).name)


def placed(experiment: Experiment) -> Placed:
    """The device that the experiment asks for, or the one that ``auto`` chooses.

    Raises:
        UserError: as above.
    """
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    there = [name for name, is_there in available.items() if is_there]
    if experiment.device == "auto":
        return _chosen(experiment, there)
    if experiment.device not in there:
        raise UserError(f"this machine has no {experiment.device}; it has: {', '.join(there)}", field="device")
    return Placed(experiment.device)


def _chosen(experiment: Experiment, there: list[str]) -> Placed:
    gpu = next((name for name in ("cuda", "mps") if name in there), None)
    if gpu is None:
        return Placed("cpu", "there is no GPU that torch can use")
    game, batch = Game.of(experiment), experiment.training.batch_size
    parameters = game.generator.parameters.size + game.discriminator.parameters.size
    small = parameters * batch < WORTH_A_GPU
    side = "below" if small else "not below"
    work = f"{parameters:,} parameters × batch {batch:,} is {side} {WORTH_A_GPU:,}"
    return Placed("cpu" if small else gpu, f"{work}: {'faster than on a GPU' if small else 'large enough for a GPU'}")


def moved(tree: Tree, device: torch.device) -> Tree:
    """A tuple of tensors, nested as it may be, on ``device``; on the CPU it is the tree itself."""
    if device.type == "cpu":
        return tree
    return mapped(tree, lambda tensor: tensor.to(device))  # type: ignore[no-any-return]
