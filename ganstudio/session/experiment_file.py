"""An experiment alone as a JSON file: for ``--experiment FILE.json``, sweeps, and by hand."""

from __future__ import annotations

from pathlib import Path

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import validated
from ganstudio.session.atomic import replace_file
from ganstudio.session.bounds import MIB
from ganstudio.session.json_text import json_bytes, read_json

MAX_BYTES = 128 * MIB
"""As much as a painting may have in a session."""

_BESIDE = {"name", "title", "description"}
"""What a preset's file has beside its experiment."""


def read_experiment(path: str | Path) -> Experiment:
    """The experiment in a JSON file: bare, or as presets have it, under ``experiment``.

    Fields that are not given take their defaults.

    Raises:
        UserError: the file cannot be read, is no JSON, or describes no experiment; names the file and the field.
    """
    path = Path(path)
    tree = read_json(path, MAX_BYTES)
    if "experiment" in tree:
        unknown = sorted(tree.keys() - _BESIDE - {"experiment"})
        if unknown:
            raise UserError("belongs inside 'experiment', or nowhere", file=path, field=ascii(unknown[0])[1:-1])
        tree = tree["experiment"]
    return validated(tree, file=str(path))


def write_experiment(path: str | Path, experiment: Experiment) -> None:
    """Write all fields of the experiment as indented JSON, as a whole or not at all.

    Raises:
        UserError: the file cannot be written; an older one is left as it was.
    """
    with replace_file(path) as handle:
        handle.write(json_bytes(experiment.model_dump(mode="json"), indent=2))
