"""What the window tells a person on its own accord, and what it offers to do about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from ganstudio.experiment.recipes import STUDIO_DEFAULT, recipe
from ganstudio.experiment.sight import Sight
from ganstudio.experiment.targets import TargetSpec
from ganstudio.messages.events import NonFinite, Paused
from ganstudio.session.recovery import Recovered
from ganstudio.ui.banner import Messages
from ganstudio.ui.documents import Documents
from ganstudio.ui.lookout import Lookout
from ganstudio.ui.studio import Studio


class Notices(QObject):
    """Turns events into sentences. While ``is_in_lesson`` nothing is said of how else one might train."""

    def __init__(
        self,
        messages: Messages,
        studio: Studio,
        documents: Documents,
        lookout: Lookout,
        is_in_lesson: Callable[[], bool],
    ) -> None:
        super().__init__(messages)
        self._messages, self._studio, self._documents = messages, studio, documents
        self._is_in_lesson = is_in_lesson
        self._sight: Sight | None = None
        self._advised: type[TargetSpec] | None = None
        """The kind of target for which another choice was offered and not taken."""
        lookout.seen.connect(self._on_seen)
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

    def _on_seen(self, sight: Sight | None) -> None:
        """Offer what the studio default chooses for this target to whom it chose otherwise for the one before.

        Once for a kind of target: who goes on without has been told.
        """
        if self._is_in_lesson():
            return
        before, self._sight = self._sight, sight
        experiment, default = self._studio.experiment, recipe(STUDIO_DEFAULT)
        kind = type(experiment.target)
        if not default.changes(experiment, sight):
            self._advised = None
            self._messages.withdraw("advice")
        elif not default.changes(experiment, before) or (not default.changes(experiment) and self._advised is not kind):
            self._advised = kind
            self._messages.say(
                "info",
                f"{default.title} would differ here: {default.choice(experiment, sight)}.",
                ("Apply", partial(self._studio.load_recipe, STUDIO_DEFAULT)),
                key="advice",
            )

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
