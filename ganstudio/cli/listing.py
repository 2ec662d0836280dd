"""``ganstudio presets`` and ``ganstudio settings``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ganstudio.cli.output import result
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
        print(json.dumps({"presets": rows}, ensure_ascii=False))
    else:
        result({str(row["name"]): row["description"] for row in rows}, as_json=False)
    return 0


def list_settings(*, as_json: bool) -> int:
    """Every setting of an experiment."""
    references = all_settings()
    if as_json:
        print(json.dumps({"settings": [_row(reference) for reference in references]}, ensure_ascii=False))
        return 0
    for reference in references:
        when = ", ".join(f"{path}={kind}" for path, kind in reference.when)
        print(
            f"{reference.path} = {json.dumps(reference.default, ensure_ascii=False)}{f'   (when {when})' if when else ''}"
        )
        print(f"    {_kind(reference)}; {'live' if reference.live else 'structural'}; {reference.help}")
    return 0


def _row(reference: SettingReference) -> dict[str, Any]:
    row = asdict(reference)
    row["range"] = _range(reference)
    row["choices"] = list(reference.choices)
    row["when"] = dict(reference.when)
    return row


def _kind(reference: SettingReference) -> str:
    if reference.choices:
        return " | ".join(reference.choices)
    unit = f" {reference.unit}" if reference.unit else ""
    optional = " or null" if reference.optional else ""
    return f"{reference.type} {_range(reference)}{unit}{optional}".strip()


def _range(reference: SettingReference) -> str:
    if reference.low is None and reference.high is None:
        return ""
    low = "(" if reference.open_low else "["
    high = ")" if reference.open_high else "]"
    return f"{low}{reference.low:g}, {reference.high:g}{high}" if None not in (reference.low, reference.high) else ""
