"""The figure of the paper on the line: curves, axes that fit, and lines from z to x."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ganstudio.experiment.painting import Curve
from ganstudio.experiment.targets import Gaussian1D, Mixture1D, Moons, Painting1D
from ganstudio.messages.events import Field
from ganstudio.metrics.phases import Phases, Segment
from ganstudio.targets import build
from ganstudio.ui.canvas.density import HEADROOM
from ganstudio.ui.canvas.line_strip import ABOVE, MARGIN
from ganstudio.ui.canvas.polylines import cell_centres
from ganstudio.ui.canvas.stable_step import StableStep
from ganstudio.ui.canvas.stage import STRETCHES


def peaked(frame, height, at=32):
    """The frame with a p_g of this height in one cell."""
    values = np.zeros((1, 64), np.float32)
    values[0, at] = height
    return replace(frame, generated_line=Field(values, frame.generated_line.view))


def test_lines_go_from_their_z_to_the_generators_image_of_it(stage, show, line_frame):
    show(stage, Mixture1D())
    frame = line_frame()
    stage.show_frame(frame)
    feet, heads = stage.line.latent_axis.segments()
    np.testing.assert_allclose(heads[:, 0], frame.latent_map[:, 1], rtol=1e-6)
    np.testing.assert_allclose(feet[:, 0], [stage.line.latent_axis.foot(z) for z in frame.latent_map[:, 0]], rtol=1e-5)
    steps = np.diff(feet[:, 0]) / np.diff(frame.latent_map[:, 0])
    np.testing.assert_allclose(steps, steps[0], rtol=1e-4)  # the axis of z is even
    assert (feet[:, 1] < heads[:, 1]).all() and (heads[:, 1] < 0).all()
    x_min, x_max, bottom, _ = stage.view_rectangle()
    assert x_min < feet[0, 0] and feet[-1, 0] < x_max and bottom < feet[0, 1]


def test_of_a_longer_latent_the_axis_says_that_it_shows_the_first_coordinate(stage, show, line_frame):
    show(stage, Mixture1D())
    stage.show_frame(line_frame())
    assert stage.line.latent_axis.title == "z"
    frame = line_frame()
    longer = np.column_stack([frame.latent_map[:, 0], np.zeros(41), np.ones(41), frame.latent_map[:, 1]])
    stage.show_frame(replace(frame, latent_map=longer.astype(np.float32)))
    assert stage.line.latent_axis.title == "z₁ of 3"
    feet, heads = stage.line.latent_axis.segments()
    np.testing.assert_allclose(heads[:, 0], frame.latent_map[:, 1], rtol=1e-6)
    assert feet[0, 0] == pytest.approx(stage.line.latent_axis.foot(float(frame.latent_map[0, 0])))


def test_the_strip_below_0_gives_its_room_back_when_its_layers_are_off(stage, show, line_frame):
    show(stage, Mixture1D())
    stage.show_frame(line_frame())
    _, _, with_all, top = stage.view_rectangle()
    stage.chips.set_visible("latent_grid", False)
    _, _, without_map, _ = stage.view_rectangle()
    stage.chips.set_visible("generated", False)
    _, _, bare, top_now = stage.view_rectangle()
    assert with_all < without_map < bare < 0
    assert bare == pytest.approx(-MARGIN * top_now / ABOVE)
    assert top_now == top


def test_the_axis_grows_at_once_for_a_p_g_that_peaks_higher_and_shrinks_after_a_while(stage, show, line_frame):
    now = 0.0
    stage._stretch = StableStep(STRETCHES, clock=lambda: now)
    show(stage, Gaussian1D())
    frame = line_frame()
    stage.show_frame(peaked(frame, 0.5 * stage._height))
    _, _, _, top = stage.view_rectangle()
    assert top == pytest.approx(ABOVE * stage._height)
    stage.show_frame(peaked(frame, 1.5 * stage._height))
    assert stage.view_rectangle()[3] == pytest.approx(1.6 * top)
    stage.show_frame(peaked(frame, 0.5 * stage._height))
    assert stage.view_rectangle()[3] == pytest.approx(1.6 * top)
    now += 5.0
    stage.show_frame(peaked(frame, 0.5 * stage._height))
    assert stage.view_rectangle()[3] == pytest.approx(top)


def test_what_peaks_beyond_every_step_is_cut_off_and_said_so(stage, show, line_frame):
    show(stage, Gaussian1D())
    frame = line_frame()
    stage.show_frame(peaked(frame, 37.0 * stage._height))
    assert stage.view_rectangle()[3] == pytest.approx(STRETCHES[-1] * ABOVE * stage._height)
    assert f"p_g peaks at {37.0 * stage._height:,.3g}" in stage.line.labels.text("cut")
    stage.chips.set_visible("generated", False)
    assert stage.line.labels.text("cut") == ""
    assert stage.view_rectangle()[3] == pytest.approx(ABOVE * stage._height)


def test_the_axis_of_d_keeps_0_and_1_where_the_densities_have_0_and_the_top(stage, show, line_frame):
    show(stage, Gaussian1D())
    stage.show_frame(peaked(line_frame(), 1.5 * stage._height))
    _, (low, high) = stage.view.probability.viewRange()
    _, _, bottom, top = stage.view_rectangle()
    assert high == ABOVE
    assert low / high == pytest.approx(bottom / top)
    right = stage.view.plotItem.getAxis("right")
    ((_, ticks),) = right.tickValues(low, high, 600.0)
    assert ticks == [0.0, 0.25, 0.5, 0.75, 1.0]
    ((spacing, ticks),) = stage.view.plotItem.getAxis("left").tickValues(bottom, top, 600.0)
    assert min(ticks) == 0.0 and spacing > 0


def test_a_brush_paints_on_the_axis_as_the_canvas_has_it(stage, hand, painted, show, line_frame):
    show(stage, Gaussian1D())
    plain = stage.view_rectangle()
    stage.show_frame(peaked(line_frame(), 2.0 * stage._height))
    assert stage.view_rectangle()[3] > 1.5 * plain[3]
    stage.select_tool("curve")
    assert stage.view_rectangle() == pytest.approx(plain)
    height = 0.5 * stage._height
    hand.press(0.2, height)
    stage.show_frame(peaked(line_frame(), 2.4 * stage._height))  # p_g moves on under the hand
    hand.move(0.8, height)
    assert stage.view_rectangle() == pytest.approx(plain)
    hand.release(0.8, height)
    assert stage.document.canvas.density[0, 200] == pytest.approx(0.5, abs=0.02)
    stage.show_frame(peaked(line_frame(), 2.4 * stage._height))
    assert stage.view_rectangle()[3] == pytest.approx(plain[3])
    stage.select_tool("pan")
    assert stage.view_rectangle()[3] > 1.5 * plain[3]


def test_a_painting_that_was_drawn_low_fills_the_axis_while_there_is_no_brush(stage, show, line_frame):
    low = Curve(points=((-2.0, 0.0), (-1.0, 0.08), (0.0, 0.08), (1.0, 0.0)))
    spec = Painting1D(commands=(low,))
    peak = float(np.exp(build(spec).log_density(np.array([[-0.5]]))[0]))
    show(stage, spec)
    assert stage.view_rectangle()[3] == pytest.approx(ABOVE * HEADROOM * peak, rel=0.02)
    stage.select_tool("curve")
    assert stage.view_rectangle()[3] == pytest.approx(ABOVE * peak / 0.08, rel=0.02)  # where full ink would be
    stage.select_tool("pan")
    stage.show_frame(peaked(line_frame(), 40.0 * peak))
    assert stage.view_rectangle()[3] == pytest.approx(STRETCHES[-1] * ABOVE * HEADROOM * peak, rel=0.02)
    assert "p_g peaks at" in stage.line.labels.text("cut")


def test_the_read_out_has_every_curve_at_x_and_no_y(stage, show, line_frame):
    show(stage, Mixture1D())
    frame = line_frame()
    best = np.linspace(0.9, 0.1, 64, dtype=np.float32)[None]
    stage.show_frame(replace(frame, optimal=Field(best, frame.field.view)))
    x, _ = cell_centres(frame.field.view, 1, 64)
    stage._hover(float(x[30]), 0.1)
    read = {name: stage.read_out.text(name) for name in ("x", "d", "p", "g", "best")}
    assert float(read["x"].replace("−", "-")) == pytest.approx(x[30], abs=6e-4)
    assert float(read["d"]) == pytest.approx(float(frame.field.values[0, 30]), abs=6e-4)
    assert float(read["g"]) == pytest.approx(float(frame.generated_line.values[0, 30]), abs=6e-4)
    assert float(read["best"]) == pytest.approx(float(best[0, 30]), abs=6e-4)
    density = float(np.exp(build(Mixture1D()).log_density(np.array([[x[30]]]))[0]))
    assert float(read["p"]) == pytest.approx(density, abs=6e-4)
    assert not stage.read_out.shows("y") and stage.read_out.shows("g")
    stage._leave()
    assert {stage.read_out.text(name) for name in ("x", "d", "p", "g", "best")} == {"–"}
    show(stage, Moons())
    assert stage.read_out.shows("y") and not stage.read_out.shows("g")


def test_curves_are_named_while_they_are_shown(stage, show, line_frame):
    show(stage, Mixture1D())
    assert stage.line.labels.text("density") == "pdata"  # a subscript
    assert stage.line.labels.text("field") == ""
    frame = line_frame()
    stage.show_frame(replace(frame, optimal=frame.field))
    assert [stage.line.labels.text(name) for name in ("generated", "field", "optimal")] == ["pg", "D", "D*"]
    stage.chips.set_visible("field", False)
    assert stage.line.labels.text("field") == ""
    stage.clear_frame()
    assert stage.line.labels.text("generated") == stage.line.labels.text("optimal") == ""


def test_the_phase_is_named_on_the_line_alone(stage, show):
    stage.show_phases(Phases("D ahead", (Segment("D ahead", 0, 5),)))
    show(stage, Moons())
    assert not stage._phase.isVisible()
    show(stage, Mixture1D())
    assert stage._phase.isVisible() and "D ahead" in stage._phase.text()


def test_before_there_is_a_model_the_strip_says_what_it_is_for(stage, show, line_frame):
    show(stage, Mixture1D())
    assert stage.line.latent_axis.is_waiting
    stage.show_frame(line_frame())
    assert not stage.line.latent_axis.is_waiting
    stage.clear_frame()
    assert stage.line.latent_axis.is_waiting
    stage.chips.set_visible("latent_grid", False)
    assert not stage.line.latent_axis.is_waiting
