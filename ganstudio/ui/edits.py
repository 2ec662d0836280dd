"""Changes of the experiment that can be undone, training included."""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtGui import QUndoCommand

from ganstudio.experiment import Experiment
from ganstudio.session.session import Session

MERGE_SECONDS = 1.5
"""Changes of one field that follow each other this fast, as of a slider, are undone together."""


class Adopter(Protocol):
    """What an edit needs of the studio."""

    def adopt(self, experiment: Experiment, *, resume: Session | None = None, again: bool = False) -> Session | None:
        """Make this the experiment; return the run that had to give way."""


class ExperimentEdit(QUndoCommand):
    """From one experiment to another. A run that has to give way is kept, and goes on when the edit is undone."""

    def __init__(
        self,
        studio: Adopter,
        text: str,
        path: str,
        before: Experiment,
        after: Experiment,
        *,
        again: bool = False,
        merges: bool = True,
    ) -> None:
        super().__init__(text)
        self.path = path
        self.before, self.after = before, after
        self.made_at = time.monotonic()
        self.gave_way = False
        self._studio = studio
        self._again = again
        self._merges = merges and not again
        self._run_before: Session | None = None
        self._run_after: Session | None = None

    @property
    def keeps_run(self) -> bool:
        """Whether it holds a run that can be gone back to."""
        return self._run_before is not None or self._run_after is not None

    def redo(self) -> None:
        """Make the change; Qt calls it when the edit is pushed as well."""
        self._run_before = self._studio.adopt(self.after, resume=self._run_after, again=self._again)
        self.gave_way = self.keeps_run

    def undo(self) -> None:
        """Take it back."""
        self._run_after = self._studio.adopt(self.before, resume=self._run_before, again=self._again)

    def id(self) -> int:
        """Edits of the same path are candidates for becoming one."""
        return hash(self.path) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a change of the same field that follows at once and costs no run."""
        if not isinstance(other, ExperimentEdit) or other.path != self.path:
            return False
        if not (self._merges and other._merges):
            return False
        if other.gave_way or other.made_at - self.made_at > MERGE_SECONDS:
            return False
        self.after = other.after
        self.made_at = other.made_at
        return True

    def forget_run(self) -> None:
        """Keep the settings only: undoing it initialises the run again."""
        self._run_before = self._run_after = None
