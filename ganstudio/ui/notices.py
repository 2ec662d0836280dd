"""What the window tells a person on its own accord, and what it offers to do about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from ganstudio.messages.events import NonFinite, Paused
from ganstudio.session.recovery import Recovered
from ganstudio.ui.banner import Messages
from ganstudio.ui.documents import Documents
from ganstudio.ui.studio import Studio


class Notices(QObject):
    """Turns events into sentences."""

    def __init__(self, messages: Messages, studio: Studio, documents: Documents) -> None:
        super().__init__(messages)
        self._messages, self._studio, self._documents = messages, studio, documents
        studio.message.connect(messages.say)
        studio.reinitialised.connect(self._on_reinitialised)
        studio.run.paused.connect(self._on_paused)
        studio.run.non_finite.connect(self._on_non_finite)
        documents.message.connect(messages.say)
        documents.recovery_offered.connect(self._offer_recovery)

    def _on_paused(self, event: Paused) -> None:
        if event.reason:
            self._messages.say("info", f"Training stopped by itself: {event.reason}.", key="stopped")

    def _on_non_finite(self, event: NonFinite) -> None:
        quantity = event.quantity.replace("_", " ")
        self._messages.say(
            "warning",
            f"Training paused itself after iteration {event.progress.iteration:,}: the {quantity} is no longer "
            "a finite number. What was trained until then is kept. A smaller learning rate or a penalty may help.",
            ("Go back to the last good snapshot", self._studio.run.go_back),
            key="non-finite",
        )

    def _on_reinitialised(self, why: str, kept: bool) -> None:
        text = (
            f"The networks were initialised again: {why} changed."
            if why
            else "Begun again from the same initialisation."
        )
        if kept:
            self._messages.say("info", text, ("Undo", self._studio.undo_group.undo), key="reinitialised")
        else:
            self._messages.withdraw("reinitialised")

    def _offer_recovery(self, found: Recovered) -> None:
        name = found.origin.name if found.origin else "An unsaved session"
        when = found.saved_at.astimezone().strftime("%d %B, %H:%M")
        self._messages.say(
            "warning",
            f"{name} was not saved when the program ended. It was kept as it was on {when}.",
            ("Recover", partial(self._documents.recover, found)),
            ("Discard", partial(self._documents.forget_recovery, found)),
            key="recovery",
        )
