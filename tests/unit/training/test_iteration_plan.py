"""A plan calls what the step calls, in every rule; machine code plays it as it would be called one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from small_experiment import small
from test_compiled_engine import CASES, interpreted
from torch import Tensor

from ganstudio.gan.draws import IterationInputs, burst_inputs
from ganstudio.gan.live import live_values
from ganstudio.gan.state import State
from ganstudio.gan.step import rows_of
from ganstudio.training import compiler
from ganstudio.training.capture import leaves_of, state_of, tensors_of
from ganstudio.training.compiled_engine import CompiledEngine
from ganstudio.training.compiled_update import vector_of
from ganstudio.training.engine_choice import engine_for
from ganstudio.training.iteration_plan import IterationPlan, recorded_plan
from ganstudio.training.run import Run


def played(plan: IterationPlan, state: State, inputs: IterationInputs, live: Sequence[float]) -> tuple[State, Tensor]:
    """What ``iterations.h`` does with a plan, and a row of the last reports of D and G."""
    leaves = leaves_of(inputs)
    vectors = [vector_of((*live, *(leaves[number] for number in call.numbers))) for call in plan.calls]
    registers = [*tensors_of(state), *(leaves[number] for number in plan.given), *vectors]
    for call in plan.calls:
        assert call.first == len(registers)
        registers += call.update.code.run([registers[number] for number in call.taken])
    on_d, on_g = (plan.calls[number] for number in plan.reports)
    after = state_of([registers[number] for number in plan.after])
    return after, rows_of(registers[on_d.report], registers[on_g.report])


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_a_plan_calls_what_the_step_does(changes: dict[str, object]) -> None:
    experiment = small(**{**changes, "updates__lookahead": 0})
    engine, interpreters = interpreted(experiment)
    run = Run(experiment, engine=engine)
    state, live = run.state, tuple(live_values(experiment).values())
    rows = []
    for inputs in burst_inputs(run.game, run.target, run.normaliser, run.progress, 3).each():
        plan = recorded_plan(run.game, inputs, engine._compiled)
        assert plan is not None
        state, found = played(plan, state, inputs, live)
        rows.append(found.double().numpy())
    called = sum(interpreter.calls for interpreter in interpreters)
    run.advance(3)
    assert sum(interpreter.calls for interpreter in interpreters) == 2 * called
    np.testing.assert_array_equal(rows, run.history.rows[:, 1:])
    for own, expected in zip(tensors_of(state), tensors_of(run.state), strict=True):
        np.testing.assert_array_equal(own, expected)


def test_what_no_update_computes_has_no_plan() -> None:
    experiment = small(updates__lookahead=2)
    engine, _ = interpreted(experiment)
    run = Run(experiment)
    (inputs,) = burst_inputs(run.game, run.target, run.normaliser, run.progress, 1).each()
    assert recorded_plan(run.game, inputs, engine._compiled) is None
    assert recorded_plan(run.game, inputs._replace(lookahead=None), engine._compiled) is not None
    some = dict(list(engine._compiled.items())[:1])
    assert recorded_plan(run.game, inputs._replace(lookahead=None), some) is None


LAZY: dict[str, object] = {
    "penalties__r1": 0.3,
    "penalty_schedule__every": 4,
    "training__discriminator_updates": 2,
    "optimizers__generator__schedule": "cosine",
    "updates__lookahead": 3,
}


WIDE: dict[str, object] = {
    "training__batch_size": 16,
    "generator__widths": [20],
    "optimizers__generator__schedule": "constant",
}


@pytest.mark.skipif(compiler.fault("cpu") is not None, reason=str(compiler.fault("cpu")))
@pytest.mark.parametrize(("changes", "on_stack"), [(LAZY, True), (WIDE, False)], ids=["on the stack", "in one piece"])
def test_machine_code_plays_bit_for_bit_what_one_call_after_the_other_does(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], on_stack: bool
) -> None:
    monkeypatch.setattr("ganstudio.training.preparation.scratch_folder", lambda: None)
    experiment = small(**changes)
    chosen = engine_for(experiment, "compiled", None)
    assert chosen.reason == "" and isinstance(chosen.engine, CompiledEngine)
    together, in_turns = Run(experiment, engine=chosen.engine), Run(experiment)
    slow = in_turns.engine = CompiledEngine(experiment, chosen.engine._compiled)
    monkeypatch.setattr(slow._player, "_plan_of", lambda *_: None)
    for run in (together, in_turns):
        run.advance(70)
    assert len(chosen.engine._player._plans) == (2 if changes is LAZY else 1)  # with penalties and without
    assert all(chosen.engine._player._plans.values()) and not any(slow._player._plans.values())
    np.testing.assert_array_equal(together.history.rows[:], in_turns.history.rows[:])
    for found, expected in zip(tensors_of(together.state), tensors_of(in_turns.state), strict=True):
        assert torch.equal(found, expected)
    before = together.state
    borrowed = {update.code.borrowed for update in chosen.engine._compiled.values()}  # type: ignore[attr-defined]
    assert borrowed == {on_stack}
    for prepared in chosen.engine._player._plans.values():
        assert prepared is not None
        monkeypatch.setattr(prepared._codes[0], "play", lambda *_: 1)
    with pytest.raises(RuntimeError, match="failed"):
        together.advance(1)
    assert together.state is before and together.progress.iteration == 70
    monkeypatch.setattr(prepared._codes[0], "inputs", 99)
    chosen.engine._player._plans.clear()
    with pytest.raises(ValueError, match="index"):
        together.advance(1)
