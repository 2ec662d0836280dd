"""The compiled engine computes what the eager one does, for every entry of every table, and stays exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

import numpy as np
import pytest
import torch
from small_experiment import small
from torch import Tensor
from torch.fx import GraphModule

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.networks import Activation, Normalisation
from ganstudio.experiment.reference import settings
from ganstudio.gan.game import Game
from ganstudio.messages.history import ENGINES
from ganstudio.training.capture import Pattern, captured
from ganstudio.training.compilation import DisagreementError, check_update, recorded_calls
from ganstudio.training.compiled_engine import CompiledEngine
from ganstudio.training.compiled_update import CompiledUpdate, Entry
from ganstudio.training.run import NonFiniteError, Run
from ganstudio.training.structure import structure


class Interpreter:
    """Stands where the loader of machine code does."""

    def __init__(self, graph: GraphModule) -> None:
        self._graph = graph
        self.calls = 0

    def run(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        self.calls += 1
        return list(self._graph(*inputs))


def interpreted(experiment: Experiment) -> tuple[CompiledEngine, list[Interpreter]]:
    """The compiled engine for this experiment, with the graphs themselves in the place of machine code."""
    game = Game.of(experiment)
    updates: dict[Pattern, CompiledUpdate] = {}
    interpreters = []
    for pattern, call in recorded_calls(game).items():
        capture = captured(game, call)
        interpreters.append(Interpreter(capture.graph))
        updates[pattern] = CompiledUpdate(Entry("", pattern, capture.tensors, capture.outputs), interpreters[-1])
    return CompiledEngine(experiment, updates), interpreters


CHOICES = {setting.path: setting.choices for setting in settings() if setting.choices}


def _cases() -> Iterator[tuple[str, dict[str, object]]]:
    """Every entry of every table at least once: in case n the nth of each, counted round."""
    objectives, rules = CHOICES["objective.kind"], CHOICES["updates.rule.kind"]
    optimizers = CHOICES["optimizers.generator.kind"]
    activations, norms = get_args(Activation), get_args(Normalisation)
    penalties = ("penalties__r1", "penalties__r2", "penalties__wgan_gp")
    tables = (objectives, rules, optimizers, activations, norms, penalties)
    for n in range(max(map(len, tables))):
        objective, rule, optimizer, activation, norm, penalty = (table[n % len(table)] for table in tables)
        other = optimizers[(n + 1) % len(optimizers)]
        yield (
            f"{objective}, {rule}, {optimizer}, {activation}, {norm}",
            {
                "objective": objective,
                "updates__rule": rule,
                "optimizers__generator": optimizer,
                "optimizers__discriminator": other,
                "generator__activation": activation,
                "discriminator__activation": activations[(n + 3) % len(activations)],
                "generator__normalisation": norm,
                "discriminator__normalisation": norms[(n + 1) % len(norms)],
                "penalties__r1": 0.0,
                "penalties__r2": 0.0,
                penalty: 0.3,
            }
            # A bias before a normalisation has no slope but rounding, which an optimizer would scale up to its step.
            | {
                f"optimizers__{player}__epsilon": 1e-3
                for player, kind in (("generator", optimizer), ("discriminator", other))
                if kind != "sgd"
            },
        )


EXTRAS: dict[str, dict[str, object]] = {
    "label smoothing, weight clipping, clipped gradients": {
        "objective__label_smoothing": 0.1,
        "penalties__weight_clipping": 0.2,
        "optimizers__generator__gradient_clip": 0.1,
        "optimizers__discriminator__gradient_clip": 0.1,
    },
    "dropout, noise, spectral norm, residual, Fourier features": {
        "generator__dropout": 0.3,
        "discriminator__dropout": 0.2,
        "penalties__instance_noise": 0.2,
        "discriminator__spectral_norm": True,
        "generator__residual": True,
        "generator__widths": [6, 6],
        "discriminator__fourier_features": 3,
    },
    "AMSGrad, centred RMSprop with momentum, weight decay": {
        "optimizers__generator__amsgrad": True,
        "optimizers__generator__beta1": 0.5,
        "optimizers__generator__weight_decay": 0.01,
        "optimizers__discriminator": "rmsprop",
        "optimizers__discriminator__centered": True,
        "optimizers__discriminator__momentum": 0.5,
    },
    "SGD with Nesterov momentum, dampened SGD": {
        "optimizers__generator": "sgd",
        "optimizers__generator__momentum": 0.9,
        "optimizers__generator__nesterov": True,
        "optimizers__discriminator": "sgd",
        "optimizers__discriminator__momentum": 0.5,
        "optimizers__discriminator__dampening": 0.5,
    },
    "consensus, lookahead, unrolled D": {
        "updates__consensus": 0.1,
        "updates__lookahead": 3,
        "updates__unrolled_steps": 1,
    },
    "1-D, linear, no average, k = 2, j = 2": {
        "target": "mixture_1d",
        "generator__widths": [],
        "training__ema_decay": 0.0,
        "training__discriminator_updates": 2,
        "training__generator_updates": 2,
    },
    "packed samples, minibatch features": {
        "discriminator__packing": 2,
        "discriminator__minibatch_std": True,
        "discriminator__minibatch_kernels": 3,
    },
    "a learnable table of latents": {"generator__table_rows": 20, "penalties__wgan_gp": 0.1},
    "lazy penalties on a schedule": {"penalty_schedule__every": 3, "penalty_schedule__weights": "warmup"},
    "the usual": {},
}
CASES = dict(_cases()) | EXTRAS


def played(experiment: Experiment, iterations: int, *, compiled: bool) -> tuple[Run, int]:
    """A run after so many iterations, and how many calls of its graphs there were."""
    engine, interpreters = interpreted(experiment) if compiled else (None, [])
    run = Run(experiment, engine=engine)
    run.advance(iterations)
    return run, sum(interpreter.calls for interpreter in interpreters)


def assert_agree(run: Run, reference: Run, *, rtol: float, atol: float) -> None:
    first, second = run.snapshot(), reference.snapshot()
    for name, array in second.arrays.items():
        scale = max(1.0, float(np.abs(array[np.isfinite(array)]).max(initial=0.0)))
        np.testing.assert_allclose(
            first.arrays[name], array, rtol=rtol, atol=atol * scale, err_msg=name, equal_nan=True
        )
    np.testing.assert_allclose(run.history.rows, reference.history.rows, rtol=10 * rtol, atol=10 * atol)


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_a_graph_of_every_part_computes_what_the_step_does(changes: dict[str, object]) -> None:
    experiment = small(**changes)
    compiled, calls = played(experiment, 3, compiled=True)
    eager, _ = played(experiment, 3, compiled=False)
    training = experiment.training
    assert calls >= 3 * (training.discriminator_updates + training.generator_updates)  # nothing was left to eager
    assert_agree(compiled, eager, rtol=1e-3, atol=1e-4)


def test_every_entry_of_every_table_is_among_them() -> None:
    met = [{path.replace("__", "."): value for path, value in changes.items()} for changes in CASES.values()]
    for path in ("objective", "updates.rule", "optimizers.generator", "optimizers.discriminator"):
        assert {changes.get(path) for changes in met} >= set(CHOICES[f"{path}.kind"])
    for path in ("generator.activation", "discriminator.activation", "generator.normalisation"):
        assert {changes.get(path) for changes in met} >= set(CHOICES[path])


@pytest.mark.parametrize(
    "changes",
    [
        {"generator__activation": "tanh", "discriminator__activation": "softplus"},
        {"optimizers__generator": "sgd", "optimizers__discriminator": "sgd", "updates__rule": "optimistic"},
    ],
    ids=["Adam", "optimistic SGD"],
)
def test_after_a_hundred_iterations_they_still_agree(changes: dict[str, object]) -> None:
    experiment = small(**changes)
    compiled, _ = played(experiment, 100, compiled=True)
    eager, _ = played(experiment, 100, compiled=False)
    assert_agree(compiled, eager, rtol=1e-2, atol=2e-3)


#: Live numbers, and a value that makes a difference within a few iterations.
LIVE: dict[str, object] = {
    "optimizers.generator.learning_rate": 0.02,
    "optimizers.discriminator.learning_rate": 0.0,
    "penalties.r1": 5.0,
    "penalties.weight_clipping": 0.05,
    "penalties.instance_noise": 0.7,
    "objective.label_smoothing": 0.4,
    "optimizers.generator.gradient_clip": 1e-3,
    "optimizers.generator.weight_decay": 0.5,
    "optimizers.discriminator.beta2": 0.5,
    "optimizers.discriminator.epsilon": 0.1,
    "training.ema_decay": 0.1,
    "training.discriminator_updates": 3,
    "training.generator_updates": 2,
    "target.radius": 0.3,
}
ALL_ON: dict[str, object] = {
    "objective__label_smoothing": 0.1,
    "penalties__weight_clipping": 0.5,
    "penalties__instance_noise": 0.1,
    "optimizers__generator__gradient_clip": 1.0,
    "optimizers__generator__weight_decay": 0.01,
    "optimizers__discriminator__beta1": 0.5,
}


@pytest.fixture(scope="module")
def all_on() -> Run:
    """A run with all live numbers on, whose engine is used by many tests."""
    experiment = small(**ALL_ON)
    return Run(experiment, engine=interpreted(experiment)[0])


@pytest.mark.parametrize("path", LIVE)
def test_a_live_change_takes_effect_without_a_new_engine(all_on: Run, path: str) -> None:
    before = all_on.experiment
    changed = with_value(before, path, LIVE[path])
    assert structure(changed) == structure(before)
    run, eager, unchanged = Run(before, engine=all_on.engine), Run(before), Run(before)
    for each in (run, eager, unchanged):
        each.advance(2)
    run.apply(changed)
    eager.apply(changed)
    for each in (run, eager, unchanged):
        each.advance(4)
    assert_agree(run, eager, rtol=1e-3, atol=1e-4)
    now, then = run.snapshot().arrays, unchanged.snapshot().arrays
    assert any(np.abs(now[name] - then[name]).max(initial=0.0) > 1e-4 for name in now)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("penalties.r2", 0.0),
        ("training.batch_size", 16),
        ("generator.widths", [7]),
        ("updates.rule", "simultaneous"),
        ("optimizers.generator", "sgd"),
        ("training.ema_decay", 0.0),
    ],
)
def test_what_decides_what_there_is_to_compute_is_another_structure(path: str, value: object) -> None:
    assert structure(with_value(small(), path, value)) != structure(small())


def test_bursts_pauses_and_files_do_not_change_a_compiled_run(all_on: Run) -> None:
    whole, parts = (Run(all_on.experiment, engine=all_on.engine) for _ in range(2))
    whole.advance(23)
    for count in (1, 4, 2):
        parts.advance(count)
    resumed = Run(all_on.experiment, parts.snapshot(), engine=all_on.engine)
    resumed.advance(16)
    first, second = whole.snapshot().arrays, resumed.snapshot().arrays
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert np.array_equal(whole.history.rows[7:], resumed.history.rows)


def test_a_step_of_the_compiled_engine_changes_no_argument(all_on: Run) -> None:
    run = Run(all_on.experiment, engine=all_on.engine)
    run.advance(2)
    tensors = [*run.state.generator, *run.state.discriminator, run.state.ema]
    before = [tensor.clone() for tensor in tensors]
    run.advance(3)
    assert all(torch.equal(old, new) for old, new in zip(before, tensors, strict=True))


def test_a_number_that_stops_being_finite_stops_a_compiled_run_before_it() -> None:
    experiment = small(objective="least_squares", optimizers__discriminator="sgd")
    engine, _ = interpreted(experiment)
    run = Run(with_value(experiment, "optimizers.discriminator.learning_rate", 10.0), engine=engine)
    with pytest.raises(NonFiniteError):
        run.advance(500)
    assert np.isfinite(run.history.column("discriminator_loss")).all()
    assert run.progress.iteration == run.history.column("iteration")[-1]


def test_an_update_that_was_not_compiled_is_run_as_it_is_written(all_on: Run) -> None:
    changed = with_value(all_on.experiment, "penalty_schedule.every", 2)  # its lazy updates are another pattern
    run, eager = Run(changed, engine=all_on.engine), Run(changed)
    run.advance(4)
    eager.advance(4)
    assert_agree(run, eager, rtol=1e-3, atol=1e-4)


def test_history_says_from_which_iteration_which_engine_played(all_on: Run) -> None:
    run = Run(all_on.experiment)
    eager = run.engine
    run.advance(3)
    run.engine = all_on.engine
    run.advance(4)
    early = run.snapshot()
    run.engine = eager
    run.advance(2)
    changes = [(int(row[0]), ENGINES[int(row[1])]) for row in run.history.engines]
    assert changes == [(1, "eager"), (4, "compiled"), (8, "eager")]
    run.restore(early)
    assert run.history.engine == "compiled"


def test_machine_code_that_computes_something_else_is_refused() -> None:
    game = Game.of(small())
    (pattern, call), *_ = recorded_calls(game).items()
    capture = captured(game, call)

    class Wrong(Interpreter):
        def run(self, inputs: Sequence[Tensor]) -> list[Tensor]:
            return [result * 1.1 for result in super().run(inputs)]

    entry = Entry("", pattern, capture.tensors, capture.outputs)
    check_update(game, call, CompiledUpdate(entry, Interpreter(capture.graph)))
    with pytest.raises(DisagreementError, match="discriminator"):
        check_update(game, call, CompiledUpdate(entry, Wrong(capture.graph)))
