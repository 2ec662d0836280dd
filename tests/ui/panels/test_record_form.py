from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.change import with_value
from ganstudio.experiment.networks import Network
from ganstudio.experiment.painting import Extent
from ganstudio.experiment.penalties import Penalties
from ganstudio.experiment.reference import SettingReference, kinds_of, settings
from ganstudio.experiment.setting import Record
from ganstudio.experiment.targets import Points, Points1D
from ganstudio.ui.forms.editors import Editor
from ganstudio.ui.forms.layer_editor import LayerEditor
from ganstudio.ui.forms.number_field import NumberField
from ganstudio.ui.forms.record_form import RecordForm, stacked

SETTINGS = settings()
POINTS = {1: Points1D, 2: Points}


def experiment_with(setting: SettingReference) -> Experiment:
    """The default experiment with every choice made on which ``setting`` depends."""
    import numpy as np

    experiment = Experiment()
    for path, kind in setting.when:
        if path == "target.kind" and kind.startswith("points"):
            dimension = 1 if kind.endswith("1d") else 2
            points = ArrayText.of(np.zeros((2, dimension), np.float32))
            experiment = experiment.model_copy(update={"target": POINTS[dimension](points=points)})
        else:
            experiment = with_value(experiment, path, kind)
    return experiment


def wheel(widget: QWidget, notches: int) -> bool:
    """Turn the wheel above ``widget``; whether the widget made use of it."""
    position = QPointF(widget.rect().center())
    event = QWheelEvent(
        position,
        QPointF(widget.mapToGlobal(position.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def write(qtbot: QtBot, field: QWidget, text: str) -> None:
    """Select all that stands in ``field`` and type ``text``."""
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, text)


@pytest.mark.parametrize(
    "setting", SETTINGS, ids=[f"{s.path}-{'-'.join(kind for _, kind in s.when)}".rstrip("-") for s in SETTINGS]
)
def test_every_setting_of_every_kind_has_an_editor_that_explains_itself(qtbot: QtBot, setting: SettingReference):
    form = RecordForm(experiment_with(setting), only=(setting.path,))
    qtbot.addWidget(form)
    editor = form.editor(setting.path)
    for control in editor.controls:
        assert f"--set {setting.path.removesuffix('.kind')}=" in control.toolTip()
        assert control.accessibleName()
        if setting.help:
            assert setting.help.split(";")[0][1:20] in control.toolTip().replace("&amp;", "&")
    if not setting.live:
        assert "re-initialises" in editor.controls[0].toolTip()


@pytest.fixture
def show(qtbot: QtBot) -> Callable[..., RecordForm]:
    def make(record: Record, prefix: str = "", **options: object) -> RecordForm:
        form = RecordForm(record, prefix, **options)  # type: ignore[arg-type]
        qtbot.addWidget(form)
        form.resize(320, form.sizeHint().height())
        form.show()
        qtbot.waitExposed(form)
        form.activateWindow()
        qtbot.waitUntil(form.isActiveWindow)
        return form

    return make


def test_a_number_is_asked_for_with_its_full_path_when_enter_is_pressed(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Penalties(), "penalties.")
    field = form.editor("penalties.r1").controls[0]
    write(qtbot, field, "1e-2")
    with qtbot.waitSignal(form.value_requested) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked.args == ["penalties.r1", 0.01]


def test_a_live_number_is_asked_for_after_a_pause_in_typing(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Penalties(), "penalties.")
    with qtbot.waitSignal(form.value_requested) as asked:
        write(qtbot, form.editor("penalties.r1").controls[0], "0.5")
    assert asked.args == ["penalties.r1", 0.5]


def test_a_structural_number_waits_until_the_field_is_left(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Network(), "generator.", only=("dropout", "fourier_scale"))
    with qtbot.assertNotEmitted(form.value_requested, wait=700):
        write(qtbot, form.editor("generator.dropout").controls[0], "0.25")
    with qtbot.waitSignal(form.value_requested) as asked:
        form.editor("generator.fourier_scale").controls[0].setFocus()
    assert asked.args == ["generator.dropout", 0.25]


@pytest.mark.parametrize("path", ["seed", "objective.kind", "penalties.r1", "generator.activation"])
def test_scrolling_past_a_control_changes_nothing(qtbot: QtBot, show: Callable[..., RecordForm], path: str):
    form = show(Experiment(), only=(path,))
    control = form.editor(path).controls[0]
    form.setFocus()
    assert not control.hasFocus()
    with qtbot.assertNotEmitted(form.value_requested, wait=50):
        assert not wheel(control, -3), "the panel could not scroll"


def test_the_wheel_steps_a_field_that_was_chosen(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Penalties(), "penalties.")
    field = form.editor("penalties.r1").controls[0]
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    with qtbot.waitSignal(form.value_requested) as asked:
        wheel(field, 1)
    assert asked.args == ["penalties.r1", 0.5]


def test_arrow_keys_step_in_the_settings_own_steps(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Experiment().training, "training.")
    field = form.editor("training.batch_size").controls[0]
    field.setFocus()
    with qtbot.waitSignal(form.value_requested) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Up)
    assert asked.args == ["training.batch_size", 512]


def test_a_choice_is_made_with_the_keyboard(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Experiment(), only=("objective",))
    box = form.editor("objective.kind").controls[0]
    box.setFocus()
    with qtbot.waitSignal(form.value_requested) as asked:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert asked.args == ["objective.kind", "minimax"]


def test_kinds_and_choices_have_names_for_people_and_each_explains_itself(show: Callable[..., RecordForm]):
    form = show(Experiment(), only=("objective.kind", "generator.initialisation"))
    objective, initialisation = (
        form.editor(path).findChild(QComboBox) for path in ("objective.kind", "generator.initialisation")
    )
    titles = {kind.title for kind in kinds_of(Experiment, "objective").values()}
    assert {objective.itemText(index) for index in range(objective.count())} == titles
    for box in (objective, initialisation):
        for index in range(box.count()):
            assert "_" not in box.itemText(index)
            assert len(box.itemData(index, Qt.ItemDataRole.ToolTipRole)) > len(box.itemText(index))


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s.type == "choice"], ids=lambda setting: setting.path)
def test_every_word_of_a_choice_is_explained(setting: SettingReference):
    from ganstudio.ui.forms.choices import choice

    assert all(choice(setting.path, word).help for word in setting.choices)


def test_a_target_that_needs_a_file_is_not_offered_from_nothing(show: Callable[..., RecordForm]):
    box = show(Experiment(), only=("target.kind",)).editor("target.kind").findChild(QComboBox)
    offered = {box.itemData(index) for index in range(box.count())}
    assert "moons" in offered
    assert not {"points", "points_1d"} & offered


def test_a_check_box_asks_for_its_new_state(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Network(), "generator.")
    box = form.editor("generator.residual").controls[0]
    with qtbot.waitSignal(form.value_requested) as asked:
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert asked.args == ["generator.residual", True]


def test_text_is_asked_for_after_a_pause(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(with_value(Experiment(), "target", "text"), only=("target.text",))
    with qtbot.waitSignal(form.value_requested) as asked:
        write(qtbot, form.editor("target.text").controls[0], "Hi")
    assert asked.args == ["target.text", "Hi"]


def test_an_optional_number_is_switched_on_and_off(qtbot: QtBot, show: Callable[..., RecordForm]):
    form = show(Experiment(), only=("stop",), starts={"stop.iterations": 10_000})
    box, field = form.editor("stop.iterations").controls
    assert not field.isEnabled()
    with qtbot.waitSignal(form.value_requested) as asked:
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert asked.args == ["stop.iterations", 10_000]
    form.show_record(with_value(Experiment(), "stop.iterations", 10_000))
    assert field.isEnabled()
    with qtbot.waitSignal(form.value_requested) as asked:
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert asked.args == ["stop.iterations", None]


class TestLayers:
    @pytest.fixture
    def layers(self, show: Callable[..., RecordForm]) -> tuple[RecordForm, LayerEditor]:
        form = show(Network(widths=(64, 32)), "generator.", only=("widths",))
        return form, form.editor("generator.widths").findChild(LayerEditor)

    def test_a_layer_is_added_as_wide_as_the_last(self, qtbot: QtBot, layers: tuple[RecordForm, LayerEditor]):
        form, editor = layers
        with qtbot.waitSignal(form.value_requested) as asked:
            qtbot.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
        assert asked.args == ["generator.widths", (64, 32, 32)]

    def test_a_layer_is_taken_away(self, qtbot: QtBot, layers: tuple[RecordForm, LayerEditor]):
        form, editor = layers
        with qtbot.waitSignal(form.value_requested) as asked:
            qtbot.mouseClick(editor.remove_buttons[0], Qt.MouseButton.LeftButton)
        assert asked.args == ["generator.widths", (32,)]

    def test_a_width_is_typed(self, qtbot: QtBot, layers: tuple[RecordForm, LayerEditor]):
        form, editor = layers
        write(qtbot, editor.fields[1], "128")
        with qtbot.waitSignal(form.value_requested) as asked:
            qtbot.keyClick(editor.fields[1], Qt.Key.Key_Return)
        assert asked.args == ["generator.widths", (64, 128)]

    def test_fields_of_other_layers_stay_when_one_is_added(self, layers: tuple[RecordForm, LayerEditor]):
        form, editor = layers
        before = editor.fields
        form.show_record(Network(widths=(64, 32, 16)))
        assert editor.fields[:2] == before
        assert [field.shown for field in editor.fields] == [64, 32, 16]

    def test_no_more_layers_than_the_record_takes(self, layers: tuple[RecordForm, LayerEditor]):
        form, editor = layers
        form.show_record(Network(widths=(4,) * 10))
        assert not editor.add_button.isEnabled()

    def test_a_network_without_hidden_layers_can_be_had(self, qtbot: QtBot, layers: tuple[RecordForm, LayerEditor]):
        form, editor = layers
        form.show_record(Network(widths=()))
        assert editor.fields == ()
        with qtbot.waitSignal(form.value_requested) as asked:
            qtbot.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
        assert asked.args == ["generator.widths", (32,)]


class TestErrors:
    def check(self, path: str, value: object) -> object:
        return with_value(Experiment(), path, value)

    def test_a_number_out_of_range_is_marked_while_it_is_typed_and_not_asked_for(
        self, qtbot: QtBot, show: Callable[..., RecordForm]
    ):
        form = show(Penalties(), "penalties.", check=self.check)
        field = form.editor("penalties.r1").controls[0]
        with qtbot.assertNotEmitted(form.value_requested, wait=700):
            write(qtbot, field, "99999")
            assert field.property("invalid") is True
            assert form.error("penalties.r1") == "The range is 0 to 1,000"
            qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.lineEdit().text() == "99999", "what was typed is kept"

    def test_text_that_is_no_number_is_marked(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.", check=self.check)
        write(qtbot, form.editor("penalties.r1").controls[0], "0,5")
        assert form.error("penalties.r1") == "Write the decimals after a point: 0.5"

    def test_half_a_number_is_not_marked(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.", check=self.check)
        write(qtbot, form.editor("penalties.r1").controls[0], "1e-")
        assert form.error("penalties.r1") == ""

    def test_the_mark_goes_as_soon_as_the_number_is_good(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.", check=self.check)
        field = form.editor("penalties.r1").controls[0]
        write(qtbot, field, "99999")
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
        assert form.error("penalties.r1") == ""
        assert field.property("invalid") is False

    def test_escape_brings_the_records_value_back(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        form = show(Penalties(r1=0.3), "penalties.", check=self.check)
        field = form.editor("penalties.r1").controls[0]
        write(qtbot, field, "99999")
        qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert field.lineEdit().text() == "0.3"
        assert form.error("penalties.r1") == ""

    def test_what_the_owner_refuses_is_marked_in_place(self, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.")
        assert form.show_error("penalties.r1", "too much for this GPU")
        assert form.error("penalties.r1") == "Too much for this GPU"
        assert not form.show_error("training.batch_size", "not mine")

    def test_clearing_errors_shows_the_record_again(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.", check=self.check)
        field = form.editor("penalties.r1").controls[0]
        write(qtbot, field, "-1")
        form.clear_errors()
        assert (field.lineEdit().text(), form.error("penalties.r1")) == ("0.3", "")

    def test_another_record_with_another_value_takes_the_place_of_what_was_refused(
        self, qtbot: QtBot, show: Callable[..., RecordForm]
    ):
        form = show(Penalties(), "penalties.", check=self.check)
        field = form.editor("penalties.r1").controls[0]
        write(qtbot, field, "-1")
        form.show_record(Penalties(r1=2.0))
        field.clearFocus()
        assert (field.lineEdit().text(), form.error("penalties.r1")) == ("2", "")

    def test_a_change_elsewhere_leaves_what_was_refused(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.", check=self.check)
        field = form.editor("penalties.r1").controls[0]
        write(qtbot, field, "-1")
        form.show_record(Penalties(r2=2.0))
        assert field.lineEdit().text() == "-1"
        assert form.error("penalties.r1")

    def test_a_refused_value_is_taken_over_once_another_makes_it_possible(
        self, qtbot: QtBot, show: Callable[..., RecordForm]
    ):
        current = with_value(Experiment(), "optimizers.generator", "sgd")
        form = show(current, only=("optimizers.generator",), check=lambda path, value: with_value(current, path, value))
        box = form.editor("optimizers.generator.nesterov").controls[0]
        qtbot.keyClick(box, Qt.Key.Key_Space)
        assert "needs a momentum" in form.error("optimizers.generator.nesterov")
        assert box.isChecked(), "what was chosen is kept"
        current = with_value(current, "optimizers.generator.momentum", 0.9)
        with qtbot.waitSignal(form.value_requested) as asked:
            form.show_record(current)
        assert asked.args == ["optimizers.generator.nesterov", True]
        assert form.error("optimizers.generator.nesterov") == ""


class TestRedrawing:
    def editors(self, form: RecordForm) -> dict[str, Editor]:
        return {path: form.editor(path) for path in form.paths}

    def test_the_same_settings_keep_the_same_widgets(self, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.")
        before = self.editors(form)
        form.show_record(Penalties(r1=5.0))
        assert self.editors(form) == before
        assert form.editor("penalties.r1").findChild(NumberField).lineEdit().text() == "5"

    def test_typing_keeps_focus_and_cursor_when_the_record_takes_the_value_over(
        self, qtbot: QtBot, show: Callable[..., RecordForm]
    ):
        form = show(Penalties(), "penalties.")
        form.value_requested.connect(lambda _path, value: form.show_record(Penalties(r1=value)))
        field = form.editor("penalties.r1").controls[0]
        write(qtbot, field, "0.50")
        field.lineEdit().setCursorPosition(2)
        with qtbot.waitSignal(form.value_requested):
            pass
        assert field.hasFocus()
        assert field.lineEdit().text() == "0.50", "not rewritten under the cursor"
        assert field.lineEdit().cursorPosition() == 2
        qtbot.keyClick(field, Qt.Key.Key_Tab)
        assert field.lineEdit().text() == "0.5"

    def test_a_change_elsewhere_does_not_disturb_typing(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        form = show(Penalties(), "penalties.")
        field = form.editor("penalties.r1").controls[0]
        write(qtbot, field, "0.")
        form.show_record(Penalties(r2=3.0))
        qtbot.keyClicks(field, "7")
        assert field.lineEdit().text() == "0.7"

    def test_another_kind_brings_its_own_settings_and_keeps_the_shared_ones(self, show: Callable[..., RecordForm]):
        experiment = Experiment()
        form = show(experiment, only=("optimizers.generator",))
        before = self.editors(form)
        form.show_record(with_value(experiment, "optimizers.generator", "sgd"))
        after = self.editors(form)
        assert "optimizers.generator.momentum" in after
        assert "optimizers.generator.beta1" not in after
        for path in ("optimizers.generator.kind", "optimizers.generator.learning_rate"):
            assert after[path] is before[path]

    def test_the_focus_stays_on_the_choice_that_changes_the_form(self, qtbot: QtBot, show: Callable[..., RecordForm]):
        experiment = Experiment()
        form = show(experiment, only=("target",))
        form.value_requested.connect(lambda path, value: form.show_record(with_value(experiment, path, value)))
        box = form.editor("target.kind").controls[0]
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert "target.spacing" in form.paths
        assert box.hasFocus()

    def test_tab_goes_through_the_settings_in_the_order_in_which_they_stand(
        self, qtbot: QtBot, show: Callable[..., RecordForm]
    ):
        form = show(Experiment(), only=("optimizers.generator",))
        form.show_record(with_value(Experiment(), "optimizers.generator.schedule", "cosine"))
        qtbot.waitUntil(form.editor("optimizers.generator.schedule.iterations").isVisible)
        reached = []
        form.editor(form.paths[0]).controls[0].setFocus()
        for _ in form.paths:
            focused = QApplication.focusWidget()
            reached.append(next(path for path in form.paths if focused in form.editor(path).controls))
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
        assert tuple(reached) == form.paths

    def test_a_painting_shows_its_extent_with_readable_names(self, show: Callable[..., RecordForm]):
        form = show(with_value(Experiment(), "target", "painting"), only=("target",))
        assert {f"target.extent.{name}" for name in Extent.model_fields} <= set(form.paths)
        assert "_" not in form.editor("target.extent.x_min").controls[0].accessibleName()


def test_zero_reads_off_where_it_means_off(show: Callable[..., RecordForm]):
    form = show(Penalties(wgan_gp=0.0, r1=0.1), off_at_zero=("wgan_gp", "r1"))
    texts = {
        path: [label.text() for label in form.editor(path).findChildren(QWidget) if hasattr(label, "buddy")]
        for path in ("wgan_gp", "r1")
    }
    assert texts == {"wgan_gp": ["off"], "r1": [""]}


def test_rows_are_made_when_they_are_seen_and_show_the_latest_record(qtbot: QtBot):
    form = RecordForm(Penalties(r1=0.1))
    qtbot.addWidget(form)
    form.show_record(Penalties(r1=0.2))
    assert form.findChildren(Editor) == []
    form.show()
    assert form.findChildren(Editor) != []
    assert all(editor.isVisible() for editor in form.findChildren(Editor))
    assert form.editor("r1").findChild(NumberField).text() == "0.2"


def test_tab_goes_through_a_form_that_was_opened_late_where_it_stands(qtbot: QtBot):
    forms = [RecordForm(Penalties(), only=(name,)) for name in ("r1", "r2", "wgan_gp")]
    owner = QWidget()
    owner.setLayout(stacked(*forms))
    qtbot.addWidget(owner)
    forms[1].hide()
    with qtbot.waitActive(owner):
        owner.show()
        owner.activateWindow()
    forms[1].show()
    wanted = [form.editor(form.paths[0]).controls[0] for form in forms]
    wanted[0].setFocus()
    for control in wanted:
        assert control.hasFocus()
        qtbot.keyClick(control, Qt.Key.Key_Tab)
