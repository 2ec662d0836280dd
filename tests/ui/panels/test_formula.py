from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.reference import settings
from ganstudio.experiment.setting import Record
from ganstudio.ui.forms.formula import equations, readable, rich


def kinds(of: type[Record]) -> Iterator[type[Record]]:
    for member in of.__subclasses__():
        yield member
        yield from kinds(member)


FORMULAS = sorted(
    {s.formula for s in settings() if s.formula} | {kind.formula for kind in kinds(Record) if kind.formula}
)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (
            r"\tfrac{\gamma}{2} E_x \|\nabla_x D(x)\|^2  (Mescheder et al. 2018)",
            "γ/2 Eₓ ‖∇ₓ D(x)‖² (Mescheder et al. 2018)",
        ),
        (r"\tfrac12 E_x (D(x) - 1)^2", "½ Eₓ (D(x) − 1)²"),
        (r"\bar W = W / \sigma(W)", "W̄ = W / σ(W)"),
        (r"\theta \leftarrow \theta - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)", "θ ← θ − η m̂ / (√v̂ + ε)"),
        (r"L_D = -E_z \log\sigma(D(G(z)))", "L_D = −E_z log σ(D(G(z)))"),
        (r"z \sim \frac1K \sum_k N(c_k, \sigma^2 I)", "z ~ 1/K Σₖ N(cₖ, σ² I)"),
        (r"k \text{ ascents of } V \text{ in } \theta_D", "k ascents of V in θ_D"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        (r"x^{n+1}_{ij}", "xⁿ⁺¹ᵢⱼ"),
        (r"\frac{1}{K^2}", "1/K²"),
        ("", ""),
    ],
)
def test_a_formula_is_readable_text(formula: str, text: str):
    assert readable(formula) == text


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_latex_is_left_of_any_formula_of_the_records(formula: str):
    assert not set("\\{}") & set(readable(formula))
    assert not set("\\{}") & set(rich(formula))


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_qt_shows_says_the_same_as_the_plain_text(qapp: QApplication, formula: str):
    document = QTextDocument()
    document.setHtml(rich(formula))
    shown = document.toPlainText()
    assert "<" not in shown
    # Scripts are raised by mark-up in the one and by letters of their own in the other: compare what is on the line.
    kept = "=()+−‖/[]|←~∇Σ½"
    assert [c for c in shown if c in kept] == [
        c for c in readable(formula) if c in kept and c not in "_^"
    ] or "_(" in readable(formula)


@pytest.mark.parametrize("broken", ["{", "}", "^", "_", r"\frac{1", r"\sqrt", r"\text{", r"\unknown{x}", "a^", "\\"])
def test_a_broken_formula_is_shown_as_well_as_it_can_be(broken: str):
    assert isinstance(readable(broken), str)
    assert isinstance(rich(broken), str)


def test_html_of_a_formula_lets_no_markup_in():
    assert rich("a < b & <img src=x>").count("<img") == 0


def test_a_formula_of_several_equations_is_taken_apart():
    assert equations(r"L_D = a,\; L_G = N(0,\, 1)") == ("L_D = a", r"L_G = N(0,\, 1)")
