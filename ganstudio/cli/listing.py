"""``ganstudio presets`` and ``ganstudio settings``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ganstudio.cli.output import print_json, result
from ganstudio.experiment.presets import presets
from ganstudio.experiment.reference import SettingReference
from ganstudio.experiment.reference import settings as all_settings


def list_presets(*, as_json: bool) -> int:
    """Every preset with its title and description."""
    rows = [
        {
            "name": preset.name,
            "title": preset.title,
            "description": preset.description,
            "target": preset.experiment.target.kind,
            "dimension": type(preset.experiment.target).dimension,
        }
        for preset in presets().values()
    ]
    if as_json:
        print_json({"presets": rows})
    else:
        result({str(row["name"]): row["description"] for row in rows}, as_json=False)
    return 0


def list_settings(*, as_json: bool) -> int:
    """Every setting of an experiment."""
    references = all_settings()
    if as_json:
        print_json({"settings": [_row(reference) for reference in references]})
        return 0
    for reference in references:
        when = ", ".join(f"{path}={kind}" for path, kind in reference.when)
        condition = f"   (when {when})" if when else ""
        print(f"{reference.path} = {json.dumps(reference.default, ensure_ascii=False)}{condition}")
        print(f"    {_kind(reference)}; {'live' if reference.live else 'structural'}; {reference.help}")
    return 0


def _row(reference: SettingReference) -> dict[str, Any]:
    return asdict(reference) | {"range": _range(reference), "when": dict(reference.when)}


def _kind(reference: SettingReference) -> str:
    if reference.choices:
        return " | ".join(reference.choices)
    optional = "or null" if reference.optional else ""
    return " ".join(part for part in (reference.type, _range(reference), reference.unit, optional) if part)


def _range(reference: SettingReference) -> str:
    """``[0, 1)``: from 0, below 1, for a number or each of several; empty where there are no bounds."""
    if reference.low is None and reference.high is None:
        return ""
    low = "(-inf" if reference.low is None else f"{'(' if reference.open_low else '['}{reference.low:.10g}"
    high = "inf)" if reference.high is None else f"{reference.high:.10g}{')' if reference.open_high else ']'}"
    return f"{low}, {high}"
