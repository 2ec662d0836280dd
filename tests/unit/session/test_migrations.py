"""Files of every earlier format open, each tested on one of its day."""

from __future__ import annotations

import copy
import dataclasses
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.experiment.optimizers import SGD, Constant, LinearDecay
from ganstudio.experiment.painting import BrushStroke, SprayStroke, Transform
from ganstudio.experiment.penalties import PenaltySchedule
from ganstudio.experiment.targets import Painting
from ganstudio.experiment.updates import Alternating, Simultaneous, Updates
from ganstudio.messages.snapshot import Progress
from ganstudio.session import codec, migrations
from ganstudio.session.migrations import FORMAT_VERSION, MIGRATIONS, Tree, migrated
from ganstudio.session.session import Session

DATA = Path(__file__).parents[2] / "data"
V1, V2 = DATA / "session-v1.gans", DATA / "session-v2.gans"


def test_there_is_a_migration_from_every_earlier_version() -> None:
    assert sorted(MIGRATIONS) == list(range(1, FORMAT_VERSION))


def test_the_committed_file_of_format_1_opens_with_all_that_is_in_it() -> None:
    session = codec.read(V1)
    target = session.experiment.target
    assert isinstance(target, Painting)
    brush, spray, transform = target.commands
    assert brush == BrushStroke(points=((-0.5, 0.25, 1.0), (0.5, 0.25, 0.5)), size=0.125, strength=0.75)
    assert spray == SprayStroke(points=((0.0, -0.5, 1.0),), size=0.25, seed=99, strength=0.5)
    assert transform == Transform(region=None, shift=(0.25, 0.0), scale=1.0, angle=0.5)
    generator = session.experiment.optimizers.generator
    assert isinstance(generator, SGD)
    assert (generator.learning_rate, generator.momentum, generator.nesterov) == (0.0625, 0.5, True)
    assert session.experiment.seed == 20_140_610
    assert session.experiment.generator.widths == (64, 64)

    assert session.snapshot is not None
    assert session.snapshot.progress == Progress(3, 6, 3, 0.5)
    assert (session.snapshot.centre, session.snapshot.scale) == ((0.5, -0.25), (2.0, 4.0))
    arrays = session.snapshot.arrays
    assert sorted(arrays) == ["ema", "generator/moments", "generator/parameters"]
    assert arrays["generator/moments"].dtype == np.float32
    np.testing.assert_array_equal(arrays["generator/moments"], np.arange(12).reshape(2, 6) / 8)
    np.testing.assert_array_equal(arrays["ema"], -np.arange(6.0))

    (start,) = session.timeline
    assert start.progress == Progress(0, 0, 0, 0.0, single_updates=0)
    assert not start.arrays["ema"].any()
    assert session.history.rows.shape == (3, 9)
    assert np.isnan(session.history.rows[1, 2])
    assert session.history.rows[2, 8] == 26
    np.testing.assert_array_equal(session.history.measures, [[3.0, 0.25, 0.0625, 0.125, 0.5]])

    assert session.view.notes == "Zur Übung"
    assert session.view.view_range == (-2.0, 2.0, -1.0, 1.0)
    assert [(layer.name, layer.opacity) for layer in session.view.layers] == [("field", 0.5)]
    assert session.thumbnail is not None
    assert session.thumbnail.startswith(b"\x89PNG")


def test_the_committed_file_of_format_1_says_so() -> None:
    with zipfile.ZipFile(V1) as archive:
        assert b'"format_version":1' in archive.read("session.json")


def test_versions_are_passed_one_after_the_other() -> None:
    def note(word: str) -> Callable[[Tree], Tree]:
        return lambda tree: Tree({**tree.document, "seen": [*tree.document["seen"], word]}, tree.arrays)

    old = Tree({"format_version": 2, "seen": []}, {})
    before = copy.deepcopy(old)
    steps = {1: note("1→2"), 2: note("2→3"), 3: note("3→4")}
    assert migrated(old, 2, current=4, migrations=steps).document == {"format_version": 4, "seen": ["2→3", "3→4"]}
    assert old == before


def test_what_came_after_format_1_is_off_in_its_files() -> None:
    experiment = codec.read(V1).experiment
    assert experiment.updates == Updates(rule=Alternating(), consensus=0.0, lookahead=0, unrolled_steps=0)
    assert experiment.penalty_schedule == PenaltySchedule(every=1, weights=Constant(), noise=Constant())
    assert experiment.generator.table_rows == 0
    seen = experiment.discriminator
    assert (seen.packing, seen.minibatch_std, seen.minibatch_kernels) == (1, False, 0)


def test_the_committed_file_of_format_2_opens_with_its_single_updates_counted() -> None:
    with zipfile.ZipFile(V2) as archive:
        assert b'"format_version":2' in archive.read("session.json")
    session = codec.read(V2)
    assert session.experiment.seed == 20_171_030
    assert isinstance(session.experiment.updates.rule, Simultaneous)
    assert isinstance(session.experiment.optimizers.generator.schedule, LinearDecay)
    assert session.snapshot is not None
    progress = session.snapshot.progress
    assert (progress.iteration, progress.discriminator_updates, progress.generator_updates) == (4, 6, 4)
    assert progress.single_updates == 2
    assert progress.schedules_since == 0
    assert [moment.progress for moment in session.timeline] == [Progress()]
    assert session.history.rows.shape == (6, 9)
    assert session.view.notes == "of format 2"


def test_single_updates_after_the_last_iteration_of_format_2_are_counted_in_its_history() -> None:
    rows = np.zeros((4, 9))
    rows[:, 0] = 1, 2, 2, 2
    rows[2, 2] = rows[3, 1] = np.nan
    at = {"iteration": 2, "discriminator_updates": 3, "generator_updates": 3, "seconds": 0.5}
    start = {"progress": {"iteration": 0, "discriminator_updates": 0, "generator_updates": 0, "seconds": 0.0}}
    old = Tree({"progress": at, "timeline": [start]}, {"history.safetensors": {"rows": rows}})
    new = migrated(old, 2, current=3).document
    assert new["progress"] == {**at, "single_updates": 2, "schedules_since": 0}
    assert new["timeline"][0]["progress"]["single_updates"] == 0
    assert old.document["progress"] == at


def _next_format(tree: Tree) -> Tree:
    """A made-up next format: stores notes in lower case and the moving average negated."""
    view = {**tree.document["view"], "notes": tree.document["view"]["notes"].lower()}
    state = {**tree.arrays["state.safetensors"]}
    state["ema"] = -state["ema"]
    return Tree({**tree.document, "view": view}, {**tree.arrays, "state.safetensors": state})


def test_an_older_file_is_brought_to_the_current_format_on_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "FORMAT_VERSION", FORMAT_VERSION + 1)
    monkeypatch.setattr(migrations, "MIGRATIONS", MIGRATIONS | {FORMAT_VERSION: _next_format})
    session = codec.read(V1)
    assert session.view.notes == "zur übung"
    assert session.snapshot is not None
    np.testing.assert_array_equal(session.snapshot.arrays["ema"], np.arange(6.0))


def test_an_older_file_that_does_not_keep_to_its_format_is_refused_politely(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec.write(dataclasses.replace(session, snapshot=None), tmp_path / "a.gans")
    monkeypatch.setattr(migrations, "FORMAT_VERSION", FORMAT_VERSION + 1)
    monkeypatch.setattr(migrations, "MIGRATIONS", MIGRATIONS | {FORMAT_VERSION: _next_format})
    with pytest.raises(UserError, match=f"is no valid session of format {FORMAT_VERSION}") as caught:
        codec.read(tmp_path / "a.gans")
    assert caught.value.field == "session.json"
