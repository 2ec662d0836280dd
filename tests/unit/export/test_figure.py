"""Figures show the numbers of the session, look the same everywhere, and are written whole or not at all."""

from __future__ import annotations

import io
import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from ganstudio.colours import LIGHT
from ganstudio.errors import UserError
from ganstudio.export.drawing import smoothed, window_of
from ganstudio.export.figure import THUMBNAIL_SIDE, overview, panel, thumbnail
from ganstudio.export.panels import PANELS
from ganstudio.export.scene import POINTS, Scene
from ganstudio.export.writing import PIXELS_PER_INCH, write_figure
from ganstudio.session.session import Session
from ganstudio.session.thumbnail import thumbnail_fault
from ganstudio.ui.plots import PLOTS

SUFFIXES = (".png", ".svg", ".pdf")


def texts(figure) -> str:
    found = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        found += [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
        found += [text.get_text() for text in axes.texts]
    return "\n".join(found)


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("dimension", [1, 2])
def test_every_panel_can_be_drawn(session: Session, session_1d: Session, folder: Path, name: str, dimension: int):
    figure = panel(session_1d if dimension == 1 else session, name)
    write_figure(figure, folder / "panel.png", scale=1)
    with Image.open(folder / "panel.png") as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20)}
    assert len(colours) > 20
    assert all(axes.get_title(loc="left") for axes in figure.axes[: len(PANELS[name].titles)])


def test_axes_of_the_plane_have_the_names_of_the_stage_in_fonts_that_have_them(session: Session, folder: Path, recwarn):
    axes = panel(session, "samples").axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x₁", "x₂")
    for suffix in SUFFIXES:
        write_figure(panel(session, "samples"), folder / f"named{suffix}")
    assert not [str(warning.message) for warning in recwarn if "Glyph" in str(warning.message)]


def test_there_is_a_panel_for_every_plot_of_the_window():
    assert PLOTS.keys() <= PANELS.keys()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_sessions_give_equal_bytes(session: Session, folder: Path, suffix: str):
    for name in "ab":
        write_figure(overview(session), folder / f"{name}{suffix}")
    assert (folder / f"a{suffix}").read_bytes() == (folder / f"b{suffix}").read_bytes()


def test_an_overview_says_which_run_it_shows(session: Session):
    said = texts(overview(session))
    assert "Ring of gaussians" in said
    assert "seed 7" in said
    assert "40 iterations" in said
    assert f"JSD {session.history.measures[-1, 1]:.4f} nats" in said


def test_an_overview_measures_the_jsd_where_the_session_stands(train: Callable[..., Session]):
    session = train(15, measure__every=10, measure__samples=2000)
    measures = Scene(session).measures
    assert measures["iteration"].tolist() == [10, 15]
    assert f"JSD {measures['jsd'][-1]:.4f} nats" in texts(overview(session))


def test_losses_are_drawn_with_the_levels_of_the_equilibrium(session: Session):
    (axes,) = panel(session, "losses").axes
    levels = {line.get_ydata()[0]: line.get_color() for line in axes.lines if len(line.get_ydata()) == 2}
    assert levels == {math.log(4): LIGHT.discriminator, math.log(2): LIGHT.generator}
    curves = [line for line in axes.lines if len(line.get_ydata()) == 40]
    np.testing.assert_array_equal(curves[0].get_ydata(), session.history.rows[:, 1])
    np.testing.assert_array_equal(curves[2].get_ydata(), session.history.rows[:, 2])
    assert axes.get_ylabel() == "loss (nats)"


def test_the_value_function_is_drawn_with_minus_log_4(session: Session):
    (axes,) = panel(session, "value").axes
    assert -math.log(4) in [line.get_ydata()[0] for line in axes.lines]


def test_the_jsd_is_drawn_with_its_floor_and_ln_2(session: Session):
    (axes,) = panel(session, "jsd").axes
    drawn = [line.get_ydata() for line in axes.lines]
    np.testing.assert_array_equal(drawn[0], session.history.measures[:, 2])
    np.testing.assert_array_equal(drawn[1], session.history.measures[:, 1])
    assert drawn[2][0] == math.log(2)
    assert axes.get_ylim()[1] > math.log(2)


def test_a_value_function_that_is_not_defined_is_told(train: Callable[..., Session]):
    session = train(5, objective="wasserstein")
    assert "D is no probability" in texts(panel(session, "value"))
    assert panel(session, "losses").axes[0].get_ylabel() == "loss"


def test_real_is_blue_and_generated_is_orange(session: Session):
    real, generated = panel(session, "samples").axes[:2]
    scene = Scene(session)
    for axes, points, colour in ((real, scene.real, LIGHT.real), (generated, scene.generated, LIGHT.generated)):
        (scatter,) = [item for item in axes.collections if len(item.get_offsets()) == POINTS]
        np.testing.assert_array_equal(scatter.get_offsets(), points)
        assert to_hex(scatter.get_facecolor()[0]) == colour


def test_samples_beyond_the_panel_are_counted_on_it(train: Callable[..., Session]):
    session = train(1, target="gaussian_ring", normalisation="extent", latent__prior="uniform")
    assert session.snapshot is not None
    session.snapshot.arrays["ema"][:] *= 40
    scene = Scene(session)
    limit = scene.view[1]
    share = np.mean(np.any(np.abs(scene.generated) > limit, axis=1))
    assert share > 0.1
    assert f"{share:.0%} outside" in texts(panel(session, "samples"))


def test_a_session_that_has_not_begun_is_drawn_at_its_initialisation(session: Session, folder: Path):
    figure = overview(Session(session.experiment))
    write_figure(figure, folder / "overview.svg")
    assert "0 iterations" in texts(figure)
    assert "no update was made yet" in texts(figure)


def test_what_was_trained_on_a_gpu_can_be_drawn_without_one(session: Session):
    elsewhere = session.experiment.model_copy(update={"device": "cuda"})
    moved = Session(elsewhere, session.snapshot, session.history)
    assert texts(overview(moved)) == texts(overview(session))


def test_text_in_pdf_stays_text_and_its_fonts_are_embedded(session: Session, folder: Path):
    write_figure(overview(session), folder / "overview.pdf")
    data = (folder / "overview.pdf").read_bytes()
    assert b"/FontFile2" in data
    assert b"/Type3" not in data
    assert b"CreationDate" not in data


def test_svg_needs_no_fonts_of_the_machine(session: Session, folder: Path):
    write_figure(overview(session), folder / "overview.svg")
    text = (folder / "overview.svg").read_text(encoding="utf-8")
    assert "<text" not in text
    assert "dc:date" not in text


def test_the_scale_sets_the_pixels_of_a_png(session: Session, folder: Path):
    figure = panel(session, "losses")
    for scale in (1, 3):
        write_figure(figure, folder / "losses.png", scale=scale)
        with Image.open(folder / "losses.png") as image:
            assert image.width == round(figure.get_figwidth() * PIXELS_PER_INCH * scale)


def test_an_unknown_ending_is_refused_and_the_older_figure_stays(session: Session, folder: Path):
    figure = panel(session, "losses")
    for name in ("losses.gif", "losses"):
        (folder / name).write_text("older")
        with pytest.raises(UserError, match=r"use \.png, \.svg or \.pdf"):
            write_figure(figure, folder / name)
        assert (folder / name).read_text() == "older"


def test_an_unknown_panel_is_refused_with_the_names_there_are(session: Session):
    with pytest.raises(UserError, match="no plot 'loss'; known: samples, losses"):
        panel(session, "loss")


def test_a_thumbnail_is_a_small_picture_a_session_can_hold(session: Session, session_1d: Session):
    for chosen in (session, session_1d):
        data = thumbnail(chosen)
        assert thumbnail_fault(data) is None
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
            assert len(image.convert("RGB").getcolors(1 << 16)) >= 2


def test_strong_curves_are_the_mean_of_a_window_around_each_value():
    y = np.random.default_rng(2).normal(size=1234)
    half = window_of(len(y)) // 2
    assert window_of(len(y)) == 13
    expected = [y[max(0, at - half) : at + half + 1].mean() for at in range(len(y))]
    np.testing.assert_allclose(smoothed(y), expected, atol=1e-12)


def test_a_long_run_is_drawn_with_few_points_and_all_of_its_span(session: Session, folder: Path):
    from ganstudio.messages.history import COLUMNS, HistoryChunk

    rows = np.ones((200_000, len(COLUMNS)))
    rows[:, 0] = np.arange(1, 200_001)
    rows[123_456, 2] = 9.0  # a single spike
    long = Session(session.experiment, session.snapshot, HistoryChunk(rows, session.history.measures))
    figure = panel(long, "losses")
    spans = [item.get_paths()[0].vertices[:, 1].max() for item in figure.axes[0].collections]
    assert max(spans) == 9.0
    write_figure(figure, folder / "losses.svg")
    assert (folder / "losses.svg").stat().st_size < 500_000


def test_figures_need_neither_pyplot_nor_a_screen():
    code = (
        "import sys, ganstudio.export.figure as figure\n"
        "from ganstudio.experiment import Experiment\n"
        "from ganstudio.session.session import Session\n"
        "figure.thumbnail(Session(Experiment()))\n"
        "print([name for name in ('matplotlib.pyplot', 'PySide6') if name in sys.modules])\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert re.search(r"^\[\]$", answer.stdout, re.MULTILINE), answer.stdout + answer.stderr
