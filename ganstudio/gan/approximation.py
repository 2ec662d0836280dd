r"""How well networks of a width and a depth represent one function: the optimal discriminator of a fixed pair.

    D*(x) = p(x)/(p(x) + q(x)),   a*(x) = log p(x) − log q(x),   D = σ(a)             Goodfellow et al. 2014, prop. 1

Points are drawn from m = (p + q)/2, where half of what D sees comes from either. Then

    cross entropy   E_m[−D* log D − (1 − D*) log(1 − D)] = −½ V(D)        so what is lost of V is twice its excess
    logit           E_m[(a − a*)²],  a* within ±10

and V(D*) − V(D) = 2 E_m KL(D* ‖ D), with KL of two coins. That networks of one hidden layer come as close as one likes
when they are wide enough is the universal approximation theorem (Cybenko 1989, Hornik 1991; Leshno et al. 1993: for any
activation that is no polynomial). It says nothing about finding the weights: what is seen here is both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ganstudio.experiment.networks import Network as NetworkSpec
from ganstudio.experiment.optimizers import Adam
from ganstudio.gan.network import Network
from ganstudio.gan.optimizers import MOMENTS, optimizer_step
from ganstudio.messages.approximation import Approximation, FitLoss

Floats = NDArray[np.float32]

MOST_LOGIT = 10.0
"""|a*| beyond this counts as this in the squared error of the logit: D* is 1 where q is 0."""

MEASURES = ("l2", "sup", "lost_value")
"""Of D − D* at held-out points: √E_m (D − D*)², max |D − D*|, V(D*) − V(D) in nats."""


@dataclass(frozen=True)
class Points:
    """Places of m, (n, dimension) and normalised, and a* there, (n,); infinite where only one of p and q is."""

    places: Tensor
    logits: Tensor

    def __len__(self) -> int:
        return len(self.places)


def _cross_entropy(outputs: Tensor, logits: Tensor) -> Tensor:
    """−D* log D − (1 − D*) log(1 − D) = softplus(a) − D* a, averaged."""
    return (functional.softplus(outputs) - torch.sigmoid(logits) * outputs).mean()


def _squared_logit(outputs: Tensor, logits: Tensor) -> Tensor:
    return (outputs - logits.clamp(-MOST_LOGIT, MOST_LOGIT)).square().mean()


LOSSES: dict[FitLoss, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": _cross_entropy,
    "logit": _squared_logit,
}
"""Outputs a and logits a*, (n,) each → () ."""


class Fitting:
    """Networks of several shapes on their way to one function; all see the same points in the same order."""

    def __init__(self, approximation: Approximation, training: Points, held_out: Points) -> None:
        self._approximation = approximation
        self._training, self._held_out = training, held_out
        self._loss = LOSSES[approximation.loss]
        self._batches = torch.Generator().manual_seed(approximation.seed)
        self._optimizer = Adam(learning_rate=approximation.learning_rate, beta1=0.9, beta2=0.999)
        self._members = [
            _Member.of(approximation, shape, training.places.shape[1], approximation.seed + 1 + number)
            for number, shape in enumerate(approximation.shapes)
        ]
        self.iteration = 0

    @property
    def parameter_counts(self) -> tuple[int, ...]:
        """Parameters of each network."""
        return tuple(member.parameters.numel() for member in self._members)

    def advance(self) -> None:
        """One iteration of every network."""
        approximation = self._approximation
        at = torch.randint(len(self._training), (approximation.batch,), generator=self._batches)
        places, logits = self._training.places[at], self._training.logits[at]
        rate = approximation.learning_rate * 0.5 * (1 + np.cos(np.pi * self.iteration / approximation.iterations))
        for member in self._members:
            member.update(self._optimizer, float(rate), places, logits, self._loss)
        self.iteration += 1

    def errors(self) -> NDArray[np.float64]:
        """``MEASURES`` of every network at the held-out points, (networks, 3)."""
        logits = self._held_out.logits.double()
        wanted = torch.sigmoid(logits)
        rows = []
        for member in self._members:
            outputs = member.outputs(self._held_out.places).double()
            off = torch.sigmoid(outputs) - wanted
            # KL of two coins; its entropy of D* has no logarithm of 0.
            own = torch.special.entr(wanted) + torch.special.entr(1 - wanted)
            lost = 2 * (functional.softplus(outputs) - wanted * outputs - own).mean()
            rows.append([float(off.square().mean().sqrt()), float(off.abs().max()), float(lost)])
        return np.array(rows)

    def probabilities(self, places: Tensor) -> Floats:
        """D of every network at normalised places (n, dimension): (networks, n)."""
        return np.stack([torch.sigmoid(member.outputs(places)).numpy() for member in self._members])


class _Member:
    """One network with its parameters and Adam's moments."""

    def __init__(self, network: Network, parameters: Tensor, buffers: Tensor) -> None:
        self.network, self.parameters, self.buffers = network, parameters, buffers
        self.moments = torch.zeros(MOMENTS, parameters.numel())
        self.steps = torch.zeros(())

    @classmethod
    def of(cls, approximation: Approximation, shape: tuple[int, int], dimension: int, seed: int) -> _Member:
        depth, width = shape
        spec = NetworkSpec(widths=(width,) * depth, activation=approximation.activation)
        network = Network(spec, dimension, 1)
        return cls(network, *network.initialise(torch.Generator().manual_seed(seed)))

    def update(
        self,
        optimizer: Adam,
        rate: float,
        places: Tensor,
        logits: Tensor,
        loss: Callable[[Tensor, Tensor], Tensor],
    ) -> None:
        parameters = self.parameters.requires_grad_()
        prepared = self.network.prepare(parameters, self.buffers, training=True)
        outputs, _ = self.network.forward(prepared, places, training=True)
        (gradient,) = torch.autograd.grad(loss(outputs[:, 0], logits), parameters)
        self.parameters, self.moments, self.steps = optimizer_step(
            optimizer, rate, parameters.detach(), gradient, self.moments, self.steps
        )

    def outputs(self, places: Tensor) -> Tensor:
        """a at places (n, dimension): (n,)."""
        with torch.no_grad():
            return self.network.evaluate(self.parameters, self.buffers, places)[:, 0]


def normalised(places: Sequence[Sequence[float]] | Floats, centre: Floats, scale: float) -> Tensor:
    """Places as the networks see them: (x − centre)/scale, float32."""
    return torch.from_numpy(((np.asarray(places, np.float32) - centre) / np.float32(scale)).astype(np.float32))
