"""What the members of a population draw, each from its own streams and as a single run of its experiment does."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ganstudio.gan.bundles import Bundle
from ganstudio.gan.device import device_of
from ganstudio.gan.draws import IterationInputs, Normaliser, burst_inputs
from ganstudio.gan.members import Members, stacked_inputs
from ganstudio.messages.population import Burst
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build

Normalisation = tuple[tuple[float, ...], tuple[float, ...]]
"""Centre and scale, per axis."""


class PopulationDraws:
    """The inputs of iterations for ``members``, whose samples are normalised by one of ``normalisations`` each.

    Raises:
        UserError: the target cannot be built.
    """

    def __init__(self, members: Members, normalisations: Sequence[Normalisation]) -> None:
        self.members = members
        self.normalisations = tuple(normalisations)
        self.normalisers = tuple(Normaliser.of(*normalisation) for normalisation in normalisations)
        self.target = build(members.common.experiment.target)
        self._device: torch.device = device_of(members.common.experiment)
        self._like = burst_inputs(members.common, self.target, self.normalisers[0], Progress(), 1)

    def inputs(self, burst: Burst, numbers: Sequence[int]) -> Bundle[IterationInputs]:
        """Those of the members with these numbers, one upon the other.

        Broken members are given what another one has, which they do not use.
        """
        playing = set(numbers).difference(burst.broken) or {numbers[0]}
        drawn = {
            number: burst_inputs(
                self.members.games[number], self.target, self.normalisers[number], burst.progress, burst.count
            )
            for number in sorted(playing)
        }
        some = next(iter(drawn.values()))
        return stacked_inputs([drawn.get(number, some) for number in numbers], self._like).on(self._device)
