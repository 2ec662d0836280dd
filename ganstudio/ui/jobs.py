"""Long work in processes of its own, through the command line: shown with a bar, and can be cancelled."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QProcess, QProcessEnvironment, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

import ganstudio
from ganstudio.ui.status import tabular

PATIENCE_MILLISECONDS = 1500
"""How long a cancelled process may take to tidy up before it is killed."""


class Job(QObject):
    """One run of ``ganstudio …``."""

    finished = Signal(bool, str)  # whether it worked; if not, why (empty when it was cancelled)

    def __init__(self, title: str, arguments: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.cancelled = False
        self._arguments = list(arguments)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._process.setStandardInputFile(QProcess.nullDevice())
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    def start(self) -> None:
        """Start it; it ends by ``finished``."""
        self._process.start(sys.executable, ["-m", "ganstudio", *self._arguments])

    def cancel(self) -> None:
        """Ask it to stop; it is killed when it does not."""
        self.cancelled = True
        self._process.terminate()
        QTimer.singleShot(PATIENCE_MILLISECONDS, self._process, self._process.kill)

    def end(self) -> None:
        """End it now: the program closes."""
        self.cancelled = True
        self._process.kill()
        self._process.waitForFinished(500)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        worked = status == QProcess.ExitStatus.NormalExit and code == 0
        self.finished.emit(worked, "" if worked or self.cancelled else self._reason(code))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:  # the others are followed by finished
            self.finished.emit(False, f"it could not be started: {self._process.errorString()}")

    def _reason(self, code: int) -> str:
        said = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
        return said[-1].strip().removeprefix("ganstudio: ") if said else f"it ended with exit code {code}"


def _environment() -> QProcessEnvironment:
    """This process's own, with the program findable even where it runs from a checkout."""
    environment = QProcessEnvironment.systemEnvironment()
    places = [str(Path(ganstudio.__file__).resolve().parent.parent), environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(place for place in places if place))
    environment.insert("PYTHONUTF8", "1")
    environment.insert("NO_COLOR", "1")
    return environment


class _Row(QWidget):
    """One job: its title, that it goes on and for how long already, and a button to cancel it."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        bar = QProgressBar()
        bar.setRange(0, 0)  # how long is not known
        bar.setTextVisible(False)
        bar.setFixedWidth(160)
        bar.setAccessibleName(job.title)
        self.elapsed = QLabel("0 s")
        self.elapsed.setProperty("role", "muted")
        self.elapsed.setFont(tabular(self.elapsed.font()))
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip(f"Stop: {job.title}")
        self.cancel.clicked.connect(self._cancel)
        self._job = job
        self._title = QLabel(job.title)
        self._since = QElapsedTimer()
        self._since.start()
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tell)
        self._clock.start()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title, 1)
        layout.addWidget(self.elapsed)
        layout.addWidget(bar)
        layout.addWidget(self.cancel)

    def _tell(self) -> None:
        self.elapsed.setText(f"{self._since.elapsed() // 1000:,} s")

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._title.setText("Cancelling …")
        self._job.cancel()


class Jobs(QWidget):
    """The jobs that are under way, one row each; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 6, 6, 6)
        self._layout.setSpacing(4)
        self._rows: dict[Job, _Row] = {}
        self.hide()

    @property
    def under_way(self) -> tuple[Job, ...]:
        """All jobs that have not ended."""
        return tuple(self._rows)

    def start(self, title: str, arguments: Sequence[str], ended: Callable[[bool, str], object]) -> Job:
        """Run ``ganstudio`` with these arguments; ``ended`` is told whether it worked and, if not, why."""
        job = Job(title, arguments, self)
        row = self._rows[job] = _Row(job)
        self._layout.addWidget(row)
        self.show()

        def finished(worked: bool, reason: str) -> None:
            self._remove(job)
            ended(worked, reason)

        job.finished.connect(finished)
        job.start()
        return job

    def close_all(self) -> None:
        """End every job: the program closes."""
        for job in self.under_way:
            job.finished.disconnect()
            job.end()
            self._remove(job)

    def _remove(self, job: Job) -> None:
        row = self._rows.pop(job, None)
        if row is not None:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
            # The job stays this widget's child: a QProcess deleted in the turn in which it ended now and then takes the
            # program with it, and what an ended one holds is little.
        self.setVisible(bool(self._rows))
