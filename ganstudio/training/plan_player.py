"""Plays many iterations in one call of machine code, by the plans of what they call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import torch
from torch import Tensor

from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.gan.step import DiscriminatorReport, GeneratorReport, called_back, row
from ganstudio.training.capture import STATE_TENSORS, Items, Live, Pattern, leaves_of, state_of, tensors_of
from ganstudio.training.compiled_update import CPU, CompiledUpdate
from ganstudio.training.iteration_plan import CallNumbers, IterationPlan, recorded_plan
from ganstudio.training.recording import RecordableCode, RecordedPlan
from ganstudio.training.shared_code import HANDLE, INTEGER, SharedCode, taken_over

Unplanned = Callable[[State, Sequence[IterationInputs]], tuple[State, Tensor]]


class PlanPlayer:
    """Plays the games of one structure; their plans are made as they are met. Several threads may play."""

    def __init__(self, compiled: Mapping[Pattern, CompiledUpdate]) -> None:
        self._compiled = compiled
        self._plans: dict[object, _PreparedPlan | RecordedPlan | None] = {}
        self._switches: dict[tuple[type, ...], list[int]] = {}

    def advance(
        self, game: Game, state: State, inputs: Sequence[IterationInputs], live: Live, unplanned: Unplanned
    ) -> tuple[State, Tensor]:
        """The state after ``inputs``, and a row of numbers for each; what has no plan is left to ``unplanned``.

        Raises:
            RuntimeError: an update failed.
        """
        rows: list[Tensor] = []
        whole = [leaves_of(single) for single in inputs]
        for (kinds, _), alike in groupby(zip(self._keys(inputs, whole), inputs, whole, strict=True), itemgetter(0)):
            _, part, leaves = zip(*alike, strict=True)
            if kinds not in self._plans:
                self._plans[kinds] = self._plan_of(game, part[0]._replace(lookahead=None), state, leaves[0], live)
            plan = self._plans[kinds]
            if plan is None:
                state, found = unplanned(state, part)
            else:
                state, found = plan.play(state, leaves, live)
                if (due := part[-1].lookahead) is not None:
                    state = called_back(game, state, due)
            rows.append(found)
        return state, rows[0] if len(rows) == 1 else torch.cat(rows)

    def _keys(self, inputs: Sequence[IterationInputs], whole: Sequence[Items]) -> Iterator[tuple[object, int]]:
        """The same for iterations in a row that are played at once: their players go back after the last at most."""
        times_back = 0
        for single, leaves in zip(inputs, whole, strict=True):
            yield self._kinds(single, leaves), times_back
            if single.lookahead is not None and bool((single.lookahead > 0).any()):
                times_back += 1

    def _plan_of(
        self, game: Game, inputs: IterationInputs, state: State, leaves: Items, live: Live
    ) -> _PreparedPlan | RecordedPlan | None:
        plan = recorded_plan(game, inputs, self._compiled)
        if plan is None:
            return None
        codes = [call.update.code for call in plan.calls]
        shared = [code for code in codes if isinstance(code, SharedCode)]
        if len(shared) == len(codes):
            return _PreparedPlan(plan, shared)
        if isinstance(codes[0], RecordableCode):
            try:
                return RecordedPlan(plan, codes[0].record, state, leaves, live)
            except RuntimeError:  # an operation that no recording can hold
                return None
        return None

    def _kinds(self, inputs: IterationInputs, leaves: Items) -> object:
        """What decides which plan an iteration has."""
        kinds = tuple(map(type, leaves))
        switches = self._switches.get(kinds)
        if switches is None:
            switches = self._switches[kinds] = [number for number, kind in enumerate(kinds) if kind is bool]
        return kinds, tuple([leaves[number] for number in switches]), len(inputs.discriminator)


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
        self._calls = [
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
        ]
        self._after = (INTEGER * STATE_TENSORS)(*plan.after)
        self._given = itemgetter(*plan.given)
        self._inputs = len(plan.given) + len(plan.calls)
        self._registers = STATE_TENSORS + self._inputs + sum(call.update.results for call in plan.calls)
        self._numbers = CallNumbers(plan, CPU)

    def play(self, state: State, whole: Sequence[Items], live: Live) -> tuple[State, Tensor]:
        """The state after iterations with these leaves of inputs, and a row of numbers for each."""
        count, members = len(whole), state.ema.shape[:-1]
        vectors = self._numbers.of(whole, live)
        given = [tensor for leaves, own in zip(whole, vectors, strict=True) for tensor in (*self._given(leaves), *own)]
        on_d = torch.empty(count, *members, len(DiscriminatorReport._fields))
        on_g = torch.empty(count, *members, len(GeneratorReport._fields))
        calls = (_Update * len(self._calls))(*self._calls)
        for number, report in zip(self._plan.reports, (on_d, on_g), strict=True):
            calls[number].report = report.data_ptr()
        code = self._codes[0]  # any of them can
        handles = code.handed_over(given)
        held = code.handed_over(tensors_of(state))
        failed = code.play(
            calls, len(calls), held, self._after, STATE_TENSORS, handles, self._inputs, count, self._registers
        )
        if failed:
            raise RuntimeError("compiled code failed")
        rows = row(DiscriminatorReport(*on_d.unbind(-1)), GeneratorReport(*on_g.unbind(-1)))
        return state_of(taken_over(held)), rows
