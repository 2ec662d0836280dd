"""Iterations as CUDA graphs: recorded once, then told to the GPU as a whole instead of operation by operation.

A GPU is done with an operation on small networks long before Python has told it of the next. What is recorded are the
graphs of updates (``training.capture``) in the order of an iteration's plan. A recording always works on the same
memory: what an iteration takes is copied there, and what it gives is copied from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor
from torch.fx import GraphModule

from ganstudio.experiment import Experiment
from ganstudio.gan.device import device_of, moved
from ganstudio.gan.game import Game
from ganstudio.gan.live import Numbers, live_values
from ganstudio.gan.members import stacked, stacked_inputs
from ganstudio.gan.state import State
from ganstudio.gan.step import rows_of
from ganstudio.training.capture import Items, Live, Pattern, captured, leaves_of, state_of, tensors_of
from ganstudio.training.compilation import check_update, first_inputs, recorded_calls
from ganstudio.training.compiled_update import CompiledUpdate, Entry
from ganstudio.training.iteration_plan import IterationPlan, recorded_plan

WARM_UP = 3
"""Times that something is run before it is recorded: in the first, libraries allocate what they need."""

Work = Callable[[], tuple[Tensor, ...]]
Recording = tuple[Callable[[], None], tuple[Tensor, ...]]
"""Does the recorded work again; its results stand in these tensors afterwards."""
Record = Callable[[Work], Recording]


def recorded_on_cuda(work: Work) -> Recording:
    """The work as a CUDA graph; see "CUDA Graphs" in torch's notes on CUDA semantics.

    Raises:
        RuntimeError: it does something that cannot be recorded.
    """
    current = torch.cuda.current_stream()
    beside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    beside.wait_stream(current)
    with torch.cuda.stream(beside):
        for _ in range(WARM_UP):
            work()
    current.wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    # Where recording fails, torch does not come back from the stream that it records on.
    with torch.cuda.stream(current), torch.cuda.graph(graph):
        results = work()
    return graph.replay, results


class RecordableCode:
    """The graph of an update, run operation by operation; ``record`` makes one recording of several of them."""

    def __init__(self, graph: GraphModule, record: Record) -> None:
        self.record = record
        self._graph = graph

    def run(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        """The results for these inputs."""
        return list(self._graph(*inputs))


def recordable_updates(
    experiment: Experiment,
    members: int | None = None,
    given_up: Callable[[], bool] = lambda: False,
    *,
    record: Record = recorded_on_cuda,
) -> dict[Pattern, CompiledUpdate] | None:
    """Every update of the experiment, or that of so many members, as a graph on the experiment's device.

    Takes seconds. Each is executed once beside the step as it is written, and iterations are recorded once, to see
    whether they can be. None where it was ``given_up`` meanwhile.

    Raises:
        Exception: whatever torch raises; DisagreementError where a graph is not the step's.
    """
    game, device = Game.of(experiment), device_of(experiment)
    made = {}
    for pattern, call in recorded_calls(game, device).items():
        if given_up():
            return None
        capture = captured(game, call, members)
        code = RecordableCode(capture.graph, record)
        made[pattern] = CompiledUpdate(Entry("", pattern, capture.tensors, capture.outputs), code)
        check_update(game, call, made[pattern], members)
    _try_recording(game, made, members, device, record)
    return made


def _try_recording(
    game: Game, made: Mapping[Pattern, CompiledUpdate], members: int | None, device: torch.device, record: Record
) -> None:
    state, inputs = game.initial_state(), first_inputs(game)
    live: Live = tuple(live_values(game.experiment).values())
    if members is not None:
        state, inputs = stacked([state] * members), stacked_inputs([inputs] * members, inputs)
        live = tuple(Numbers((float(value),) * members) for value in live)
    for number in range(inputs.size):
        one = inputs.cut(number, number + 1).on(device)
        plan = recorded_plan(game, one.each()[0]._replace(lookahead=None), made)
        if plan is not None:
            RecordedPlan(plan, record, moved(state, device), leaves_of(one.parts), live)


class RecordedPlan:
    """An iteration's plan as a recording, for tensors such as those that it is given first.

    Raises:
        RuntimeError: it cannot be recorded.
    """

    def __init__(self, plan: IterationPlan, record: Record, state: State, columns: Items, live: Live) -> None:
        self._plan = plan
        self._device = state.ema.device
        self._state = [tensor.clone() for tensor in tensors_of(state)]
        self._taken = [tensor.clone() for tensor in self._taken_in(columns, 1, live)[0]]
        self._replay, self._reports = record(self._iteration)

    def play(self, state: State, columns: Items, count: int, live: Live) -> tuple[State, Tensor]:
        """The state after iterations with these leaves of inputs, and a row of numbers for each."""
        _fill(self._state, tensors_of(state))
        on_d, on_g = [], []
        for taken in self._taken_in(columns, count, live):
            _fill(self._taken, taken)
            self._replay()
            on_d.append(self._reports[0].clone())
            on_g.append(self._reports[1].clone())
        return state_of([tensor.clone() for tensor in self._state]), rows_of(torch.stack(on_d), torch.stack(on_g))

    def _taken_in(self, columns: Items, count: int, live: Live) -> list[tuple[Tensor, ...]]:
        """What each iteration takes from outside: tensors, then the numbers of each call."""
        taken = [own[:count].to(self._device) for own in self._plan.taken_from(columns, count, live)]
        return list(zip(*(own.unbind() for own in taken), strict=True))

    def _iteration(self) -> tuple[Tensor, Tensor]:
        """Plays one: the state that stands there becomes the next one. The reports of D and of G."""
        registers = [*self._state, *self._taken]
        for call in self._plan.calls:
            registers += call.update.code.run([registers[number] for number in call.taken])
        # What only goes to another place of the state is copied first: it might be written over before it is read.
        after = [
            registers[number].clone() if number < len(self._state) else registers[number] for number in self._plan.after
        ]
        _fill(self._state, after)
        on_d, on_g = (registers[self._plan.calls[number].report] for number in self._plan.reports)
        return on_d, on_g


def _fill(memory: Sequence[Tensor], tensors: Sequence[Tensor]) -> None:
    torch._foreach_copy_(list(memory), list(tensors))
