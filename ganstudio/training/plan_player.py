"""Plays many iterations by the plans of what they call: in one call of machine code, or as recordings."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor

from ganstudio.gan.bundles import Bundle
from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.gan.step import DiscriminatorReport, GeneratorReport, called_back, rows_of
from ganstudio.training.capture import STATE_TENSORS, Items, Live, Pattern, leaves_of, state_of, tensors_of
from ganstudio.training.compiled_update import CompiledUpdate
from ganstudio.training.iteration_plan import IterationPlan, recorded_plan
from ganstudio.training.recording import RecordableCode, RecordedPlan
from ganstudio.training.shared_code import HANDLE, INTEGER, SharedCode, taken_over

Unplanned = Callable[[State, Bundle[IterationInputs]], tuple[State, Tensor]]


class PlanPlayer:
    """Plays the games of one structure; their plans are made as they are met."""

    def __init__(self, compiled: Mapping[Pattern, CompiledUpdate]) -> None:
        self._compiled = compiled
        self._plans: dict[object, _PreparedPlan | RecordedPlan | None] = {}

    def advance(
        self, game: Game, state: State, inputs: Bundle[IterationInputs], live: Live, unplanned: Unplanned
    ) -> tuple[State, Tensor]:
        """The state after ``inputs``, and a row of numbers for each; what has no plan is left to ``unplanned``.

        Raises:
            RuntimeError: an update failed.
        """
        rows: list[Tensor] = []
        for part, due in _alike(inputs):
            columns = leaves_of(part.parts)
            kinds = _kinds(part, columns)
            if kinds not in self._plans:
                self._plans[kinds] = self._plan_of(game, part, state, columns, live)
            plan = self._plans[kinds]
            if plan is None:
                state, found = unplanned(state, part)
            else:
                state, found = plan.play(state, columns, part.size, live)
                if due is not None:
                    state = called_back(game, state, due)
            rows.append(found)
        return state, rows[0] if len(rows) == 1 else torch.cat(rows)

    def _plan_of(
        self, game: Game, inputs: Bundle[IterationInputs], state: State, columns: Items, live: Live
    ) -> _PreparedPlan | RecordedPlan | None:
        (first,) = inputs.cut(0, 1).each()
        plan = recorded_plan(game, first._replace(lookahead=None), self._compiled)
        if plan is None:
            return None
        codes = [call.update.code for call in plan.calls]
        shared = [code for code in codes if isinstance(code, SharedCode)]
        if len(shared) == len(codes):
            return _PreparedPlan(plan, shared)
        if isinstance(codes[0], RecordableCode):
            try:
                return RecordedPlan(plan, codes[0].record, state, columns, live)
            except RuntimeError:  # what could be recorded before has no room now, say
                return None
        return None


def _alike(inputs: Bundle[IterationInputs]) -> Iterator[tuple[Bundle[IterationInputs], Tensor | None]]:
    """The iterations in parts that are played at once: alike in what there is to compute, and their players go back
    after the last at most. With each part, whether they do (as ``called_back`` takes it)."""
    lookahead = inputs.parts.lookahead
    switches = [
        column for column in leaves_of(inputs.parts) if isinstance(column, list) and isinstance(column[0], bool)
    ]
    if lookahead is None and all(column.count(column[0]) == inputs.size for column in switches):
        yield inputs, None
        return
    back = [False] * inputs.size if lookahead is None else (lookahead > 0).view(inputs.size, -1).any(1).tolist()
    rows = list(zip(*switches, strict=True)) if switches else [()] * inputs.size
    first = 0
    for end in range(1, inputs.size + 1):
        if end == inputs.size or back[end - 1] or rows[end] != rows[first]:
            yield inputs.cut(first, end), None if lookahead is None else lookahead[end - 1]
            first = end


def _kinds(inputs: Bundle[IterationInputs], columns: Items) -> object:
    """What decides which plan iterations have that are alike."""
    leaves = [column[0] if isinstance(column, list) else column for column in columns]
    return tuple([leaf if isinstance(leaf, bool) else type(leaf) for leaf in leaves]), len(inputs.parts.discriminator)


class _Update(ctypes.Structure):
    """As in ``iterations.h``."""

    _fields_ = (
        ("run", HANDLE),
        ("code", HANDLE),
        ("inputs", INTEGER),
        ("results", INTEGER),
        ("taken", ctypes.POINTER(INTEGER)),
        ("first", INTEGER),
        ("borrowed", INTEGER),
        ("report", HANDLE),
    )


class _PreparedPlan:
    """A plan as ``iterations.h`` takes it.

    Raises:
        ValueError: code takes or gives other tensors than its index says; nobody would look later on.
    """

    def __init__(self, plan: IterationPlan, codes: Sequence[SharedCode]) -> None:
        for call, code in zip(plan.calls, codes, strict=True):
            if (len(call.taken), call.update.results) != (code.inputs, code.results):
                raise ValueError("compiled code is not what its index says")
        self._plan, self._codes = plan, codes
        self._calls = (_Update * len(codes))(
            *(
                _Update(
                    ctypes.cast(code.call, HANDLE),
                    code.container,
                    code.inputs,
                    code.results,
                    (INTEGER * len(call.taken))(*call.taken),
                    call.first,
                    code.borrowed,
                )
                for call, code in zip(plan.calls, codes, strict=True)
            )
        )
        self._after = (INTEGER * STATE_TENSORS)(*plan.after)
        taken = len(plan.given) + len(plan.calls)
        self._registers = STATE_TENSORS + taken + sum(call.update.results for call in plan.calls)

    def play(self, state: State, columns: Items, count: int, live: Live) -> tuple[State, Tensor]:
        """The state after ``count`` iterations with these leaves of inputs, and a row of numbers for each."""
        members = state.ema.shape[:-1]
        on_d = torch.empty(count, *members, len(DiscriminatorReport._fields))
        on_g = torch.empty(count, *members, len(GeneratorReport._fields))
        calls = self._calls
        for number, report in zip(self._plan.reports, (on_d, on_g), strict=True):
            calls[number].report = report.data_ptr()
        code = self._codes[0]  # any of them can
        handles = code.handed_over(self._plan.taken_from(columns, count, live))
        held = code.handed_over(tensors_of(state))
        failed = code.play(
            calls, len(calls), held, self._after, STATE_TENSORS, handles, len(handles), count, self._registers
        )
        if failed:
            raise RuntimeError("compiled code failed")
        return state_of(taken_over(held)), rows_of(on_d, on_g)
