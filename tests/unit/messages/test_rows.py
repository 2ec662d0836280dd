"""A table that puts its older rows into a file, against plain arrays: the same bits, in little memory."""

from __future__ import annotations

import errno
import gc
import io
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ganstudio.messages import rows as module
from ganstudio.messages.rows import BLOCK, Rows

COLUMNS = 9
SMALL = 16


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", SMALL)


def trained(first: int, count: int, seed: int = 0) -> np.ndarray:
    """Rows as the trainer makes them, of iterations ``first`` and on: float32 after the iteration."""
    values = np.random.default_rng(seed + first).standard_normal((count, COLUMNS - 1)).astype(np.float32)
    return np.column_stack([np.arange(first, first + count), values])


def assert_same_bits(found: np.ndarray, expected: np.ndarray) -> None:
    assert found.shape == expected.shape and found.dtype == np.float64
    np.testing.assert_array_equal(np.ascontiguousarray(found).view(np.int64), expected.copy().view(np.int64))


_awkward = st.sampled_from([0.0, -0.0, np.nan, -np.nan, np.inf, -np.inf, 1e300, 1e-300, 0.1, 2.0**32, -1.0, 3.0])
_chunks = st.one_of(
    st.integers(0, 3 * SMALL + 2).map(lambda count: trained(0, count)),
    hnp.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(COLUMNS)), elements=_awkward),
    hnp.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(COLUMNS)), elements=st.floats(width=64)),
)


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(st.one_of(_chunks, st.floats(0, 1)), max_size=12),
    in_file=st.booleans(),
    slices=st.lists(st.slices(120), min_size=1, max_size=4),
    columns=st.one_of(st.integers(-COLUMNS, COLUMNS - 1), st.slices(COLUMNS), st.just([3, 0, 7])),
)
def test_rows_of_any_numbers_in_chunks_of_any_size_are_one_array_to_the_last_bit_whatever_is_cut(
    steps: list[np.ndarray | float], in_file: bool, slices: list[slice], columns: Any
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", SMALL)
        table, plain = Rows(COLUMNS, in_file=in_file), np.empty((0, COLUMNS))
        earlier: list[tuple[np.ndarray, np.ndarray]] = []
        for step in steps:
            if isinstance(step, float):
                table.keep(round(step * len(plain)))
                plain = plain[: round(step * len(plain))]
            else:
                table.append(step)
                plain = np.concatenate([plain, step])
            assert len(table) == len(plain)
            assert_same_bits(table[:], plain)
            for some in slices:
                forwards = slice(some.start, some.stop)
                assert_same_bits(table[forwards], plain[forwards])
                assert_same_bits(table[forwards, columns], np.ascontiguousarray(plain[forwards, columns]))
            if len(plain):
                assert_same_bits(table[-1], plain[-1])
                assert_same_bits(table[len(plain) // 2], plain[len(plain) // 2])
            earlier.append((table[len(plain) // 3 :], plain[len(plain) // 3 :].copy()))
        for view, kept in earlier:
            assert_same_bits(view, kept)
            assert not view.flags.writeable


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("in_file", [True, False])
def test_places_in_the_first_column_are_those_of_a_sorted_array(in_file: bool) -> None:
    rows = trained(1, 100)
    rows[:, 0] = np.sort(np.random.default_rng(1).integers(0, 40, 100))
    table = Rows(COLUMNS, in_file=in_file)
    table.append(rows)
    for value in (-1, 0, 3.5, *range(41), 1e9):
        assert table.first_from(value) == np.searchsorted(rows[:, 0], value, "left")
        assert table.first_after(value) == np.searchsorted(rows[:, 0], value, "right")


def test_half_a_million_rows_as_the_trainer_sends_them_hold_one_block_in_memory_and_36_bytes_each_in_the_file() -> None:
    table = Rows(COLUMNS)
    for first in range(1, 500_001, 20_000):
        table.append(trained(first, 20_000))
    assert table.held_bytes == 36 * BLOCK
    assert table._file is not None
    assert table._file.seek(0, io.SEEK_END) == 36 * (len(table) // BLOCK) * BLOCK
    assert_same_bits(table[123_456:123_500], trained(120_001, 20_000)[3456:3500])


def test_rows_that_may_not_go_to_a_file_take_36_bytes_each() -> None:
    table = Rows(COLUMNS, in_file=False)
    table.append(trained(1, 4 * BLOCK))
    assert table.held_bytes == 36 * 4 * BLOCK
    assert table._file is None


@pytest.mark.usefixtures("small_blocks")
def test_a_short_run_needs_no_file() -> None:
    table = Rows(COLUMNS)
    table.append(trained(1, SMALL))
    assert table._file is None


@pytest.mark.usefixtures("small_blocks")
def test_the_file_is_closed_with_its_table() -> None:
    table = Rows(COLUMNS)
    table.append(trained(1, 3 * SMALL))
    file = table._file
    assert file is not None and not file.closed
    del table
    gc.collect()
    assert file.closed


class FullDisk(io.FileIO):
    """A file that takes so many bytes and no more, some of them with each call."""

    room = 0

    def write(self, data: Any) -> int:
        left = self.room - self.tell()
        if left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(memoryview(data)[: min(left, 100)])


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[type[FullDisk]]:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: FullDisk(tmp_path / "rows", "w+"))
    yield FullDisk
    FullDisk.room = 0


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("room", [0, 1, SMALL * 36, SMALL * 36 * 2 + 50])
def test_rows_stay_in_memory_when_the_disk_is_full_and_are_complete(
    room: int, full_disk: type[FullDisk], caplog: pytest.LogCaptureFixture
) -> None:
    full_disk.room = room
    table, rows = Rows(COLUMNS), trained(1, 5 * SMALL + 3)
    for start in range(0, len(rows), 7):
        table.append(rows[start : start + 7])
    assert_same_bits(table[:], rows)
    assert table.held_bytes == 36 * SMALL * (6 - room // (36 * SMALL))
    assert "stay in memory" in caplog.text
    full_disk.room = 10**6  # there is room again
    table.append(rows)
    assert_same_bits(table[:], np.concatenate([rows, rows]))
    assert len(caplog.records) == 1  # told once


@pytest.mark.usefixtures("small_blocks")
def test_rows_stay_in_memory_where_no_file_can_be_made(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    table, rows = Rows(COLUMNS), trained(1, 3 * SMALL)
    table.append(rows)
    assert_same_bits(table[:], rows)
    assert "Permission denied" in caplog.text


@pytest.mark.usefixtures("small_blocks")
def test_rows_that_were_let_go_of_count_on_and_take_no_memory() -> None:
    table, rows = Rows(COLUMNS), trained(1, 10 * SMALL)
    for start in range(0, 9 * SMALL, 50):
        table.append(rows[start : start + 50][: 9 * SMALL - start])
        table.let_go()
    assert len(table) == 9 * SMALL and len(table[len(table) :]) == 0
    assert table.held_bytes <= 36 * SMALL
    table.append(rows[9 * SMALL :])
    assert_same_bits(table[9 * SMALL :], rows[9 * SMALL :])
    assert table.first_after(rows[-3, 0]) == len(rows) - 2
    assert table.first_from(0) == 9 * SMALL  # of the others nothing is known
    for asked in (9 * SMALL - 1, slice(None), (slice(5, None), 0)):
        with pytest.raises(IndexError, match="let go"):
            table[asked]
    table.keep(9 * SMALL + 2)
    assert_same_bits(table[-2:], rows[9 * SMALL : 9 * SMALL + 2])


def test_what_is_not_there_is_an_index_error_and_other_columns_are_refused() -> None:
    table = Rows(COLUMNS)
    for row in (0, -1):
        with pytest.raises(IndexError):
            table[row]
    table.append(trained(1, 3))
    for asked in (3, -4, (0, COLUMNS), slice(None, None, -1)):
        with pytest.raises(IndexError):
            table[asked]
    with pytest.raises(ValueError, match="columns"):
        table.append(np.zeros((2, COLUMNS - 1)))
    assert len(table) == 3


def test_numpy_takes_it_as_the_array_it_stands_for() -> None:
    table, rows = Rows(COLUMNS), trained(1, 5)
    table.append(rows)
    assert_same_bits(np.asarray(table), rows)
    assert np.asarray(table, np.float32).dtype == np.float32
    assert_same_bits(np.concatenate([table, rows]), np.concatenate([rows, rows]))
