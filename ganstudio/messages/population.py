"""What crosses about a population: many runs that are trained at once, each member an experiment of its own.

``Play``, ``Pause``, ``LimitSpeed`` and ``ChooseEngine`` mean for it what they mean for a single run; so do ``Playing``,
``Paused``, ``EngineChanged`` and ``Failed``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment import Experiment
from ganstudio.messages.snapshot import Floats, Progress

MOST_POINTS = 1000
"""Of a member in a frame."""


@dataclass(frozen=True)
class StartPopulation:
    """Begin population number ``generation``, each member from its own initialisation, in place of what there was."""

    generation: int
    members: tuple[Experiment, ...]


@dataclass(frozen=True)
class RequestPopulationFrame:
    """Generate ``points`` samples of each member, for looking; at most ``MOST_POINTS``."""

    generation: int
    points: int


@dataclass(frozen=True)
class Burst:
    """The ``count`` iterations after ``progress``, played at once by all members that are not ``broken``."""

    progress: Progress
    count: int
    broken: tuple[int, ...] = ()


@dataclass(frozen=True)
class PopulationStarted:
    """A population is initialised; ``engine`` is ``eager`` or ``compiled``."""

    generation: int
    members: int
    engine: str


@dataclass(frozen=True)
class PopulationFrame:
    """A look at all members at one iteration.

    points: (members, n, dimension), data coordinates, of fixed latents, so row i of a member is the same latent in
    every frame. jsd: (members,), nats, as it was measured last; NaN before that. broken: (members,), whose numbers
    stopped being finite: they stand still right before that. ``iterations_per_second`` counts an iteration of all
    members as one.
    """

    generation: int
    progress: Progress
    points: Floats
    jsd: NDArray[np.float64]
    broken: NDArray[np.bool_]
    iterations_per_second: float


@dataclass(frozen=True)
class PopulationMeasured:
    """The JSD of every member, (members,) in nats, NaN of broken ones; and the floor, that of a perfect generator."""

    generation: int
    iteration: int
    jsd: NDArray[np.float64]
    floor: float


# Between the process that has a population, and those that play some of its members each.


@dataclass(frozen=True)
class TakeMembers:
    """Play these members, ``group`` at a time, of a population whose members have the experiment ``common``.

    first: how many members there are before them. normalisations: centre and scale of each, per axis. folder: where
    their compiled updates are. shapes: those of their state's tensors in the shared memory.
    """

    first: int
    members: tuple[Experiment, ...]
    common: Experiment
    normalisations: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]
    group: int
    folder: str
    shapes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class MembersTaken:
    """They can be played now."""


@dataclass(frozen=True)
class PlayBurst:
    """Play it from the state after the last burst or, ``anew``, from that in the shared memory."""

    burst: Burst
    anew: bool


@dataclass(frozen=True)
class BurstPlayed:
    """The shared memory has the state; rows: (count, members, 8), history's columns after the iteration's number."""

    rows: Floats
