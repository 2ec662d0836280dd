"""What the window (or a test) asks of the trainer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganstudio.experiment import Experiment
from ganstudio.messages.approximation import Approximation
from ganstudio.messages.population import RequestPopulationFrame, StartPopulation
from ganstudio.messages.snapshot import Floats, Snapshot
from ganstudio.messages.toys import Toy

MOST_LATENTS = 4096
"""Of a frame: what a person points at, not a way to sample."""

GRID_LINES, GRID_POINTS = 15, 61
"""Lines of the latent grid each way, and points of each, evenly spaced over ``gan.priors.prior_span``."""

EngineChoice = Literal["auto", "eager", "compiled"]
Layer = Literal["generated", "field", "gradients", "latent_grid", "histograms", "networks", "optimal", "outputs"]


@dataclass(frozen=True)
class Start:
    """Begin run number ``generation``: from the experiment's own initialisation, or from a snapshot of it."""

    experiment: Experiment
    generation: int
    snapshot: Snapshot | None = None


@dataclass(frozen=True)
class Apply:
    """Take over live changes; a structural one is refused (send ``Start``)."""

    experiment: Experiment


@dataclass(frozen=True)
class Play:
    """Train until told otherwise, or for a number of iterations."""

    iterations: int | None = None


@dataclass(frozen=True)
class Pause:
    """Stop training after the current burst."""


@dataclass(frozen=True)
class Update:
    """A single update of one player, while paused."""

    player: Literal["discriminator", "generator"]


@dataclass(frozen=True)
class TrainDiscriminator:
    """Train D to optimality against G as it stands, while paused: ordinary updates of D alone, counted as such.

    It ends by itself once V on a fixed evaluation batch has not gained ``least_gain`` nats within ``patience``
    updates, or after ``max_updates``; ``Pause`` ends it at once. Answered by ``Optimality`` events, then ``Paused``.
    """

    max_updates: int = 20_000
    patience: int = 500
    least_gain: float = 5e-4


@dataclass(frozen=True)
class WalkIteration:
    """Play one iteration, while paused, and tell all its numbers: answered by ``Walkthrough``, then ``Paused``."""


@dataclass(frozen=True)
class PlayToy:
    """Play a game of two numbers from each of ``starts``, (θ, ψ); needs no run. Answered by ``ToyPlayed``.

    ``request`` comes back with the answer. The field is wanted on ``grid``² points over ±``reach`` on both axes; 0
    wants none. With a ``seed`` instance noise is sampled rather than averaged over.
    """

    toy: Toy
    request: int
    starts: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    iterations: int = 500
    grid: int = 21
    reach: float = 2.0
    seed: int | None = None


@dataclass(frozen=True)
class SampleOutputs:
    """Ask D about ``count`` fresh real and as many fresh generated samples; answered by ``OutputsSampled``.

    For looking: the run is not changed. Draw number ``draw`` gives the same samples again; ``request`` comes back.
    """

    count: int
    draw: int
    request: int


@dataclass(frozen=True)
class Approximate:
    """Fit networks to an optimal discriminator, beside whatever run there is, in place of such a fit that is going on.

    ``request`` comes back with the answers: ``Approximated`` events, the last of them finished.
    """

    approximation: Approximation
    request: int


@dataclass(frozen=True)
class StopApproximating:
    """End that fit; answered by a last ``Approximated`` if there was one."""


@dataclass(frozen=True)
class LimitSpeed:
    """Train at most this many iterations a second; None is as fast as it goes."""

    iterations_per_second: float | None


@dataclass(frozen=True)
class ChooseEngine:
    """How iterations are executed from now on: eager, compiled as soon as that can be, or as the program thinks best.

    Answered by ``EngineChanged`` events, also later, when what was prepared is ready.
    """

    engine: EngineChoice


@dataclass(frozen=True)
class Restore:
    """Go back to this snapshot of the same run; history after it is dropped."""

    snapshot: Snapshot


@dataclass(frozen=True)
class RequestFrame:
    """Compute these layers once, for looking.

    ``view`` is x_min, x_max, y_min, y_max of the region in which the field and the arrows are wanted, in data
    coordinates; ``cells`` the field's cells along each axis; ``points`` the number of generated samples. ``latents``,
    (n, latent dimension) float32, n ≤ ``MOST_LATENTS``, are mapped by G as it is shown (``Frame.mapped``).
    ``axes`` are the latent coordinates that the latent grid runs along; the others are those of the first of
    ``latents``, or 0.
    """

    layers: tuple[Layer, ...]
    view: tuple[float, float, float, float]
    cells: int = 64
    points: int = 2000
    latents: Floats | None = None
    axes: tuple[int, int] = (0, 1)


@dataclass(frozen=True)
class RequestSnapshot:
    """Take a snapshot now, and send it."""


@dataclass(frozen=True)
class Quit:
    """End the trainer."""


Command = (
    Start
    | Apply
    | Play
    | Pause
    | Update
    | TrainDiscriminator
    | WalkIteration
    | PlayToy
    | Approximate
    | StopApproximating
    | SampleOutputs
    | LimitSpeed
    | ChooseEngine
    | Restore
    | RequestFrame
    | RequestSnapshot
    | StartPopulation
    | RequestPopulationFrame
    | Quit
)
