"""The collector of cyclic garbage rests while a burst is played, and is afterwards as it was."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from small_experiment import small

from ganstudio.training.collecting import uncollected
from ganstudio.training.engine import EagerEngine
from ganstudio.training.run import Run


def test_nothing_is_collected_while_a_burst_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    advance = EagerEngine.advance

    def watched(*given: Any) -> Any:
        seen.append(gc.isenabled())
        return advance(*given)

    monkeypatch.setattr(EagerEngine, "advance", watched)
    assert gc.isenabled()
    Run(small()).advance(2)
    assert not any(seen) and gc.isenabled()


def test_it_stays_off_where_it_was_off_and_comes_back_after_an_error() -> None:
    with pytest.raises(RuntimeError, match="inside"), uncollected():
        raise RuntimeError("inside")
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
