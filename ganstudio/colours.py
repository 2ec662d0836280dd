"""The one place for colours: one meaning, one colour, in light and in dark, in the window and in figures.

Real is blue and generated is orange everywhere; the field of D runs between the same two through neutral at ½.
The phases of training have quiet relatives of the colours of the player who is moving.
Signs (of weights) are green and pink, so that they mean neither samples nor players.
The pairs are told apart by colour-blind people (after Okabe and Ito) and differ in lightness, so in grey too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``, named by what they mean."""

    name: Literal["light", "dark"]
    window: str  # behind everything
    surface: str  # plots, the stage, fields
    raised: str  # buttons, section headers
    border: str
    text: str
    muted: str  # secondary text, axes
    grid: str
    accent: str  # what can be pressed now
    accent_text: str
    error: str
    warning: str
    success: str
    real: str
    generated: str
    neutral: str  # D = ½
    discriminator: str  # losses and gradients of D
    generator: str  # losses and gradients of G
    value: str  # V(D, G)
    jsd: str
    density: str  # p_data
    phase_before: str
    phase_ahead: str  # D ahead
    phase_following: str  # G following
    phase_equilibrium: str
    positive: str  # a weight above 0
    negative: str  # a weight below 0


LIGHT = Theme(
    name="light",
    window="#f4f5f7",
    surface="#ffffff",
    raised="#e9ebef",
    border="#cfd3da",
    text="#1b1f27",
    muted="#5a6270",
    grid="#e3e6eb",
    accent="#2563c9",
    accent_text="#ffffff",
    error="#b3261e",
    warning="#8a5a00",
    success="#1f7a45",
    real="#0072b2",
    generated="#e07000",
    neutral="#f3f1ee",
    discriminator="#7b3fa0",
    generator="#159073",
    value="#3a4456",
    jsd="#a3205c",
    density="#4b5f7a",
    phase_before="#cfd3da",
    phase_ahead="#a98bbf",
    phase_following="#7dc4b1",
    phase_equilibrium="#e0d38a",
    positive="#4d6b00",
    negative="#e85fb0",
)
DARK = Theme(
    name="dark",
    window="#16181d",
    surface="#1d2026",
    raised="#2a2e37",
    border="#3a3f4a",
    text="#e8eaee",
    muted="#9aa3b2",
    grid="#2c3039",
    accent="#6ea8fe",
    accent_text="#0d1117",
    error="#ff8a80",
    warning="#f2c063",
    success="#6fd09a",
    real="#56b4e9",
    generated="#ff9a3c",
    neutral="#2a2b30",
    discriminator="#c792ea",
    generator="#4fd1ae",
    value="#c3cad6",
    jsd="#f47fb0",
    density="#8fa6c6",
    phase_before="#4a505c",
    phase_ahead="#74598a",
    phase_following="#3f8f7c",
    phase_equilibrium="#b9a95c",
    positive="#d7f58a",
    negative="#d63b94",
)

SERIES = ("#1b1f27", "#7b3fa0", "#159073", "#a3205c", "#b8860b", "#4aa8d8", "#8a93a2")
"""For things without a colour of their own that stand side by side on a light ground, such as recipes: none of them is
that of real or generated samples, and neighbours differ in lightness."""
