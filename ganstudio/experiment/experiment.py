"""The single truth about a run."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ganstudio.experiment.networks import DiscriminatorNetwork, GeneratorNetwork, Latent
from ganstudio.experiment.objectives import NonSaturating, Objective
from ganstudio.experiment.optimizers import Optimizers
from ganstudio.experiment.penalties import Penalties, PenaltySchedule
from ganstudio.experiment.setting import Record, setting
from ganstudio.experiment.targets import GaussianRing, Target
from ganstudio.experiment.updates import Updates


class Training(Record):
    """How an iteration is made: k updates of D, then j of G."""

    title: ClassVar[str] = "Training"
    discriminator_updates: int = setting(
        1,
        label="D updates k",
        help="discriminator updates in each iteration",
        live=True,
        ge=1,
        le=100,
        usual="1 to 5",
        formula=r"k \text{ ascents of } V \text{ in } \theta_D",
    )
    generator_updates: int = setting(
        1,
        label="G updates j",
        help="generator updates in each iteration, after those of D",
        live=True,
        ge=1,
        le=100,
        usual="1",
    )
    batch_size: int = setting(
        256,
        label="Batch m",
        help="samples of each kind in one update",
        unit="samples",
        live=True,
        ge=2,
        le=16384,
        log=True,
        usual="64 to 512",
    )
    ema_decay: float = setting(
        0.995,
        label="EMA of G β",
        help="memory of the averaged generator; 0 does not average",
        live=True,
        ge=0,
        lt=1,
        usual="0.99 to 0.9995",
        formula=r"\bar\theta \leftarrow \beta_t\bar\theta + (1-\beta_t)\theta,\; \beta_t = \min(\beta, (1+t)/(10+t))",
    )


class Measure(Record):
    """How the distance to the target is measured while training; never changes the run."""

    title: ClassVar[str] = "Measure"
    samples: int = setting(
        20_000,
        label="Samples",
        help="fresh generated samples for each estimate of the JSD",
        unit="samples",
        live=True,
        ge=1000,
        le=1_000_000,
        log=True,
    )
    cells: int = setting(
        30, label="Cells a side", help="cells of the histogram along each axis of the extent", live=True, ge=5, le=200
    )
    every: int = setting(
        250,
        label="Every",
        help="iterations between two estimates",
        unit="iterations",
        live=True,
        ge=1,
        le=10**6,
        log=True,
    )
    weights: Literal["ema", "current"] = setting(
        "ema",
        label="Weights of G",
        help="which generator is measured and shown: its moving average or its current parameters",
        live=True,
    )


class Stop(Record):
    """When training stops by itself; whichever holds first. None is never."""

    title: ClassVar[str] = "Stop conditions"
    iterations: int | None = setting(
        None, label="Iterations", help="stop at this iteration", unit="iterations", live=True, ge=1, le=10**9
    )
    seconds: float | None = setting(
        None, label="Seconds", help="stop after this much training time", unit="s", live=True, gt=0, le=10**7
    )
    jsd_below: float | None = setting(
        None, label="JSD below", help="stop once the JSD is measured below this", unit="nats", live=True, gt=0, le=0.7
    )


class Experiment(Record):
    """All that determines a run: the same experiment gives the same trajectory, bit for bit."""

    title: ClassVar[str] = "Experiment"
    target: Target = Field(default=GaussianRing(sigma=0.05), title="Target p_data", description="what G is to imitate")
    normalisation: Literal["standardise", "extent", "none"] = setting(
        "standardise",
        label="Normalisation",
        help="how data become what D sees: zero mean and unit variance, extent to ±1, or as they are; "
        "kept with the run, and undone in all that is shown",
    )
    latent: Latent = Field(default=Latent(), title="Latent space")
    generator: GeneratorNetwork = Field(default=GeneratorNetwork(), title="Generator G")
    discriminator: DiscriminatorNetwork = Field(
        # Fourier features let D see edges and gaps: on the presets the JSD falls to a half or a third of what it is
        # without them after the same iterations.
        default=DiscriminatorNetwork(activation="leaky_relu", fourier_features=16),
        title="Discriminator D",
    )
    objective: Objective = Field(
        default=NonSaturating(),
        title="Objective",
        description="the losses of the two players",
        json_schema_extra={"live": True},
    )
    penalties: Penalties = Field(default=Penalties(), title="Penalties")
    penalty_schedule: PenaltySchedule = Field(default=PenaltySchedule(), title="Penalties over time")
    optimizers: Optimizers = Field(default=Optimizers(), title="Optimizers")
    training: Training = Field(default=Training(), title="Training")
    updates: Updates = Field(default=Updates(), title="Update rule")
    measure: Measure = Field(default=Measure(), title="Measure")
    stop: Stop = Field(default=Stop(), title="Stop conditions")
    seed: int = setting(
        0, label="Seed", help="of all randomness: initialisation, data, latents, looking", ge=0, lt=2**31
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = setting(
        "cpu",
        label="Device",
        help="where tensors live; small networks are fastest on the CPU, and auto takes a GPU for large ones alone",
    )
