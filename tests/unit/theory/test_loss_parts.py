"""What a walk averages over its batch is what the step computes, for every objective."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.objectives import OBJECTIVES, functions_of, value_terms
from ganstudio.ui.forms.formula import readable
from ganstudio.ui.theory.loss_parts import Parts, classifies, parts

KINDS = [kind.model_fields["kind"].default for kind in OBJECTIVES]
COMPARING = {kind.model_fields["kind"].default for kind in OBJECTIVES if kind.is_relativistic}
REAL = np.random.default_rng(1).normal(0.8, 1.5, 40)
GENERATED = np.random.default_rng(2).normal(-0.5, 1.2, 40)


def experiment_of(kind: str, **settings: object) -> Experiment:
    experiment = with_value(Experiment(), "objective", kind)
    for name, value in settings.items():
        experiment = with_value(experiment, f"objective.{name}", value)
    return experiment


def column(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values)[:, None]


def found(experiment: Experiment) -> Parts:
    of = parts(experiment)
    assert of is not None
    return of


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in COMPARING])
def test_the_parts_of_d_average_to_the_step_s(kind: str) -> None:
    experiment = experiment_of(kind)
    of, functions = found(experiment), functions_of(experiment.objective)
    means = of.real.of(REAL).mean(), of.generated.of(GENERATED).mean()
    if classifies(experiment):
        expected = value_terms(column(REAL), column(GENERATED))
    else:
        told = functions.parts(column(REAL), column(GENERATED), 0.0)
        assert told is not None
        expected = told
    np.testing.assert_allclose(means, [float(part) for part in expected], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in COMPARING])
def test_the_part_of_g_averages_to_its_loss(kind: str) -> None:
    choices = ("alternative", "minimax") if kind.startswith("f_") else (None,)
    for choice in choices:
        experiment = experiment_of(kind, **({} if choice is None else {"generator_loss": choice}))
        expected = float(functions_of(experiment.objective).generator_loss(column(GENERATED)))
        assert found(experiment).generator.of(GENERATED).mean() == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_label_smoothing_is_in_the_least_squares() -> None:
    experiment = experiment_of("least_squares", label_smoothing=0.2)
    told = functions_of(experiment.objective).parts(column(REAL), column(GENERATED), 0.2)
    assert told is not None
    assert found(experiment).real.of(REAL).mean() == pytest.approx(float(told[0]), rel=1e-12)
    assert "0.8" in readable(found(experiment).real.formula)


@pytest.mark.parametrize("kind", sorted(COMPARING))
def test_an_objective_that_compares_the_two_sides_has_no_parts(kind: str) -> None:
    assert parts(experiment_of(kind)) is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in COMPARING])
def test_every_formula_names_the_samples_that_it_averages(kind: str) -> None:
    of = found(experiment_of(kind))
    assert "xᵢ" in readable(of.real.formula)
    for part in (of.generated, of.generator):
        assert "zᵢ" in readable(part.formula)
        assert "#" not in part.formula
