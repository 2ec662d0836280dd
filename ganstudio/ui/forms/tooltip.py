"""What a control says when the mouse rests on it: what it is, its formula, its range, how to set it elsewhere."""

from __future__ import annotations

import html

from ganstudio.experiment.reference import SettingReference
from ganstudio.experiment.setting import Record
from ganstudio.ui.forms.formula import equations, rich
from ganstudio.ui.forms.number import written

LIVE = "applies at once, also while training"
STRUCTURAL = "↺ changing it re-initialises both networks"
WIDTH = 320


def label_text(setting: SettingReference) -> str:
    """The name of a setting for people; fields without one get it from their path."""
    name = setting.label
    return name.replace("_", " ") if name == setting.path.rsplit(".", 1)[-1] else name


def range_text(setting: SettingReference) -> str:
    """``above 0, up to 10``; empty when there are no bounds."""
    low, high = setting.low, setting.high
    if low is not None and high is not None and not setting.open_low and not setting.open_high:
        return f"{_bound(low)} to {_bound(high)}"
    parts = []
    if low is not None:
        parts.append(f"above {_bound(low)}" if setting.open_low else f"from {_bound(low)}")
    if high is not None:
        parts.append(f"below {_bound(high)}" if setting.open_high else f"up to {_bound(high)}")
    return ", ".join(parts)


def setting_tooltip(setting: SettingReference, path: str) -> str:
    """The tooltip of the control for ``setting``, which stands at ``path`` of the experiment."""
    lines = [f"<b>{html.escape(label_text(setting))}</b>"]
    if setting.help:
        lines.append(_sentence(setting.help))
    lines += [rich(equation) for equation in equations(setting.formula)]
    facts = []
    if range_text(setting):
        facts.append(f"range {range_text(setting)}")
    if setting.usual:
        facts.append(f"usually {setting.usual}")
    if setting.unit:
        facts.append(f"in {setting.unit}")
    if facts:
        lines.append(_sentence(" · ".join(facts)))
    lines.append(LIVE.capitalize() if setting.live else STRUCTURAL)
    lines.append(f"<code>--set {html.escape(path.removesuffix('.kind'))}=…</code>")
    return _page(lines)


def record_tooltip(record: type[Record]) -> str:
    """The tooltip of one kind of record: what it is, its mathematics, and who says so."""
    lines = [f"<b>{html.escape(record.title)}</b>", html.escape(record.help(), quote=False)]
    lines += [rich(equation) for equation in equations(record.formula)]
    if record.source:
        lines.append(html.escape(record.source, quote=False))
    return _page(lines)


def plain_tooltip(title: str, text: str) -> str:
    """A title and a sentence, in the same form as the others."""
    return _page([f"<b>{html.escape(title)}</b>", _sentence(text)])


def wrapped(text: str) -> str:
    """Plain text of any length, in the same width as the others."""
    return _page([html.escape(text, quote=False)])


def _sentence(text: str) -> str:
    # Not capitalize(): it would make lower case of G and D.
    return html.escape(text[:1].upper() + text[1:], quote=False)


def _page(lines: list[str]) -> str:
    # A table is the one thing in Qt's HTML that holds a width, so that long lines wrap.
    rows = "<br>".join(line for line in lines if line)
    return f'<table width="{WIDTH}"><tr><td style="line-height: 130%">{rows}</td></tr></table>'


def _bound(number: float) -> str:
    whole = int(number) if number == int(number) else None
    return f"{whole:,}" if whole is not None and abs(whole) < 1e7 else written(number)
