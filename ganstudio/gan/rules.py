r"""In which order two players move, and at which points their gradients are taken.

Written for any game: a *move* takes a player's step from the point ``base`` along its gradient at the point ``at``, a
*point* holds both players. With ω = (θ, ψ), v its gradients with the signs turned so that both descend, and k moves of
D and j of G in an iteration:

    alternating        ψ ← ψ + η v_ψ(θ, ψ)  k times,  then θ ← θ + η v_θ(θ, ψ)  j times     Goodfellow et al. 2014
    generator_first    the other way round                              the published code of Mescheder et al. 2018
    simultaneous       both from where the other stood:  ω ← ω + η v(ω)                     Nowozin et al. 2016
    extragradient      ω' = ω + η v(ω),  ω ← ω + η v(ω')                 Korpelevich 1976; Gidel et al. 2019
    optimistic         simultaneous, each move being 2Δ_t − Δ_{t−1} of its optimizer's    Daskalakis et al. 2018

Both passes of extragradient use the same draws (Mishchenko et al. 2020), and the moments of the first go on into the
second, as in ExtraAdam (Gidel et al. 2019, algorithm 4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Point = TypeVar("Point")


@dataclass(frozen=True)
class Moves(Generic[Point]):
    """A game as a rule sees it.

    discriminator, generator: the moves of an iteration, (base, at) → base with that player moved.
    join(d, g): the point with D as in ``d`` and G as in ``g``.
    again(start, ahead): ``start`` with what the optimizers remember in ``ahead``.
    """

    discriminator: Sequence[Callable[[Point, Point], Point]]
    generator: Sequence[Callable[[Point, Point], Point]]
    join: Callable[[Point, Point], Point]
    again: Callable[[Point, Point], Point]


Rule = Callable[[Moves[Point], Point], Point]


def alternating(moves: Moves[Point], point: Point) -> Point:
    """D, then G, which already sees where D went."""
    for move in (*moves.discriminator, *moves.generator):
        point = move(point, point)
    return point


def generator_first(moves: Moves[Point], point: Point) -> Point:
    """G, then D."""
    for move in (*moves.generator, *moves.discriminator):
        point = move(point, point)
    return point


def simultaneous(moves: Moves[Point], point: Point) -> Point:
    """Both against the other as it stands at the beginning."""
    d = g = point
    for move in moves.discriminator:
        d = move(d, d)
    for move in moves.generator:
        g = move(g, g)
    return moves.join(d, g)


def extragradient(moves: Moves[Point], point: Point) -> Point:
    """Look ahead, then go from the beginning along the gradients found there."""
    ahead_d, ahead_g = [point], [point]
    for move in moves.discriminator:
        ahead_d.append(move(ahead_d[-1], ahead_d[-1]))
    for move in moves.generator:
        ahead_g.append(move(ahead_g[-1], ahead_g[-1]))
    d, g = moves.again(point, ahead_d[-1]), moves.again(point, ahead_g[-1])
    for move, own in zip(moves.discriminator, ahead_d[1:], strict=True):
        d = move(d, moves.join(own, ahead_g[-1]))
    for move, own in zip(moves.generator, ahead_g[1:], strict=True):
        g = move(g, moves.join(ahead_d[-1], own))
    return moves.join(d, g)
