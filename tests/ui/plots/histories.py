"""Histories and frames for the plots, from explicit seeds."""

from __future__ import annotations

import numpy as np

from ganstudio.messages.events import Frame, Histograms
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History, HistoryChunk
from ganstudio.messages.snapshot import Progress


def chunk(first: int, count: int, seed: int = 0, every: int = 10) -> HistoryChunk:
    """Rows of iterations ``first`` … and a measure at each multiple of ``every`` among them."""
    random = np.random.default_rng(seed)
    rows = random.uniform(0.1, 1.0, (count, len(COLUMNS)))
    rows[:, 0] = np.arange(first, first + count)
    rows[:, COLUMNS.index("value")] *= -1
    at = rows[rows[:, 0] % every == 0, 0]
    jsd = random.uniform(0.01, 0.6, len(at))
    measures = np.stack((at, jsd, np.full_like(at, 0.005), jsd - 0.01, jsd + 0.01), axis=1)
    assert measures.shape[1] == len(MEASURE_COLUMNS)
    return HistoryChunk(rows, measures)


def history(count: int, seed: int = 0) -> History:
    """A run of ``count`` iterations."""
    made = History()
    made.append(chunk(1, count, seed))
    return made


def frame(real: list[float], generated: list[float]) -> Frame:
    """A frame with histograms of so many equal bins from 0 to 1 as there are counts."""
    edges = np.linspace(0, 1, len(real) + 1, dtype=np.float32)
    histograms = Histograms(edges, np.array(real, np.float32), np.array(generated, np.float32))
    return Frame(generation=1, progress=Progress(), iterations_per_second=0.0, histograms=histograms)
