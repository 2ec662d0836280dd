"""What is saved comes back, whatever it is."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.change import with_value
from ganstudio.experiment.painting import BrushStroke, Clear, Polygon, SprayStroke, Stamp, Transform
from ganstudio.experiment.presets import presets
from ganstudio.experiment.reference import SettingReference
from ganstudio.experiment.reference import settings as all_settings
from ganstudio.experiment.targets import Painting, Painting1D, Points
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History, HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.session import codec
from ganstudio.session.bounds import MAX_ENGINES
from ganstudio.session.migrations import FORMAT_VERSION
from ganstudio.session.session import Session
from ganstudio.session.view import LayerView, ViewSettings

SETTINGS = all_settings()
Same = Callable[[Session, Session], None]


def _value(setting: SettingReference) -> st.SearchStrategy[Any]:
    low, high = setting.low, setting.high
    strategies: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "bool": st.booleans,
        "int": lambda: st.integers(int(low or 0), int(high if high is not None else 10**6) - setting.open_high),
        "float": lambda: st.floats(low, high, exclude_min=setting.open_low, exclude_max=setting.open_high),
        "text": lambda: st.text(min_size=1, max_size=setting.max_length),
        "choice": lambda: st.sampled_from(setting.choices),
        "kind": lambda: st.sampled_from(setting.choices),
        "integers": lambda: st.lists(st.integers(1, 1024), max_size=setting.max_length),
    }
    value = strategies[setting.type]()
    return st.none() | value if setting.optional else value


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Some settings anywhere in their ranges; what the records refuse together is left as it was."""
    experiment = Experiment()
    for setting in draw(st.lists(st.sampled_from(SETTINGS), max_size=8)):
        try:
            for path, kind in setting.when:
                experiment = with_value(experiment, path, kind)
            experiment = with_value(experiment, setting.path, draw(_value(setting)))
        except UserError:
            continue
    return experiment


_coordinate = st.floats(-1e6, 1e6)
_point = st.tuples(_coordinate, _coordinate)
_path = st.lists(st.tuples(_coordinate, _coordinate, st.floats(0, 1)), min_size=1, max_size=5).map(tuple)
_size = st.floats(0, 1e6, exclude_min=True)
_raster = hnp.arrays(
    np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.floats(0, 1, width=32)
)
_commands = st.one_of(
    st.builds(BrushStroke, points=_path, size=_size),
    st.builds(SprayStroke, points=_path, size=_size, seed=st.integers(0, 2**63 - 1)),
    st.builds(Polygon, vertices=st.lists(_point, min_size=3, max_size=5).map(tuple)),
    st.builds(Transform, region=st.none() | st.tuples(_point, _point), shift=_point),
    st.builds(Stamp, raster=_raster.map(ArrayText.of)),
    st.just(Clear()),
)
_strokes = st.lists(_commands, max_size=5).map(tuple)
_painted = st.one_of(st.builds(Painting, commands=_strokes), st.builds(Painting1D, commands=_strokes))
_arrays = st.dictionaries(
    st.from_regex(r"[a-z]{1,6}(/[a-z0-9_]{1,8}){0,2}", fullmatch=True),
    st.sampled_from(["<f4", ">f4", "<f8", "<i8", "u1", "?"]).flatmap(
        lambda dtype: hnp.arrays(np.dtype(dtype), hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=5))
    ),
    max_size=5,
)
_count = st.integers(0, 2**63 - 1)
_views = st.builds(
    ViewSettings,
    layers=st.lists(
        st.builds(LayerView, name=st.text(min_size=1, max_size=64), visible=st.booleans(), opacity=st.floats(0, 1)),
        max_size=4,
        unique_by=lambda layer: layer.name,
    ).map(tuple),
    view_range=st.none() | st.tuples(st.floats(-1e9, -1), st.floats(0, 1e9), st.floats(-5, 0), st.floats(1, 5)),
    notes=st.text(max_size=50),
)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    experiment = draw(experiments())
    if draw(st.booleans()):
        experiment = experiment.model_copy(update={"target": draw(_painted)})
    dimension = type(experiment.target).dimension
    numbers = st.floats(allow_nan=False, allow_infinity=False)

    def snapshot(iteration: int) -> Snapshot:
        return Snapshot(
            Progress(iteration, draw(_count), draw(_count), draw(st.floats(0, 1e9))),
            tuple(draw(st.lists(numbers, min_size=dimension, max_size=dimension))),
            tuple(draw(st.lists(st.floats(1e-300, 1e9), min_size=dimension, max_size=dimension))),
            draw(_arrays),
        )

    iterations = sorted(draw(st.sets(_count, max_size=3)))
    return Session(
        experiment=experiment,
        snapshot=snapshot(draw(_count)) if draw(st.booleans()) else None,
        history=HistoryChunk(
            draw(hnp.arrays(np.float64, (draw(st.integers(0, 4)), len(COLUMNS)))),
            draw(hnp.arrays(np.float64, (draw(st.integers(0, 4)), len(MEASURE_COLUMNS)))),
        ),
        timeline=tuple(snapshot(iteration) for iteration in iterations),
        view=draw(_views),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(session=sessions())
def test_every_session_comes_back_as_it_was_saved(
    session: Session, assert_same: Same, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    codec.write(session, folder / "one.gans")
    back = codec.read(folder / "one.gans")
    assert_same(session, back)
    codec.write(back, folder / "two.gans")
    assert (folder / "one.gans").read_bytes() == (folder / "two.gans").read_bytes()


def test_a_session_with_everything_comes_back(session: Session, saved: Path, assert_same: Same) -> None:
    assert_same(session, codec.read(saved))


@pytest.mark.parametrize("name", presets())
def test_every_preset_that_was_not_trained_yet_comes_back(name: str, tmp_path: Path) -> None:
    experiment = presets()[name].experiment
    codec.write(Session(experiment), tmp_path / "new.gans")
    back = codec.read(tmp_path / "new.gans")
    assert (back.experiment, back.snapshot, back.timeline) == (experiment, None, ())
    assert back.history.rows.shape == (0, len(COLUMNS))


def test_arrays_are_saved_by_value_whatever_their_strides(session: Session, tmp_path: Path) -> None:
    assert session.snapshot is not None
    grid = np.arange(12, dtype=np.float32).reshape(3, 4)
    arrays = {"turned": grid.T, "every_second": grid[:, ::2], "backwards": grid[0, ::-1]}
    snapshot = dataclasses.replace(session.snapshot, arrays=arrays)
    codec.write(dataclasses.replace(session, snapshot=snapshot), tmp_path / "a.gans")
    back = codec.read(tmp_path / "a.gans").snapshot
    assert back is not None
    for name, array in arrays.items():
        np.testing.assert_array_equal(back.arrays[name], array)


def test_points_from_a_file_come_back(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(5000, 2)).astype(np.float32)
    experiment = Experiment(target=Points(name="a.csv", columns=("x", "y"), points=ArrayText.of(points)))
    codec.write(Session(experiment), tmp_path / "a.gans")
    assert codec.read(tmp_path / "a.gans").experiment == experiment


def test_strokes_lie_in_painting_json_and_nowhere_else(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        document = json.loads(archive.read("session.json"))
        painting = json.loads(archive.read("painting.json"))
    assert "commands" not in document["experiment"]["target"]
    assert [command["kind"] for command in painting["commands"]] == ["brush", "stamp", "blob"]


def test_the_file_says_what_it_is_to_who_opens_it_by_hand(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        document = json.loads(archive.read("session.json"))
        names = archive.namelist()
    assert names[0] == "session.json"
    assert document["format"] == "ganstudio-session"
    assert document["format_version"] == FORMAT_VERSION
    assert document["progress"] == {
        "iteration": 30,
        "discriminator_updates": 60,
        "generator_updates": 30,
        "seconds": 1.25,
        "single_updates": 0,
        "schedules_since": 0,
    }
    assert document["normalisation"] == {"centre": [0.1, -0.2], "scale": [1.5, 0.75]}
    assert document["history"]["rows"] == list(COLUMNS)
    assert len(document["timeline"]) == 3


def test_a_session_whose_timeline_is_out_of_order_cannot_be_made(session: Session) -> None:
    with pytest.raises(ValueError, match="in order"):
        dataclasses.replace(session, timeline=session.timeline[::-1])


def test_a_thumbnail_must_be_a_small_png(session: Session, png: bytes) -> None:
    with pytest.raises(ValueError, match="no PNG"):
        dataclasses.replace(session, thumbnail=b"GIF89a")
    with pytest.raises(ValueError, match="larger"):
        dataclasses.replace(session, thumbnail=png + bytes(2**20))
    huge = png[:16] + (100_000).to_bytes(4, "big") + png[20:]
    with pytest.raises(ValueError, match="100000 × 16"):
        dataclasses.replace(session, thumbnail=huge)


def test_which_engine_played_comes_back_and_is_left_out_where_it_was_the_eager_one_alone(
    session: Session, tmp_path: Path
) -> None:
    history, path = session.history, tmp_path / "played.gans"
    for engines, kept in (([[1.0, 0.0]], 0), ([[1.0, 0.0], [101.0, 1.0]], 2)):
        played = dataclasses.replace(session, history=dataclasses.replace(history, engines=np.array(engines)))
        codec.write(played, path)
        read = codec.read(path)
        assert len(read.history.engines) == kept
        if kept:
            assert read.history.engines.tolist() == engines


@pytest.mark.parametrize(
    "engines",
    [
        [[1.0, 9.0]],
        [[np.nan, 1.0]],
        [[np.inf, 1.0]],
        [[-1.0, 1.0]],
        [[200.0, 1.0], [100.0, 0.0]],
        [[1.0, 1.0]] * (MAX_ENGINES + 1),
    ],
    ids=["unknown", "nan", "infinite", "negative", "unordered", "endless"],
)
def test_a_table_of_engines_that_no_run_makes_is_refused(
    session: Session, tmp_path: Path, engines: list[list[float]]
) -> None:
    played = dataclasses.replace(session, history=dataclasses.replace(session.history, engines=np.array(engines)))
    codec.write(played, tmp_path / "played.gans")
    with pytest.raises(UserError, match="engines"):
        codec.read(tmp_path / "played.gans")


def test_a_session_that_a_window_went_on_with_is_saved_as_the_same_bytes(session: Session, tmp_path: Path) -> None:
    rows = np.asarray(session.history.rows.astype(np.float32), np.float64)  # as a trainer makes them
    rows[:, 0] = np.arange(1, len(rows) + 1)
    rows[3:6, 2:5] = np.nan
    for number, table in enumerate((rows, session.history.rows)):
        first, again = tmp_path / f"{number}.gans", tmp_path / f"{number} again.gans"
        codec.write(dataclasses.replace(session, history=HistoryChunk(table, session.history.measures)), first)
        held = History()
        held.append(codec.read(first).history)
        codec.write(dataclasses.replace(codec.read(first), history=held.since(0, 0)), again)
        assert again.read_bytes() == first.read_bytes()


@pytest.mark.parametrize(("count", "share"), [(4_000, 0.85), (200_000, 1.05)])  # small ones are packed
def test_moments_that_no_optimizer_uses_take_no_room_in_small_snapshots(
    session: Session, tmp_path: Path, count: int, share: float
) -> None:
    assert session.snapshot is not None
    moments = np.random.default_rng(0).normal(size=(3, count)).astype(np.float32)
    moments[2] = 0.0
    large = dataclasses.replace(session.snapshot, arrays={"generator/moments": moments})
    path = tmp_path / "s.gans"
    codec.write(dataclasses.replace(session, snapshot=large, timeline=()), path)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("state.safetensors").compress_size < share * moments.nbytes
    kept = codec.read(path).snapshot
    assert kept is not None and np.array_equal(kept.arrays["generator/moments"], moments)
