"""``ganstudio train --population``: many members, trained at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ganstudio.cli import train
from ganstudio.cli.output import FAILED, INTERRUPTED, complain, print_json, tell
from ganstudio.cores import available_cores
from ganstudio.errors import UserError
from ganstudio.experiment.population import Axis, PopulationSpec
from ganstudio.export.members import MemberResult, clouds, write_members
from ganstudio.export.writing import write_figure
from ganstudio.messages import commands, events
from ganstudio.messages.population import StartPopulation
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.session import codec
from ganstudio.session.session import Session
from ganstudio.sweep.statistics import mean_of
from ganstudio.training.engine_choice import population_engine_for, what_is_made, will_compile
from ganstudio.training.population_engine import group_size
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.population_service import PopulationService

SWEEP = "--sweep"
SHOWN_POINTS = 1000
MOST_ROWS = 5_000_000
"""Of all histories together, about 400 MB; a longer training keeps what was measured alone."""
NOTHING = "–"


def train_population(
    source: train.Source,
    count: int | None,
    sweeps: tuple[str, ...],
    *,
    iterations: int | None,
    out: Path | None,
    as_json: bool,
    engine: str = "auto",
) -> int:
    """Train all members, write what came of them, and report."""
    choice = train.engine_choice_of(engine)
    torch.set_num_threads(1)
    spec = population_of(source, count, sweeps)
    if iterations is None and not train.has_end(spec.base):
        iterations = train.DEFAULT_ITERATIONS
    length = iterations if iterations is not None else spec.base.stop.iterations
    keeps = length is not None and length * spec.count <= MOST_ROWS
    watcher = _Watcher()
    with train.interruptible(watcher):
        start = StartPopulation(0, spec.members())
        service = PopulationService(start, watcher.take, keep_history=keeps, paced=False, processes=available_cores())
        train.tell_device(service.run.placed)
        folder = train.folder_for(out)
        if not keeps:
            tell("so many iterations of so many members: their sessions keep the JSD alone, not the losses")
        if iterations != 0:
            _choose_engine(service.run, choice, iterations, watcher)
            _play(service, watcher, iterations)
        service.measure()
        service.close()
        results = _results(spec, service.run)
        sessions = _write(spec, service.run, results, folder)
        _report(spec, service.run, results, watcher, folder, sessions, as_json=as_json)
    broken = [result.label for result in results if result.fault]
    if broken:
        names = ", ".join(broken[:5]) + (", …" if len(broken) > 5 else "")
        complain(f"{len(broken)} of {len(results)} members broke off: {names}; their sessions hold the state before it")
    if len(broken) == len(results):
        return FAILED
    return INTERRUPTED if watcher.interrupted else 0


def population_of(source: train.Source, count: int | None, sweeps: tuple[str, ...]) -> PopulationSpec:
    """The population that the command line describes.

    Raises:
        UserError: names the option or the setting, and what to do.
    """
    if len(sweeps) > 2:
        raise UserError(f"two settings can be swept, not {len(sweeps)}", field=SWEEP)
    base = source.fresh()
    axes = [_axis(text) for text in sweeps]
    values = math.prod(len(axis.values) for axis in axes)
    wanted = values if count is None else count
    if not axes:
        return PopulationSpec(base=base, seeds=wanted)
    if wanted % values or (len(axes) == 2 and wanted != values):
        possible = f"{values} members" if len(axes) == 2 else f"{values}, {2 * values}, {3 * values}, … members"
        raise UserError(f"the values of {SWEEP} make {possible}, not {wanted}", field="--population")
    columns = axes[1] if len(axes) == 2 else None
    return PopulationSpec(base=base, rows=axes[0], columns=columns, seeds=wanted // values)


def _axis(text: str) -> Axis:
    path, separator, listed = text.partition("=")
    if not (separator and path.strip()):
        raise UserError(f"'{text}' is not PATH=V1,V2,…", field=SWEEP)
    try:
        values = tuple(float(value) for value in listed.split(","))
    except ValueError as error:
        raise UserError(f"'{listed}' is not a list of numbers with commas between them", field=path.strip()) from error
    if not all(map(math.isfinite, values)):
        raise UserError(f"'{listed}' has a number that is not finite", field=path.strip())
    return Axis(path=path.strip(), values=values)


@dataclass
class _Watcher:
    """Takes the events of the population: knows how training ended."""

    interrupted: bool = False
    reason: str = ""

    def take(self, event: object) -> None:
        if isinstance(event, events.Paused):
            self.reason = event.reason


def _choose_engine(
    run: PopulationRun, choice: commands.EngineChoice, iterations: int | None, watcher: _Watcher
) -> None:
    size = group_size(run.members, run.processes)
    if choice != "eager" and will_compile(run.experiment, choice, iterations, size):
        tell(what_is_made(run.experiment))
    chosen = population_engine_for(
        run.members, choice, iterations, lambda: watcher.interrupted, processes=run.processes
    )
    if chosen.reason and not watcher.interrupted:
        tell(f"training eagerly: {chosen.reason}")
    run.engine = chosen.engine


def _play(service: PopulationService, watcher: _Watcher, iterations: int | None) -> None:
    run = service.run
    ends = [end for end in (iterations, run.experiment.stop.iterations) if end is not None]
    service.play(iterations)
    with train.progress_bar() as bar:
        task = bar.add_task("training", total=min(ends) if ends else None, numbers="")
        while service.playing and not watcher.interrupted:
            service.work()
            bar.update(task, completed=run.progress.iteration, numbers=_numbers(service))
        if watcher.interrupted:
            service.pause("interrupted")


def _numbers(service: PopulationService) -> str:
    run, rate = service.run, service.iterations_per_second
    parts = [f"{len(run)} members", *([f"{rate:,.0f} it/s"] if rate else [])]
    known = run.jsd[np.isfinite(run.jsd)]
    if len(known):
        parts.append(f"JSD {known.min():.4f} to {known.max():.4f}")
    if run.faults:
        parts.append(f"{len(run.faults)} broken")
    return " · ".join(parts)


def _results(spec: PopulationSpec, run: PopulationRun) -> list[MemberResult]:
    points = run.points(SHOWN_POINTS)
    results = []
    for number, (label, values) in enumerate(zip(spec.labels(), spec.own_values(), strict=True)):
        progress, fault = run.faults.get(number, (run.progress, ""))
        coverage = None
        if not fault:
            coverage = mode_coverage(run.generator(number).sample_seeded(train.EVALUATION_SAMPLES, 0), run.target)
        jsd = float(run.jsd[number])
        results.append(
            MemberResult(
                label=label,
                values=values,
                experiment=run.experiments[number],
                iteration=progress.iteration,
                jsd=jsd if math.isfinite(jsd) else None,
                coverage=coverage,
                points=points[number],
                fault=f"{fault.replace('_', ' ')} was not finite" if fault else "",
            )
        )
    return results


def _write(spec: PopulationSpec, run: PopulationRun, results: list[MemberResult], folder: Path) -> list[Path]:
    """Write all files; the paths of the sessions, then of the others."""
    members = folder / "members"
    try:
        members.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot be written to ({error.strerror}); choose another --out", file=members) from error
    sessions = []
    for number, (result, texts) in enumerate(zip(results, spec.own_texts(), strict=True)):
        path = members / f"{number:03d}-{_file_name(texts)}.gans"
        codec.write(Session(result.experiment, run.snapshot(number), run.histories[number].since(0, 0)), path)
        sessions.append(path)
    write_members(results, run.floor, folder / "population.csv")
    write_figure(clouds(results, run.target, spec.shape, run.floor), folder / "population.png")
    for name in (f"members/ ({len(sessions)} sessions)", "population.csv", "population.png"):
        tell(f"wrote {folder / name}")
    return sessions


def _file_name(texts: dict[str, str]) -> str:
    names = (path.removeprefix("optimizers.").replace(".", "-").replace("_", "-") for path in texts)
    return "-".join(f"{name}-{text}" for name, text in zip(names, texts.values(), strict=True))


def _report(
    spec: PopulationSpec,
    run: PopulationRun,
    results: list[MemberResult],
    watcher: _Watcher,
    folder: Path,
    sessions: list[Path],
    *,
    as_json: bool,
) -> None:
    if as_json:
        mean, seconds = mean_of(result.jsd for result in results), run.progress.seconds
        told: dict[str, Any] = {
            "iterations": run.progress.iteration,
            "seconds": seconds,
            "engine": run.engine.name,
            "iterations_per_second": run.progress.iteration / seconds if seconds > 0 else 0.0,
            "stopped": watcher.reason,
            "jsd_floor": run.floor,
            "jsd_mean": mean.value,
            "jsd_standard_error": mean.error,
            "members": [
                result.as_json() | {"session": str(path)} for result, path in zip(results, sessions, strict=True)
            ],
            "folder": str(folder),
        }
        print_json(told)
        return
    Console().print(_table(spec, results, run.floor))


def _table(spec: PopulationSpec, results: list[MemberResult], floor: float) -> Table:
    """A line for each member; means below those that differ in the seed alone, or below all of them."""
    has_modes = any(result.coverage is not None for result in results)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_footer=False)
    table.add_column("member", no_wrap=True)
    table.add_column("JSD (nats)", justify="right")
    for title in ("modes", "HQ") if has_modes else ():
        table.add_column(title, justify="right")
    table.add_column("")
    groups: dict[tuple[tuple[str, float], ...], list[MemberResult]] = {}
    for result in results:
        own = tuple((path, value) for path, value in result.values.items() if path != "seed")
        groups.setdefault(own, []).append(result)
    for group in groups.values():
        for result in group:
            table.add_row(result.label, *_cells(result, has_modes=has_modes), _note(result))
        if len(group) > 1:
            name = "mean ± s.e." if len(groups) == 1 else f"{group[0].label.rpartition(' · ')[0]}, mean ± s.e."
            table.add_row(name, *_means(group, has_modes=has_modes), "", style="bold")
    if len(groups) == len(results):
        table.add_row("mean ± s.e.", *_means(results, has_modes=has_modes), "", style="bold")
    perfect = [f"≤ {floor:.4f}"]
    if has_modes:
        coverage = next(result.coverage for result in results if result.coverage is not None)
        perfect += [str(coverage.total), f"{100 * coverage.perfect_hq_fraction:.1f} %"]
    table.add_row("a perfect generator", *perfect, "", style="italic")
    return table


def _cells(result: MemberResult, *, has_modes: bool) -> list[str]:
    cells = [_number(result.jsd)]
    if has_modes:
        found = result.coverage
        cells += [NOTHING, NOTHING] if found is None else [str(found.captured), f"{100 * found.hq_fraction:.1f} %"]
    return cells


def _means(results: list[MemberResult], *, has_modes: bool) -> list[str]:
    mean = mean_of(result.jsd for result in results)
    cells = [_number(mean.value) + (f" ± {mean.error:.4f}" if mean.error is not None else "")]
    if has_modes:
        found = [result.coverage for result in results if result.coverage is not None]
        modes, good = mean_of(one.captured for one in found), mean_of(one.hq_fraction for one in found)
        cells.append(NOTHING if modes.value is None else f"{modes.value:.3g}")
        cells.append(NOTHING if good.value is None else f"{100 * good.value:.1f} %")
    return cells


def _note(result: MemberResult) -> str:
    return f"broken after iteration {result.iteration:,}: {result.fault}" if result.fault else ""


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.4f}".replace("-", "−")
