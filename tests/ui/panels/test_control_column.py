from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.presets import presets
from ganstudio.experiment.reference import fields
from ganstudio.ui.panels.control_column import NARROWEST, ControlColumn
from ganstudio.ui.panels.section import ElidedLabel
from ganstudio.ui.theme import DARK, LIGHT, Theme

Owner = Any


def write(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, text)


def test_every_setting_of_the_experiment_stands_in_the_column_once(owner: Owner):
    shown = [path for panel in owner.column.panels for form in panel.forms for path in form.paths]
    assert sorted(shown) == sorted(setting.path for setting in fields(Experiment()))


@pytest.mark.parametrize(
    ("path", "kind"),
    [("target", "moons"), ("latent.prior", "mixture"), ("objective", "hinge"), ("optimizers.generator", "rmsprop")],
)
def test_every_setting_of_another_kind_stands_there_once_too(owner: Owner, path: str, kind: str):
    owner.show(with_value(owner.experiment, path, kind))
    shown = [path for panel in owner.column.panels for form in panel.forms for path in form.paths]
    assert sorted(shown) == sorted(setting.path for setting in fields(owner.experiment))


def test_a_learning_rate_typed_into_the_column_reaches_the_experiment(qtbot: QtBot, owner: Owner):
    field = owner.control("optimizers.generator.learning_rate")
    write(qtbot, field, "3e-4")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert owner.experiment.optimizers.generator.learning_rate == 3e-4
    assert "G 0.0003" in owner.column.optimizers.summary()


def test_an_invalid_number_leaves_the_experiment_as_it_was(qtbot: QtBot, owner: Owner):
    before = owner.experiment
    field = owner.control("training.batch_size")
    write(qtbot, field, "1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert owner.experiment is before
    assert owner.error("training.batch_size") == "The range is 2 to 16,384"


def test_an_error_opens_its_section_and_scrolls_to_the_setting(qtbot: QtBot, owner: Owner):
    column: ControlColumn = owner.column
    column.restore(dict.fromkeys(column.state(), False))
    assert column.show_error("optimizers.discriminator.epsilon", "too small for this device")
    assert column.state()["Optimizers"]
    field = owner.control("optimizers.discriminator.epsilon")
    qtbot.waitUntil(field.isVisible)
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())
    assert owner.error("optimizers.discriminator.epsilon") == "Too small for this device"
    column.clear_errors()
    assert owner.error("optimizers.discriminator.epsilon") == ""


def test_an_error_of_no_setting_is_not_claimed(owner: Owner):
    assert not owner.column.show_error("nonsense", "?")


def test_sections_open_and_close_by_mouse_and_keyboard(qtbot: QtBot, owner: Owner):
    section = owner.column.sections["Objective"]
    qtbot.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert not section.is_open
    section.header.setFocus()
    for key, is_open in [
        (Qt.Key.Key_Return, True),
        (Qt.Key.Key_Space, False),
        (Qt.Key.Key_Right, True),
        (Qt.Key.Key_Left, False),
    ]:
        qtbot.keyClick(section.header, key)
        assert section.is_open is is_open


def test_the_header_of_a_closed_section_says_what_is_in_it(qtbot: QtBot, owner: Owner):
    column: ControlColumn = owner.column
    column.set_parameter_counts(4482, 4353)
    section = column.sections["Networks"]
    section.set_open(False)
    summary = section.header.findChild(ElidedLabel)
    assert summary.toolTip() == "2→64→64→2 · 4,482 parameters"
    section.set_open(True)
    assert summary.toolTip() == ""


def test_which_sections_are_open_is_remembered(qtbot: QtBot, owner: Owner):
    column: ControlColumn = owner.column
    column.sections["Run"].set_open(False)
    state = column.state()
    other = ControlColumn()
    qtbot.addWidget(other)
    other.restore(state)
    assert other.state() == state
    other.restore({"A section of a later version": True})
    assert other.state() == state


@pytest.mark.parametrize("width", [NARROWEST, 340, 700])
def test_nothing_is_cut_off(qtbot: QtBot, owner: Owner, width: int):
    column: ControlColumn = owner.column
    experiment = owner.experiment
    for path, value in [
        ("target", "pinwheel"),
        ("latent.prior", "mixture"),
        ("generator.widths", (64, 128, 1024, 32, 16)),
        ("optimizers.generator.schedule", "cosine"),
        ("optimizers.discriminator", "sgd"),
        ("objective", "least_squares"),
        ("stop.iterations", 100_000),
    ]:
        experiment = with_value(experiment, path, value)
    owner.show(experiment)
    column.set_parameter_counts(1_234_567, 1_234_567)
    for panel in column.panels:
        for disclosure in panel.disclosures:
            disclosure.set_open(True)
    column.show_error("target.radius", "a reason that is so long that it needs more than one line to be told in full")
    column.resize(width, 700)
    qtbot.waitUntil(lambda: column.viewport().width() == column.widget().width())
    labels = [label for label in column.widget().findChildren(QLabel) if label.isVisible()]
    # What was opened has been laid out.
    qtbot.waitUntil(lambda: all(label.height() >= label.minimumSizeHint().height() for label in labels))
    assert column.widget().minimumSizeHint().width() <= column.viewport().width()
    for child in column.widget().findChildren(QWidget):
        if not child.isVisible():
            continue
        assert child.mapTo(column.widget(), QPoint(child.width(), 0)).x() <= column.widget().width(), child
        if isinstance(child, QLabel) and not isinstance(child, ElidedLabel) and child.text():
            needed = child.heightForWidth(child.width()) if child.wordWrap() else child.sizeHint().height()
            assert child.height() >= needed, child.text()
            assert child.wordWrap() or child.width() >= child.sizeHint().width(), child.text()


def test_the_column_can_be_scrolled_to_its_last_section_and_no_further(qtbot: QtBot, owner: Owner):
    column, last = owner.column, list(owner.column.sections.values())[-1]
    column.resize(NARROWEST, 700)
    bar = column.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    foot = last.mapTo(column.viewport(), last.rect().bottomLeft()).y()
    assert column.viewport().height() - 16 <= foot < column.viewport().height()


def test_rows_of_different_forms_stand_in_one_line(qtbot: QtBot, owner: Owner):
    panel = owner.column.run
    paths = ["training.batch_size", "measure.samples", "seed", "device", "stop.iterations"]
    lefts = {panel.control(path).mapTo(panel, QPoint(0, 0)).x() for path in paths}
    assert len(lefts) == 1


def test_generator_and_discriminator_stand_side_by_side_where_there_is_room(qtbot: QtBot, owner: Owner):
    networks = owner.column.networks

    def tops() -> tuple[int, int]:
        drawings = (networks.generator.drawing, networks.discriminator.drawing)
        return tuple(drawing.mapTo(networks, QPoint(0, 0)).y() for drawing in drawings)  # type: ignore[return-value]

    owner.column.resize(340, 700)
    qtbot.waitUntil(lambda: tops()[0] < tops()[1])
    owner.column.resize(800, 700)
    qtbot.waitUntil(lambda: tops()[0] == tops()[1])
    owner.column.resize(340, 700)
    qtbot.waitUntil(lambda: tops()[0] < tops()[1])


def test_scrolling_over_the_column_scrolls_it_and_changes_nothing(qtbot: QtBot, owner: Owner):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    column: ControlColumn = owner.column
    column.sections["Run"].header.setFocus()
    before = owner.experiment
    for target in ("target.kind", "target.radius"):
        control = owner.control(target)
        column.verticalScrollBar().setValue(0)
        position = QPointF(control.rect().center())
        event = QWheelEvent(
            position, QPointF(control.mapToGlobal(position.toPoint())), QPoint(), QPoint(0, -240),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        # As the windowing system does: to the widget under the mouse, then to its parents until one takes it.
        widget: QWidget | None = control
        while widget is not None and widget is not column:
            QApplication.sendEvent(widget, event)
            if event.isAccepted():
                break
            widget = widget.parentWidget()
        assert column.verticalScrollBar().value() > 0
    assert owner.experiment is before
    assert owner.requests == []


def test_a_preset_is_chosen_from_the_gallery(qtbot: QtBot, owner: Owner):
    gallery = owner.column.data.gallery
    card = next(card for card in gallery.cards if card.text() == "moons")
    with qtbot.waitSignal(owner.column.preset_requested) as asked:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert asked.args == ["moons"]
    assert not card.isChecked(), "the mark waits for the experiment"
    owner.show(presets()["moons"].experiment)
    assert gallery.current == "moons"
    assert card.isChecked()
    owner.show(with_value(owner.experiment, "target.radius", 1.1))
    assert gallery.current is None


def test_the_gallery_is_walked_with_the_arrow_keys(qtbot: QtBot, owner: Owner):
    cards = owner.column.data.gallery.cards
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Right)
    assert cards[1].hasFocus()
    columns = sum(card.y() == cards[0].y() for card in cards)
    qtbot.keyClick(cards[1], Qt.Key.Key_Down)
    assert cards[1 + columns].hasFocus()
    with qtbot.waitSignal(owner.column.preset_requested):
        qtbot.keyClick(cards[1 + columns], Qt.Key.Key_Return)


def test_every_card_gets_its_picture(qtbot: QtBot, owner: Owner):
    cards = owner.column.data.gallery.cards
    qtbot.waitUntil(lambda: all(not card.icon().isNull() for card in cards))
    pictures = [bytes(card.icon().pixmap(52).toImage().constBits()) for card in cards]
    assert len(set(pictures)) == len(cards)


def test_a_drawing_is_asked_for_with_its_dimension(qtbot: QtBot, owner: Owner):
    column: ControlColumn = owner.column
    with qtbot.waitSignal(column.drawing_requested) as asked:
        qtbot.mouseClick(column.data.draw_button, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert asked.args == [2]
    line = column.data.draw_button.menu().actions()[1]
    with qtbot.waitSignal(column.drawing_requested) as asked:
        line.trigger()
    assert asked.args == [1]


def test_a_file_is_asked_for(qtbot: QtBot, owner: Owner):
    with qtbot.waitSignal(owner.column.file_requested):
        qtbot.mouseClick(owner.column.data.file_button, Qt.MouseButton.LeftButton)


def test_the_extent_of_the_target_is_told(owner: Owner):
    texts = [label.text() for label in owner.column.data.findChildren(QLabel)]
    assert any(text.startswith("x −") and " · y −" in text for text in texts)


def test_a_painting_without_a_stroke_is_shown_without_a_fault(owner: Owner):
    owner.show(with_value(owner.experiment, "target", "painting"))
    assert owner.column.data.summary() == "Painting · 2-D"


def test_parameter_counts_are_of_the_networks_that_are_shown(owner: Owner):
    networks = owner.column.networks
    owner.column.set_parameter_counts(4482, 4353)
    assert networks.summary() == "2→64→64→2 · 4,482 parameters"
    owner.show(with_value(owner.experiment, "generator.widths", (16,)))
    assert networks.summary() == "2→16→2", "not the counts of the networks before"


def test_weights_reach_the_drawings(owner: Owner):
    networks = owner.column.networks
    before = [player.drawing.grab().toImage() for player in (networks.generator, networks.discriminator)]
    rng = np.random.default_rng(0)
    g, d = (
        [rng.normal(size=(outputs, inputs)).astype(np.float32) for inputs, outputs in pairwise(sizes)]
        for sizes in (networks.generator.drawing.sizes, networks.discriminator.drawing.sizes)
    )
    owner.column.show_weights(g, d)
    after = [player.drawing.grab().toImage() for player in (networks.generator, networks.discriminator)]
    assert before[0] != after[0]
    assert before[1] != after[1]
    owner.column.show_weights(None, None)
    assert networks.generator.drawing.grab().toImage() == after[0]


def test_weights_are_worth_asking_for_only_while_they_can_be_seen(qtbot: QtBot, owner: Owner):
    column: ControlColumn = owner.column
    column.reveal("generator.widths")
    qtbot.waitUntil(column.shows_networks)
    column.sections["Networks"].set_open(False)
    qtbot.waitUntil(lambda: not column.shows_networks())


@pytest.mark.parametrize("kind", ["minimax", "hinge", "wasserstein"])
def test_the_equations_are_those_of_the_objective(owner: Owner, kind: str):
    owner.show(with_value(owner.experiment, "objective", kind))
    panel = owner.column.objective
    assert panel.formula.accessibleName().startswith("L_D =")
    assert panel.summary().startswith(owner.experiment.objective.title)


def test_penalties_that_are_used_are_in_the_summary(owner: Owner):
    owner.show(with_value(with_value(owner.experiment, "penalties.r2", 0), "penalties.wgan_gp", 10))
    assert owner.column.objective.summary() == "Non-saturating · R1 0.3 · WGAN-GP 10"


def test_stop_conditions_are_in_the_summary_of_the_run(owner: Owner):
    owner.show(with_value(owner.experiment, "stop.iterations", 5000))
    assert owner.column.run.summary() == "batch 256 · seed 0 · until 5,000"


@pytest.mark.parametrize(("before", "after"), [(LIGHT, DARK), (DARK, LIGHT)], ids=["to dark", "to light"])
def test_a_theme_reaches_everything_that_is_drawn(
    qtbot: QtBot, make_owner: Callable[..., Owner], before: Theme, after: Theme
):
    column: ControlColumn = make_owner().column
    column.set_theme(before)
    cards = column.data.gallery.cards
    qtbot.waitUntil(lambda: all(not card.icon().isNull() for card in cards))
    was = cards[0].icon().cacheKey(), column.networks.generator.drawing.grab().toImage()
    column.set_theme(after)
    qtbot.waitUntil(lambda: cards[0].icon().cacheKey() != was[0])
    assert column.networks.generator.drawing.grab().toImage() != was[1]


def test_every_control_of_the_column_has_a_tooltip_and_a_name(owner: Owner):
    nameless, silent = [], []
    for kind in (QAbstractButton, QComboBox):
        for control in owner.column.widget().findChildren(kind):
            if isinstance(control.parentWidget(), QComboBox):
                continue
            name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
            if not name:
                nameless.append(control)
            if not control.toolTip() and control.property("role") not in ("section", "disclosure"):
                silent.append(control)
    assert nameless == []
    assert silent == []


@pytest.mark.parametrize("title", ["Data source", "Networks", "Objective", "Optimizers", "Run"])
def test_tab_goes_through_every_control_of_a_section_once_and_in_order(
    qtbot: QtBot, qapp: QApplication, owner: Owner, title: str
):
    column = owner.column
    column.restore({name: name == title for name in column.state()})
    column.show()
    qtbot.waitUntil(column.isVisible)
    panel = next(panel for panel in column.panels if panel.title == title)
    editors = [form.editor(path) for form in panel.forms for path in form.paths]
    editors.sort(key=lambda editor: editor.mapTo(column, QPoint()).y())  # as one reads them
    wanted = [
        control
        for editor in editors
        for control in editor.controls
        if control.isVisible() and control.isEnabled() and control.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert wanted
    first = column.sections[title].header
    first.setFocus()
    reached: list[QWidget] = []
    while (at := qapp.focusWidget()) not in reached:
        reached.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert [control for control in reached if control in wanted] == wanted
