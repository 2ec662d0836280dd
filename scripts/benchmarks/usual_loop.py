"""What the program is compared with: the loop people write, and the bare matrix products of its iteration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

MODES, SIGMA = 8, 0.05


@dataclass(frozen=True)
class Shape:
    """Networks and batch of one comparison; ``gamma`` is the weight of R1 and R2."""

    widths: tuple[int, ...]
    batch: int
    discriminator_updates: int = 1
    sgd: bool = False
    gamma: float = 0.0

    @property
    def generator_layers(self) -> tuple[int, ...]:
        """Units from the latents to the samples."""
        return (2, *self.widths, 2)

    @property
    def discriminator_layers(self) -> tuple[int, ...]:
        """Units from the samples to the output."""
        return (2, *self.widths, 1)


def usual_loop(shape: Shape) -> Callable[[], None]:
    """One iteration as tutorials have it: modules, optimizers, cross-entropy with logits, ``.item()`` for the curves.

    R1 and R2 are computed as in the published code: gradients with ``create_graph=True``.
    """
    torch.manual_seed(0)
    generator, discriminator = _network(shape.generator_layers), _network(shape.discriminator_layers)
    if shape.sgd:
        on_g: torch.optim.Optimizer = torch.optim.SGD(generator.parameters(), lr=0.1)
        on_d: torch.optim.Optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.1)
    else:
        on_g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.999))
        on_d = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
    criterion = nn.BCEWithLogitsLoss()
    angles = torch.arange(MODES) * (2 * torch.pi / MODES)
    centres = torch.stack([angles.cos(), angles.sin()], 1)
    losses: list[tuple[float, float]] = []

    def iteration() -> None:
        loss_d = torch.zeros(())
        for _ in range(shape.discriminator_updates):
            real = centres[torch.randint(MODES, (shape.batch,))] + SIGMA * torch.randn(shape.batch, 2)
            generated = generator(torch.randn(shape.batch, 2)).detach()
            if shape.gamma:
                real.requires_grad_()
                generated.requires_grad_()
            on_real, on_generated = discriminator(real), discriminator(generated)
            loss_d = criterion(on_real, torch.ones_like(on_real))
            loss_d = loss_d + criterion(on_generated, torch.zeros_like(on_generated))
            if shape.gamma:
                for output, x in ((on_real, real), (on_generated, generated)):
                    (slope,) = torch.autograd.grad(output.sum(), x, create_graph=True)
                    loss_d = loss_d + shape.gamma / 2 * slope.square().sum(1).mean()
            on_d.zero_grad()
            loss_d.backward()
            on_d.step()
        output = discriminator(generator(torch.randn(shape.batch, 2)))
        loss_g = criterion(output, torch.ones_like(output))
        on_g.zero_grad()
        loss_g.backward()
        on_g.step()
        losses.append((loss_d.item(), loss_g.item()))
        if len(losses) > 1000:
            losses.clear()

    return iteration


def matrix_products(shape: Shape, members: int = 1) -> Callable[[], None]:
    """Only the matrix products of one iteration without penalties, into memory that is there: the floor.

    With several ``members`` each product is that of all of them in one call.
    """
    products: list[tuple[Tensor, Tensor, Tensor]] = []
    several, multiply = ((members,), torch.bmm) if members > 1 else ((), torch.mm)

    def product(rows: int, inner: int, columns: int) -> None:
        shapes = ((*several, rows, inner), (*several, inner, columns), (*several, rows, columns))
        left, right, out = (torch.randn(size) for size in shapes)
        products.append((left, right, out))

    def forward(layers: tuple[int, ...]) -> None:
        for before, after in pairwise(layers):
            product(shape.batch, before, after)

    def to_weights(layers: tuple[int, ...]) -> None:
        for before, after in pairwise(layers):
            product(after, shape.batch, before)

    def to_inputs(layers: tuple[int, ...]) -> None:
        for before, after in pairwise(layers):
            product(shape.batch, after, before)

    g, d = shape.generator_layers, shape.discriminator_layers
    for _ in range(shape.discriminator_updates):
        forward(g)
        for _ in ("real", "generated"):
            forward(d)
            to_weights(d)
            to_inputs(d[1:])  # nobody asks for the slopes at D's own inputs
    forward(g)
    forward(d)
    to_inputs(d)
    to_weights(g)
    to_inputs(g[1:])

    def iteration() -> None:
        for left, right, out in products:
            multiply(left, right, out=out)

    return iteration


def _network(layers: tuple[int, ...]) -> nn.Sequential:
    modules: list[nn.Module] = []
    for before, after in pairwise(layers):
        modules += [nn.Linear(before, after), nn.LeakyReLU(0.2)]
    return nn.Sequential(*modules[:-1])
