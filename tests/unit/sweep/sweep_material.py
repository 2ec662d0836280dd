"""Small cases, a quick protocol, and outcomes made by hand."""

from __future__ import annotations

from ganstudio.experiment import Experiment
from ganstudio.experiment.experiment import Training
from ganstudio.experiment.networks import DiscriminatorNetwork, GeneratorNetwork
from ganstudio.experiment.presets import preset
from ganstudio.sweep.outcome import Coverage, CurvePoint, Outcome
from ganstudio.sweep.protocol import Protocol
from ganstudio.sweep.subjects import Case

QUICK = Protocol(seconds=None, iterations=6, engine="eager", samples=1000, coverage_samples=500, measurements=3)


def small(name: str = "ring8") -> Experiment:
    """A preset with networks that train in moments."""
    parts = {
        "generator": GeneratorNetwork(widths=(8,)),
        "discriminator": DiscriminatorNetwork(widths=(8,)),
        "training": Training(batch_size=16),
    }
    return preset(name).experiment.model_copy(update=parts)


def case(seed: int = 0, target: str = "ring8", recipe: str = "own") -> Case:
    """A small case."""
    return Case(target, recipe, seed, small(target).model_copy(update={"seed": seed}))


def point(iteration: int, seconds: float, jsd: float) -> CurvePoint:
    """A point of a curve; on the clock it took twice as long as on the processor."""
    return CurvePoint(iteration=iteration, seconds=2 * seconds, processor_seconds=seconds, jsd=jsd)


def outcome(
    seed: int = 0,
    jsd: float = 0.02,
    *,
    target: str = "ring8",
    recipe: str = "own",
    modes: int | None = 8,
    curve: tuple[CurvePoint, ...] = (),
    broken: str | None = None,
    digest: str = "0" * 16,
) -> Outcome:
    """An outcome made by hand; ``modes`` None stands for a target without any."""
    curve = curve or (point(0, 0.0, 0.6), point(100, 1.0, 0.08), point(200, 2.0, jsd))
    coverage = None
    if modes is not None:
        coverage = Coverage(
            modes_captured=modes,
            modes_total=8,
            hq_fraction=0.9,
            perfect_hq_fraction=0.9889,
            reverse_kl=0.01 if modes else None,
            perfect_reverse_kl=0.0014,
            sigma_ratio=0.95 if modes else None,
            least_share=modes / 8,
        )
    return Outcome(
        target=target,
        recipe=recipe,
        seed=seed,
        digest=digest,
        engine="eager",
        iterations=curve[-1].iteration,
        seconds=curve[-1].seconds,
        processor_seconds=curve[-1].processor_seconds,
        broken=broken,
        curve=curve,
        jsd=jsd,
        jsd_floor=0.0004,
        jsd_low=jsd - 0.001,
        jsd_high=jsd + 0.001,
        distances={"w2": 0.1, "energy": None},
        coverage=coverage,
    )
