"""32 members trained as one, against 32 single compiled runs one after another, on one core and on all there are.

On one core both are measured in turns by the time that the processor spent on this process, with all that belongs to
them: draws of every member, its checks, its state; no JSD is measured meanwhile. The single runs are one of them, 32
times. The floor is the matrix products alone, batched over as many members as are computed at once, into memory that is
there. On all cores the clock on the wall decides, so nothing else should be running.

What bounds it: 32 members of 2×64 have to multiply the matrices of 32 networks, batched or not, and single compiled
code does so at half the processor's peak already. Both run at about the rate of the bare batched products: on one core
there is nothing left to win. With 1×16 a third of the time goes into the random numbers of 32 members. The aims are for
machines with more cores, where groups of members are played by a process each, which makes their draws as well.

What 16 cores would do is told on any machine, from what their processes would take: one of them for its two members,
alone on a core, and then the one that shares them out, for what it does itself. It is a bound: what cores take from
each other, caches shared by all and the rate of the memory, is not in it.

What was tried; milliseconds an iteration of 32 members on one busy core (2×64, batch 256 · 1×16, batch 150):

    32 single compiled runs, draws included              21.5 · 5.2
    vmap of the step's updates, one call for all 32      34.3 · 0.7 without draws: the outputs of the layers of 2×64,
                                                         2 MB each, leave the caches
    the same, 16 · 8 · 4 · 2 · 1 members a call          20.6 · 19.4 · 17.9 · 19.0 · 17.3 for 2×64. Groups are kept, as
                                                         large as the caches allow: 8 for 2×64, 32 for 1×16, where
                                                         calls for 4 · 2 · 1 members cost 1.8 · 3.2 · 3.4
    batched products of the library alone, 64×64         85 GFlop/s in groups of 1 to 8, 78 for 32, and thin ones take
                                                         little: other forms have nothing to win at 2×64
    thin products written out, as single updates do      1×16: 1.1 to 1.4 instead of 0.7 to 0.9: left out
    inputs of a burst stacked in one go, not one by one  a sixth of what draws cost
    draws of many updates at once (ganstudio.gan.draws)  2.3 to 1.3 for 32 members; most of what is left is the cost of
                                                         32 calls for every update
    draws of a burst by one call for each member         a sixth less
    groups played by threads through torch's binding     nothing: it keeps the interpreter lock while code runs
    the same through AOTInductor's C interface           two threads run 1.8 to 1.9 times as many calls of 2×64
    bursts played by C (training/iterations.h)           single runs of 1×16 take half of their time: 5.2 to 2.0 for 32
    each thread draws for its own members, and Python's  1×16: 1.6 to 1.1 on one core, 1.4 to .7 on two
    collector rests meanwhile (training.collecting)
    draws of a burst stay arrays until all members of a  1×16: 1.07 to .89 on one core, .69 to .52 on two
    group are stacked (gan.bundles)
    the same handed to C as a whole; generators set to   Python's part of 16 groups: 550 · 350 · 150 µs before, with the
    a draw instead of made anew                          line above, and with both
    16 threads as on 16 cores: draws and machine code    1×16: 3.5 times as fast as single runs on 4 cores, 3.9 on 8,
    asleep for as long as they take                      but 2.2 on 16: they wait for the interpreter lock,
                                                         which NumPy lets go and wants back all the time
    processes instead, with the state in memory that     1×16: .52 to .48 on two cores; the one that shares 16 of them
    they share, and a message each for a burst           out takes .034, with one message for all of them .023
    numbers of members as an array each, reports put in  Python's part of 16 groups: 145 to 95 µs
    rows by one operation
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import terminal
import torch
from rates import in_turns
from result import Result
from speed import experiment_of
from usual_loop import Shape, matrix_products

from ganstudio.cores import available_cores
from ganstudio.experiment import Experiment
from ganstudio.experiment.population import PopulationSpec
from ganstudio.training.engine_choice import engine_for, population_engine_for
from ganstudio.training.population_engine import group_size
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.population_workers import DistributedPopulation
from ganstudio.training.run import Run

MEMBERS = 32
CORES = 16
"""Those of the machine for which the aims are."""
BURST = 64
SHARED_OUT = 10 * BURST
LOADED_SECONDS = 120.0
"""How long to wait for processes."""


@dataclass(frozen=True)
class Comparison:
    """A shape, and how many times as fast as single runs its population is to be where the cores allow."""

    name: str
    shape: Shape
    aim: float


COMPARISONS = (
    Comparison("2×64, batch 256", Shape((64, 64), 256), 8.0),
    Comparison("1×16, batch 150", Shape((16,), 150), 12.0),
)


def measure(options: argparse.Namespace) -> list[Result]:
    """Compile what is to be compiled, then measure in turns; medians over the rounds."""
    torch.set_num_threads(1)
    results: list[Result] = []
    for comparison in COMPARISONS:
        terminal.say(f"population: {comparison.name} …")
        results += _compared(comparison, options)
    return results


def _compared(comparison: Comparison, options: argparse.Namespace) -> list[Result]:
    experiment = experiment_of(comparison.shape)
    single = engine_for(experiment, "compiled", None)
    _tell(single.reason)
    run = Run(experiment, engine=single.engine)
    population = _population(experiment, 1)
    size = group_size(population.members)
    one, parted = _population(experiment, 1, MEMBERS // CORES), _population(experiment, CORES)
    single_runs: tuple[Callable[[], None], float] = (lambda: run.advance(BURST), BURST / MEMBERS)
    of_16 = f"one of {CORES} processes"
    contenders = {
        "single runs": single_runs,
        "population": (lambda: population.advance(BURST), BURST),
        "matrix products of all members": (matrix_products(comparison.shape, size), size / MEMBERS),
        of_16: (lambda: one.advance(BURST), BURST),
    }
    rates = in_turns("population", comparison.name, contenders, options)
    sharing = [_own_seconds(parted) for _ in range(options.rounds)]
    parted.close()
    share = rates.ratio("population", "matrix products of all members", 100.0)
    singles, ones = rates.of["single runs"], rates.of[of_16]
    on_16 = [1 / (1 / rate + own) / single for rate, own, single in zip(ones, sharing, singles, strict=True)]
    cores = available_cores()
    spread = _population(experiment, cores)
    name = f"population on {cores} cores"
    contenders = {"single runs": single_runs, name: (lambda: spread.advance(BURST), BURST)}
    walls = in_turns("population", comparison.name, contenders, options, time.perf_counter)
    spread.close()
    aim = comparison.aim if cores >= CORES else None
    return [
        *(rates.result(f"{name}, all {MEMBERS}", values, "it/s") for name, values in rates.of.items()),
        rates.result("population against single runs", rates.ratio("population", "single runs"), "×"),
        rates.result("population, of its matrix products' rate", share, "%"),
        rates.result("the process that shares members out", [1e6 * own for own in sharing], "µs"),
        rates.result(f"what {CORES} cores would do, against single runs", on_16, "×", comparison.aim),
        walls.result(f"{name}, all {MEMBERS}", walls.of[name], "it/s"),
        walls.result(f"{name} against single runs", walls.ratio(name, "single runs"), "×", aim),
    ]


def _population(experiment: Experiment, processes: int, count: int = MEMBERS) -> PopulationRun:
    """So many members, compiled where that is possible."""
    population = PopulationRun(PopulationSpec(base=experiment, seeds=MEMBERS).members()[:count], processes=processes)
    chosen = population_engine_for(population.members, "compiled", None, processes=processes)
    _tell(chosen.reason)
    population.engine = chosen.engine
    if isinstance(chosen.engine, DistributedPopulation):
        population.advance(1)
        if not chosen.engine.wait(LOADED_SECONDS):
            terminal.say(f"population: {processes} processes are not there: one plays all members")
    return population


def _own_seconds(population: PopulationRun) -> float:
    """Of an iteration, what this process does itself while others play."""
    started = time.process_time()
    population.advance(SHARED_OUT)
    return (time.process_time() - started) / SHARED_OUT


def _tell(reason: str) -> None:
    """Why something is not compiled; '' where it is."""
    if reason:
        terminal.say(f"population: compiled training is missing: {reason}")
