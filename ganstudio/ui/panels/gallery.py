"""A gallery of presets as small pictures of their targets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import Preset
from ganstudio.ui.flow_layout import FlowLayout
from ganstudio.ui.forms.tooltip import plain_tooltip
from ganstudio.ui.panels.thumbnails import thumbnail
from ganstudio.ui.theme import Theme

PICTURE = 52
CARD = QSize(75, 78)


class Gallery(QWidget):
    """Cards to choose a preset from. One Tab stop; the arrow keys go from card to card, Space or Enter chooses.

    The pictures are drawn one at a time while the window is already there.
    """

    chosen = Signal(str)  # the preset's name

    def __init__(self, presets: Sequence[Preset], theme: Theme) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._theme = theme
        self._flow = FlowLayout(self, spacing=2, stretch=True)
        self._cards = [_Card(preset, self) for preset in presets]
        for card in self._cards:
            self._flow.addWidget(card)
            card.clicked.connect(lambda _=False, card=card: self._choose(card))
            card.moved.connect(lambda steps, card=card: self._move(card, steps))
        self._current: str | None = None
        self._draw_later = QTimer(self, singleShot=True, interval=0)
        self._draw_later.timeout.connect(self._draw_next)
        self._undrawn = list(self._cards)
        self._show_current()

    @property
    def current(self) -> str | None:
        """The preset whose target is trained on now."""
        return self._current

    @property
    def cards(self) -> Sequence[QToolButton]:
        """The cards, in order."""
        return self._cards

    def show_experiment(self, experiment: Experiment) -> None:
        """Mark the preset whose target this is."""
        target = experiment.target
        names = [card.preset.name for card in self._cards if card.preset.experiment.target == target]
        self._current = names[0] if names else None
        self._show_current()

    def set_theme(self, theme: Theme) -> None:
        """Draw all pictures again."""
        if theme != self._theme:
            self._theme = theme
            self._undrawn = list(self._cards)
            self._draw_later.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to draw."""
        super().showEvent(event)
        if self._undrawn:
            self._draw_later.start()

    def _draw_next(self) -> None:
        if not self._undrawn or not self.isVisible():
            return
        card = self._undrawn.pop(0)
        card.setIcon(QIcon(thumbnail(card.preset.experiment.target, self._theme, PICTURE)))
        self._draw_later.start()

    def _choose(self, card: _Card) -> None:
        self._show_current()  # The mark follows the experiment, not the click.
        self.chosen.emit(card.preset.name)

    def _show_current(self) -> None:
        stop = None
        for card in self._cards:
            card.setChecked(card.preset.name == self._current)
            if card.isChecked() or card.hasFocus():
                stop = card
        for card in self._cards:
            reachable = card is (stop or self._cards[0])
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if reachable else Qt.FocusPolicy.ClickFocus)

    def _move(self, card: _Card, steps: int) -> None:
        columns = sum(other.y() == self._cards[0].y() for other in self._cards)
        index = self._cards.index(card) + (steps * columns // 10 if abs(steps) == 10 else steps)
        if 0 <= index < len(self._cards):
            self._cards[index].setFocus(Qt.FocusReason.TabFocusReason)


class _Card(QToolButton):
    """The picture and the name of one preset."""

    moved = Signal(int)  # cards to go; ten is a line

    def __init__(self, preset: Preset, parent: QWidget) -> None:
        super().__init__(parent)
        self.preset = preset
        self.setProperty("role", "card")
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(PICTURE, PICTURE))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.82)
        self.setFont(font)
        self.setFixedSize(CARD)
        self.setText(preset.name.replace("-", " "))
        self.setAccessibleName(preset.title)
        self.setAccessibleDescription(preset.description)
        self.setToolTip(plain_tooltip(preset.title, preset.description))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -10, Qt.Key.Key_Down: 10}
        if event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
