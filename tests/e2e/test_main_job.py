"""The program's main job, from an empty canvas to samples of a generator that needs the program no more."""

from __future__ import annotations

import math
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from program import Program
from waiting import until

from ganstudio.experiment.change import with_value
from ganstudio.experiment.painting import BrushStroke, Clear
from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import Painting
from ganstudio.session import codec
from ganstudio.session.session import Session

pytestmark = pytest.mark.e2e
Launch = Callable[..., Program]

RADIUS = 0.6
"""Of the painted circle, as a share of half the stage."""
SAMPLE_THE_EXPORT = """
import sys
for name in ("ganstudio", "PySide6", "pyqtgraph", "pydantic"):
    sys.modules[name] = None  # importing it raises
sys.path.insert(0, sys.argv[1])
import numpy, generator
numpy.save(sys.argv[2], numpy.asarray(generator.sample(2000, 7)))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A session that has not begun, measured often and cheaply."""
    experiment = preset("gaussians").experiment
    for path, value in {"measure.every": 50, "measure.samples": 4000, "generator.widths": (32, 32)}.items():
        experiment = with_value(experiment, path, value)
    codec.write(Session(experiment), tmp_path / "painted.gans")
    return tmp_path / "painted.gans"


def circle(steps: int = 90) -> list[tuple[float, float]]:
    turns = np.linspace(0, 2 * math.pi, steps)
    return [(RADIUS * math.cos(turn), RADIUS * math.sin(turn)) for turn in turns]


def test_a_painted_circle_is_trained_on_saved_reopened_continued_exported_and_sampled(launch: Launch, file: Path):
    program = launch("open", file)
    program.ready(file.name)
    stage = program.stage()

    # Draw.
    program.keys("ctrl+BackSpace", "b")
    program.drag([stage.at(x, y) for x, y in circle()])
    session = program.save(file)
    target = session.experiment.target
    assert isinstance(target, Painting)
    *_, cleared, stroke = target.commands
    assert isinstance(cleared, Clear) and isinstance(stroke, BrushStroke)
    points = np.array(stroke.points)[:, :2]
    centre = (points.max(0) + points.min(0)) / 2
    distances = np.linalg.norm(points - centre, axis=1)
    assert len(points) >= 30
    assert np.ptp(distances) < 0.1 * distances.mean()  # round, all the way round
    radius = distances.mean()

    # Train.
    program.keys("space")
    until(lambda: learnt(program.save(file)), "the JSD to fall to a third of its start", every=1.0)
    program.keys("space")
    kept = until(lambda: at_rest(program, file), "training to pause and all to be saved")
    assert program.quit() == 0, program.output
    until(lambda: not program.processes(), "all its processes to be gone")

    # Reopen, continue.
    program = launch("open", file)
    program.ready(file.name)
    until(program.is_saved, "the title to say that nothing is newer than the file")
    program.keys("space")
    until(lambda: program.save(file).snapshot.progress.iteration > kept.snapshot.progress.iteration + 100, "more of it")
    program.keys("space")
    continued = until(lambda: at_rest(program, file), "training to pause and all to be saved")
    assert continued.experiment == kept.experiment
    rows = continued.history.rows
    assert np.array_equal(rows[:, 0], np.arange(1, continued.snapshot.progress.iteration + 1))
    assert np.array_equal(rows[: len(kept.history.rows)], kept.history.rows, equal_nan=True)
    assert learnt(continued)

    # Take the generator away.
    program.keys("ctrl+e")
    program.window("Export the generator")
    program.keys("Return")
    archive = file.with_suffix(".zip")
    until(archive.exists, "the exported generator")
    program.ready(file.name)  # the dialog had the keyboard
    assert program.quit() == 0, program.output
    samples = sampled_without_the_program(archive)
    assert samples.shape == (2000, 2)
    around = np.linalg.norm(samples - centre, axis=1)
    assert abs(np.median(around) - radius) < 0.25 * radius
    assert np.mean(np.abs(around - radius) < 0.4 * radius) > 0.8


def learnt(session: Session) -> bool:
    """Whether the JSD is clearly below its start."""
    jsd = session.history.measures[:, 1]
    return len(jsd) > 3 and bool(jsd[-1] < jsd[0] / 3)


def at_rest(program: Program, file: Path) -> Session | None:
    """The saved session, once the window says that nothing is newer."""
    session = program.save(file)
    return session if program.is_saved() else None


def sampled_without_the_program(archive: Path) -> np.ndarray:
    folder = archive.with_suffix("")
    with zipfile.ZipFile(archive) as entries:
        entries.extractall(folder)
    (code,) = folder.rglob("generator.py")
    output = folder / "samples.npy"
    answer = subprocess.run(
        [sys.executable, "-I", "-c", SAMPLE_THE_EXPORT, str(code.parent), str(output)],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return np.load(output)
