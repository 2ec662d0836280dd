"""32 members trained as one, against 32 single compiled runs one after another, on one core and on all there are.

On one core both are measured in turns by the time that the processor spent on this process, with all that belongs to
them: draws of every member, its checks, its state; no JSD is measured meanwhile. The single runs are one of them, 32
times. The floor is the matrix products alone, batched over as many members as are computed at once, into memory that is
there. On all cores the clock on the wall decides, so nothing else should be running.

What bounds it: 32 members of 2×64 have to multiply the matrices of 32 networks, batched or not, and single compiled
code does so at half the processor's peak already. Both run at about the rate of the bare batched products: on one core
there is nothing left to win. With 1×16 a third of the time goes into the random numbers of 32 members. The aims are for
machines with more cores: groups of members are played by a thread each, which makes their draws as well. What threads
cannot share is Python's part: of an iteration of 32 members of 1×16 75 µs in one group, 150 µs in 16 groups. What
others do, 930 µs in one group, 1,380 µs in 16 of two members, is divided by the cores.

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
from ganstudio.training.run import Run

MEMBERS = 32
BURST = 32


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
    single_runs: tuple[Callable[[], None], float] = (lambda: run.advance(BURST), BURST / MEMBERS)
    contenders = {
        "single runs": single_runs,
        "population": (lambda: population.advance(BURST), BURST),
        "matrix products of all members": (matrix_products(comparison.shape, size), size / MEMBERS),
    }
    rates = in_turns("population", comparison.name, contenders, options)
    share = rates.ratio("population", "matrix products of all members", 100.0)
    cores = available_cores()
    threaded = _population(experiment, cores)
    name = f"population on {cores} cores"
    contenders = {"single runs": single_runs, name: (lambda: threaded.advance(BURST), BURST)}
    walls = in_turns("population", comparison.name, contenders, options, time.perf_counter)
    return [
        *(rates.result(f"{name}, all {MEMBERS}", values, "it/s") for name, values in rates.of.items()),
        rates.result("population against single runs", rates.ratio("population", "single runs"), "×"),
        rates.result("population, of its matrix products' rate", share, "%"),
        walls.result(f"{name}, all {MEMBERS}", walls.of[name], "it/s"),
        walls.result(f"{name} against single runs", walls.ratio(name, "single runs"), "×", comparison.aim),
    ]


def _population(experiment: Experiment, processes: int) -> PopulationRun:
    """All members, compiled where that is possible."""
    population = PopulationRun(PopulationSpec(base=experiment, seeds=MEMBERS).members(), processes=processes)
    chosen = population_engine_for(population.members, "compiled", None, processes=processes)
    _tell(chosen.reason)
    population.engine = chosen.engine
    return population


def _tell(reason: str) -> None:
    """Why something is not compiled; '' where it is."""
    if reason:
        terminal.say(f"population: compiled training is missing: {reason}")
