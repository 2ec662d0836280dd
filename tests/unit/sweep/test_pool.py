"""Runs beside each other: finished, broken off and interrupted."""

from __future__ import annotations

import json
import multiprocessing
from contextlib import closing
from multiprocessing import Pipe

import pytest
from sweep_material import QUICK, case, outcome

from ganstudio.sweep import measured_run, worker
from ganstudio.sweep.measured_run import play
from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.pool import Crash, outcomes
from ganstudio.sweep.subjects import Case

LONG = QUICK.model_copy(update={"iterations": 10**8, "measurements": 1000})


def ignore(case: Case, spent: float, jsd: float) -> None:
    pass


def without_times(found: Outcome) -> dict[str, object]:
    tree = found.model_dump(exclude={"seconds", "processor_seconds", "workers"})
    return tree | {"curve": [(point.iteration, point.jsd) for point in found.curve]}


def test_processes_find_the_same_as_this_one_and_tell_how_far_they_are() -> None:
    cases = [case(0), case(1)]
    told: list[tuple[str, float]] = []
    found = list(outcomes(cases, QUICK, 2, lambda one, spent, jsd: told.append((one.key, spent))))
    assert all(isinstance(one, Outcome) and one.workers == 2 for one in found)
    by_key = {one.key: one for one in found if isinstance(one, Outcome)}
    assert sorted(by_key) == [one.key for one in cases]
    for one in cases:
        assert without_times(by_key[one.key]) == without_times(play(one, QUICK, lambda spent, jsd: None))
        assert [spent for key, spent in told if key == one.key] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_an_interruption_ends_what_is_running() -> None:
    def interrupt(one: Case, spent: float, jsd: float) -> None:
        raise KeyboardInterrupt

    with closing(outcomes([case(0), case(1)], LONG, 1, interrupt)) as running, pytest.raises(KeyboardInterrupt):
        next(running)
    assert multiprocessing.active_children() == []


def test_a_run_that_cannot_be_made_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def sometimes(one: Case, *arguments: object, workers: int) -> Outcome:
        if one.seed == 1:
            raise RuntimeError("out of paper")
        return outcome(one.seed)

    monkeypatch.setattr(measured_run, "play", sometimes)
    found = list(outcomes([case(0), case(1), case(2)], QUICK, 0, ignore))
    assert [type(one) for one in found] == [Outcome, Crash, Outcome]
    assert isinstance(found[1], Crash) and found[1].case.seed == 1 and "out of paper" in found[1].details


def test_a_process_that_dies_is_a_crash_of_its_run_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "main", _die)
    (found,) = outcomes([case(0)], QUICK, 1, ignore)
    assert isinstance(found, Crash) and "exit code 3" in found.details


def _die(connection: object, request: bytes) -> None:
    raise SystemExit(3)


def test_a_worker_tells_a_fault_in_full_and_ends_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.signal, "signal", lambda *arguments: None)  # this process keeps its Ctrl-C
    here, there = Pipe(duplex=False)
    worker.main(there, b'{"case": {}}')
    failed = json.loads(here.recv_bytes())["failed"]
    assert "Traceback" in failed and "KeyError" in failed
    here, there = Pipe(duplex=False)
    here.close()
    request = {"case": vars(case()) | {"experiment": case().experiment.model_dump(mode="json")}}
    request |= {"protocol": LONG.model_dump(mode="json"), "workers": 1}
    worker.main(there, json.dumps(request).encode())
    assert there.closed
