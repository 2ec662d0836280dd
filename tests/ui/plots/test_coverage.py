"""Mode coverage: bars against the target's shares, and the words for what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from ganstudio.colours import LIGHT
from ganstudio.experiment.targets import GaussianGrid, GaussianRing, Mixture1D, Moons
from ganstudio.messages.events import Frame
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build
from ganstudio.ui.plots.coverage import HEADER, MOST_BARS

RING = build(GaussianRing())


def frame(points: np.ndarray) -> Frame:
    return Frame(1, Progress(), 0.0, generated=points.astype(np.float32))


def points_of(target, seed=0, n=2000):
    rng = np.random.default_rng(seed)
    which = rng.integers(len(target.modes), size=n)
    return target.modes[which] + target.sigma * rng.standard_normal((n, target.dimension)), which


@pytest.fixture
def ring(make):
    panel = make("coverage", (340, 220))
    panel.show_target(RING)
    return panel


def test_a_good_sampler_is_shown_as_such(ring):
    ring.show_frame(frame(points_of(RING)[0]))
    header = ring.header.text()
    assert "8/8" in header
    assert ring.empty_text() == ""
    assert "⚠" not in ring.words()
    assert "perfect sampler: HQ 98.9 %" in ring.words()
    assert "n = 2,000" in ring.words()
    assert not len(ring._marked.getData()[0])


def test_the_bars_are_the_shares_and_the_lines_the_targets(ring):
    points, which = points_of(RING)
    ring.show_frame(frame(points[which < 4]))
    names, rows = ring.table()
    assert names == HEADER
    np.testing.assert_allclose(ring._bars.opts["height"], rows[:, HEADER.index("share")])
    np.testing.assert_allclose(rows[:, HEADER.index("target_share")], 1 / 8)
    assert rows[4:, HEADER.index("hq_samples")].sum() == 0
    np.testing.assert_allclose(ring._due.getData()[1], 1 / 8)
    assert np.isnan(rows[4:, HEADER.index("sigma_ratio")]).all()


def test_faults_are_said_and_marked(ring):
    points, which = points_of(RING)
    points[which == 3] += [0.8 * RING.sigma, 0]
    points[which == 4] = RING.modes[4] + 0.5 * (points[which == 4] - RING.modes[4])
    ring.show_frame(frame(points[which != 2]))
    assert "⚠ 1 missing · 1 off centre · 1 narrowed" in ring.words()
    assert ring._marked.getData()[0].tolist() == [3, 4, 5]
    assert "missing: mode 3" in ring._words.toolTip()


def test_more_high_quality_than_a_perfect_sampler_is_a_warning(ring):
    points, which = points_of(RING)
    ring.show_frame(frame(RING.modes[which] + 0.6 * (points - RING.modes[which])))
    assert "HQ 100.0 %" in ring.header.text()
    assert "⚠ HQ above a perfect 98.9 %: narrowed clusters" in ring.words()


def test_the_mouse_reads_off_a_mode(ring, hover):
    points, which = points_of(RING)
    points[which == 3] += [0.8 * RING.sigma, 0]
    ring.show_frame(frame(points))
    hover(ring, 4.2)
    assert ring._tag.text().startswith("mode 4 · off centre · σ ratio")
    assert "12.5 %" in ring.header.text()


def test_many_modes_are_shown_as_strips(make):
    target = build(GaussianGrid(count=10))
    panel = make("coverage", (340, 220))
    panel.show_target(target)
    points, which = points_of(target, n=4000)
    panel.show_frame(frame(points[which >= 50]))
    assert len(target.modes) > MOST_BARS
    assert not panel._bars.isVisible()
    rect = panel._view_rect()
    image = panel.plot.grab().toImage()
    y = rect.top() + round(0.8 * rect.height())
    missing, there = (image.pixelColor(rect.left() + round(at * rect.width()), y) for at in (0.25, 0.75))
    assert missing == QColor(LIGHT.surface)
    assert there != missing
    assert "50 missing" in panel.words()


def test_a_target_without_modes_says_so_and_asks_for_nothing(make):
    panel = make("coverage")
    panel.show_target(build(Moons()))
    assert "not defined" in panel.empty_text()
    assert panel.wanted_layers() == ()
    panel.show_frame(frame(np.zeros((5, 2))))
    assert "not defined" in panel.empty_text()


def test_another_target_forgets_the_samples(ring):
    ring.show_frame(frame(points_of(RING)[0]))
    ring.show_target(build(Mixture1D()))
    assert "Press play" in ring.empty_text()
    assert ring.wanted_layers() == ("generated",)
    ring.show_frame(frame(points_of(RING)[0]))  # on its way when the target changed
    assert "Press play" in ring.empty_text()


def test_infinite_samples_are_left_out(ring):
    points = points_of(RING)[0]
    points[:500] = np.nan
    ring.show_frame(frame(points))
    assert "n = 1,500" in ring.words()
