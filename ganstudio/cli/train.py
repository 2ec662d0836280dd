"""``ganstudio train``: the window's trainer without the window."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ganstudio.cli.output import INTERRUPTED, complain, result, tell
from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import differences, parsed_value, with_value
from ganstudio.experiment.presets import preset
from ganstudio.export.figure import overview, thumbnail, write_figure
from ganstudio.export.history import write_history
from ganstudio.messages import commands, events
from ganstudio.messages.history import History
from ganstudio.metrics.evaluate import evaluate
from ganstudio.session import codec
from ganstudio.session.experiment_file import read_experiment
from ganstudio.session.fitting import fitted
from ganstudio.session.session import Session
from ganstudio.training.trainer import Trainer

DEFAULT_PRESET = "gaussians"
DEFAULT_ITERATIONS = 5000
DEFAULT_FOLDER = "ganstudio-run"
EVALUATION_SAMPLES = 20_000


@dataclass(frozen=True)
class Source:
    """What to train: at most one of preset, experiment and session, then changes to it."""

    preset: str | None
    experiment: Path | None
    session: Path | None
    settings: tuple[str, ...]
    seed: int | None

    def session_to_train(self) -> Session:
        """The session that training begins from; an untrained one unless ``session`` is given.

        Raises:
            UserError: names the file and the field that cannot be used.
        """
        if sum(given is not None for given in (self.preset, self.experiment, self.session)) > 1:
            raise UserError("give only one of --preset, --experiment and --session")
        if self.session is not None:
            begun = codec.read(self.session)
        elif self.experiment is not None:
            begun = Session(read_experiment(self.experiment))
        else:
            begun = Session(preset(self.preset or DEFAULT_PRESET).experiment)
        experiment = self._changed(begun.experiment)
        if begun.snapshot is not None:
            structural = [change.path for change in differences(begun.experiment, experiment) if not change.live]
            if structural:
                raise UserError(
                    "cannot change on a trained session: it needs new networks; start from --preset or --experiment",
                    field=structural[0],
                )
        return Session(experiment, begun.snapshot, begun.history, begun.timeline, begun.view)

    def _changed(self, experiment: Experiment) -> Experiment:
        for setting in self.settings:
            path, separator, value = setting.partition("=")
            if not separator:
                raise UserError(f"'{setting}' is not PATH=VALUE", field="--set")
            experiment = with_value(experiment, path.strip(), parsed_value(value.strip()))
        return experiment if self.seed is None else with_value(experiment, "seed", self.seed)


def train_headless(source: Source, *, iterations: int | None, out: Path | None, as_json: bool) -> int:
    """Train, write what came of it, and report."""
    torch.set_num_threads(1)
    begun = source.session_to_train()
    folder = _folder(out)
    watcher = _Watcher(begun)
    trainer = Trainer(watcher.take)
    trainer.handle(commands.Start(begun.experiment, 0, begun.snapshot))
    watcher.check()
    stop = begun.experiment.stop
    if iterations is None and not (stop.iterations or stop.seconds or stop.jsd_below):
        iterations = DEFAULT_ITERATIONS
    started = trainer.run.progress
    if iterations != 0:
        _play(trainer, watcher, iterations)
    session = _finished(begun, trainer, watcher)
    files = _write(session, folder)
    for file in files:
        tell(f"wrote {file}")
    code = watcher.exit_code()
    progress = trainer.run.progress
    seconds = progress.seconds - started.seconds
    metrics = evaluate(
        trainer.run.generator.sample_seeded(EVALUATION_SAMPLES, 0),
        trainer.run.target,
        cells=begun.experiment.measure.cells,
    )
    trained = progress.iteration - started.iteration
    result(
        {
            "iterations": progress.iteration,
            "seconds": seconds,
            "iterations_per_second": trained / seconds if seconds > 0 else 0.0,
            "session": str(files[0]),
            "stopped": watcher.reason,
            "metrics": metrics.as_json(),
        },
        as_json=as_json,
    )
    return code


class _Watcher:
    """Takes the trainer's events: keeps the history, and knows how training ended."""

    def __init__(self, begun: Session) -> None:
        self.history = History()
        self.history.append(begun.history)
        self.rate = 0.0
        self.reason = ""
        self.interrupted = False
        self._failure: events.Failed | None = None
        self._non_finite: events.NonFinite | None = None

    def take(self, event: events.Event) -> None:
        if isinstance(event, events.HistoryGrew):
            self.history.append(event.chunk)
            self.rate = event.iterations_per_second
        elif isinstance(event, events.Paused):
            self.reason = event.reason
        elif isinstance(event, events.NonFinite):
            self._non_finite = event
        elif isinstance(event, events.Failed):
            self._failure = event

    def check(self) -> None:
        """Raise what the trainer refused."""
        if self._failure is not None:
            if self._failure.user:
                raise UserError(self._failure.message)
            raise RuntimeError(self._failure.traceback)

    def exit_code(self) -> int:
        if self._non_finite is not None:
            quantity = self._non_finite.quantity.replace("_", " ")
            self.reason = f"{quantity} was not finite after iteration {self._non_finite.progress.iteration}"
            complain(f"training stopped: {self.reason}; the session holds the state before it")
            return 1
        return INTERRUPTED if self.interrupted else 0


def _play(trainer: Trainer, watcher: _Watcher, iterations: int | None) -> None:
    first = trainer.run.progress.iteration
    stop = trainer.run.experiment.stop.iterations
    ends = [end for end in (first + iterations if iterations else None, stop) if end is not None]
    trainer.handle(commands.Play(iterations))
    with _interruptible(watcher), _progress_bar() as bar:
        task = bar.add_task("training", total=min(ends) if ends else None, completed=first, numbers="")
        while trainer.playing and not watcher.interrupted:
            trainer.work()
            watcher.check()
            bar.update(task, completed=trainer.run.progress.iteration, numbers=_numbers(watcher))
        if watcher.interrupted:
            trainer.handle(commands.Pause())
            watcher.reason = "interrupted"
        bar.update(task, completed=trainer.run.progress.iteration, numbers=_numbers(watcher))


def _numbers(watcher: _Watcher) -> str:
    parts = [f"{watcher.rate:,.0f} it/s"] if watcher.rate else []
    if len(watcher.history.rows):
        parts += [f"L_D {watcher.history.rows[-1, 1]:.3f}", f"L_G {watcher.history.rows[-1, 2]:.3f}"]
    if len(watcher.history.measures):
        parts.append(f"JSD {watcher.history.measures[-1, 1]:.4f}")
    return " · ".join(parts)


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[numbers]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


@contextmanager
def _interruptible(watcher: _Watcher) -> Iterator[None]:
    """While training, Ctrl-C asks for an end between two bursts, so what was trained is saved."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        watcher.interrupted = True

    previous: Callable[[int, FrameType | None], Any] | int | None = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _finished(begun: Session, trainer: Trainer, watcher: _Watcher) -> Session:
    run = trainer.run
    first = run.timeline.iterations[0]
    earlier = [snapshot for snapshot in begun.timeline if snapshot.progress.iteration < first]
    session = Session(
        experiment=run.experiment,
        snapshot=run.snapshot(),
        history=watcher.history.since(0, 0),
        timeline=(*earlier, *run.timeline.snapshots),
        view=begun.view,
    )
    return fitted(session)


def _folder(out: Path | None) -> Path:
    """The folder to write to; without one, a new one here, so that no earlier run is overwritten."""
    if out is None:
        number, out = 1, Path(DEFAULT_FOLDER)
        while out.exists():
            number += 1
            out = Path(f"{DEFAULT_FOLDER}-{number}")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot be used as a folder ({error.strerror}); choose another --out", file=out) from error
    return out


def _write(session: Session, folder: Path) -> tuple[Path, Path, Path]:
    files = (folder / "session.gans", folder / "history.csv", folder / "overview.png")
    codec.write(Session(**(vars(session) | {"thumbnail": thumbnail(session)})), files[0])
    write_history(session.history, files[1])
    write_figure(overview(session), files[2])
    return files
