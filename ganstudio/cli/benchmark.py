"""``ganstudio benchmark quality``: recipes × targets × seeds by one protocol, resumable."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table as RichTable

from ganstudio.cli.output import FAILED, INTERRUPTED, complain, print_json, tell
from ganstudio.experiment.change import user_error
from ganstudio.experiment.targets import TargetSpec
from ganstudio.session.atomic import replace_file
from ganstudio.sweep.folder import Folder
from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.pool import Crash, outcomes
from ganstudio.sweep.protocol import Protocol
from ganstudio.sweep.statistics import OF_MODES, mean_of, quantities
from ganstudio.sweep.subjects import Case, cases, seeds_of
from ganstudio.sweep.tables import Kind, Table, tables

DEFAULT_FOLDER = Path("ganstudio-benchmark")
DEFAULT_TARGETS, DEFAULT_RECIPES, DEFAULT_SEEDS = ("papers",), ("all",), ("0-4",)
DEFAULT_SECONDS = 30.0
CRASHES = "errors.log"

_STYLES: dict[Kind, str] = {"mean": "bold", "seed": "", "perfect": "italic", "published": "dim"}


@dataclass(frozen=True)
class Asked:
    """What stands on the command line."""

    targets: tuple[str, ...]
    recipes: tuple[str, ...]
    seeds: tuple[str, ...]
    iterations: int | None
    seconds: float | None
    engine: str
    samples: int

    def cases(self) -> tuple[Case, ...]:
        """All runs.

        Raises:
            UserError: a name or a seed is wrong.
        """
        seeds = seeds_of(self.seeds or DEFAULT_SEEDS)
        return cases(self.targets or DEFAULT_TARGETS, self.recipes or DEFAULT_RECIPES, seeds)

    def protocol(self) -> Protocol:
        """The protocol.

        Raises:
            UserError: both budgets are given, or a number is out of range.
        """
        seconds = DEFAULT_SECONDS if self.seconds is None and self.iterations is None else self.seconds
        tree = {"seconds": seconds, "iterations": self.iterations, "engine": self.engine, "samples": self.samples}
        try:
            return Protocol.model_validate(tree)
        except ValidationError as error:
            raise user_error(error) from error


def benchmark_quality(asked: Asked, *, jobs: int, out: Path | None, as_json: bool) -> int:
    """Make all runs that are missing, and report on all there are."""
    protocol, wanted = asked.protocol(), asked.cases()
    for told in dict.fromkeys(f"{case.target}, {case.recipe}: {case.choice}" for case in wanted if case.choice):
        tell(told)
    folder = Folder(out or DEFAULT_FOLDER, protocol)
    missing = folder.missing(wanted)
    if len(missing) < len(wanted):
        tell(f"{len(wanted) - len(missing)} of {len(wanted)} runs are finished already")
    crashes: list[Crash] = []
    interrupted = False
    try:
        _prepare(missing, protocol)
        _run(missing, protocol, jobs, folder, crashes)
    except KeyboardInterrupt:
        interrupted = True
        tell("interrupted: finished runs are kept; the same command goes on from here")
    found = _in_order(folder.outcomes(), wanted)
    if found:
        _report(folder, found, {case.target: case.experiment.target for case in wanted}, as_json=as_json)
    elif as_json:
        print_json({"runs": []})
    if crashes:
        _complain(crashes, folder.path / CRASHES)
    if interrupted:
        return INTERRUPTED
    return FAILED if crashes else 0


def _prepare(missing: Sequence[Case], protocol: Protocol) -> None:
    """Compile before anything is timed, each kind of networks once."""
    if protocol.engine == "eager" or not missing:
        return
    from ganstudio.sweep.measured_run import prepare

    with _console().status("") as status:
        prepare(missing, protocol, lambda case: status.update(f"compiling for {case.target}, {case.recipe} …"))


def _run(missing: Sequence[Case], protocol: Protocol, jobs: int, folder: Folder, crashes: list[Crash]) -> None:
    with _progress_bar() as bar:
        whole = bar.add_task("runs", total=len(missing), numbers="")
        single: dict[str, TaskID] = {}

        def watch(case: Case, spent: float, jsd: float) -> None:
            if case.key not in single:
                single[case.key] = bar.add_task(f"{case.target} {case.recipe} {case.seed}", total=100, numbers="")
            bar.update(single[case.key], completed=100 * spent, numbers=f"JSD {jsd:.4f}")

        # Closed by hand, so that what is running ends before anything else is done.
        with closing(outcomes(missing, protocol, jobs, watch)) as finished:
            for found in finished:
                if isinstance(found, Outcome):
                    folder.keep(found)
                else:
                    crashes.append(found)
                key = found.key if isinstance(found, Outcome) else found.case.key
                if key in single:
                    bar.remove_task(single.pop(key))
                bar.advance(whole)


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[numbers]}"),
        TimeRemainingColumn(),
        console=_console(),
    )


def _console() -> Console:
    return Console(stderr=True)


def _in_order(found: dict[str, Outcome], wanted: Sequence[Case]) -> list[Outcome]:
    """Targets and recipes in the order in which they were asked for; what else is in the folder after them."""
    targets = {name: place for place, name in enumerate(dict.fromkeys(case.target for case in wanted))}
    ways = {name: place for place, name in enumerate(dict.fromkeys(case.recipe for case in wanted))}
    last = len(wanted)

    def place(outcome: Outcome) -> tuple[int, str, int, str, int]:
        target, way = targets.get(outcome.target, last), ways.get(outcome.recipe, last)
        return target, outcome.target, way, outcome.recipe, outcome.seed

    return sorted(found.values(), key=place)


def _report(folder: Folder, found: list[Outcome], targets: dict[str, TargetSpec], *, as_json: bool) -> None:
    from ganstudio.sweep.report import write_report

    files = write_report(folder.path, found, folder.protocol, targets)
    for file in files:
        tell(f"wrote {file}")
    if as_json:
        print_json({"folder": str(folder.path), "files": [str(file) for file in files], **_summary(folder, found)})
        return
    console = Console()
    for table in tables(found, folder.protocol, targets):
        console.print(_rich(table))
        for note in table.notes:
            console.print(note, style="dim", markup=False)
        console.print()


def _rich(table: Table) -> RichTable:
    drawn = RichTable(
        title=table.title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for number, name in enumerate(table.header):
        drawn.add_column(name, justify="left" if number == 0 else "right", no_wrap=number == 0)
    for row in table.rows:
        name = f"  {row.name}" if row.kind == "seed" else row.name
        drawn.add_row(name, *row.cells, style=_STYLES[row.kind])
    return drawn


def _summary(folder: Folder, found: list[Outcome]) -> dict[str, Any]:
    """Means over seeds by target and recipe, and every run without its curve."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in found:
        groups.setdefault((outcome.target, outcome.recipe), []).append(outcome)
    means = [
        {"target": target, "recipe": way, "seeds": [one.seed for one in runs]}
        | {column.name: vars(mean_of(map(column.read, runs))) for column in (*quantities(folder.protocol), *OF_MODES)}
        for (target, way), runs in groups.items()
    ]
    return {
        "protocol": folder.protocol.model_dump(mode="json"),
        "means": means,
        "runs": [one.model_dump(mode="json", exclude={"curve"}) for one in found],
    }


def _complain(crashes: list[Crash], log: Path) -> None:
    text = "\n".join(f"{crash.case.key}\n{crash.details}" for crash in crashes)
    with replace_file(log) as file:
        file.write(text.encode())
    names = ", ".join(crash.case.key for crash in crashes[:3]) + (", …" if len(crashes) > 3 else "")
    complain(f"{len(crashes)} runs broke off ({names}); the details are in {log}")
