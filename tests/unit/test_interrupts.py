"""Ctrl-C does not reach a process that is started while it is held."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from ganstudio.interrupts import interrupts_held

FRESH = """
import signal
from multiprocessing import resource_tracker
from ganstudio.interrupts import interrupts_held
with interrupts_held():
    resource_tracker.ensure_running()  # as the first process that is started does
    print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))
print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held on this system")
def test_it_is_held_from_the_first_process_that_a_program_starts() -> None:
    told = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["True", "False"]


def test_a_system_that_cannot_hold_signals_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask", raising=False)
    with interrupts_held():
        pass
