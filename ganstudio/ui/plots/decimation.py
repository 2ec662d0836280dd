"""A curve of any length kept small enough to draw, brought up to date from its new samples alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_X_LOW, _LOW, _X_HIGH, _HIGH, _X, _MEAN = range(6)


class Buckets(NamedTuple):
    """One entry for each run of samples: its mean x, and the least, the greatest and the mean of its values."""

    x: Floats
    low: Floats
    high: Floats
    mean: Floats


class Decimator:
    """Samples in order of x, gathered into at most ``limit`` buckets of equally many samples each.

    When all are full, neighbours are merged and each holds twice as many. The extremes of a bucket are samples,
    never averages, so a single outlier among millions is still drawn. Appending n samples costs O(n) altogether,
    whatever came before; drawing costs O(limit).
    """

    def __init__(self, limit: int = 600) -> None:
        if limit < 2 or limit % 2:
            raise ValueError("the limit is an even number of buckets")
        self._limit = limit
        self._buckets = np.empty((limit, 6))
        self._x = self._y = np.empty(0)
        self.clear()

    def __len__(self) -> int:
        """How many samples there were."""
        return self._count * self._stride + len(self._x)

    def clear(self) -> None:
        """Forget all samples."""
        self._count = 0  # full buckets
        self._stride = 1  # samples in each
        self._x = self._y = np.empty(0)  # samples that do not fill a bucket yet
        self._last: tuple[float, float] | None = None

    def append(self, x: Floats, y: Floats) -> None:
        """Add samples that come after all earlier ones; all finite."""
        if len(x) == 0:
            return
        self._last = (float(x[-1]), float(y[-1]))
        x, y = np.concatenate((self._x, x)), np.concatenate((self._y, y))
        start = 0
        while (full := (len(x) - start) // self._stride) > 0:
            take = min(full, self._limit - self._count)
            end = start + take * self._stride
            self._buckets[self._count : self._count + take] = _reduced(x[start:end], y[start:end], take)
            self._count += take
            start = end
            if self._count == self._limit:
                self._merge()
        self._x, self._y = x[start:].copy(), y[start:].copy()

    def extremes(self) -> tuple[Floats, Floats]:
        """x and y of a line through the least and the greatest sample of each bucket and the last one of all."""
        if self._stride == 1:
            return self._buckets[: self._count, _X].copy(), self._buckets[: self._count, _MEAN].copy()
        table = self._table()
        low_first = table[:, _X_LOW] <= table[:, _X_HIGH]
        x, y = np.empty(len(table) * 2 + 1), np.empty(len(table) * 2 + 1)
        x[0:-1:2] = np.where(low_first, table[:, _X_LOW], table[:, _X_HIGH])
        x[1:-1:2] = np.where(low_first, table[:, _X_HIGH], table[:, _X_LOW])
        y[0:-1:2] = np.where(low_first, table[:, _LOW], table[:, _HIGH])
        y[1:-1:2] = np.where(low_first, table[:, _HIGH], table[:, _LOW])
        x[-1], y[-1] = self._last or (np.nan, np.nan)
        return x, y

    def means(self) -> tuple[Floats, Floats]:
        """x and y of a line through the mean of each bucket, and the last sample."""
        table = self._table()
        if self._stride == 1 or self._last is None:
            return table[:, _X].copy(), table[:, _MEAN].copy()
        x, y = self._last
        return np.append(table[:, _X], x), np.append(table[:, _MEAN], y)

    def buckets(self) -> Buckets:
        """All buckets, the unfinished one included."""
        table = self._table()
        return Buckets(table[:, _X], table[:, _LOW], table[:, _HIGH], table[:, _MEAN])

    def _table(self) -> Floats:
        full = self._buckets[: self._count]
        return np.concatenate((full, _reduced(self._x, self._y, 1))) if len(self._x) else full

    def _merge(self) -> None:
        left, right = self._buckets[0::2], self._buckets[1::2]
        merged = np.empty_like(left)
        lower, higher = left[:, _LOW] <= right[:, _LOW], left[:, _HIGH] >= right[:, _HIGH]
        for column in (_X_LOW, _LOW):
            merged[:, column] = np.where(lower, left[:, column], right[:, column])
        for column in (_X_HIGH, _HIGH):
            merged[:, column] = np.where(higher, left[:, column], right[:, column])
        for column in (_X, _MEAN):
            merged[:, column] = (left[:, column] + right[:, column]) / 2
        self._count = self._limit // 2
        self._stride *= 2
        self._buckets[: self._count] = merged


def _reduced(x: Floats, y: Floats, buckets: int) -> Floats:
    """(buckets, 6): the samples in ``buckets`` equal runs."""
    x, y = x.reshape(buckets, -1), y.reshape(buckets, -1)
    each = np.arange(buckets)
    lowest, highest = y.argmin(axis=1), y.argmax(axis=1)
    return np.stack(
        (x[each, lowest], y[each, lowest], x[each, highest], y[each, highest], x.mean(axis=1), y.mean(axis=1)), axis=1
    )
