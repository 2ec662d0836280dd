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
from ganstudio.gan.live import LiveNumber

MOMENTS = 3


def optimizer_step(
    spec: Optimizer,
    learning_rate: float | LiveNumber,
    parameters: Tensor,
    gradient: Tensor,
    moments: Tensor,
    steps: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Parameters (P,), moments (3, P) and the number of steps () after one step; no argument is changed.

    ``learning_rate`` is the scheduled one: it stands in for the spec's own.
    """
    if isinstance(learning_rate, LiveNumber):  # torch's functional forms would make constants of what is live
        return differentiable_step(spec, learning_rate, parameters, gradient, moments, steps)
    # The functional forms write in place, so they are given copies.
    parameters, moments, steps = parameters.clone(), moments.clone(), steps.clone()
    _STEPS[type(spec)](spec, learning_rate, parameters, gradient, moments, steps)
    return parameters, moments, steps


def optimistic(before: Tensor, after: Tensor, previous: Tensor) -> tuple[Tensor, Tensor]:
    """θ + 2Δ_t − Δ_{t−1} for the optimizer's own step Δ_t from ``before`` to ``after``, (P,), and Δ_t for next time.

    Where ``previous`` is NaN nothing went before: Δ_{t−1} = Δ_t. Daskalakis et al. 2018, equation 5 and algorithm 1.
    """
    step = after - before
    return after + step - torch.where(previous.isnan(), step, previous), step


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


def differentiable_step(
    spec: Optimizer,
    learning_rate: float | LiveNumber,
    parameters: Tensor,
    gradient: Tensor,
    moments: Tensor,
    steps: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """What :func:`optimizer_step` computes, out of place, so that it can be differentiated through."""
    if spec.weight_decay > 0:
        if isinstance(spec, AdamW):
            parameters = parameters * (1 - learning_rate * spec.weight_decay)
        else:
            gradient = gradient + spec.weight_decay * parameters
    steps = steps + 1
    direction, moments = _DIRECTIONS[type(spec)](spec, gradient, moments, steps)
    return parameters - learning_rate * direction, moments, steps


def _root(x: Tensor) -> Tensor:
    """√x with slope 0 where x is 0, as the gradients of silent units are."""
    positive = x > 0
    return torch.where(positive, torch.where(positive, x, 1.0).sqrt(), 0.0)


def _sgd_direction(spec: SGD, gradient: Tensor, moments: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
    if not spec.momentum:
        return gradient, moments
    velocity = spec.momentum * moments[0] + (1 - spec.dampening) * gradient
    direction = gradient + spec.momentum * velocity if spec.nesterov else velocity
    return direction, torch.stack([velocity, moments[1], moments[2]])


def _adam_direction(spec: Adam, gradient: Tensor, moments: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
    mean = spec.beta1 * moments[0] + (1 - spec.beta1) * gradient
    square = spec.beta2 * moments[1] + (1 - spec.beta2) * gradient.square()
    largest = torch.maximum(moments[2], square) if spec.amsgrad else moments[2]
    denominator = _root(largest if spec.amsgrad else square) / (1 - spec.beta2**steps).sqrt() + spec.epsilon
    return mean / (1 - spec.beta1**steps) / denominator, torch.stack([mean, square, largest])


def _rmsprop_direction(spec: RMSprop, gradient: Tensor, moments: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
    square = spec.alpha * moments[0] + (1 - spec.alpha) * gradient.square()
    mean = spec.alpha * moments[2] + (1 - spec.alpha) * gradient if spec.centered else moments[2]
    scaled = gradient / (_root(square - mean.square() if spec.centered else square) + spec.epsilon)
    velocity = spec.momentum * moments[1] + scaled if spec.momentum else moments[1]
    return velocity if spec.momentum else scaled, torch.stack([square, velocity, mean])


_DIRECTIONS: dict[type, Callable[[Any, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]] = {
    SGD: _sgd_direction,
    Adam: _adam_direction,
    AdamW: _adam_direction,
    RMSprop: _rmsprop_direction,
}

_STEPS: dict[type, Callable[[Any, float, Tensor, Tensor, Tensor, Tensor], None]] = {
    SGD: _sgd,
    Adam: _adam,
    AdamW: _adam,
    RMSprop: _rmsprop,
}
