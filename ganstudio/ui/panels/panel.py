"""What the panels of the control column have in common."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.targets import GaussianRing
from ganstudio.ui.forms.editors import Editor
from ganstudio.ui.forms.record_form import RecordForm
from ganstudio.ui.panels.disclosure import Disclosure
from ganstudio.ui.theme import Theme

_SMALL_TARGET = GaussianRing()


class Panel(QWidget):
    """A view of a part of the experiment. It shows, and asks; the experiment is changed elsewhere."""

    title = ""
    icon_name = ""
    always_sums_up = False
    value_requested = Signal(str, object)  # full path, value
    summary_changed = Signal()

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__()
        self._experiment = experiment
        self._theme = theme
        self._forms: list[RecordForm] = []
        self._disclosures: list[Disclosure] = []

    @property
    def forms(self) -> tuple[RecordForm, ...]:
        """All forms of the panel, first to last."""
        return tuple(self._forms)

    @property
    def disclosures(self) -> tuple[Disclosure, ...]:
        """The lines that hide what is rarely needed."""
        return tuple(self._disclosures)

    def form(self, *only: str, **options: Any) -> RecordForm:
        """A new form for the settings below the paths ``only``; see :class:`RecordForm` for the options."""
        form = RecordForm(self._experiment, only=only, check=self._check, **options)
        form.value_requested.connect(self.value_requested)
        self._forms.append(form)
        return form

    def more(self, form: RecordForm, text: str = "More settings") -> Disclosure:
        """``form`` behind a line that shows and hides it: what is rarely needed."""
        disclosure = Disclosure(text, form, self._theme)
        self._disclosures.append(disclosure)
        return disclosure

    def show_experiment(self, experiment: Experiment) -> None:
        """Show this experiment."""
        self._experiment = experiment
        for form in self._forms:
            form.show_record(experiment)
        self.summary_changed.emit()

    def show_error(self, path: str, message: str) -> bool:
        """Mark the setting at ``path`` in place; False when this panel does not show it."""
        control = self.control(path)
        for disclosure in self._disclosures:
            if control is not None and disclosure.isAncestorOf(control):
                disclosure.set_open(True)
        return any(form.show_error(path, message) for form in self._forms)

    def clear_errors(self) -> None:
        """Take all marks away."""
        for form in self._forms:
            form.clear_errors()

    def control(self, path: str) -> Editor | None:
        """The widget that edits the setting at ``path``, or None."""
        for form in self._forms:
            for known in (path, f"{path}.kind"):
                if known in form.paths:
                    return form.editor(known)
        return None

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme`` in what is drawn here; style sheet and palette do the rest."""
        self._theme = theme
        for disclosure in self._disclosures:
            disclosure.set_theme(theme)

    def summary(self) -> str:
        """The panel in a few words, for the header of its closed section."""
        raise NotImplementedError

    def _check(self, path: str, value: Any) -> object:
        """Raise :class:`UserError` when the experiment cannot take ``value``."""
        experiment = self._experiment
        if path.partition(".")[0] != "target":
            # No other setting depends on the target, and validating a long painting at every key press takes time.
            experiment = experiment.model_copy(update={"target": _SMALL_TARGET})
        return with_value(experiment, path, value)


def heading(text: str) -> QLabel:
    """A title above a group of settings."""
    label = QLabel(text)
    label.setProperty("role", "title")
    label.setContentsMargins(0, 8, 0, 0)
    return label


def note(text: str = "") -> QLabel:
    """A line of secondary text."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label
