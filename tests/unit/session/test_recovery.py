"""What a program that died had saved is found again; what a living one saves is left alone."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.session import codec
from ganstudio.session.process_lock import ProcessLock, is_held
from ganstudio.session.recovery import RecoveryStore
from ganstudio.session.session import Session

Same = Callable[[Session, Session], None]

START = "0123456789abcdef"

DIES = """
import os, sys
from pathlib import Path
from ganstudio.experiment import Experiment
from ganstudio.session.recovery import RecoveryStore
from ganstudio.session.session import Session
store = RecoveryStore(Path(sys.argv[1]))
store.save(Session(Experiment(seed=77)), Path("/lectures/first.gans"))
print(os.getpid(), flush=True)
sys.stdin.read()
os._exit(9)
"""


def test_a_program_that_dies_leaves_its_session_and_one_that_runs_does_not(tmp_path: Path) -> None:
    store = RecoveryStore(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", DIES, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        pid = int(other.stdout.readline())
        assert store.pending() == ()
        other.kill()
    (left,) = store.pending()
    assert (left.pid, left.origin) == (pid, Path("/lectures/first.gans").absolute())
    assert abs((datetime.now(UTC) - left.saved_at).total_seconds()) < 600
    assert codec.read(left.path).experiment.seed == 77
    store.discard(left)
    assert store.pending() == ()
    assert list(tmp_path.iterdir()) == []


def test_the_last_autosave_is_the_one_that_counts(session: Session, tmp_path: Path, assert_same: Same) -> None:
    with RecoveryStore(tmp_path) as store:
        store.save(Session(Experiment()), None)
        store.save(session, None)
    (left,) = RecoveryStore(tmp_path).pending()
    assert_same(codec.read(left.path), session)
    assert left.origin is None


def test_a_clean_exit_leaves_nothing(tmp_path: Path) -> None:
    store = RecoveryStore(tmp_path)
    store.save(Session(Experiment()), None)
    store.clear_own()
    store.clear_own()
    assert list(tmp_path.iterdir()) == []
    store.save(Session(Experiment()), None)
    assert RecoveryStore(tmp_path).pending() == ()
    store.clear_own()


def test_programs_side_by_side_keep_apart(tmp_path: Path) -> None:
    first, second = RecoveryStore(tmp_path), RecoveryStore(tmp_path)
    first.save(Session(Experiment(seed=1)), None)
    second.save(Session(Experiment(seed=2)), None)
    first.close()
    assert [codec.read(left.path).experiment.seed for left in second.pending()] == [1]
    second.clear_own()
    assert [codec.read(left.path).experiment.seed for left in second.pending()] == [1]


def test_the_latest_comes_first(tmp_path: Path) -> None:
    for seed in range(3):
        with RecoveryStore(tmp_path) as store:
            store.save(Session(Experiment(seed=seed)), None)
    for note in tmp_path.glob("*.json"):
        seed = codec.read(note.with_suffix(".gans")).experiment.seed
        note.write_text(json.dumps({"saved_at": f"2030-01-0{1 + seed}T12:00:00+00:00", "origin": None}))
    left = RecoveryStore(tmp_path).pending()
    assert [codec.read(recovered.path).experiment.seed for recovered in left] == [2, 1, 0]
    assert left[0].saved_at == datetime(2030, 1, 3, 12, tzinfo=UTC)


def test_garbage_in_the_folder_is_passed_over_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "holiday.gans").write_text("no zip")
    (tmp_path / f"1-{START}.gans").write_bytes(b"PK\x03\x04 cut")
    (tmp_path / f"2-{START}.gans").mkdir()
    (tmp_path / f"3-{START}.json").write_text("{}")
    (tmp_path / f"99999999999999-{START}.gans").write_bytes(b"")
    before = sorted(tmp_path.iterdir())
    assert RecoveryStore(tmp_path).pending() == ()
    assert sorted(tmp_path.iterdir()) == before


NOTES = [
    b"",
    b"[]",
    b"[" * 60_000,
    b"\xff",
    b'{"origin": 3, "saved_at": 5, "pid": "x"}',
    b'{"origin": "a\\u0000b", "saved_at": "0001-01-01T00:00:00+23:59"}',
    b" " * 10**6,
]


@pytest.mark.parametrize("note", NOTES)
def test_a_session_whose_note_is_broken_is_still_found(tmp_path: Path, note: bytes) -> None:
    with RecoveryStore(tmp_path) as store:
        store.save(Session(Experiment()), Path("a.gans"))
    (beside,) = tmp_path.glob("*.json")
    beside.write_bytes(note)
    (left,) = RecoveryStore(tmp_path).pending()
    assert (left.origin, left.pid) == (None, os.getpid())
    assert abs((datetime.now(UTC) - left.saved_at).total_seconds()) < 600


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are Unicode there")
def test_an_origin_whose_name_is_no_unicode_comes_back(tmp_path: Path) -> None:
    origin = Path(os.fsdecode(b"/tmp/caf\xe9.gans"))
    with RecoveryStore(tmp_path) as store:
        store.save(Session(Experiment()), origin)
    assert RecoveryStore(tmp_path).pending()[0].origin == origin


def test_half_written_files_of_dead_programs_are_swept(tmp_path: Path) -> None:
    (tmp_path / f"5-{START}.lock").touch()
    (tmp_path / f".5-{START}-0123456789ab.tmp.gans").write_bytes(b"half")
    (tmp_path / "other.lock").touch()
    store = RecoveryStore(tmp_path)
    store.save(Session(Experiment()), None)
    store.clear_own()
    assert [path.name for path in tmp_path.iterdir()] == ["other.lock"]


def test_a_folder_that_does_not_exist_has_nothing_pending_and_is_made_by_saving(tmp_path: Path) -> None:
    store = RecoveryStore(tmp_path / "state" / "recovery")
    assert store.pending() == ()
    store.save(Session(Experiment()), None)
    assert (tmp_path / "state" / "recovery").is_dir()
    store.clear_own()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot autosave here"):
        RecoveryStore(tmp_path / "file" / "recovery").save(Session(Experiment()), None)


def test_what_is_not_an_autosave_is_never_discarded(tmp_path: Path, saved: Path) -> None:
    with RecoveryStore(tmp_path / "recovery") as store:
        store.save(Session(Experiment()), None)
    (left,) = store.pending()
    with pytest.raises(ValueError, match="not an autosave"):
        store.discard(dataclasses.replace(left, path=saved))
    assert saved.exists()
    store.discard(left)
    store.discard(left)


def test_autosaves_go_to_the_user_s_state_folder_by_default() -> None:
    store = RecoveryStore()
    store.save(Session(Experiment()), None)
    try:
        assert "GAN Studio" in str(store._own)
        assert store._own.with_suffix(".gans").exists()
    finally:
        store.clear_own()


def test_a_lock_is_held_until_it_is_released(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    assert not is_held(path)
    lock = ProcessLock(path)
    assert is_held(path)
    lock.release()
    lock.release()
    assert not is_held(path)
