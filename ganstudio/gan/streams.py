"""Randomness by name and number: every draw follows from the seed, its purpose and the number of its update.

A counter-based generator (Philox, Salmon et al. 2011) needs no running state: update n of a run draws the same
numbers whether it is reached in one go, after pauses, at another frame rate, or from a file. So the seed and the
update counters are all the state that randomness has.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


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
    # Only for looking: nothing below may ever reach the step.
    LOOK_LATENT = 100
    LOOK_REAL = 101
    MEASURE_LATENT = 102
    SAMPLE_LATENT = 103
    OPTIMALITY_REAL = 104
    OPTIMALITY_LATENT = 105


def stream(seed: int, purpose: Purpose, index: int = 0) -> np.random.Generator:
    """The generator of draw number ``index`` for this purpose; independent of all others."""
    # The index fills the counter's highest word: 2¹⁹² numbers lie between two draws.
    key = np.array([seed, purpose], dtype=np.uint64)
    counter = np.array([0, 0, 0, index], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
