"""Typeset formulas: outlines that fit, in lines that break where mathematics may."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.reference import choices_of
from ganstudio.ui.forms import typeset
from ganstudio.ui.forms.formula_view import FormulaView, painted
from ganstudio.ui.theme import DARK, LIGHT

LONG = r"V(D, G) = E_x[\log D(x)] + E_z[\log(1 - D(G(z)))]"


def test_the_dialect_of_the_records_is_rewritten_for_mathtext() -> None:
    assert typeset.rewritten(r"\tfrac12 \le JSD(p_{data})") == r"\frac{1}{2} \leq \mathrm{JSD}(p_{\mathrm{data}})"
    assert typeset.rewritten(r"\frac{a}{b}") == r"\dfrac{a}{b}"
    assert typeset.rewritten("D ≠ 1") == r"D \neq  1"


def test_every_objectives_formula_can_be_typeset() -> None:
    for kind in choices_of(Experiment.model_fields["objective"].annotation).values():
        for equation in kind.formula.split(r",\;"):
            assert typeset.outline(equation).width > 0


def test_what_mathtext_does_not_know_is_refused_in_one_way() -> None:
    with pytest.raises(typeset.CannotTypesetError):
        typeset.outline(r"\nonsense{x")


def test_a_line_breaks_before_a_relation_then_before_a_sum_and_never_inside_brackets() -> None:
    whole = typeset.outline(LONG).width
    assert len(typeset.broken(LONG, whole)) == 1
    at_relation = typeset.broken(LONG, 0.9 * whole)
    assert len(at_relation) == 2
    assert at_relation[0].width == pytest.approx(typeset.outline("V(D, G)").width)
    assert len(typeset.broken(LONG, 0.6 * whole)) == 3
    assert len(typeset.broken(r"f(a + b + c + d)", 10.0)) == 1


def test_the_path_of_an_outline_is_as_wide_as_it_says_and_stands_on_the_baseline() -> None:
    outline = typeset.outline(r"\frac{a}{b} = \sqrt{x}")
    bounds = painted(outline).boundingRect()
    assert bounds.width() == pytest.approx(outline.width, rel=0.1)
    assert -bounds.top() == pytest.approx(outline.ascent, abs=5)
    assert bounds.bottom() == pytest.approx(outline.descent, abs=5)


def test_the_view_is_as_high_as_its_lines_and_draws_in_the_theme(qtbot: QtBot) -> None:
    view = FormulaView(LIGHT)
    qtbot.addWidget(view)
    view.show_formula(LONG)
    view.resize(600, 100)
    assert view.is_typeset
    wide, narrow = view.heightForWidth(600), view.heightForWidth(180)
    assert narrow > 1.5 * wide
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        image = view.grab().toImage()
        shades = {image.pixelColor(x, y).name() for x in range(300) for y in range(40)}
        assert theme.text in shades


def test_what_cannot_be_typeset_is_shown_as_text_and_nothing_hides_the_view(qtbot: QtBot) -> None:
    view = FormulaView(LIGHT)
    qtbot.addWidget(view)
    view.resize(300, 60)
    view.show_formula(r"\operatorname{x}_{")
    assert not view.is_typeset
    assert view.heightForWidth(300) > 10
    view.grab()
    view.show_formula("")
    assert view.isHidden()
