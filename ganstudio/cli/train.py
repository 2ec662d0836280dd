"""``ganstudio train``: the window's trainer without the window."""

from __future__ import annotations

import signal
import tempfile
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any, Protocol, cast

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from ganstudio.cli.output import FAILED, INTERRUPTED, complain, result, tell
from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import differences, with_text, with_value
from ganstudio.experiment.presets import preset
from ganstudio.experiment.recipes import PARTS, recipe
from ganstudio.export.figure import overview, thumbnail
from ganstudio.export.history import write_history
from ganstudio.export.writing import write_figure
from ganstudio.gan.device import Placed
from ganstudio.messages import commands, events
from ganstudio.messages.history import History
from ganstudio.messages.snapshot import Progress
from ganstudio.messages.timeline import Timeline
from ganstudio.metrics.evaluate import evaluate
from ganstudio.metrics.trained_model import trained_model
from ganstudio.session import codec
from ganstudio.session.experiment_file import read_experiment
from ganstudio.session.session import Session
from ganstudio.targets.drawn import drawn_shapes
from ganstudio.targets.sight import sight_of
from ganstudio.training.engine import Engine
from ganstudio.training.engine_choice import engine_for, what_is_made, will_compile
from ganstudio.training.trainer import Trainer

DEFAULT_PRESET = "gaussians"
DEFAULT_ITERATIONS = 5000
DEFAULT_FOLDER = "ganstudio-run"
EVALUATION_SAMPLES = 20_000


@dataclass(frozen=True)
class Source:
    """What to train: at most one of preset, experiment and session, then a recipe, then changes to it."""

    preset: str | None
    experiment: Path | None
    session: Path | None
    settings: tuple[str, ...]
    seed: int | None
    recipe: str | None = None

    @property
    def file(self) -> Path | None:
        """The file that training begins from, if any."""
        return self.session or self.experiment

    def begin(self) -> tuple[Session, Experiment]:
        """The session that training goes on from, an untrained one unless ``session`` is, and what is trained then.

        Raises:
            UserError: names the file and the field that cannot be used.
        """
        begun = self._begun()
        experiment = self._changed(begun.experiment)
        if begun.snapshot is None:
            return replace(begun, experiment=experiment), experiment
        # Where the tensors live is no part of the state: what was trained on a GPU can go on without one.
        begun = replace(begun, experiment=begun.experiment.model_copy(update={"device": experiment.device}))
        structural = [change.path for change in differences(begun.experiment, experiment) if not change.live]
        if structural:
            raise UserError(
                "cannot change on a trained session: it needs new networks; start from --preset or --experiment",
                file=self.session,
                field=structural[0],
            )
        return begun, experiment

    def fresh(self) -> Experiment:
        """What is trained where it begins anew; of a session its experiment alone.

        Raises:
            UserError: names the file and the field that cannot be used.
        """
        return self._changed(self._begun().experiment)

    def _begun(self) -> Session:
        if sum(given is not None for given in (self.preset, self.experiment, self.session)) > 1:
            raise UserError("give only one of --preset, --experiment and --session")
        if self.session is not None:
            return codec.read(self.session)
        if self.experiment is not None:
            return Session(read_experiment(self.experiment))
        name = DEFAULT_PRESET if self.preset is None else self.preset
        if name in drawn_shapes():
            return Session(Experiment(target=drawn_shapes()[name]))
        return Session(preset(name).experiment)

    def _changed(self, experiment: Experiment) -> Experiment:
        settings = [_setting(text) for text in self.settings]
        if self.recipe is not None:
            # What it leaves alone comes first: it may go by what it sees of the target.
            for path, text in settings:
                if path.split(".")[0] not in PARTS:
                    experiment = with_text(experiment, path, text)
            chosen, sight = recipe(self.recipe), sight_of(experiment)
            if choice := chosen.choice(experiment, sight):
                tell(f"{chosen.title}: {choice}")
            experiment = chosen.apply(experiment, sight)
        for path, text in settings:
            experiment = with_text(experiment, path, text)
        return experiment if self.seed is None else with_value(experiment, "seed", self.seed)


def _setting(text: str) -> tuple[str, str]:
    path, separator, value = text.partition("=")
    if not (separator and path.strip()):
        raise UserError(f"'{text}' is not PATH=VALUE", field="--set")
    return path.strip(), value.strip()


def train_headless(
    source: Source, *, iterations: int | None, out: Path | None, as_json: bool, engine: str = "eager"
) -> int:
    """Train, write what came of it, and report."""
    choice = engine_choice_of(engine)
    torch.set_num_threads(1)
    begun, experiment = source.begin()
    watcher = _Watcher(begun)
    with interruptible(watcher):
        trainer = Trainer(watcher.take)
        trainer.handle(commands.Start(begun.experiment, 0, begun.snapshot))
        watcher.check(source.file)
        if experiment != begun.experiment:
            # As the window does it: another optimizer, for one, begins without the moments of the old one.
            trainer.handle(commands.Apply(experiment))
            watcher.check(source.file)
        tell_device(trainer.run.placed)
        folder = folder_for(out)
        started = trainer.run.progress
        if iterations is None and not has_end(experiment):
            iterations = DEFAULT_ITERATIONS
        if iterations != 0:
            trainer.run.engine = _engine(experiment, choice, iterations, watcher)
            _play(trainer, watcher, iterations)
        else:
            trainer.work()  # a run as it was initialised is measured, too
        session = _finished(begun, trainer, watcher)
        files = _write(session, folder)
        for file in files:
            tell(f"wrote {file}")
        if watcher.broken:
            log = watcher.keep_traceback(folder)
            details = f"; the details are in {log}" if log else ""
            complain(f"training stopped: {watcher.reason}; the session holds the state before it{details}")
        result(_report(trainer, started, watcher.reason) | {"session": str(files[0])}, as_json=as_json)
    if watcher.broken:
        return FAILED
    return INTERRUPTED if watcher.interrupted else 0


def tell_device(placed: Placed) -> None:
    """Say where tensors live, where the program chose."""
    if placed.reason:
        tell(f"training on {placed.name}: {placed.reason}")


def engine_choice_of(name: str) -> commands.EngineChoice:
    """The engine that ``--engine`` names. Raises UserError where there is none of that name."""
    for choice in typing.get_args(commands.EngineChoice):
        if name == choice:
            return cast("commands.EngineChoice", choice)
    raise UserError(f"'{name}' is none of {', '.join(typing.get_args(commands.EngineChoice))}", field="--engine")


def _engine(
    experiment: Experiment, choice: commands.EngineChoice, iterations: int | None, watcher: Interrupted
) -> Engine:
    """The engine that follows from the command; says why where it is not the one that was wanted."""
    if choice != "eager" and will_compile(experiment, choice, iterations):
        tell(what_is_made(experiment))
    chosen = engine_for(experiment, choice, iterations, lambda: watcher.interrupted)
    if chosen.reason and not watcher.interrupted:
        tell(f"training eagerly: {chosen.reason}")
    return chosen.engine


def has_end(experiment: Experiment) -> bool:
    """Whether a stop condition may end the training."""
    return any(getattr(experiment.stop, name) is not None for name in type(experiment.stop).model_fields)


def _report(trainer: Trainer, started: Progress, reason: str) -> dict[str, Any]:
    """Where the run stands; the rate is that of this call alone."""
    run = trainer.run
    trained, seconds = run.progress.iteration - started.iteration, run.progress.seconds - started.seconds
    samples = run.generator.sample_seeded(EVALUATION_SAMPLES, 0)
    model = trained_model(run.generator, run.state)
    return {
        "iterations": run.progress.iteration,
        "seconds": run.progress.seconds,
        "engine": run.engine.name,
        "iterations_per_second": trained / seconds if seconds > 0 else 0.0,
        "stopped": reason,
        "metrics": evaluate(samples, run.target, cells=run.experiment.measure.cells, model=model).as_json(),
    }


class _Watcher:
    """Takes the trainer's events: keeps the history, and knows how training ended."""

    def __init__(self, begun: Session) -> None:
        self.history = History()
        self.history.append(begun.history)
        self.rate = 0.0
        self.reason = ""
        self.interrupted = False
        self.broken = False
        self._failure: events.Failed | None = None

    def take(self, event: events.Event) -> None:
        if isinstance(event, events.HistoryGrew):
            self.history.append(event.chunk)
            self.rate = event.iterations_per_second
        elif isinstance(event, events.Paused):
            self.reason = event.reason
        elif isinstance(event, events.NonFinite):
            self.broken = True
            quantity = event.quantity.replace("_", " ")
            self.reason = f"{quantity} was not finite after iteration {event.progress.iteration:,}"
        elif isinstance(event, events.Failed):
            self._failure = event
            self.broken, self.reason = True, event.message

    def check(self, file: Path | None = None) -> None:
        """Raise what the trainer refused before it trained; ``file`` is where it came from."""
        if self._failure is not None:
            if self._failure.user:
                raise UserError(self._failure.message, file=file)
            raise RuntimeError(self._failure.traceback)

    def keep_traceback(self, folder: Path) -> Path | None:
        """Write what went wrong in the program itself, for a report of the fault; None when nothing did."""
        if self._failure is None:
            return None
        path = folder / "error.log"
        path.write_text(self._failure.traceback, encoding="utf-8")
        return path


def _play(trainer: Trainer, watcher: _Watcher, iterations: int | None) -> None:
    first = trainer.run.progress.iteration
    stop = trainer.run.experiment.stop.iterations
    ends = [end for end in (first + iterations if iterations else None, stop) if end is not None]
    trainer.handle(commands.Play(iterations))
    with progress_bar() as bar:
        task = bar.add_task("training", total=min(ends) if ends else None, completed=first, numbers="")
        while trainer.playing and not watcher.interrupted:
            trainer.work()
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


def progress_bar() -> ProgressBar:
    """Iterations done and to come, and the text ``numbers``, on stderr."""
    return ProgressBar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[numbers]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


class Interrupted(Protocol):
    """Remembers that Ctrl-C was pressed, for whoever looks between two bursts."""

    interrupted: bool


@contextmanager
def interruptible(watcher: Interrupted) -> Iterator[None]:
    """Ctrl-C asks for an end between two bursts, so that what was trained is saved; a second one ends it at once."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        if watcher.interrupted:
            raise KeyboardInterrupt
        watcher.interrupted = True

    previous: Callable[[int, FrameType | None], Any] | int | None = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _finished(begun: Session, trainer: Trainer, watcher: _Watcher) -> Session:
    run, timeline = trainer.run, Timeline()
    for snapshot in (*begun.timeline, *run.timeline.snapshots):
        timeline.append(snapshot)
    return Session(run.experiment, run.snapshot(), watcher.history.since(0, 0), timeline.snapshots, begun.view)


def folder_for(out: Path | None) -> Path:
    """The folder to write to; without one, a new one here, so that no earlier run is overwritten."""
    if out is None:
        number, out = 1, Path(DEFAULT_FOLDER)
        while out.exists():
            number += 1
            out = Path(f"{DEFAULT_FOLDER}-{number}")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):  # Better told now than after an hour of training.
            pass
    except OSError as error:
        raise UserError(f"cannot be written to ({error.strerror}); choose another --out", file=out) from error
    return out


def _write(session: Session, folder: Path) -> tuple[Path, Path, Path]:
    files = (folder / "session.gans", folder / "history.csv", folder / "overview.png")
    codec.write(replace(session, thumbnail=thumbnail(session)), files[0])
    write_history(session.history, files[1])
    write_figure(overview(session), files[2])
    return files
