"""Iterations a second of training without a window, beside the loop people write, in one process on one core.

Everything is measured in turns, round after round, by the time that the processor spent on this process: what the
machine does beside it hits all alike. The program's own figures are those of ``Run.advance``, with all that belongs to
it: random draws, history, checks, snapshots; the JSD is not measured meanwhile.

What was tried, as multiples of the usual loop's rate (2×64, batch 256; the same with R1 + R2; GAN Lab's 1×8):

    the step run as it is written                                    0.7 · 0.7 · 0.4
    one compiled call an iteration (AOTInductor), draws excluded     7   · 6   · 11
    four iterations a call                                           a tenth more, twice as long to compile: left out
    one compiled call an update                                      as one an iteration: kept, so k and j stay free
    the same with all else: draws, order of updates, history         2.9 · 3.2 · 2.6
    generators of random numbers set anew instead of made            and
    inputs and outputs picked by itemgetter, rows made a burst       3.8 · 4.0 · 4.3
    wrapper compiled without optimisation                            a fifth slower, no quicker to compile
    buffers on the stack, contracted floating point, autotuned       no difference
    products of matrices

Then on another machine (Zen 5, where torch's operations cost less and its wide products, 12 of 24 µs each in an
iteration of 2×64, leave little to gain), in µs of D's update · G's update as machine code:

    before                                                           2×64: 269 · 223   1×8: 38 · 31
    narrow products written out or turned (training.products)        2×64: 245 · 182   1×8: 23 · 17
    ... with what is in between in one piece of memory               2×64: 233 · 174   1×8: 22
    ... products of few units summed along the units instead of      1×8: 27 · 20: exp and log1p of the losses were
    along the batch                                                  drawn into loops that are no longer vectorised
    wide products by the compiler's own kernel (CPP, autotuned)      27.1 instead of 28.5 µs each, minutes to compile
    random numbers of up to 64 updates drawn at once                 1×8: 51 to 39 µs an iteration, of which 20 are the
    (gan.streams.Blocks), Python around calls cut                    numbers themselves; around the calls 31 to 26
    all of it, multiples of the usual loop before and after          2.7 · 2.6 · 3.5 and 3.3 · 2.8 · 4.2; with much
                                                                     running beside it 4.4 · 3.9 · 6.0
    wide products our own (training/product.h), 9 to 12 µs each      2×64: 128 · 95; 4.1 · 4.5 · 4.3
    oneDNN's instead, which has vectors of 16 numbers here as well   26 to 29 µs, of which 20 are not the product
    several iterations a call, as a while_loop of both updates       1×8: 78 µs an iteration instead of 61: what it
                                                                     carries is copied, and cannot be one memory
    draws of a burst made by one call (gan.draws.burst_inputs)       1×8: 34 to 26 µs an iteration; 2×64: 29 to 23
    narrow products laid down along the batch: all that follows has  1×8: 75 to 31 µs an iteration in machine code
    vectors (training.products)
    all updates of a burst played by C (training/iterations.h), not  Python around calls and reports: 1×8: 65 to 13 µs,
    one after another from Python                                    2×64: 50 to 13; all of it: 8.5 and 4.5 times
    products of 16 units written out as well                         1×16: 38 to 33 µs, but 2×16: 64 to 86
    what is in between on the stack (allow_stack_allocation), and    1×8: 41 to 27 µs, all of it 10 times; larger ones
    results copied, as the next call puts its own in their place     nothing, so only for small ones
    intermediates and results in one piece (memory_pool)             1×8: 38 to 35 µs; left out: results keep all of it
    other thresholds of malloc                                       no difference
    a burst's inputs handed to C as whole arrays, rows taken there,  1×8: 57 to 49 µs an iteration, 2×64: 272 to 260
    not one object for each (gan.bundles)
    generators set to a draw instead of made anew (gan.streams)      1×8: 49 to 45 µs
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import terminal
import torch
from rates import in_turns
from result import Result
from usual_loop import Shape, matrix_products, usual_loop

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.training.engine_choice import engine_for
from ganstudio.training.run import Run

BURST = 50


@dataclass(frozen=True)
class Comparison:
    """One row of what is to be reached: how many times as fast as the usual loop."""

    name: str
    shape: Shape
    aim: float
    floor_aim: float | None = None  # share of the rate of the bare matrix products, in per cent
    rate_aim: float | None = None  # iterations a second


COMPARISONS = (
    Comparison("2×64, batch 256", Shape((64, 64), 256), 3.0, floor_aim=60.0),
    Comparison("2×64, batch 256, R1 + R2", Shape((64, 64), 256, gamma=0.1), 4.0),
    Comparison("1×8, batch 150, 2 D + 1 G, SGD", Shape((8,), 150, 2, sgd=True), 8.0, rate_aim=4000.0),
)


def experiment_of(shape: Shape) -> Experiment:
    """The program's own experiment of this shape."""
    experiment = Experiment()
    optimizer = "sgd" if shape.sgd else "adam"
    settings = {
        "target": "gaussian_ring",
        "generator.widths": list(shape.widths),
        "generator.activation": "leaky_relu",
        "discriminator.widths": list(shape.widths),
        "discriminator.fourier_features": 0,
        "penalties.r1": shape.gamma,
        "penalties.r2": shape.gamma,
        "optimizers.generator": optimizer,
        "optimizers.discriminator": optimizer,
        "training.batch_size": shape.batch,
        "training.discriminator_updates": shape.discriminator_updates,
        "training.ema_decay": 0.0,
        "measure.every": 10**6,
    }
    for path, value in settings.items():
        experiment = with_value(experiment, path, value)
    return experiment


def measure(options: argparse.Namespace) -> list[Result]:
    """Compile what is to be compiled, then measure in turns; medians over the rounds."""
    torch.set_num_threads(1)
    results: list[Result] = []
    for comparison in COMPARISONS:
        terminal.say(f"speed: {comparison.name} …")
        results += _compared(comparison, options)
    return results


def _compared(comparison: Comparison, options: argparse.Namespace) -> list[Result]:
    experiment = experiment_of(comparison.shape)
    chosen = engine_for(experiment, "compiled", None)
    if chosen.reason:
        terminal.say(f"speed: compiled training is missing: {chosen.reason}")
    eager, compiled = Run(experiment), Run(experiment, engine=chosen.engine)
    contenders: dict[str, tuple[Callable[[], None], float]] = {
        "usual loop": (usual_loop(comparison.shape), 1),
        "eager": (lambda: eager.advance(BURST), BURST),
        "compiled": (lambda: compiled.advance(BURST), BURST),
    }
    if comparison.floor_aim is not None:
        contenders["matrix products"] = (matrix_products(comparison.shape), 1)
    rates = in_turns("speed", comparison.name, contenders, options)
    found = [
        rates.result(name, values, "it/s", comparison.rate_aim if name == "compiled" else None)
        for name, values in rates.of.items()
    ]
    found += [
        rates.result("eager against the usual loop", rates.ratio("eager", "usual loop"), "×"),
        rates.result("compiled against the usual loop", rates.ratio("compiled", "usual loop"), "×", comparison.aim),
    ]
    if comparison.floor_aim is not None:
        share = rates.ratio("compiled", "matrix products", 100.0)
        found.append(rates.result("compiled, of its matrix products' rate", share, "%", comparison.floor_aim))
    return found
