"""Which networks are to be fitted to which optimal discriminator, as plain records.

Their mathematics is in :mod:`ganstudio.gan.approximation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganstudio.experiment.networks import Activation

PairName = Literal["run", "broad", "gaussians"]
FitLoss = Literal["cross_entropy", "logit"]


@dataclass(frozen=True)
class Approximation:
    """Networks of every width and depth here, fitted to D* = p/(p + q) of one pair, each from its own initialisation.

    pair: ``run`` is the target against G as it stands, its density estimated; ``broad`` the target against a normal
        distribution 1.5 times as broad; ``gaussians`` are N((−.7, 0), .5²) and N((.7, 0), 1), and need no run.
    widths, depths: units of a hidden layer, and how many there are; all combinations are fitted.
    loss: ``cross_entropy`` is −D* log D − (1 − D*) log(1 − D), what V is made of; ``logit`` the squared error of the
        logit of D, D*'s being held within ±``gan.approximation.MOST_LOGIT``.
    iterations, batch, learning_rate: of Adam, the rate falling to 0 along a cosine.
    seed: of points and initialisations.
    """

    pair: PairName = "gaussians"
    widths: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    depths: tuple[int, ...] = (1, 2, 3)
    activation: Activation = "relu"
    loss: FitLoss = "cross_entropy"
    iterations: int = 2000
    batch: int = 256
    learning_rate: float = 1e-2
    seed: int = 0

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(depth, width) of every network, in the order of all results."""
        return tuple((depth, width) for depth in self.depths for width in self.widths)
