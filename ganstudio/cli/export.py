"""``ganstudio sample``, ``export`` and ``plot``: what can be taken away from a session."""

from __future__ import annotations

from pathlib import Path

from ganstudio.cli.output import tell
from ganstudio.cli.trained import trained_generator
from ganstudio.errors import UserError
from ganstudio.export.figure import overview
from ganstudio.export.figure import panel as panel_figure
from ganstudio.export.generator import export_generator
from ganstudio.export.samples import write_samples
from ganstudio.export.writing import write_figure
from ganstudio.session import codec


def write_sampled(file: Path, output: Path, *, count: int, seed: int) -> int:
    """Samples of the trained generator as .npy or .csv."""
    session = codec.read(file)
    write_samples(trained_generator(file, session).sample_seeded(count, seed), output)
    tell(f"wrote {output}")
    return 0


def write_generator(file: Path, form: str, output: Path, *, weights: str) -> int:
    """The trained generator in one of the export formats."""
    if weights not in ("ema", "current"):
        raise UserError(f"'{weights}' is not one of ema, current", field="--weights")
    session = codec.read(file)
    trained_generator(file, session)
    written = export_generator(session, output, format=form, weights=weights)
    tell(f"wrote {written}")
    return 0


def write_plot(file: Path, output: Path, *, panel: str | None, scale: float) -> int:
    """The overview, or one panel of it, as a figure."""
    session = codec.read(file)
    figure = overview(session) if panel is None else panel_figure(session, panel)
    write_figure(figure, output, scale=scale)
    tell(f"wrote {output}")
    return 0
