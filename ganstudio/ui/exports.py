"""Taking things away: generator, samples, figures and the data of plots. All of it through the command line."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ganstudio.export.csv_table import write_csv
from ganstudio.ui.background import Background
from ganstudio.ui.banner import Messages
from ganstudio.ui.documents import Documents
from ganstudio.ui.export_dialog import FORMS, ExportDialog, ExportForm, Wish
from ganstudio.ui.jobs import Jobs
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.settings import Settings


class Exports(QObject):
    """Opens the dialog, writes the run to a file of its own, and lets the command line do the rest."""

    exported = Signal(Path)

    def __init__(
        self, documents: Documents, jobs: Jobs, messages: Messages, settings: Settings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._documents, self._jobs, self._messages, self._settings = documents, jobs, messages, settings
        self._window = window
        self._background = Background(self)
        self._plots: Mapping[str, PlotDock] = {}
        self._refresh: Callable[[str], object] = str
        self.dialog: ExportDialog | None = None

    def set_plots(self, plots: Mapping[str, PlotDock], refresh: Callable[[str], object]) -> None:
        """The plots whose data can be written, and what brings one up to date that cannot be seen."""
        self._plots, self._refresh = plots, refresh

    def close(self) -> None:
        """The program ends: a table that is being written is waited for, a moment."""
        self._background.close()

    def ask(self, form: str, plot: str = "") -> None:
        """Ask how to export; ``plot`` is the name of a plot where ``form`` is the one for plots."""
        chosen = FORMS[form]
        title = self._plots[plot].panel.title if plot else ""
        folder = self._settings.folder
        stem = self._documents.path.stem if self._documents.path else "gan"
        self.dialog = ExportDialog(chosen, folder / (f"{stem}-{plot}" if plot else stem), title, self._window)
        self.dialog.wished.connect(lambda wish: self.export(chosen, wish, plot))
        self.dialog.open()

    def export(self, form: ExportForm, wish: Wish, plot: str = "") -> None:
        """Do it."""
        self._settings.folder = wish.path.parent
        if wish.format == "csv" and plot:
            self._write_table(wish.path, plot)
            return
        folder = Path(tempfile.mkdtemp(prefix="ganstudio-export-"))
        session = folder / "session.gans"
        arguments = [form.command, str(session), *form.arguments(wish), *(["--panel", plot] if plot else [])]

        def start() -> None:
            self._jobs.start(f"Exporting {wish.path.name} …", arguments, ended)

        def ended(worked: bool, reason: str) -> None:
            shutil.rmtree(folder, ignore_errors=True)
            if worked:
                self._tell(wish.path)
            elif reason:
                self._messages.say("error", f"{wish.path.name} was not exported: {reason}")
            else:
                self._messages.say("info", f"The export of {wish.path.name} was cancelled.")

        self._documents.write_copy(session, start)

    def _write_table(self, path: Path, plot: str) -> None:
        self._refresh(plot)
        panel = self._plots[plot].panel
        header, rows = panel.table()
        if len(rows) == 0:
            self._messages.say(
                "warning", f"{path.name} was not exported: “{panel.title}” has no data yet. Show it, and train."
            )
            return
        self._background.do(
            lambda: write_csv(path, header, rows),
            lambda _: self._tell(path),
            lambda text: self._messages.say("error", text),
        )

    def _tell(self, path: Path) -> None:
        self._messages.say(
            "info", f"Exported {path.name}.", ("Show the folder", lambda: open_folder(path.parent)), key="exported"
        )
        self.exported.emit(path)


def open_folder(folder: Path) -> None:
    """Show a folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
