"""One optimizer step as a function, executed by torch.optim's own functional forms on a flat vector.

Moments are one tensor (3, P) whatever the optimizer, so a state has the same shape for all of them:

    SGD      momentum · –            · –
    Adam(W)  mean     · squared mean · largest squared mean
    RMSprop  squared mean · momentum · mean
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim.adam import adam as adam_
from torch.optim.rmsprop import rmsprop as rmsprop_
from torch.optim.sgd import sgd as sgd_

from ganstudio.experiment.optimizers import SGD, Adam, AdamW, Optimizer, RMSprop

MOMENTS = 3


def optimizer_step(
    spec: Optimizer, learning_rate: float, parameters: Tensor, gradient: Tensor, moments: Tensor, steps: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Parameters (P,), moments (3, P) and the number of steps () after one step; no argument is changed.

    ``learning_rate`` is the scheduled one: it stands in for the spec's own.
    """
    # The functional forms write in place, so they are given copies.
    parameters, moments, steps = parameters.clone(), moments.clone(), steps.clone()
    _STEPS[type(spec)](spec, learning_rate, parameters, gradient, moments, steps)
    return parameters, moments, steps


def clip_gradient(gradient: Tensor, norm: Tensor, limit: float) -> Tensor:
    """g · min(1, limit / ‖g‖); a limit of 0 does not clip."""
    return gradient * (limit / (norm + 1e-12)).clamp(max=1.0) if limit > 0 else gradient


def _sgd(spec: SGD, rate: float, parameters: Tensor, gradient: Tensor, moments: Tensor, steps: Tensor) -> None:
    # The buffer begins at 0 rather than at the first gradient: the same unless dampening is used.
    steps += 1
    sgd_(
        [parameters],
        [gradient],
        [moments[0] if spec.momentum else None],
        foreach=False,
        weight_decay=spec.weight_decay,
        momentum=spec.momentum,
        lr=rate,
        dampening=spec.dampening,
        nesterov=spec.nesterov,
        maximize=False,
    )


def _adam(spec: Adam, rate: float, parameters: Tensor, gradient: Tensor, moments: Tensor, steps: Tensor) -> None:
    adam_(
        [parameters],
        [gradient],
        [moments[0]],
        [moments[1]],
        [moments[2]] if spec.amsgrad else [],
        [steps],
        foreach=False,
        fused=parameters.dtype == torch.float32 and parameters.device.type in ("cpu", "cuda"),
        decoupled_weight_decay=isinstance(spec, AdamW),
        amsgrad=spec.amsgrad,
        beta1=spec.beta1,
        beta2=spec.beta2,
        lr=rate,
        weight_decay=spec.weight_decay,
        eps=spec.epsilon,
        maximize=False,
    )


def _rmsprop(spec: RMSprop, rate: float, parameters: Tensor, gradient: Tensor, moments: Tensor, steps: Tensor) -> None:
    rmsprop_(
        [parameters],
        [gradient],
        [moments[0]],
        [moments[2]] if spec.centered else [],
        [moments[1]] if spec.momentum else [],
        [steps],
        foreach=False,
        lr=rate,
        alpha=spec.alpha,
        eps=spec.epsilon,
        weight_decay=spec.weight_decay,
        momentum=spec.momentum,
        centered=spec.centered,
    )


_STEPS: dict[type, Callable[[Any, float, Tensor, Tensor, Tensor, Tensor], None]] = {
    SGD: _sgd,
    Adam: _adam,
    AdamW: _adam,
    RMSprop: _rmsprop,
}
