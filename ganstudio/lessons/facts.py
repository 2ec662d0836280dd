"""What a lesson may ask about: the facts of a run, by name, each a plain number or word.

All of it is what the window holds anyway; nothing here computes in the trainer or loads torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.equilibrium import LOG_4, equilibrium
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.messages.events import Optimality, ToyPlayed
from ganstudio.messages.history import History
from ganstudio.messages.snapshot import Floats, Progress
from ganstudio.metrics.phases import PHASES, PhaseReader
from ganstudio.targets.distribution import TargetDistribution

FactValue = float | str
SMOOTHED = 50
"""Updates over which losses, outputs and gradient norms are averaged: a single batch says little."""
_TAIL = 4 * SMOOTHED
"""Rows among which so many updates are looked for: one of D alone leaves a gap in the columns of G."""
SWINGING = 8
"""Estimates of the JSD over which its swing is taken."""


@dataclass(frozen=True)
class Observation:
    """One look at a run.

    ``history`` is read at once, not kept: it grows in place. ``generated`` are the samples of the layer *Generated*,
    (n, dimension), where they are shown, and ``target`` is what they are compared with. ``optimality`` is the latest
    event of training D to optimality in this run, ``toy`` the latest trajectory of the Dirac-GAN, played beside it.
    Whoever looks again and again hands on one ``phase_reader``, which reads only what is new of the history.
    """

    experiment: Experiment
    progress: Progress
    history: History
    target: TargetDistribution | None = None
    generated: Floats | None = None
    optimality: Optimality | None = None
    toy: ToyPlayed | None = None
    phase_reader: PhaseReader = field(default_factory=PhaseReader, compare=False)

    def value(self, name: str) -> Any:
        """The fact, or the setting, of this name; None while it is not known.

        Raises:
            UserError: there is neither; the message lists the facts.
        """
        fact = FACTS.get(name)
        return fact.read(self) if fact is not None else setting_value(self.experiment, name)

    @cached_property
    def coverage(self) -> tuple[int, float] | None:
        """Modes captured, and share of high-quality samples; None where the target has no modes."""
        # Inside the function: SciPy is not needed before a lesson asks, and would delay the window.
        from ganstudio.metrics.coverage import mode_coverage

        if self.target is None or self.generated is None:
            return None
        found = mode_coverage(self.generated, self.target)
        return None if found is None else (found.captured, found.hq_fraction)


def setting_value(experiment: Experiment, path: str) -> Any:
    """The setting at ``path`` (``training.discriminator_updates``, ``objective.kind``) as a plain value.

    Raises:
        UserError: there is no such setting.
    """
    value: Any = experiment
    for name in path.split("."):
        if not (isinstance(value, BaseModel) and name in type(value).model_fields):
            raise UserError(f"'{path}' is neither a setting nor a fact; facts: {', '.join(sorted(FACTS))}, played")
        value = getattr(value, name)
    if isinstance(value, BaseModel):
        if "kind" in type(value).model_fields:
            return value.kind  # type: ignore[attr-defined]
        raise UserError(f"'{path}' is a group of settings; name one of them: {', '.join(type(value).model_fields)}")
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Fact:
    """One fact: what stands before its value, what it is in a few words, and how it is read; None while not known.

    ``needs_samples`` says that the layer *Generated* must be shown for it. ``words`` are its values where it is a word.
    """

    name: str
    label: str
    help: str
    read: Callable[[Observation], FactValue | None]
    needs_samples: bool = False
    words: tuple[str, ...] = ()


def _recent(column: str) -> Callable[[Observation], float | None]:
    def read(observation: Observation) -> float | None:
        values = _finite_tail(observation.history.column(column, _TAIL), SMOOTHED)
        return float(values.mean()) if len(values) else None

    return read


def _finite_tail(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The last ``count`` numbers that are finite."""
    return values[np.isfinite(values)][-count:]


def _measured(column: str) -> Callable[[Observation], float | None]:
    def read(observation: Observation) -> float | None:
        values = observation.history.measure(column)
        return float(values[-1]) if len(values) else None

    return read


def _lowest_jsd(observation: Observation) -> float | None:
    values = observation.history.measure("jsd")
    return float(values.min()) if len(values) else None


def _jsd_swing(observation: Observation) -> float | None:
    values = observation.history.measure("jsd")[-SWINGING:]
    return float(np.ptp(values)) if len(values) == SWINGING else None


def _output_gap(observation: Observation) -> float | None:
    real, generated = (_recent(name)(observation) for name in ("real_output", "generated_output"))
    return None if real is None or generated is None else real - generated


def _bound(observation: Observation) -> float | None:
    value = _recent("value")(observation)
    return None if value is None else (value + LOG_4) / 2


def _bound_gap(observation: Observation) -> float | None:
    jsd, bound = _measured("jsd")(observation), _bound(observation)
    return None if jsd is None or bound is None else jsd - bound


def _at_optimality(field: str) -> Callable[[Observation], float | None]:
    """A number of the training to optimality, once that has ended and while nothing was trained since."""

    def read(observation: Observation) -> float | None:
        told = observation.optimality
        if told is None or not told.finished or _updates(told.progress) != _updates(observation.progress):
            return None
        return float(getattr(told, field))

    return read


def _updates(progress: Progress) -> tuple[int, int]:
    return progress.discriminator_updates, progress.generator_updates


def _cross_entropy_gap(observation: Observation) -> float | None:
    history = observation.history
    losses, values = (history.column(name, _TAIL) for name in ("discriminator_loss", "value"))
    gaps = _finite_tail(np.abs(losses + values), SMOOTHED)
    return float(gaps.max()) if len(gaps) else None


def _phase(observation: Observation) -> str:
    output = equilibrium(observation.experiment).output
    return observation.phase_reader.read(observation.history, None if output is None else output.value).current


def _strokes(observation: Observation) -> float:
    target = observation.experiment.target
    return float(len(target.commands)) if isinstance(target, Painting | Painting1D) else 0.0


def _modes(observation: Observation) -> float | None:
    return None if observation.coverage is None else float(observation.coverage[0])


def _high_quality(observation: Observation) -> float | None:
    return None if observation.coverage is None else observation.coverage[1]


def _toy_norm(observation: Observation) -> float | None:
    toy = observation.toy
    return None if toy is None else float(np.linalg.norm(toy.trajectories[-1, 0]))


def _toy_factor(observation: Observation) -> float | None:
    toy = observation.toy
    if toy is None or toy.step_eigenvalues is None:
        return None
    return float(np.hypot(*toy.step_eigenvalues.T).max())


def _toy_number(name: str) -> Callable[[Observation], float | None]:
    """A number of the Dirac-GAN that is played, or of how it is played."""

    def read(observation: Observation) -> float | None:
        toy = None if observation.toy is None else observation.toy.toy
        return None if toy is None else float(getattr(toy, name, getattr(toy.game, name, 0.0)))

    return read


_AVERAGED = f"mean of the last {SMOOTHED} updates"

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact(
            "iteration",
            "iteration",
            "iterations of the run so far",
            lambda seen: float(seen.progress.iteration),
        ),
        Fact(
            "discriminator_updates",
            "updates of D",
            "updates of D so far",
            lambda seen: float(seen.progress.discriminator_updates),
        ),
        Fact(
            "generator_updates",
            "updates of G",
            "updates of G so far",
            lambda seen: float(seen.progress.generator_updates),
        ),
        Fact(
            "jsd",
            "JSD",
            "the last estimate of the JSD, nats",
            _measured("jsd"),
        ),
        Fact(
            "jsd_floor",
            "floor of the JSD",
            "what a perfect generator would read there, nats",
            _measured("floor"),
        ),
        Fact(
            "jsd_lowest",
            "lowest JSD",
            "the lowest estimate of the JSD in this run, nats",
            _lowest_jsd,
        ),
        Fact(
            "jsd_swing",
            "swing of the JSD",
            f"highest less lowest of the last {SWINGING} estimates of the JSD, nats",
            _jsd_swing,
        ),
        Fact(
            "jsd_bound",
            "D’s bound",
            f"(V + log 4)/2, D's own lower bound of the JSD, nats, {_AVERAGED}",
            _bound,
        ),
        Fact(
            "bound_gap",
            "JSD less D’s bound",
            "jsd less jsd_bound: how far D is from its best, nats",
            _bound_gap,
        ),
        Fact(
            "optimal_value",
            "V at D’s best",
            "V(D, G) after training D to optimality, nats",
            _at_optimality("value"),
        ),
        Fact(
            "optimal_target",
            "−log 4 + 2 JSD",
            "−log 4 + 2 JSD, what V should have come to then, nats",
            _at_optimality("target_value"),
        ),
        Fact(
            "optimal_gap",
            "−log 4 + 2 JSD less V",
            "optimal_target less optimal_value, nats",
            _at_optimality("gap"),
        ),
        Fact(
            "value",
            "V",
            f"V(D, G), nats, {_AVERAGED}",
            _recent("value"),
        ),
        Fact(
            "discriminator_loss",
            "L_D",
            f"L_D without penalties, {_AVERAGED}",
            _recent("discriminator_loss"),
        ),
        Fact(
            "generator_loss",
            "L_G",
            f"L_G, {_AVERAGED}",
            _recent("generator_loss"),
        ),
        Fact(
            "penalty",
            "penalty",
            f"what penalties add to L_D, {_AVERAGED}",
            _recent("penalty"),
        ),
        Fact(
            "cross_entropy_gap",
            "|L_D + V|",
            f"largest |L_D + V| of the last {SMOOTHED} updates: 0 where L_D is −V",
            _cross_entropy_gap,
        ),
        Fact(
            "real_output",
            "D on real",
            f"D on real samples as a probability, {_AVERAGED}",
            _recent("real_output"),
        ),
        Fact(
            "generated_output",
            "D on generated",
            f"D on generated samples as a probability, {_AVERAGED}",
            _recent("generated_output"),
        ),
        Fact(
            "output_gap",
            "D real − generated",
            "real_output less generated_output",
            _output_gap,
        ),
        Fact(
            "discriminator_gradient_norm",
            "gradient of D",
            f"norm of the gradient of D's loss, {_AVERAGED}",
            _recent("discriminator_gradient_norm"),
        ),
        Fact(
            "generator_gradient_norm",
            "gradient of G",
            f"norm of the gradient of G's loss, {_AVERAGED}",
            _recent("generator_gradient_norm"),
        ),
        Fact(
            "phase",
            "phase",
            "the phase of training, as the strip below the losses names it",
            _phase,
            words=PHASES,
        ),
        Fact(
            "modes_captured",
            "modes",
            "modes of the target that have a high-quality sample",
            _modes,
            needs_samples=True,
        ),
        Fact(
            "hq_fraction",
            "HQ",
            "share of samples within 3σ of a mode",
            _high_quality,
            needs_samples=True,
        ),
        Fact(
            "strokes",
            "strokes",
            "strokes of the painted target",
            _strokes,
        ),
        Fact(
            "toy_norm",
            "‖(θ, ψ)‖",
            "‖(θ, ψ)‖ at the end of the Dirac-GAN's trajectory",
            _toy_norm,
        ),
        Fact(
            "toy_factor",
            "largest |λ|",
            "largest |eigenvalue| of a step of the Dirac-GAN at its equilibrium",
            _toy_factor,
        ),
        Fact(
            "toy_r1",
            "R1 γ",
            "γ of R1 in the Dirac-GAN",
            _toy_number("r1"),
        ),
        Fact(
            "toy_consensus",
            "γ",
            "γ of consensus optimisation in the Dirac-GAN",
            _toy_number("consensus"),
        ),
    )
}
"""Every fact by its name. ``played``, the iterations since the step began, is added by the lesson's progress."""
