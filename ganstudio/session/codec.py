"""The ``.gans`` file: a session as one zip of JSON and safetensors, without any code in it.

    session.json               format, versions, experiment, progress, normalisation, view (``document.Document``)
    painting.json              {"commands": […]} of a painted target
    state.safetensors          the arrays of the snapshot, by their names; absent where the run has not begun
    history.safetensors        ``rows`` and ``measures``; ``engines`` where another than the eager one played
    timeline/NNN.safetensors   further snapshots, as many as session.json lists
    thumbnail.png              if there is one

Equal sessions give equal bytes. Files come from strangers: all that is read is bounded first (``bounds``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from ganstudio import __version__
from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import user_error
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.messages.history import (
    COLUMNS,
    ENGINE_COLUMNS,
    ENGINES,
    MEASURE_COLUMNS,
    HistoryChunk,
)
from ganstudio.messages.snapshot import Array, Snapshot
from ganstudio.session import migrations
from ganstudio.session.archive import Archive, open_archive, write_archive
from ganstudio.session.atomic import replace_file
from ganstudio.session.bounds import (
    DOCUMENT,
    HISTORY,
    MAX_ENGINES,
    MIB,
    PAINTING,
    STATE,
    THUMBNAIL,
    timeline_name,
)
from ganstudio.session.document import FORMAT, Document, Moment
from ganstudio.session.fitting import fitted
from ganstudio.session.json_text import has_too_many_values, json_bytes, parsed_json
from ganstudio.session.migrations import Tree
from ganstudio.session.session import Session
from ganstudio.session.tensors import parsed_tensors, tensor_bytes
from ganstudio.session.thumbnail import thumbnail_fault

ExpectedShapes = Callable[[Experiment], Mapping[str, tuple[int, ...]]]
"""The shape of every array of a snapshot of an experiment; only who can build the networks knows them."""

_TABLES = {"rows": COLUMNS, "measures": MEASURE_COLUMNS, "engines": ENGINE_COLUMNS}
_OPTIONAL = {"engines"}  # absent where the eager one played all iterations, as it did before there was another
_MALFORMED = (KeyError, TypeError, ValueError, IndexError, AttributeError)


def write(session: Session, path: str | Path) -> None:
    """Save the session as ``path``: as a whole, or not at all.

    Beyond ``bounds.MAX_HISTORY_ROWS`` and ``bounds.MAX_TIMELINE``, history and timeline are thinned.

    Raises:
        UserError: the file cannot be written (see :func:`~ganstudio.session.atomic.replace_path`), or the painting or
            the state is larger than a session can hold. An older file is left as it was.
        ValueError: the snapshot holds what no trainer makes: arrays of other types, NaN in the normalisation.
    """
    path = Path(path)
    with replace_file(path) as handle:
        write_archive(handle, _entries(fitted(session), path), path=path)


def read(path: str | Path, *, expected_shapes: ExpectedShapes | None = None) -> Session:
    """The session in the file ``path``, checked as a whole before anything is returned.

    Whether the arrays fit the networks of the experiment is checked here only with ``expected_shapes``; the trainer
    checks it in any case when it restores the snapshot.

    Raises:
        UserError: the file cannot be read, is no session, is damaged, beyond the bounds, or written by a newer
            program; names the file and the field.
    """
    path = Path(path)
    with open_archive(path) as archive:
        tree = _tree(archive, path)
        thumbnail = archive.read(THUMBNAIL) if THUMBNAIL in archive.names else None
        painted = PAINTING in archive.names
    fault = None if thumbnail is None else thumbnail_fault(thumbnail)
    if fault is not None:
        raise UserError(f"{fault}; use another copy", file=path, field=THUMBNAIL)
    try:
        document = Document.model_validate(tree.document)
    except ValidationError as error:
        first = user_error(error)
        raise UserError(f"{first.message}; mend the field or use another copy", file=path, field=first.field) from error
    if isinstance(document.experiment.target, Painting | Painting1D) and not painted:
        raise _missing(PAINTING, path)
    session = Session(
        experiment=document.experiment,
        snapshot=_snapshot(document.moment, tree, path),
        history=_history(tree, path),
        timeline=_timeline(document.timeline, tree, path),
        view=document.view,
        thumbnail=thumbnail,
    )
    if expected_shapes is not None and session.snapshot is not None:
        _check_shapes(session.snapshot.arrays, expected_shapes(session.experiment), path)
    return session


def _entries(session: Session, path: Path) -> Iterator[tuple[str, bytes, bool]]:
    """Each entry's name, its bytes and whether packing it pays: weights are noise to a packer."""
    experiment, commands = session.experiment, None
    if isinstance(experiment.target, Painting | Painting1D):
        commands = experiment.target.commands
        empty = experiment.target.model_copy(update={"commands": ()})
        experiment = experiment.model_copy(update={"target": empty})
    moment = Moment.of(session.snapshot) if session.snapshot else None
    document = Document(
        program=__version__,
        experiment=experiment,
        progress=moment.progress if moment else None,
        normalisation=moment.normalisation if moment else None,
        timeline=tuple(Moment.of(snapshot) for snapshot in session.timeline),
        view=session.view,
    ).model_dump(mode="json")
    if commands is not None:
        del document["experiment"]["target"]["commands"]
    yield DOCUMENT, json_bytes(document), True
    if commands is not None:
        painting = json_bytes({"commands": [command.model_dump(mode="json") for command in commands]})
        if has_too_many_values(painting):
            raise UserError(
                "cannot be saved: the painting has too many strokes; simplify it", file=path, field=PAINTING
            )
        yield PAINTING, painting, True
    history = {"rows": session.history.rows, "measures": session.history.measures}
    if session.history.engines[:, 1].any():
        history["engines"] = session.history.engines
    yield HISTORY, tensor_bytes({name: np.asarray(table, np.float64) for name, table in history.items()}), True
    if session.snapshot is not None:
        yield STATE, *_packed_if_small(session.snapshot)
    for index, snapshot in enumerate(session.timeline):
        yield timeline_name(index), *_packed_if_small(snapshot)
    if session.thumbnail is not None:
        yield THUMBNAIL, session.thumbnail, False


def _packed_if_small(snapshot: Snapshot) -> tuple[bytes, bool]:
    """The bytes of its arrays, and whether to pack them: a third goes, most of it moments that no optimizer uses."""
    data = tensor_bytes(snapshot.arrays)
    return data, len(data) < MIB  # a hundred larger ones would take many seconds


def _tree(archive: Archive, path: Path) -> Tree:
    document = parsed_json(archive.read(DOCUMENT), file=str(path), field=DOCUMENT)
    version = _version(document, path)
    if PAINTING in archive.names:
        _reunite(document, parsed_json(archive.read(PAINTING), file=str(path), field=PAINTING), path)
    arrays = {
        name: parsed_tensors(archive.read(name), file=str(path), entry=name)
        for name in archive.names
        if name.endswith(".safetensors")
    }
    try:
        return migrations.migrated(
            Tree(document, arrays), version, current=migrations.FORMAT_VERSION, migrations=migrations.MIGRATIONS
        )
    except _MALFORMED as error:
        raise UserError(
            f"is no valid session of format {version} ({error}); use another copy", file=path, field=DOCUMENT
        ) from error


def _version(document: dict[str, Any], path: Path) -> int:
    if document.get("format") != FORMAT:
        raise UserError("is no GAN Studio session; choose a .gans file", file=path, field="format")
    version, current = document.get("format_version"), migrations.FORMAT_VERSION
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UserError("must be a whole number from 1; use another copy", file=path, field="format_version")
    if version > current:
        raise UserError(
            f"was written by a newer GAN Studio (format {version}); this one reads up to {current}: update GAN Studio",
            file=path,
            field="format_version",
        )
    return version


def _reunite(document: dict[str, Any], painting: dict[str, Any], path: Path) -> None:
    """Put the strokes back into the target; whether it takes them is for the validation to say."""
    experiment = document.get("experiment")
    target = experiment.get("target") if isinstance(experiment, dict) else None
    if not isinstance(target, dict):
        raise UserError("there is no target that was painted; use another copy", file=path, field=PAINTING)
    if "commands" in target or painting.keys() != {"commands"}:
        raise UserError("must have the commands of the target, and nothing else may", file=path, field=PAINTING)
    target["commands"] = painting["commands"]


def _snapshot(moment: Moment | None, tree: Tree, path: Path) -> Snapshot | None:
    if moment is None:
        if STATE in tree.arrays:
            raise UserError("is missing beside the saved state; use another copy", file=path, field="progress")
        return None
    if STATE not in tree.arrays:
        raise _missing(STATE, path)
    return moment.snapshot(tree.arrays[STATE])


def _timeline(moments: tuple[Moment, ...], tree: Tree, path: Path) -> tuple[Snapshot, ...]:
    names = [timeline_name(index) for index in range(len(moments))]
    for name in names:
        if name not in tree.arrays:
            raise _missing(name, path)
    for name in tree.arrays:
        if name.startswith("timeline/") and name not in names:
            raise UserError("is not in the timeline of the session; use another copy", file=path, field=name)
    return tuple(moment.snapshot(tree.arrays[name]) for moment, name in zip(moments, names, strict=True))


def _history(tree: Tree, path: Path) -> HistoryChunk:
    if HISTORY not in tree.arrays:
        raise _missing(HISTORY, path)
    tables = tree.arrays[HISTORY]
    if tables.keys() | _OPTIONAL != _TABLES.keys():
        raise UserError("must have rows and measures, and nothing else; use another copy", file=path, field=HISTORY)
    for name, table in tables.items():
        columns = _TABLES[name]
        if table.dtype != np.float64 or table.ndim != 2 or table.shape[1] != len(columns):
            raise UserError(
                f"must be float64 with {len(columns)} columns, not {table.dtype} of shape {table.shape}; "
                "use another copy",
                file=path,
                field=f"{HISTORY}: {name}",
            )
    history = HistoryChunk(**{name: np.asarray(table, np.float64) for name, table in tables.items()})
    if fault := _engines_fault(history.engines):
        raise UserError(f"{fault}; use another copy", file=path, field=f"{HISTORY}: engines")
    return history


def _engines_fault(engines: NDArray[np.float64]) -> str:
    """What is wrong with a table of engines, or nothing. It is written back as it is read, so it is bounded."""
    at, which = engines[:, 0], engines[:, 1]
    if len(engines) > MAX_ENGINES:
        return f"has {len(engines):,} rows, more than {MAX_ENGINES:,}"
    if not np.isin(which, range(len(ENGINES))).all():
        return f"must be numbers below {len(ENGINES)}"
    if not (np.isfinite(at).all() and (at >= 0).all() and (np.diff(at) >= 0).all()):
        return "its iterations must be finite, at least 0, and in order"
    return ""


def _check_shapes(arrays: Mapping[str, Array], expected: Mapping[str, tuple[int, ...]], path: Path) -> None:
    for name in sorted(arrays.keys() | expected.keys()):
        field = f"{STATE}: {name}"
        if name not in arrays:
            raise UserError("is missing: the state is not of this experiment; use another copy", file=path, field=field)
        if name not in expected:
            raise UserError("does not belong to this experiment; use another copy", file=path, field=field)
        if arrays[name].shape != tuple(expected[name]):
            raise UserError(
                f"has shape {arrays[name].shape}, the experiment's networks need {tuple(expected[name])}; "
                "use another copy",
                file=path,
                field=field,
            )


def _missing(entry: str, path: Path) -> UserError:
    return UserError("is missing: the session is incomplete; use another copy", file=path, field=entry)
