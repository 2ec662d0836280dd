"""What the trainer is asked beside the run, whatever run there is: toy games, and networks fitted to a D*."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from ganstudio.messages import commands, events


class Asides(QObject):
    """Passes such wishes on, and tells of the answers; they belong to no generation of the run."""

    toy_played = Signal(object)  # ToyPlayed
    approximated = Signal(object)  # Approximated

    def __init__(self, ask: Callable[[commands.Command], None], tell: Callable[[commands.Command], None]) -> None:
        """``ask`` starts a trainer where there is none, ``tell`` does not."""
        super().__init__()
        self._ask, self._tell = ask, tell

    def play_toy(self, command: commands.PlayToy) -> None:
        """Have a toy game played; answered by ``toy_played``."""
        self._ask(command)

    def approximate(self, command: commands.Approximate) -> None:
        """Have networks fitted to an optimal discriminator; answered by ``approximated``, again and again."""
        self._ask(command)

    def stop_approximating(self) -> None:
        """End that."""
        self._tell(commands.StopApproximating())

    def take(self, event: events.Event) -> bool:
        """Tell of an answer; False for an event that is none of them."""
        if isinstance(event, events.ToyPlayed):
            self.toy_played.emit(event)
        elif isinstance(event, events.Approximated):
            self.approximated.emit(event)
        else:
            return False
        return True
