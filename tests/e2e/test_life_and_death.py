"""How the program comes to life, how it ends, and what it outlives."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from program import Program, differs
from waiting import until

from ganstudio.experiment.presets import preset
from ganstudio.session import codec
from ganstudio.session.session import Session

pytestmark = pytest.mark.e2e
Launch = Callable[..., Program]


def start_training(program: Program) -> None:
    """Play, and see it."""
    program.ready()
    stage = program.stage()
    before = stage.of(program.picture())
    program.keys("space")
    until(
        lambda: differs(stage.of(program.picture()), before).mean() > 0.2,
        "training to change what the stage shows",
    )


def test_at_the_first_start_a_preset_is_shown_and_space_trains_it(launch: Launch):
    program = launch()
    start_training(program)
    assert len(program.trainers()) == 1
    until(lambda: "*" in program.title(), "the title to say that there is something to save")
    # Closing while it trains.
    assert program.quit() == 0, program.output
    until(lambda: not program.processes(), "all its processes to be gone")
    assert "Traceback" not in program.output


def test_a_killed_trainer_is_started_again_and_goes_on_from_the_last_snapshot(launch: Launch, tmp_path: Path):
    file = tmp_path / "run.gans"
    codec.write(Session(preset("gaussians").experiment), file)
    program = launch("open", file)
    program.ready(file.name)
    program.keys("space")
    before = until(lambda: trained(program.save(file), 50), "some training", every=0.5)
    (trainer,) = until(program.trainers, "the trainer's process")
    os.kill(trainer, signal.SIGKILL)
    until(lambda: program.trainers() - {trainer}, "another trainer")
    after = until(lambda: trained(program.save(file), before.snapshot.progress.iteration + 50), "more training")
    # What was saved is a snapshot that the window has: it is never trained again.
    rows = after.history.rows
    assert np.array_equal(rows[: len(before.history.rows)], before.history.rows, equal_nan=True)
    assert np.array_equal(rows[:, 0], np.arange(1, after.snapshot.progress.iteration + 1))
    assert program.process.poll() is None
    assert "Traceback" not in program.output


def test_killing_the_window_leaves_no_process_behind(launch: Launch):
    program = launch()
    start_training(program)
    assert len(program.processes()) >= 2
    program.process.kill()
    program.process.wait()
    until(lambda: not program.processes(), "what the window had started to end by itself")


def trained(session: Session, iterations: int) -> Session | None:
    """The session, once it has so many iterations."""
    snapshot = session.snapshot
    return session if snapshot is not None and snapshot.progress.iteration >= iterations else None
