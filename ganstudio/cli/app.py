"""All commands in one Typer application; each command's work is in a module of its own, imported when it runs."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from platformdirs import user_log_path

from ganstudio import __version__
from ganstudio.cli.output import FAILED, INTERRUPTED, WRONG_INPUT, complain
from ganstudio.errors import UserError
from ganstudio.experiment.population import FEWEST, MOST

app = typer.Typer(
    name="ganstudio",
    help="Draw a distribution, train a GAN on it, and watch the mathematics happen.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# The base of all wrong usage is click's, or that of the copy which newer releases of Typer carry: whichever it is, it
# is reached through what Typer exports (BadParameter is a UsageError, and that a ClickException).
_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[2])

SessionFile = Annotated[Path, typer.Argument(metavar="FILE.gans", help="a saved session")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object as the last line of stdout")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of the samples that are drawn")]


def run(arguments: list[str]) -> int:
    """Run the application; every wrong input becomes one line and exit code 2."""
    # Read once by the numerical libraries: more threads than one are slower for networks of this size.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        code: Any = app(arguments, prog_name="ganstudio", standalone_mode=False)
        sys.stdout.flush()
    except UserError as error:
        complain(str(error))
        return WRONG_INPUT
    except _UsageError as error:
        complain(error.format_message())
        return WRONG_INPUT
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except Exception as error:  # noqa: BLE001  a fault of this program: no traceback reaches a user, nor is it lost
        complain(f"internal error ({type(error).__name__}: {error}); the details are in {_logged()}")
        return FAILED
    return code if isinstance(code, int) else 0


def _reader_gone() -> int:
    """Whoever read the output has enough (`ganstudio settings | head`): nothing is left to say."""
    # Python flushes once more when it ends, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def _logged() -> Path:
    """Add the traceback of what is being handled to the command line's log; returns where that is."""
    path = user_log_path("GAN Studio", appauthor=False, ensure_exists=True) / "command-line.log"
    with path.open("a", encoding="utf-8") as log:
        log.write(traceback.format_exc() + "\n")
    return path


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """Options of all commands."""


@app.command("open")
def open_window(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="a session (.gans), or a target's file")] = None,
) -> int:
    """Open the window."""
    from ganstudio.ui.launch import launch

    return launch(file)


@app.command()
def train(
    preset: Annotated[
        str | None,
        typer.Option(help="start from this preset (see `ganstudio presets`), or a drawn shape: drawn-face, …"),
    ] = None,
    experiment: Annotated[Path | None, typer.Option(metavar="FILE.json", help="start from this experiment")] = None,
    session: Annotated[Path | None, typer.Option(metavar="FILE.gans", help="go on from this session")] = None,
    recipe: Annotated[str | None, typer.Option(help="train by this recipe (see `ganstudio recipes`)")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="change a setting (see `ganstudio settings`); repeatable"),
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(min=0, max=10**9, help="iterations to train; default: until a stop condition, else 5000"),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**31 - 1, help="seed of the run")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="where to write; default: a new folder here")] = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="auto|eager|compiled",
            help="how iterations are executed: as they are written, or compiled first, which takes 10 to 60 seconds "
            "once (for a CUDA GPU they are recorded, within seconds) and is several times as fast; auto compiles for "
            "4000 iterations or more in this one command, so twice 2000 are not bit for bit 4000: name the engine "
            "where they should be",
        ),
    ] = "auto",
    population: Annotated[
        int | None,
        typer.Option(
            min=FEWEST, max=MOST, metavar="N", help="train N members at once: seeds from --seed on, or those of --sweep"
        ),
    ] = None,
    sweep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=V1,V2,…",
            help="members that differ in this live number; once or twice. Where --population asks for several times as "
            "many members, each value gets that many seeds",
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Train without a window; writes session.gans, history.csv and overview.png. Ctrl-C saves and exits 130.

    With --population or --sweep many members are trained at once, from their initialisation even where --session is
    given: writes a session of each into members/, population.csv and population.png, and reports the JSD of each.
    """
    from ganstudio.cli.train import Source, train_headless

    source = Source(preset, experiment, session, tuple(settings or ()), seed, recipe)
    if population is not None or sweep:
        from ganstudio.cli.population import train_population

        return train_population(
            source, population, tuple(sweep or ()), iterations=iterations, out=out, as_json=as_json, engine=engine
        )
    return train_headless(
        source,
        iterations=iterations,
        out=out,
        as_json=as_json,
        engine=engine,
    )


@app.command()
def evaluate(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE.gans]", help="a saved session")] = None,
    target: Annotated[str | None, typer.Option(metavar="PRESET_OR_FILE", help="judge --points against this")] = None,
    points: Annotated[Path | None, typer.Option(metavar="FILE", help="samples as .npy or .csv")] = None,
    samples: Annotated[int, typer.Option(min=100, max=2_000_000, help="samples drawn from the generator")] = 20_000,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> int:
    """How far a generator, or any set of points, is from its target."""
    from ganstudio.cli.evaluate import evaluate_points, evaluate_session

    if file is not None and target is None and points is None:
        return evaluate_session(file, samples=samples, seed=seed, as_json=as_json)
    if file is None and target is not None and points is not None:
        return evaluate_points(target, points, seed=seed, as_json=as_json)
    raise UserError("give either FILE.gans, or both --target and --points")


@app.command()
def sample(
    file: SessionFile,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=".npy or .csv")],
    count: Annotated[int, typer.Option("-n", "--count", min=1, max=10_000_000, help="number of samples")] = 1000,
    seed: Seed = 0,
) -> int:
    """Draw samples from a trained generator, in data coordinates."""
    from ganstudio.cli.export import write_sampled

    return write_sampled(file, output, count=count, seed=seed)


@app.command()
def export(
    file: SessionFile,
    form: Annotated[str, typer.Option("--format", metavar="py|safetensors|pt2|onnx", help="what to write")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="file, or folder or .zip for py")],
    weights: Annotated[str, typer.Option(metavar="ema|current", help="averaged or current parameters")] = "ema",
) -> int:
    """Write the trained generator for use without this program."""
    from ganstudio.cli.export import write_generator

    return write_generator(file, form, output, weights=weights)


@app.command()
def plot(
    file: SessionFile,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=".png, .svg or .pdf")],
    panel: Annotated[
        str | None, typer.Option(help="one plot instead of the overview: samples, jsd, losses, value, …")
    ] = None,
    scale: Annotated[float, typer.Option(min=0.5, max=8, help="pixels of a PNG, as a factor")] = 2.0,
) -> int:
    """Draw a session as a figure."""
    from ganstudio.cli.export import write_plot

    return write_plot(file, output, panel=panel, scale=scale)


@app.command()
def presets(as_json: AsJson = False) -> int:
    """List the presets."""
    from ganstudio.cli.listing import list_presets

    return list_presets(as_json=as_json)


@app.command()
def recipes(
    target: Annotated[
        str | None,
        typer.Option(
            "--target", "--preset", help="list what each would change for this preset, drawn shape or file of data"
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """List the recipes: named ways to train, with what each changes, and why."""
    from ganstudio.cli.recipes import list_recipes

    return list_recipes(target, as_json=as_json)


@app.command()
def settings(as_json: AsJson = False) -> int:
    """List every setting: its path, type, range, default, whether it is live, and help."""
    from ganstudio.cli.listing import list_settings

    return list_settings(as_json=as_json)


benchmark_app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
)
app.add_typer(benchmark_app, name="benchmark")


@benchmark_app.callback()
def benchmark() -> None:
    """Measure by a fixed protocol, with numbers that can be compared."""


@benchmark_app.command("quality")
def quality(
    targets: Annotated[
        list[str] | None,
        typer.Option(help="presets, drawn shapes, files, or papers|presets|drawn|all; with commas. Default: papers"),
    ] = None,
    recipes: Annotated[
        list[str] | None,
        typer.Option(help="recipes, `own` for what the target comes with, or all; with commas. Default: all"),
    ] = None,
    seeds: Annotated[list[str] | None, typer.Option(metavar="0-4,7", help="seeds and ranges. Default: 0-4")] = None,
    iterations: Annotated[int | None, typer.Option(min=1, max=10**9, help="train each run for so many")] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, max=10**6, help="train each run for so long, processor time. Default: 30"),
    ] = None,
    samples: Annotated[int, typer.Option(min=1000, max=1_000_000, help="generated, for each JSD")] = 50_000,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, max=256, help="runs at once, each in a process of its own; 0: in this")
    ] = 1,
    engine: Annotated[
        str, typer.Option(metavar="auto|eager|compiled", help="as for `train`; compiled before anything is timed")
    ] = "auto",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="where to write, and to go on. Default: ganstudio-benchmark")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """How well recipes train, on every target and every seed.

    Writes runs.csv, table.md, figure.png and figure.svg. Ctrl-C keeps the runs that are finished and exits 130; the
    same command goes on from there.
    """
    from ganstudio.cli.benchmark import Asked, benchmark_quality

    asked = Asked(tuple(targets or ()), tuple(recipes or ()), tuple(seeds or ()), iterations, seconds, engine, samples)
    return benchmark_quality(asked, jobs=jobs, out=out, as_json=as_json)


lessons_app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(lessons_app, name="lessons")


@lessons_app.callback(invoke_without_command=True)
def lessons(context: typer.Context, as_json: AsJson = False) -> int:
    """List the lessons, or try one of your own without a window."""
    if context.invoked_subcommand is not None:
        return 0
    from ganstudio.cli.lessons import list_lessons

    return list_lessons(as_json=as_json)


@lessons_app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="of a lesson, or of many")],
    seed: Annotated[int | None, typer.Option(min=0, max=2**31 - 1, help="instead of the lesson's own")] = None,
    as_json: AsJson = False,
) -> int:
    """Read a lesson, do every step's actions, and report which checks were ticked; exit code 1 where one was not."""
    from ganstudio.cli.lessons import check_lessons

    return check_lessons(folder, seed=seed, as_json=as_json)
