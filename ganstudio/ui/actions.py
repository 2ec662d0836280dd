"""Everything that can be done by menu, toolbar or key, in one table from which menus, tooltips and help follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from ganstudio.ui.icons import icon
from ganstudio.ui.menu_tips import show_tips
from ganstudio.ui.theme import LIGHT, Theme

Key = QKeySequence.StandardKey


@dataclass(frozen=True)
class ActionSpec:
    """One thing to do: its name in code, where it stands, what it is called, how it is reached, what it is for.

    ``group`` makes actions exclude each other. A new ``section`` begins below a separator.
    """

    name: str
    menu: str
    text: str
    help: str
    keys: tuple[str | Key, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    section: int = 0


MENUS: tuple[tuple[str, str], ...] = (
    ("file", "&File"),
    ("edit", "&Edit"),
    ("run", "&Run"),
    ("view", "&View"),
    ("learn", "&Learn"),
    ("help", "&Help"),
)
"""The menus, by name and title, in the order of the menu bar."""

SUBMENUS: tuple[tuple[str, str, str, int, str], ...] = (
    ("recent", "file", "Open &recent", 0, "open"),
    ("export", "file", "&Export", 2, "export"),
    ("export_plot", "export", "&Plot", 1, ""),
    ("panels", "view", "&Panels", 0, "settings"),
    ("theory", "view", "Th&eory", 0, ""),
    ("theme", "view", "&Theme", 1, "theme-dark"),
)
"""Menus inside menus: name, the menu they stand in, title, section, icon."""

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new", "file", "&New", "Begin again with the first preset and no file", (Key.New,), "add"),
    ActionSpec("open", "file", "&Open…", "Open a session (.gans)", (Key.Open,), "open"),
    ActionSpec(
        "save",
        "file",
        "&Save",
        "Save the session: settings, painting, networks, history",
        (Key.Save,),
        "save",
        section=1,
    ),
    ActionSpec("save_as", "file", "Save &as…", "Save the session under another name", ("Ctrl+Shift+S",), section=1),
    ActionSpec(
        "load_target",
        "file",
        "Open &data or painting…",
        "Take points (CSV, TSV, NPY, NPZ), a picture or a painting as the target",
        ("Ctrl+Shift+O",),
        "target",
        section=1,
    ),
    ActionSpec("save_painting", "file", "Save pain&ting…", "Save what is painted, without the networks", section=1),
    ActionSpec(
        "export_generator",
        "export",
        "&Generator…",
        "Take the trained generator away: Python, safetensors, torch.export or ONNX",
        ("Ctrl+E",),
    ),
    ActionSpec("export_samples", "export", "&Samples…", "Draw samples from the trained generator into a file"),
    ActionSpec(
        "export_view", "export", "Whole &view as a figure…", "All plots as one figure: PNG, SVG or PDF", section=1
    ),
    ActionSpec("quit", "file", "&Quit", "Close the program", (Key.Quit, "Ctrl+Q"), section=3),
    ActionSpec(
        "undo",
        "edit",
        "&Undo",
        "Take back the last stroke or the last change of a setting",
        (Key.Undo, "Ctrl+Z"),
        "undo",
    ),
    ActionSpec("redo", "edit", "&Redo", "Make it again", (Key.Redo, "Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionSpec("play", "run", "&Play", "Train, or pause", ("Space",), "play"),
    ActionSpec("step_iteration", "run", "One &iteration", "k updates of D, then j of G", (".",), "step", section=1),
    ActionSpec(
        "step_discriminator",
        "run",
        "One &D update",
        "A single ascent of V in the parameters of D; G stays as it is",
        ("Shift+D",),
        "step-d",
        section=1,
    ),
    ActionSpec(
        "step_generator",
        "run",
        "One &G update",
        "A single descent in the parameters of G; D stays as it is",
        ("Shift+G",),
        "step-g",
        section=1,
    ),
    ActionSpec(
        "walk",
        "run",
        "&Walk through one iteration",
        "Play one iteration and go through it line by line, with the numbers of its batch; again: the next line",
        ("Shift+W",),
        section=1,
    ),
    ActionSpec(
        "train_discriminator",
        "run",
        "Train D to &optimality",
        "Freeze G and update D until V gains no more; Pause ends it",
        ("Shift+O",),
        section=1,
    ),
    ActionSpec("step_many", "run", "&N iterations…", "So many iterations, then pause", ("Ctrl+.",), section=1),
    ActionSpec(
        "recipes",
        "run",
        "Re&cipes",
        "Named ways to train, from the plain GAN of 2014 on, and which settings each would change",
        ("Ctrl+K",),
        "recipe",
        section=2,
    ),
    ActionSpec(
        "compare",
        "run",
        "Co&mpare recipes…",
        "Train two to four recipes on this target side by side, from the same seed; your own run is left alone",
        ("Ctrl+Shift+K",),
        section=2,
    ),
    ActionSpec(
        "population",
        "run",
        "Train a popul&ation…",
        "Train this experiment 4 to 64 times at once, over seeds or the values of settings; your own run is left alone",
        ("Ctrl+Shift+P",),
        section=2,
    ),
    ActionSpec(
        "restart",
        "run",
        "&Restart",
        "Begin again from the same initialisation: the same seed gives the same run",
        ("Ctrl+R",),
        "restart",
        section=2,
    ),
    ActionSpec(
        "new_seed", "run", "New &seed", "Begin again from another initialisation", ("Ctrl+Shift+R",), "seed", section=2
    ),
    ActionSpec(
        "speed_limit",
        "run",
        "Speed &limit…",
        "Train at most so many iterations a second, to watch closely",
        ("Ctrl+L",),
        "speed",
        section=3,
    ),
    ActionSpec(
        "previous_snapshot", "run", "&Previous snapshot", "Go back along the timeline", ("Alt+Left",), section=4
    ),
    ActionSpec("next_snapshot", "run", "&Next snapshot", "Go forward along the timeline", ("Alt+Right",), section=4),
    ActionSpec(
        "theme_system", "theme", "As the &system", "Light or dark, as the system is", checkable=True, group="theme"
    ),
    ActionSpec("theme_light", "theme", "&Light", "Dark on light", checkable=True, group="theme", icon="theme-light"),
    ActionSpec("theme_dark", "theme", "&Dark", "Light on dark", checkable=True, group="theme", icon="theme-dark"),
    ActionSpec(
        "switch_theme",
        "view",
        "Switch light / dark",
        "Change between light and dark",
        ("Ctrl+T",),
        "theme-dark",
        section=1,
    ),
    ActionSpec(
        "full_screen", "view", "F&ull screen", "Fill the screen, or come back", (Key.FullScreen, "F11"), section=2
    ),
    ActionSpec("reset_layout", "view", "&Reset layout", "Put every panel back where it was at first", section=2),
    ActionSpec("lessons", "learn", "&Lessons", "Short tours of the running model, step by step", ("F2",), "lesson"),
    ActionSpec(
        "lesson_folder",
        "learn",
        "Open a lesson &folder…",
        "Lessons that you or a teacher wrote: a folder with a folder for each",
        icon="open",
    ),
    ActionSpec("next_step", "learn", "&Next step", "Go on in the lesson", ("Ctrl+PgDown",), "next", section=1),
    ActionSpec("last_step", "learn", "Step &back", "Go back in the lesson", ("Ctrl+PgUp",), "back", section=1),
    ActionSpec(
        "leave_lesson", "learn", "Lea&ve the lesson", "Your own session comes back as it was", ("Ctrl+F2",), section=1
    ),
    ActionSpec("what_one_sees", "help", "&What one sees", "What blue, orange and the background mean", ("F1",), "info"),
    ActionSpec("shortcuts", "help", "&Keyboard shortcuts", "Everything that can be done, and its keys", ("Ctrl+/",)),
    ActionSpec("open_log", "help", "Show the &log", "Open the folder with the program's log file", section=1),
    ActionSpec("about", "help", "&About GAN Studio", "Version, licence and the libraries it is made of", section=1),
)
"""Every action, in the order of the menus."""


class Actions(Mapping[str, QAction]):
    """The actions of a window, by name."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self._theme = LIGHT
        self._playing = False
        groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, window)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            action.setShortcuts(_sequences(spec.keys))
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{spec.help} ({keys})" if keys else spec.help)
            action.setStatusTip("")  # a status bar that flickers with every menu entry tells nobody anything
            if spec.group:
                groups.setdefault(spec.group, QActionGroup(window)).addAction(action)
            window.addAction(action)
            self._actions[spec.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def connect(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Let each action call its handler.

        Raises:
            KeyError: an action has no handler, or a handler no action.
        """
        if odd := set(handlers) ^ set(self._actions):
            raise KeyError(f"actions and handlers do not match: {', '.join(sorted(odd))}")
        for name, handler in handlers.items():
            self._actions[name].triggered.connect(lambda _checked=False, call=handler: call())

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for name, title in MENUS:
            self._menus[name] = bar.addMenu(title)
        for name, _, title, _, _ in SUBMENUS:
            self._menus[name] = QMenu(title, bar)
            show_tips(self._menus[name])
        for name, menu in self._menus.items():
            entries = [(spec.section, self._actions[spec.name]) for spec in ACTIONS if spec.menu == name]
            entries += [
                (section, self._menus[sub].menuAction()) for sub, parent, _, section, _ in SUBMENUS if parent == name
            ]
            entries.sort(key=lambda entry: entry[0])
            last = entries[0][0] if entries else 0
            for section, action in entries:
                if section != last:
                    menu.addSeparator()
                last = section
                menu.addAction(action)

    def menu(self, name: str) -> QMenu:
        """A menu by its name, to add to."""
        return self._menus[name]

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of a theme."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.name].setIcon(icon(spec.icon, theme))
        for name, _, _, _, picture in SUBMENUS:
            if picture and name in self._menus:
                self._menus[name].setIcon(icon(picture, theme))

        self["switch_theme"].setIcon(icon("theme-light" if theme.name == "dark" else "theme-dark", theme))
        self._theme = theme
        self.set_playing(self._playing)

    def set_playing(self, playing: bool) -> None:
        """Let the play action show what pressing it does now."""
        self._playing = playing
        self["play"].setText("&Pause" if playing else "&Play")
        self["play"].setIcon(icon("pause" if playing else "play", self._theme))


def shortcut_table() -> tuple[tuple[str, str, str, str], ...]:
    """Menu, name, keys and help of every action, for a person to read."""
    titles = dict(MENUS) | {name: title for name, _, title, _, _ in SUBMENUS}
    return tuple(
        (
            titles[spec.menu].replace("&", ""),
            spec.text.replace("&", "").removesuffix("…"),
            ", ".join(sequence.toString(QKeySequence.SequenceFormat.NativeText) for sequence in _sequences(spec.keys)),
            spec.help,
        )
        for spec in ACTIONS
    )


def _sequences(keys: tuple[str | Key, ...]) -> list[QKeySequence]:
    """Each key once; of a standard key the platform's first choice, for the others are keys that few keyboards have."""
    found: list[QKeySequence] = []
    for key in keys:
        for sequence in QKeySequence.keyBindings(key)[:1] if isinstance(key, Key) else [QKeySequence(key)]:
            if sequence not in found:
                found.append(sequence)
    return found
