"""The session as a file: saving, opening, what is unsaved, autosave and recovery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.messages.snapshot import Progress
from ganstudio.session import codec
from ganstudio.session.recovery import Recovered, RecoveryStore
from ganstudio.session.session import Session
from ganstudio.session.view import ViewSettings
from ganstudio.ui import file_dialogs
from ganstudio.ui.background import Background
from ganstudio.ui.file_dialogs import SESSIONS, Answer
from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio

FIRST_PRESET = "gaussians"
AUTOSAVE_MILLISECONDS = 60_000
ASK_SECONDS = 60.0
"""Training that took longer than this is not thrown away without asking."""
UNTITLED = "untitled"


class SessionView(Protocol):
    """How the window shows a session: kept with it, and restored."""

    def settings(self) -> ViewSettings:
        """The stage as it is."""

    def restore(self, settings: ViewSettings) -> None:
        """Show it like this."""

    def thumbnail(self) -> bytes | None:
        """A small PNG of the stage."""


@dataclass(frozen=True, eq=False)
class _Own:
    """The person's own session while a lesson is in its place: complete, as it would be saved."""

    session: Session
    path: Path | None
    name: str
    clean: tuple[Experiment, Progress]
    dirty: bool
    at_risk: bool


class Documents(QObject):
    """Knows which file is open and what of it is not saved; reads and writes beside the GUI thread."""

    changed = Signal()  # name, or whether there is something unsaved
    message = Signal(str, str)  # level, text
    recovery_offered = Signal(object)  # Recovered
    about_to_replace = Signal()  # another session is about to take the place of this one

    def __init__(
        self,
        studio: Studio,
        view: SessionView,
        settings: Settings,
        store: RecoveryStore,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._studio, self._view, self._settings, self._store, self._window = studio, view, settings, store, window
        self._background = Background(self)
        self.path: Path | None = None
        self._own: _Own | None = None
        self._guest = ""
        self._clean: tuple[Experiment, Progress] = (studio.experiment, Progress())
        self._experiment_differs = False
        self._told_dirty = False
        self._leaves = False
        self._taking = False
        self._autosaved: tuple[Experiment, int] | None = None
        studio.experiment_changed.connect(self._on_experiment)
        studio.run.progressed.connect(self._tell)
        self._timer = QTimer(self, interval=AUTOSAVE_MILLISECONDS)
        self._timer.timeout.connect(self.autosave)
        self._timer.start()

    # -- what is unsaved -----------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What to call the session."""
        return self.path.name if self.path else self._guest or UNTITLED

    @property
    def is_dirty(self) -> bool:
        """Whether anything differs from the file; of a lesson nothing needs to be kept."""
        if self._own is not None:
            return False
        return self._experiment_differs or self._studio.run.progress.iteration != self._clean[1].iteration

    @property
    def is_at_risk(self) -> bool:
        """Whether something would be lost that somebody might miss: changes of a file, strokes, long training."""
        if self._own is not None:
            return self._own.at_risk
        if not self.is_dirty:
            return False
        target = self._studio.experiment.target
        painted = (
            isinstance(target, Painting | Painting1D) and target != self._clean[0].target and bool(target.commands)
        )
        trained = self._studio.run.progress.seconds - self._clean[1].seconds
        return self.path is not None or painted or trained > ASK_SECONDS

    def when_safe(self, then: Callable[[], object]) -> None:
        """Do what replaces the session: at once, after saving, or not at all, as the person answers."""
        name = self.name if self._own is None else self._own.name
        answer = file_dialogs.what_about_unsaved(self._window, name) if self.is_at_risk else Answer.DISCARD
        if answer is Answer.SAVE:
            self._save_own(self._own, then) if self._own is not None else self.save(then)
        elif answer is Answer.DISCARD:
            then()

    # -- files ---------------------------------------------------------------------------------------------------

    def new(self) -> None:
        """Begin again with the first preset."""
        self.when_safe(lambda: self._take(Session(preset(FIRST_PRESET).experiment), None))

    def choose_and_open(self) -> None:
        """Ask which session to open."""
        path = file_dialogs.file_to_open(self._window, "Open a session", self._settings.folder, SESSIONS)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Open a session; the one that is open stays as it is when that fails."""
        self.when_safe(lambda: self.read(path))

    def read(self, path: Path) -> None:
        """Open a session without asking about the present one."""
        path = path.absolute()
        self._background.do(lambda: codec.read(path), lambda session: self._on_read(session, path), self._refuse(path))

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save to the file that is open, or ask for one; ``then`` follows when it is on the disk."""
        if self.path is None:
            self.save_as(then)
        else:
            self._save_to(self.path, then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a file, and save to it."""
        path = self._asked_for_file(self.path, self.name.removesuffix(".gans").replace(":", ""))
        if path is not None and self._own is not None and path == self._own.path:
            self.message.emit("error", f"{path.name} is the file of your own session. Save the lesson by another name.")
        elif path is not None:
            self._save_to(path, then)

    def write_copy(self, path: Path, then: Callable[[], object]) -> None:
        """Write the run as it is now to some file, without it becoming the session's."""
        self._studio.run.request_session(
            lambda session: self._background.do(
                lambda: codec.write(session, path), lambda _: then(), lambda text: self.message.emit("error", text)
            )
        )

    # -- a session in place of one's own ---------------------------------------------------------------------------

    def put_aside(self, session: Session, name: str) -> None:
        """Keep the person's own session, as it stands, while another called ``name`` is in its place."""
        complete = replace(session, view=self._view.settings(), thumbnail=self._view.thumbnail())
        own = _Own(complete, self.path, self.name, self._clean, self.is_dirty, self.is_at_risk)
        if own.dirty:
            self._background.do(lambda: self._store.save(complete, own.path), lambda _: None, self._warn_of_autosave)
        self._own, self.path = own, None
        self.rename_guest(name)

    def rename_guest(self, name: str) -> None:
        """What the session in the place of one's own is called until it has a file of its own."""
        self._guest, self.path = name, None
        self._told_dirty = False
        self.changed.emit()

    def take_back(self) -> None:
        """The person's own session is on the stage again."""
        own, self._own, self._guest = self._own, None, ""
        if own is None:
            return
        self.path, self._clean = own.path, own.clean
        self._view.restore(own.session.view)
        self._on_experiment()
        self.changed.emit()

    # -- autosave ------------------------------------------------------------------------------------------------

    def autosave(self) -> None:
        """Keep what is unsaved where the next start finds it, should this program not end well."""
        state = (self._studio.experiment, self._studio.run.progress.iteration)
        if not self.is_dirty or state == self._autosaved:
            return
        self._autosaved = state
        origin = self.path

        def keep(session: Session) -> None:
            complete = replace(session, view=self._view.settings())
            self._background.do(lambda: self._store.save(complete, origin), lambda _: None, self._warn_of_autosave)

        self._studio.run.request_session(keep)

    def offer_recovery(self) -> None:
        """Look, once, for what a program left that did not end well."""
        self._background.do(self._store.pending, lambda found: self.recovery_offered.emit(found[0]) if found else None)

    def recover(self, found: Recovered) -> None:
        """Go on with what was left; it is let go of only when it is safe here."""

        def take(session: Session) -> None:
            self._take(session, found.origin)
            self._clean = (session.experiment, Progress(iteration=-1))  # on no disk but the recovery's
            self._on_experiment()

            def keep() -> None:
                self._store.save(session, found.origin)
                self._store.discard(found)

            self._background.do(keep, lambda _: None, self._warn_of_autosave)

        self._background.do(lambda: codec.read(found.path), take, self._refuse(found.path))

    def forget_recovery(self, found: Recovered) -> None:
        """Let go of what was left."""
        self._background.do(lambda: self._store.discard(found), lambda _: None)

    def keep_for_recovery(self) -> None:
        """The program must end at once: leave what is unsaved to the next start, from what is known here."""
        if self._own is not None:
            self._leaves = self._own.dirty  # it was put into the store when it was put aside
            return
        kept = self._studio.run.kept() or Session(self._studio.experiment)
        if self.is_dirty:
            self._leaves = True
            complete = replace(kept, view=self._view.settings())
            self._background.do(lambda: self._store.save(complete, self.path), lambda _: None)

    def close(self) -> None:
        """The program ends: nothing is left to recover, or what was kept for it."""
        self._timer.stop()
        self._background.close()
        if self._leaves:
            self._store.close()
        else:
            self._store.clear_own()

    # -- inside --------------------------------------------------------------------------------------------------

    def _on_read(self, session: Session, path: Path) -> None:
        self._take(session, path)
        self._remember(path)

    def _take(self, session: Session, path: Path | None) -> None:
        self.about_to_replace.emit()
        self.path = path
        self._taking = True  # halfway, the new name would be seen with the old settings: as if it were modified
        try:
            self._studio.set_session(session)
            self._view.restore(session.view)
        finally:
            self._taking = False
        self._mark_clean(session)

    def _asked_for_file(self, path: Path | None, name: str) -> Path | None:
        suggestion = path or self._settings.folder / f"{name}.gans"
        chosen = file_dialogs.file_to_save(self._window, "Save the session", suggestion, SESSIONS)
        return None if chosen is None else chosen.absolute()

    def _save_own(self, own: _Own, then: Callable[[], object]) -> None:
        """Save what is kept aside, where it belongs."""
        path = own.path or self._asked_for_file(None, UNTITLED)
        if path is not None:
            self._background.do(lambda: codec.write(own.session, path), lambda _: then(), self._refuse(path))

    def _save_to(self, path: Path, then: Callable[[], object] | None) -> None:
        def write(session: Session) -> None:
            complete = replace(session, view=self._view.settings(), thumbnail=self._view.thumbnail())
            self._background.do(lambda: codec.write(complete, path), lambda _: saved(complete), self._refuse(path))

        def saved(session: Session) -> None:
            self.path = path
            self._mark_clean(session)
            self._remember(path)
            if self._own is None:  # else the store holds what is kept aside
                self._background.do(self._store.clear_own, lambda _: None)
            self.message.emit("info", f"Saved {path.name}.")
            if then is not None:
                then()

        self._studio.run.request_session(write)

    def _mark_clean(self, session: Session) -> None:
        self._clean = (session.experiment, session.snapshot.progress if session.snapshot else Progress())
        self._autosaved = None
        self._on_experiment()
        self.changed.emit()

    def _on_experiment(self) -> None:
        self._experiment_differs = self._studio.experiment != self._clean[0]
        self._tell()

    def _tell(self) -> None:
        if not self._taking and self.is_dirty is not self._told_dirty:
            self._told_dirty = self.is_dirty
            self.changed.emit()

    def _remember(self, path: Path) -> None:
        self._settings.add_recent_file(path)
        self._settings.folder = path.parent
        self.changed.emit()

    def _refuse(self, path: Path) -> Callable[[str], object]:
        def refuse(text: str) -> None:
            if not path.exists():
                self._settings.forget_recent_file(path)
                self.changed.emit()
            self.message.emit("error", text)

        return refuse

    def _warn_of_autosave(self, text: str) -> None:
        self.message.emit("warning", f"What is unsaved could not be kept for recovery: {text}")
