"""Logistic regression, naive Bayes and the GAN as small multiples."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ganstudio.colours import DARK
from ganstudio.experiment import targets as spec
from ganstudio.messages.events import Field, Frame
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build
from ganstudio.ui.theory.generative import BAYES, GAN, LOGISTIC, GenerativePanel


@pytest.fixture
def panel(make) -> GenerativePanel:
    made = make("generative", (320, 560))
    assert isinstance(made, GenerativePanel)
    made.show_target(build(spec.TwoGaussians()))
    return made


def press(panel: GenerativePanel, name: str) -> None:
    QTest.mouseClick(panel.multiples[name].sample, Qt.MouseButton.LeftButton)


def look(**layers):
    field = Field(np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32), (-2.0, 2.0, -2.0, 2.0))
    generated = np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32)
    return Frame(1, Progress(), 0.0, **{"generated": generated, "field": field} | layers)


def test_without_a_target_it_says_what_is_needed(make):
    made = make("generative")
    made.show_target(None)
    assert "Draw or choose a target" in made.empty_text()
    made.show_target(build(spec.TwoGaussians()))
    assert made.empty_text() == "" and made.fits is not None


def test_nothing_is_fitted_before_somebody_looks(qtbot):
    from ganstudio.colours import LIGHT
    from ganstudio.ui.theory import THEORY

    made = THEORY["generative"].create(LIGHT)
    qtbot.addWidget(made)
    made.show_target(build(spec.TwoGaussians()))
    assert made.fits is None
    with qtbot.waitExposed(made):
        made.show()
    assert made.fits is not None


def test_both_classifiers_show_their_field_and_their_boundary_on_the_same_points(panel: GenerativePanel):
    for name in (LOGISTIC, BAYES):
        multiple = panel.multiples[name]
        assert multiple.field.shows((72, 72))
        assert not multiple.line.path().isEmpty()
        np.testing.assert_array_equal(multiple.one.points(), panel.multiples[LOGISTIC].one.points())
        assert len(multiple.zero.points()) > 100


def test_the_boundary_of_the_logistic_regression_is_the_line_where_its_logit_is_0(panel: GenerativePanel):
    path, model = panel.multiples[LOGISTIC].line.path(), panel.fits.logistic
    points = np.array([[path.elementAt(at).x, path.elementAt(at).y] for at in range(path.elementCount())])
    away = (points @ model.weights + model.bias) / np.linalg.norm(model.weights)
    assert np.abs(away).max() < 0.02


def test_sampling_works_where_there_is_a_distribution_and_the_other_says_why_not(panel: GenerativePanel):
    press(panel, LOGISTIC)
    assert len(panel.multiples[LOGISTIC].samples.points()) == 0
    assert "cannot" in panel.multiples[LOGISTIC].note.text()
    before = panel.multiples[BAYES].samples.points()
    press(panel, BAYES)
    after = panel.multiples[BAYES].samples.points()
    assert len(before) > 200 and len(after) > 200
    assert not np.array_equal(before, after)  # new ones each time


def test_the_gan_shows_d_and_its_own_samples(panel: GenerativePanel):
    assert panel.wanted_layers() == ("generated", "field")
    look_at = look()
    assert "waiting" in panel.multiples[GAN].note.text()
    panel.show_frame(look_at)
    assert "½ line of D" in panel.multiples[GAN].note.text()
    np.testing.assert_allclose(panel.multiples[GAN].samples.points(), look_at.generated[:250])
    assert panel.multiples[GAN].field.shows((32, 32))
    panel.clear()
    assert len(panel.multiples[GAN].samples.points()) == 0
    assert panel.fits is not None  # the classifiers are of the target, not of the run


def test_another_split_is_fitted_anew_and_forgets_the_refusal(panel: GenerativePanel):
    press(panel, LOGISTIC)
    before = panel.fits
    panel.split.setCurrentIndex(1)
    panel.split.activated.emit(1)
    assert panel.fits is not before
    assert "100%" in panel.multiples[LOGISTIC].note.text()
    names, rows = panel.table()
    assert names == ("x1", "x2", "label", "logistic", "naive_bayes")
    assert rows.shape == (1000, 5)
    assert ((rows[:, 3] > 0.5) == rows[:, 2]).mean() > 0.98


def test_a_line_is_drawn_as_a_curve(panel: GenerativePanel):
    panel.show_target(build(spec.Mixture1D()))
    path = panel.multiples[BAYES].line.path()
    heights = [path.elementAt(at).y for at in range(path.elementCount())]
    assert len(heights) > 100 and 0 <= min(heights) <= max(heights) <= 1
    panel.show_frame(look(generated=np.zeros((50, 1), np.float32), field=Field(np.full((1, 48), 0.5), (-4, 4, 0, 1))))
    samples = panel.multiples[GAN].samples.points()
    assert samples.shape == (50, 2) and np.abs(samples[:, 1] - 0.5).max() < 0.05


def test_it_shows_the_region_of_the_stage(panel: GenerativePanel):
    panel.set_view((-1.0, 3.0, -2.0, 2.0))
    for multiple in panel.multiples.values():
        (left, right), _ = multiple.view.viewRange()
        assert left <= -0.99 and right >= 2.99


@pytest.mark.parametrize("height", [200, 560])
def test_where_there_is_little_room_the_plots_keep_it(panel: GenerativePanel, height: int):
    panel.resize(320, height)
    assert panel.multiples[GAN].note.isVisible() == (height > 300)
    panel.set_theme(DARK)
    assert panel.grab().height() == height
