"""What the trainer tells: all of it numbers of the running model. Every event names its run by its generation."""

from __future__ import annotations

from dataclasses import dataclass

from ganstudio.messages.history import HistoryChunk
from ganstudio.messages.snapshot import Floats, Progress, Snapshot


@dataclass(frozen=True)
class Started:
    """A run is initialised. Parameter counts, and the normalisation: data = centre + scale · normalised."""

    generation: int
    progress: Progress
    generator_parameters: int
    discriminator_parameters: int
    centre: tuple[float, ...]
    scale: tuple[float, ...]


@dataclass(frozen=True)
class Histograms:
    """D's outputs as probabilities, counted on one batch of real and one of generated samples.

    ``edges`` has one entry more than the counts. Outputs beyond the ends are counted in the end bins.
    """

    edges: Floats
    real: Floats
    generated: Floats


@dataclass(frozen=True)
class Field:
    """D as a probability (½ is undecided) on cell centres: ``values[row, column]``, row 0 at y_min.

    For 1-D targets there is one row. ``view`` is x_min, x_max, y_min, y_max.
    """

    values: Floats
    view: tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """A look at one iteration; layers that were not asked for are None.

    generated: (n, dimension) data coordinates, of fixed latents, so row i is the same latent in every frame.
    gradients: (m, 2 · dimension): position, then −∂L_G/∂x there, the direction in which D moves a sample.
    latent_grid: (lines, points, dimension): images of straight lines in latent space; 1-D latents give one line.
    networks: for each player its weight matrices, (out, in), first to last.
    """

    generation: int
    progress: Progress
    iterations_per_second: float
    generated: Floats | None = None
    field: Field | None = None
    gradients: Floats | None = None
    latent_grid: Floats | None = None
    histograms: Histograms | None = None
    generator_weights: tuple[Floats, ...] | None = None
    discriminator_weights: tuple[Floats, ...] | None = None


@dataclass(frozen=True)
class HistoryGrew:
    """New rows of history. ``progress`` is where the run stands after them."""

    generation: int
    progress: Progress
    chunk: HistoryChunk
    iterations_per_second: float


@dataclass(frozen=True)
class SnapshotTaken:
    """A snapshot for the timeline, or the one that was asked for (``requested``)."""

    generation: int
    snapshot: Snapshot
    requested: bool = False


@dataclass(frozen=True)
class Playing:
    """Training has begun or gone on."""

    generation: int


@dataclass(frozen=True)
class Paused:
    """Training stands still. ``reason`` says why when it was not asked for: a stop condition that holds."""

    generation: int
    progress: Progress
    reason: str = ""


@dataclass(frozen=True)
class Restored:
    """The run went back to this progress; history after it is gone."""

    generation: int
    progress: Progress


@dataclass(frozen=True)
class NonFinite:
    """Training paused itself: ``quantity`` became infinite or NaN at an iteration. The state is that before it."""

    generation: int
    progress: Progress
    quantity: str


@dataclass(frozen=True)
class Failed:
    """An exception in the trainer; the state is kept as it was. ``user`` marks one that a user can mend."""

    generation: int
    message: str
    traceback: str
    user: bool = False


Event = Started | Frame | HistoryGrew | SnapshotTaken | Playing | Paused | Restored | NonFinite | Failed
