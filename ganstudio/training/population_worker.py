"""Some members of a population in a process of their own, seen from inside."""

from __future__ import annotations

import contextlib
import gc
import signal
from ctypes import Array, c_float
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import torch
from torch import Tensor

from ganstudio.gan.game import Game
from ganstudio.gan.members import Members
from ganstudio.gan.state import State
from ganstudio.gan.trees import mapped
from ganstudio.messages.link import Link
from ganstudio.messages.pipe import PipeLink
from ganstudio.messages.population import BurstPlayed, MembersTaken, PlayBurst, TakeMembers
from ganstudio.training.capture import state_of, tensors_of
from ganstudio.training.compiled_update import load_all
from ganstudio.training.population_draws import PopulationDraws
from ganstudio.training.population_engine import CompiledPopulation

Memory = Array[c_float]
"""Numbers that two processes see."""


def main(connection: Connection[bytes, bytes], memory: Memory) -> None:
    """Take the members that the first message names, and play the bursts of all others, until nobody is there."""
    # Ctrl-C in a terminal reaches the whole group; whoever started this decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    # Whoever started this plays the members when it has ended, and meets what is wrong with them, if that it was.
    with contextlib.suppress(Exception):
        serve(PipeLink(connection), memory)


def serve(link: Link, memory: Memory) -> None:
    """Answer each message, in turn.

    Raises:
        EOFError: nobody is there.
        OSError, ValueError, RuntimeError: there is no compiled code for the members, or it failed.
    """
    task: TakeMembers = link.receive(None)  # type: ignore[assignment]
    members = Members(tuple(map(Game.of, task.members)), Game.of(task.common))
    draws = PopulationDraws(members, task.normalisations)
    engine = CompiledPopulation(members, load_all(Path(task.folder)), task.group)
    shared = state_in(memory, task.shapes)
    state = shared
    gc.disable()  # what a burst leaves has no cycles (``collecting``)
    link.send(MembersTaken())
    while True:
        asked: PlayBurst = link.receive(None)  # type: ignore[assignment]
        burst = replace(asked.burst, broken=tuple(number - task.first for number in asked.burst.broken))
        state, rows = engine.advance(draws, mapped(shared, torch.clone) if asked.anew else state, burst)
        put_into(shared, state)
        link.send(BurstPlayed(rows.numpy()))


def state_in(memory: Memory, shapes: tuple[tuple[int, ...], ...]) -> State:
    """A state of tensors of these shapes that stand in the memory, one after the other."""
    numbers = torch.frombuffer(memory, dtype=torch.float32)
    tensors, first = list[Tensor](), 0
    for shape in shapes:
        size = torch.Size(shape).numel()
        tensors.append(numbers[first : first + size].view(shape))
        first += size
    return state_of(tensors)


def put_into(shared: State, state: State) -> None:
    """Write the state into another one's tensors."""
    for to, tensor in zip(tensors_of(shared), tensors_of(state), strict=True):
        to.copy_(tensor)
