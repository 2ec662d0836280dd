"""``ganstudio evaluate``: a session's generator, or any points, against a target."""

from __future__ import annotations

from pathlib import Path

from ganstudio.cli import SESSION_SUFFIX
from ganstudio.cli.output import result
from ganstudio.cli.trained import generator_with_discriminator, trained_generator
from ganstudio.errors import UserError
from ganstudio.experiment.presets import preset, presets
from ganstudio.metrics.evaluate import evaluate
from ganstudio.session import codec
from ganstudio.targets import TargetDistribution, build
from ganstudio.targets.drawn import drawn_shapes
from ganstudio.targets.files import read_sample, read_target

DEFAULT_CELLS = {1: 100, 2: 30}


def evaluate_session(file: Path, *, samples: int, seed: int, as_json: bool) -> int:
    """Judge the generator of a session against the session's own target."""
    session = codec.read(file)
    generator = trained_generator(file, session)
    target = build(session.experiment.target)
    points = generator.sample_seeded(samples, seed)
    model = generator_with_discriminator(generator, session)
    judged = evaluate(points, target, cells=session.experiment.measure.cells, seed=seed, model=model)
    result(judged.as_json(), as_json=as_json)
    return 0


def evaluate_points(target_name: str, points_file: Path, *, seed: int, as_json: bool) -> int:
    """Judge points from a file against a preset's target, or one from a file."""
    target, cells = _target(target_name)
    points = read_sample(points_file, target.dimension)
    try:
        judged = evaluate(points, target, cells=cells, seed=seed)
    except UserError as error:
        raise UserError(error.message, file=points_file) from error
    result(judged.as_json(), as_json=as_json)
    return 0


def _target(name: str) -> tuple[TargetDistribution, int]:
    if name in presets():
        experiment = preset(name).experiment
        return build(experiment.target), experiment.measure.cells
    if name in drawn_shapes():
        target = build(drawn_shapes()[name])
        return target, DEFAULT_CELLS[target.dimension]
    path = Path(name)
    if not path.exists():
        known = ", ".join((*presets(), *drawn_shapes()))
        raise UserError(f"'{name}' is neither a preset ({known}) nor a file", field="--target")
    if path.suffix.lower() == SESSION_SUFFIX:
        experiment = codec.read(path).experiment
        return build(experiment.target), experiment.measure.cells
    target = build(read_target(path))
    return target, DEFAULT_CELLS[target.dimension]
