"""Lessons in the window: from the list into one and out again, with one's own session kept aside meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ganstudio import shipped
from ganstudio.lessons.lesson import Lesson
from ganstudio.lessons.library import Shelf, shelf
from ganstudio.session.session import Session
from ganstudio.ui import file_dialogs
from ganstudio.ui.background import Background
from ganstudio.ui.banner import Messages
from ganstudio.ui.documents import Documents
from ganstudio.ui.forms import typeset
from ganstudio.ui.kept_run import session_of
from ganstudio.ui.lessons.lesson_list import Entry
from ganstudio.ui.lessons.lesson_run import LessonRun
from ganstudio.ui.lessons.lessons_dock import LessonsDock
from ganstudio.ui.lessons.scenery import Scenery
from ganstudio.ui.lessons.ticks import Ticks
from ganstudio.ui.settings import LESSON_FOLDER, SPEED_LIMIT, Settings
from ganstudio.ui.studio import Aside, Studio
from ganstudio.ui.theory.docks import TheoryDocks
from ganstudio.ui.toolbar import Toolbar
from ganstudio.ui.welcome import WelcomeCard


class Lessons(QObject):
    """Knows which lessons there are, and who is in one."""

    message = Signal(str, str)  # level, text
    changed = Signal()  # a lesson was entered or left

    def __init__(
        self,
        studio: Studio,
        documents: Documents,
        dock: LessonsDock,
        scenery: Scenery,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._studio, self._documents, self._settings, self._window = studio, documents, settings, window
        self.dock, self._scenery = dock, scenery
        self._ticks = Ticks(settings)
        self._background = Background(self)
        self._aside: Aside | None = None
        self._is_entering = False
        self._folder: Path | None = None
        self._shelves: tuple[Shelf, Shelf | None] | None = None
        self.run = LessonRun(studio, self)
        self.run.stepped.connect(self._on_stepped)
        self.run.changed.connect(self._on_changed)
        self.run.completed.connect(self._on_completed)
        self.run.refused.connect(lambda text: self.message.emit("error", f"This could not be done: {text}"))
        documents.about_to_replace.connect(self.leave)
        dock.visibilityChanged.connect(self._on_visible)
        self._connect_views()

    def join(self, messages: Messages, toolbar: Toolbar, theory: TheoryDocks, welcome: WelcomeCard) -> None:
        """Take part in the window."""
        self.message.connect(messages.say)
        self.run.speed_limited.connect(toolbar.show_speed)
        self.run.doer.toy_wanted.connect(theory.play_toy)
        welcome.lessons_requested.connect(self.begin_first)
        self.changed.connect(welcome.hide)
        # Whoever does a step knows that a run begins anew, and that offer to undo it would be about another session.
        self._studio.reinitialised.connect(lambda *_: messages.withdraw("reinitialised") if self.is_in_lesson else None)

    @property
    def is_in_lesson(self) -> bool:
        """Whether a lesson is in the place of the person's own session."""
        return self._aside is not None

    @property
    def shipped(self) -> tuple[Lesson, ...]:
        """The lessons that come with the program."""
        return self._known()[0].lessons

    # -- what a person asks for ----------------------------------------------------------------------------------

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's actions about lessons do."""
        return {
            "lessons": self.show,
            "lesson_folder": self.choose_folder,
            "next_step": self.dock.step.go_on,
            "last_step": self.dock.step.go_back,
            "leave_lesson": self.leave,
        }

    def show(self) -> None:
        """The dock, in front."""
        self.dock.show()
        self.dock.raise_()

    def choose_folder(self) -> None:
        """Ask for a folder with lessons of one's own, and show them."""
        folder = file_dialogs.folder_to_open(self._window, "Open a lesson folder", self._settings.folder)
        if folder is not None:
            self.open_folder(folder)

    def open_folder(self, folder: Path) -> None:
        """Show the lessons of a folder below those that ship with the program, now and at the next start."""
        self._settings.set(LESSON_FOLDER, str(folder))
        self.reload()
        self.show()
        if not self.is_in_lesson:
            self.dock.show_list()
            self.dock.list.show_own()

    def forget_folder(self) -> None:
        """Show the program's own lessons alone."""
        self._settings.set(LESSON_FOLDER, "")
        self.reload()

    def reload(self) -> None:
        """Read all lessons again."""
        own = self._settings.get(LESSON_FOLDER)
        self._shelves = shelf(shipped.directory("lessons")), shelf(Path(own)) if own else None
        self._show_list()

    def begin_first(self) -> None:
        """The first lesson that is not done, for somebody who is new here."""
        self.show()
        entries = self._entries(self._known()[0], None)
        first = next((entry for entry in entries if not entry.is_complete), entries[0] if entries else None)
        if first is not None:
            self.open(first.lesson)

    def open(self, lesson: Lesson, folder: Path | None = None) -> None:
        """Play a lesson; one's own session is put aside, if it is not already."""
        if self._aside is not None:
            self._documents.rename_guest(f"Lesson: {lesson.title}")
            self._begin(lesson, folder)
        elif not self._is_entering:
            self._is_entering = True
            self._studio.put_aside(partial(self._enter, lesson, folder))

    def leave(self) -> None:
        """Back to one's own session, as it was."""
        aside, self._aside = self._aside, None
        if aside is None:
            return
        self.run.end()
        self._studio.take_back(aside)
        self._documents.take_back()
        self._scenery.leave()  # last: what one holds must suit the target
        self.dock.show_list()
        self._show_list()
        self.changed.emit()

    def close(self) -> None:
        """The program ends."""
        self.run.end()
        self._background.close()

    # -- inside --------------------------------------------------------------------------------------------------

    def _enter(self, lesson: Lesson, folder: Path | None, aside: Aside) -> None:
        self._is_entering = False
        self._aside = aside
        kept = aside.run
        own = (
            Session(aside.experiment)
            if kept.experiment is None
            else session_of(kept.experiment, kept.snapshot, kept.history, kept.timeline)
        )
        self._scenery.enter()  # first: putting the brush down hides what it had revealed
        self._documents.put_aside(own, f"Lesson: {lesson.title}")
        self._begin(lesson, folder)
        self.changed.emit()

    def _begin(self, lesson: Lesson, folder: Path | None) -> None:
        self._folder = folder
        self.dock.show_lesson()
        self.run.usual_speed = self._settings.get(SPEED_LIMIT) or None
        self.run.begin(lesson, self._ticks.done(lesson, folder))

    def _go_on(self) -> None:
        """To the next lesson of the shelf, or out of the last."""
        following = self._following()
        if following is None:
            self.leave()
        else:
            self.open(following, self._folder)

    def _following(self) -> Lesson | None:
        shipped_shelf, own = self._known()
        lessons = (shipped_shelf if self._folder is None else own or shipped_shelf).lessons
        current = self.run.lesson
        names = [lesson.name for lesson in lessons]
        at = names.index(current.name) + 1 if current is not None and current.name in names else len(lessons)
        return lessons[at] if at < len(lessons) else None

    def _connect_views(self) -> None:
        step, list_ = self.dock.step, self.dock.list
        step.step_requested.connect(self.run.go_to)
        step.next_lesson_requested.connect(self._go_on)
        step.again_requested.connect(self.run.again)
        step.skip_requested.connect(self.run.skip)
        step.leave_requested.connect(self.leave)
        step.task.doing_requested.connect(self.run.do)
        step.task.value_requested.connect(self._studio.set_value)
        self._studio.experiment_changed.connect(step.show_experiment)
        self._studio.value_refused.connect(step.task.show_error)
        list_.lesson_requested.connect(self.open)
        list_.folder_requested.connect(self.choose_folder)
        list_.folder_forgotten.connect(self.forget_folder)
        list_.reload_requested.connect(self.reload)

    def _known(self) -> tuple[Shelf, Shelf | None]:
        if self._shelves is None:
            self.reload()
        assert self._shelves is not None  # noqa: S101  # reload() has read them
        return self._shelves

    def _entries(self, of: Shelf, folder: Path | None) -> list[Entry]:
        return [Entry(lesson, len(self._ticks.done(lesson, folder))) for lesson in of.lessons]

    def _show_list(self) -> None:
        known, own = self._known()
        entries = [] if own is None else self._entries(own, own.folder)
        self.dock.list.show_shelves(self._entries(known, None), known.faults, own, entries)

    def _on_visible(self, visible: bool) -> None:
        if visible and self._shelves is None:
            self.reload()
            # Matplotlib, which typesets, takes a moment to load; the first formula should not wait for it.
            self._background.do(lambda: typeset.outline("x"), lambda _: None)

    def _on_stepped(self) -> None:
        place = self.run.progress
        if place is not None:
            self._scenery.show(place.step)
            has_next = self._following() is not None
            self.dock.step.show_step(place, self._studio.experiment, self.run.done, has_next_lesson=has_next)

    def _on_changed(self) -> None:
        run = self.run
        if run.progress is not None:
            self.dock.step.show_state(
                run.progress, run.done, doing=run.is_doing, ready=run.is_ready, catching_up=run.catching_up
            )

    def _on_completed(self, step: int) -> None:
        if self.run.lesson is not None:
            self._ticks.keep(self.run.lesson, step, self._folder)
