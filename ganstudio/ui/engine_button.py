"""The status bar's last word: where iterations are executed and how, with a menu that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from ganstudio.messages.commands import EngineChoice
from ganstudio.messages.events import EngineChanged
from ganstudio.ui.menu_tips import show_tips

HELP = (
    "Where tensors live, and how an iteration is executed.\n"
    "Eager: operation by operation, as it is written.\n"
    "Compiled: as machine code made for these networks and rules, several times as fast. Making it takes 10 to 60 "
    "seconds, once; training goes on meanwhile. On an NVIDIA GPU: as a CUDA graph, which takes seconds to record."
)
SAME_NUMBERS = "Both compute the same; only rounding differs. The session keeps which one played which iterations."


@dataclass(frozen=True)
class _Choice:
    text: str
    help: str


CHOICES: dict[EngineChoice, _Choice] = {
    "auto": _Choice("Automatic", "Train eagerly at once, and take over compiled code when it is ready"),
    "eager": _Choice("Eager", "Never compile or record: the same start gives the same bits every time"),
    "compiled": _Choice("Compiled", "Compile or record at once, for a changed structure again"),
}


class EngineButton(QToolButton):
    """Shows the engine; holds nothing but what it shows."""

    chosen = Signal(str)  # an EngineChoice

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName("Engine")
        self._device, self._engine, self._preparing = "cpu", "eager", False
        self._why = ""
        menu = QMenu(self)
        show_tips(menu)
        group = QActionGroup(self)
        self.actions_: dict[str, QAction] = {}
        for name in get_args(EngineChoice):
            action = menu.addAction(CHOICES[name].text)
            action.setToolTip(CHOICES[name].help)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
            group.addAction(action)
            self.actions_[name] = action
        self.setMenu(menu)
        self.show_choice("auto")
        self._show()
        # As wide as it can become, so that its neighbours stay where they are.
        widest = max(self.fontMetrics().horizontalAdvance(f"cuda · {text}") for text in ("compiled", "preparing …"))
        self.setMinimumWidth(widest + 28)

    def show_choice(self, choice: EngineChoice) -> None:
        """What is pinned, or that nothing is."""
        self.actions_[choice].setChecked(True)

    def show_engine(self, event: EngineChanged) -> None:
        """Where tensors live, and what executes the iterations from now on."""
        self._device, self._why = event.device, event.device_reason
        self._engine, self._preparing = event.engine, event.preparing
        self._show()

    def _show(self) -> None:
        self.setText(f"{self._device} · {'preparing …' if self._preparing else self._engine}")
        now = f"Now {self._engine}" + ("; the compiled one is being made." if self._preparing else ".")
        now += f" On {self._device}: {self._why}." if self._why else ""
        self.setToolTip(f"{HELP}\n\n{SAME_NUMBERS}\n\n{now}")
