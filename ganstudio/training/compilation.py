"""Compiles the updates of an experiment, in a process of its own: ``python -m ganstudio.training.compilation``.

It reads one JSON object from its standard input, and writes one to its standard output when it is done. Its input stays
open meanwhile: when that ends, whoever wanted the updates is gone, and so is this process with all that it started.

What is compiled is executed once beside the step as it is written, and kept only if both agree: code that crashes or
computes something else never reaches a run.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.gan.bundles import Bundle
from ganstudio.gan.device import moved
from ganstudio.gan.draws import IterationInputs, Normaliser, burst_inputs
from ganstudio.gan.game import Game
from ganstudio.gan.live import Numbers, live_values
from ganstudio.gan.members import member_of, stacked
from ganstudio.gan.state import Player, State
from ganstudio.gan.step import UpdateFunctions, updates
from ganstudio.messages.snapshot import Progress
from ganstudio.training.capture import UPDATES, Call, Captured, Pattern, captured, items_of, pattern_of
from ganstudio.training.compiled_update import INDEX, CompiledUpdate, Entry
from ganstudio.training.products import PRODUCTS, small_product, source
from ganstudio.training.shared_code import taken_out

RECORDED_ITERATIONS = 2
"""After so many iterations, every pattern of calls has been met: lazy penalties are due in the first, and not in the
next."""
NICENESS = 10
OPTIONS: dict[str, Any] = {"cpp.threads": 1, "compile_threads": 1}
"""One thread: for networks of this size more are slower, much slower on a busy machine."""
SMALL_BYTES = 2**20
"""All that a small update takes and computes on the way. torch puts on the stack what is in memory at the same time, if
that is no more than 100 KB, and no operation is a call to somewhere else: all of it, or nothing."""
ON_STACK: dict[str, Any] = {"aot_inductor.allow_stack_allocation": True}
"""Half of the time of narrow networks goes into getting and giving back pieces of memory. With this, results are
borrowed (``shared_code.SharedCode``)."""
IN_ONE_PIECE: dict[str, Any] = {"memory_planning": True}
"""For all others: a twentieth of their time."""
CPU = torch.device("cpu")
PLAYING = Path(__file__).with_name("iterations.h")
"""Every library holds what plays iterations."""
RELATIVE, ABSOLUTE = 2e-3, 1e-4
ATTEMPTS = (1.0, 0.95, 0.9)
"""By what all parameters are multiplied, where the first comparison does not agree."""
MOVED = ("parameters", "previous", "slow")
"""What of a player a step of its optimizer moves."""
ASTRAY = 0.5
"""How far from the step's way, in its length, the compiled one may lead."""


class DisagreementError(ArithmeticError):
    """Compiled code and the step as it is written compute different numbers."""


class AnySampler:
    """Stands in for a target: an update sees no more of it than the shape of its samples."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float32]:
        return rng.standard_normal((n, self._dimension), dtype=np.float32)


def recorded_calls(game: Game, device: torch.device = CPU) -> dict[Pattern, Call]:
    """One call of each pattern that playing this game on ``device`` makes, in the order in which they are met."""
    calls: dict[Pattern, Call] = {}

    def recording(player: str) -> Any:
        def update(game: Game, base: Any, *drawn: Any, at: Any = None, opponent: Any = None) -> Any:
            call = Call(player, base, None if at is base else at, drawn, opponent)
            calls.setdefault(pattern_of(player, items_of(*call[1:])), call)
            return UPDATES[player](game, base, *drawn, at=at, opponent=opponent)

        return update

    state = moved(game.initial_state(), device)
    execute = UpdateFunctions(recording("discriminator"), recording("generator"))
    for inputs in first_inputs(game).on(device).each():
        state, _ = updates(game, state, inputs, execute)
    return calls


def first_inputs(game: Game) -> Bundle[IterationInputs]:
    """Such inputs as the first iterations of this game have; all patterns of calls are met in them."""
    dimension = game.dimension
    normaliser = Normaliser.of((0.0,) * dimension, (1.0,) * dimension)
    return burst_inputs(game, AnySampler(dimension), normaliser, Progress(), RECORDED_ITERATIONS)


def compile_updates(experiment: Experiment, folder: Path, members: int | None = None) -> None:
    """Compile every update of the experiment into ``folder``, which appears as a whole or not at all.

    With a number of ``members``: those of a population of so many, that has this experiment in common.

    Raises:
        Exception: whatever torch or the compiler raises; DisagreementError where the result is not the step's.
    """
    game = Game.of(experiment)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="compiling-", dir=folder.parent) as name:
        made = Path(name) / "made"
        made.mkdir()
        entries = []
        for number, (pattern, call) in enumerate(recorded_calls(game).items()):
            capture = captured(game, call, members)
            on_stack = capture.bytes <= SMALL_BYTES and not capture.operations & {small_product, *PRODUCTS}
            file = _compiled(capture, made / f"update-{number}.pt2", ON_STACK if on_stack else IN_ONE_PIECE)
            entry = Entry(file.name, pattern, capture.tensors, capture.outputs, borrowed=on_stack)
            check_update(game, call, CompiledUpdate.load(made, entry), members)
            entries.append(entry)
        (made / INDEX).write_text(json.dumps([entry._asdict() for entry in entries]), encoding="utf-8")
        with contextlib.suppress(OSError):  # another process was faster
            made.rename(folder)


def _compiled(capture: Captured, package: Path, options: dict[str, Any]) -> Path:
    """The library of a graph's machine code, beside where torch makes its ``package``."""
    import torch._inductor

    program = torch.export.export(capture.graph, capture.examples, strict=False)
    # Each text is put between ``extern`` and a semicolon, all of them into one block of C functions.
    held = [f'"C++" {{\n{PLAYING.read_text(encoding="utf-8")}}}', *source()]
    options = OPTIONS | options | {"aot_inductor.custom_ops_to_c_shims": {small_product: held}}
    torch._inductor.aoti_compile_and_package(program, package_path=str(package), inductor_configs=options)
    return taken_out(package)


def check_update(game: Game, call: Call, compiled: CompiledUpdate, members: int | None = None) -> None:
    """Compare one update, or that of so many members, with the step's own.

    Where a unit happens to be right at the kink of its activation, rounding decides on which side, and both are right.
    So what disagrees is asked again with other parameters, of which every one must agree once.

    Raises:
        DisagreementError: they are not the same.
    """
    live = list(live_values(game.experiment).values())
    doubtful = list(range(members or 1))
    for factor in ATTEMPTS:
        # Members that differ: the parameters of each are shrunk a little more.
        calls = [_shrunk(call, factor * (1 - number / (2 * (members or 1)))) for number in range(members or 1)]
        if members is None:
            found = [compiled(items_of(*calls[0][1:]), live)]
        else:
            together = stacked(calls)
            states, reports = compiled(items_of(*together[1:]), [Numbers((value,) * members) for value in live])
            found = [(member_of(states, number), reports[number]) for number in range(members)]
        doubtful = [number for number in doubtful if not _agree(game, calls[number], *found[number])]
        if not doubtful:
            return
    raise DisagreementError(f"the compiled update of the {call.player} differs from the step's")


def _shrunk(call: Call, factor: float) -> Call:
    def shrunk(state: State) -> State:
        g, d = state.generator, state.discriminator
        return state._replace(
            generator=g._replace(parameters=factor * g.parameters),
            discriminator=d._replace(parameters=factor * d.parameters),
        )

    return call._replace(base=shrunk(call.base), at=None if call.at is None else shrunk(call.at))


def _agree(game: Game, call: Call, state: State, report: Tensor) -> bool:
    expected, numbers = UPDATES[call.player](game, call.base, *call.drawn, at=call.at, opponent=call.opponent)
    agree = [_are_close(report, torch.stack(numbers)), _leads_to(call.base.ema, state.ema, expected.ema)]
    for base, mine, theirs in zip(call.base[:2], state[:2], expected[:2], strict=True):
        for name, begun, one, other in zip(Player._fields, base, mine, theirs, strict=True):
            agree.append(_leads_to(begun, one, other) if name in MOVED else _are_close(one, other))
    return all(agree)


def _are_close(mine: Tensor, theirs: Tensor) -> bool:
    return torch.allclose(mine, theirs, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)


def _leads_to(base: Tensor, mine: Tensor, theirs: Tensor) -> bool:
    """Whether both go the same way from ``base``, which may be NaN where nothing was before.

    Adam and RMSprop make whole steps of slopes that are nothing but rounding, as those of a bias before a normalisation
    are: single parameters may differ by such a step, while the moments, which are compared as well, agree.
    """
    if _are_close(mine, theirs):
        return True
    difference, way = (mine - theirs).norm(), (theirs - base.nan_to_num()).norm()
    return bool(difference <= ASTRAY * way)


def in_one_line(error: Exception) -> str:
    """What went wrong, for people."""
    first = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {first}"[:300]


def main() -> int:
    """Do what standard input asks for."""
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_caller, daemon=True).start()
    torch.set_num_threads(1)
    if request["nice"]:
        os.nice(NICENESS)
    answer = os.dup(1)
    os.dup2(2, 1)  # What compilers print is no answer.
    try:
        experiment, folder = Experiment.model_validate(request["experiment"]), Path(request["folder"])
        compile_updates(experiment, folder, request["members"])
        told: dict[str, str | None] = {"reason": None}
    except Exception as error:  # noqa: BLE001  whatever it is, training goes on without
        traceback.print_exc()
        told = {"reason": in_one_line(error)}
    os.write(answer, json.dumps(told).encode() + b"\n")
    return 0


def _end_with_the_caller() -> None:
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
