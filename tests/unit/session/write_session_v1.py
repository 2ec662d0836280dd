"""Wrote ``tests/data/session-v1.gans`` with the first program that had format 1. It must never be written again:

the file stands for those that people have. Run by hand: ``python tests/unit/session/write_session_v1.py``.
"""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np

from ganstudio.experiment import Experiment
from ganstudio.experiment.optimizers import SGD, Optimizers
from ganstudio.experiment.painting import BrushStroke, SprayStroke, Transform
from ganstudio.experiment.targets import Painting
from ganstudio.messages.history import HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.session import codec
from ganstudio.session.migrations import FORMAT_VERSION
from ganstudio.session.session import Session
from ganstudio.session.view import LayerView, ViewSettings

PATH = Path(__file__).parents[2] / "data" / "session-v1.gans"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def session_v1() -> Session:
    """A painted target, small made-up arrays, two snapshots, a view."""
    strokes = (
        BrushStroke(points=((-0.5, 0.25, 1.0), (0.5, 0.25, 0.5)), size=0.125, strength=0.75),
        SprayStroke(points=((0.0, -0.5, 1.0),), size=0.25, seed=99),
        Transform(shift=(0.25, 0.0), angle=0.5),
    )
    arrays = {
        "generator/parameters": np.arange(6, dtype=np.float32) / 4,
        "generator/moments": np.arange(12, dtype=np.float32).reshape(2, 6) / 8,
        "ema": -np.arange(6, dtype=np.float32),
    }
    zero = {name: np.zeros_like(array) for name, array in arrays.items()}
    centre, scale = (0.5, -0.25), (2.0, 4.0)
    rows = np.arange(27, dtype=np.float64).reshape(3, 9)
    rows[1, 2] = np.nan
    return Session(
        experiment=Experiment(
            target=Painting(commands=strokes),
            optimizers=Optimizers(generator=SGD(learning_rate=0.0625, momentum=0.5, nesterov=True)),
            seed=20_140_610,
        ),
        snapshot=Snapshot(Progress(3, 6, 3, 0.5), centre, scale, arrays),
        history=HistoryChunk(rows, np.array([[3.0, 0.25, 0.0625, 0.125, 0.5]])),
        timeline=(Snapshot(Progress(), centre, scale, zero),),
        view=ViewSettings(
            layers=(LayerView(name="field", visible=True, opacity=0.5),),
            view_range=(-2.0, 2.0, -1.0, 1.0),
            notes="Zur Übung",
        ),
        thumbnail=PIXEL,
    )


if __name__ == "__main__":
    if FORMAT_VERSION != 1:
        raise SystemExit(f"this program writes format {FORMAT_VERSION}; the file of format 1 is kept as it is")
    codec.write(session_v1(), PATH)
