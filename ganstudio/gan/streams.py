"""Randomness by name and number: every draw follows from the seed, its purpose and the number of its update.

A counter-based generator (Philox, Salmon et al. 2011) needs no running state: update n of a run draws the same
numbers whether it is reached in one go, after pauses, at another frame rate, or from a file. So the seed and the
update counters are all the state that randomness has.
"""

from __future__ import annotations

import threading
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

_MOST_REUSED = 64
_local = threading.local()


class _Reused(NamedTuple):
    generator: np.random.Generator
    bits: np.random.BitGenerator
    state: Any  # of the beginning, its counter apart


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


def stream(seed: int, purpose: Purpose, index: int = 0) -> np.random.Generator:
    """The generator of draw number ``index`` for this purpose; independent of all others."""
    # The index fills the counter's highest word: 2¹⁹² numbers lie between two draws.
    key = np.array([seed, purpose], dtype=np.uint64)
    counter = np.array([0, 0, 0, index], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def passing_stream(seed: int, purpose: Purpose, index: int = 0) -> np.random.Generator:
    """The same numbers as :func:`stream`, five times as quickly: good until the next call for this seed and purpose.

    Making a generator takes longer than drawing a small batch from it, so one is set anew instead.
    """
    generators: dict[Any, _Reused] = _local.__dict__
    reused = generators.get((seed, purpose))
    if reused is None:
        if len(generators) >= _MOST_REUSED:
            generators.clear()
        generator = stream(seed, purpose)
        reused = generators[seed, purpose] = _Reused(generator, generator.bit_generator, generator.bit_generator.state)
    reused.state["state"]["counter"][3] = index
    reused.bits.state = reused.state
    return reused.generator
