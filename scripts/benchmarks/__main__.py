"""Runs benchmarks and prints what they measured as one table, or as one JSON object."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))  # what the scripts share lies one folder up

import memory  # this and the next lie beside this file
import metrics
import population
import speed
import start
import ui
from machine import description, is_busy
from result import Benchmark, Result, table

BENCHMARKS: dict[str, Benchmark] = {
    "memory": Benchmark(
        "whether memory stays flat while the window trains; for half an hour: --seconds 1800", memory.measure
    ),
    "metrics": Benchmark("estimators of the JSD against known divergences: bias, spread, time", metrics.measure),
    "population": Benchmark("32 runs trained as one against 32 single ones, one after another", population.measure),
    "speed": Benchmark("training without a window against the loop people write, on one core", speed.measure),
    "start": Benchmark("a cold start to a usable window against torch and an empty window", start.measure),
    "ui": Benchmark("the window while it trains: its rate against headless training, and how it answers", ui.measure),
}
"""Every benchmark by name; a new one is a module beside this one and an entry here."""


def main() -> int:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(
        prog="bench.py",
        description="Measures GAN Studio on this machine.",
        epilog="; ".join(f"{name}: {benchmark.help}" for name, benchmark in BENCHMARKS.items()),
    )
    parser.add_argument("names", nargs="*", metavar="|".join(BENCHMARKS), help="which; all without any")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions, whose median counts (default: 3)")
    parser.add_argument("--seconds", type=float, default=8.0, help="of training in each measurement (default: 8)")
    parser.add_argument("--preset", default="gaussians", help="what is trained (default: gaussians)")
    parser.add_argument("--size", default="1280x720", help="of the window, in pixels (default: 1280x720)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    results: list[Result] = []
    for name in options.names or BENCHMARKS:
        results += BENCHMARKS[name].measure(options)
    machine = description()
    print(machine)
    if is_busy():
        print("The machine is busy with other things: rates and gaps say little; processor time says more.")
    print(table(results))
    if options.json:
        print(json.dumps({"machine": machine, "results": [asdict(result) for result in results]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
