"""Randomness by name and number: every draw follows from the seed, its purpose and the number of its update.

A counter-based generator (Philox, Salmon et al. 2011) needs no running state: update n of a run draws the same
numbers whether it is reached in one go, after pauses, at another frame rate, or from a file. So the seed and the
update counters are all the state that randomness has.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from operator import is_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Drawn = tuple[NDArray[np.float32] | None, ...]
"""Arrays of equal length; None instead of one without numbers."""

BLOCK_NUMBERS = 2**14
"""About the most numbers of a block, where it holds several updates, ..."""
MOST_AT_ONCE = 64
"""... and the most updates. Both decide what a seed gives."""

_NOTHING = np.zeros(4, dtype=np.uint64)
"""Numbers made in advance, of which there are none."""


class Purpose(IntEnum):
    """Separate streams. Their numbers are part of the file format's promise: never renumber."""

    INITIALISATION = 0
    DISCRIMINATOR_REAL = 1
    DISCRIMINATOR_LATENT = 2
    DISCRIMINATOR_NOISE = 3
    GENERATOR_LATENT = 4
    GENERATOR_NOISE = 5
    PRIOR = 6  # centres of a mixture prior
    NORMALISATION = 7
    GENERATOR_REAL = 8  # where G's loss looks at real samples as well
    UNROLLED_REAL = 9  # updates of D that G foresees
    UNROLLED_LATENT = 10
    UNROLLED_NOISE = 11
    # Only for looking: nothing below may ever reach the step.
    LOOK_LATENT = 100
    LOOK_REAL = 101
    MEASURE_LATENT = 102
    SAMPLE_LATENT = 103
    OPTIMALITY_REAL = 104
    OPTIMALITY_LATENT = 105
    EXPECTATION_REAL = 106
    EXPECTATION_LATENT = 107
    APPROXIMATION = 110


def stream(seed: int, purpose: Purpose, index: int = 0, block: int = 0) -> np.random.Generator:
    """The generator of draw number ``index`` for this purpose; independent of all others.

    Draws for a ``block`` of so many updates are numbered by block, and independent of those for blocks of other sizes.
    """
    return turned_to(np.random.Generator(np.random.Philox()), seed, purpose, index, block)


def turned_to(
    generator: np.random.Generator, seed: int, purpose: Purpose, index: int, block: int
) -> np.random.Generator:
    """A generator of :func:`stream`, at the beginning of another draw: to make one takes three times as long."""
    # Size and index fill the two highest words of the counter: 2¹²⁸ numbers lie between two draws.
    generator.bit_generator.state = {
        "bit_generator": "Philox",
        "state": {
            "counter": np.array([0, 0, block, index], dtype=np.uint64),
            "key": np.array([seed, purpose], dtype=np.uint64),
        },
        "buffer": _NOTHING,
        "buffer_pos": len(_NOTHING),
        "has_uint32": 0,
        "uinteger": 0,
    }
    return generator


class Turns(NamedTuple):
    """For whom is drawn: updates by their numbers over the whole run, and the ``steps`` that belong to each."""

    updates: range
    steps: int = 1


class Blocks:
    """The draws of a game, many updates at once: making and setting a generator takes longer than a small batch.

    Update n draws part n mod B of block ⌊n/B⌋ of size B, of which each has a stream of its own. B follows from how much
    an update draws, so a block is small: whoever plays a single step does not wait for it. Where B changes on the way,
    as with the batch size, nothing is drawn twice. The block that was drawn last is kept for each purpose; it is no
    state, as it would be drawn the same again.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._kept: dict[Purpose, _Block] = {}
        self._generator = stream(seed, Purpose.INITIALISATION)

    def drawn(
        self,
        purpose: Purpose,
        turns: Turns,
        numbers: int,
        make: Callable[[np.random.Generator, int], Drawn],
        *given: object,
    ) -> Drawn:
        """What these turns draw, in order: rows of the arrays of ``make(rng, count)``, which have ``count`` of them.

        ``numbers`` is how many numbers a row takes, always the same for a purpose. What else decides what ``make``
        does, and may change, is ``given``: another object there is another block. There is one update at least.
        """
        update, end, steps = turns.updates.start, turns.updates.stop, turns.steps
        found: list[Drawn] = []
        while update < end:
            kept = self._kept.get(purpose)
            if kept is None or not kept.first <= update < kept.end or not all(map(is_, kept.given, given)):
                size = updates_at_once(numbers * steps)
                number = update // size
                arrays = make(turned_to(self._generator, self._seed, purpose, number, size), size * steps)
                kept = _Block(number * size, (number + 1) * size, given, arrays)
                if size * steps > 1:  # A large one is not held in memory, as nobody else needs it.
                    self._kept[purpose] = kept
            last = min(end, kept.end)
            here = slice((update - kept.first) * steps, (last - kept.first) * steps)
            found.append(tuple(None if array is None else array[here] for array in kept.arrays))
            update = last
        return found[0] if len(found) == 1 else tuple(map(_joined, zip(*found, strict=True)))


class _Block(NamedTuple):
    """Of the updates from ``first`` to before ``end``."""

    first: int
    end: int
    given: tuple[object, ...]
    arrays: Drawn


def _joined(arrays: Drawn) -> NDArray[np.float32] | None:
    """One after the other; all of them are None, or none."""
    some = [array for array in arrays if array is not None]
    return np.concatenate(some) if some else None


def updates_at_once(numbers: int) -> int:
    """The size of a block whose updates draw so many numbers each: a power of two."""
    return min(MOST_AT_ONCE, 1 << max(0, (BLOCK_NUMBERS // max(1, numbers)).bit_length() - 1))
