"""A generator trained with GAN Studio: latents z in, samples in data coordinates out. Needs torch, nothing else.

On the command line, samples as a CSV table:

    python generator.py 1000 samples.csv --seed 3

In Python, with generator.safetensors beside this file:

    import generator
    x = generator.sample(1000, seed=3)        # (1000, d) tensor
    z = generator.sample_latent(1000, seed=3)  # (1000, latent dimension), from the prior
    x = generator.generate(z)                  # the same x
    model = generator.load()                   # the torch.nn.Module itself, for anything else

The same n and seed give the same samples again.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

WEIGHTS = Path(__file__).with_name("generator.safetensors")
CHUNK = 65_536  # latents that are mapped at once


def sample(n: int, seed: int = 0) -> Tensor:
    """``n`` samples in data coordinates, (n, d)."""
    return generate(sample_latent(n, seed))


def sample_latent(n: int, seed: int = 0) -> Tensor:
    """``n`` latents from the prior that the generator was trained with, (n, latent dimension)."""
    return load().sample_latent(n, torch.Generator().manual_seed(seed))


@torch.no_grad()
def generate(z: Tensor) -> Tensor:
    """G(z) in data coordinates, (n, d), for latents (n, latent dimension)."""
    return torch.cat([load()(chunk) for chunk in torch.split(z, CHUNK)])


@cache
def load(path: Path = WEIGHTS) -> Generator:
    """The trained generator in a .safetensors file that GAN Studio wrote."""
    tensors, metadata = read_safetensors(path)
    model = Generator(json.loads(metadata["gan_studio"])["generator"])
    model.load_state_dict(tensors)
    return model.eval()


def maxout(x: Tensor) -> Tensor:
    """The larger of each pair, (n, 2w) → (n, w)."""
    return torch.maximum(*x.chunk(2, dim=-1))


def leaky_relu(x: Tensor) -> Tensor:
    """Slope 0.2 below 0."""
    return functional.leaky_relu(x, 0.2)


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "leaky_relu": leaky_relu,
    "elu": functional.elu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "silu": functional.silu,
    "gelu": functional.gelu,
    "softplus": functional.softplus,
    "sine": torch.sin,
    "maxout": maxout,
}
NORMALISATIONS: dict[str, Callable[[int], nn.Module]] = {
    "none": nn.Identity,
    "batch": nn.BatchNorm1d,  # evaluated with its running statistics
    "layer": nn.LayerNorm,
}


class Generator(nn.Module):
    """The network as it was trained. Spectral norm is folded into the weights; dropout is over once training is.

    z ← t_i, i = ⌊N F(z₁)⌋ with a learned table of N rows, F the distribution function of z₁: it makes no more than N
        different samples
    h₀ = z, or [cos 2πBz, sin 2πBz] with Fourier features
    hᵢ = activation(norm(Wᵢ hᵢ₋₁ + bᵢ)) (+ hᵢ₋₁ where residual and of the same width)
    x  = centre + scale · (W h + b)
    """

    frequencies: Tensor
    centre: Tensor
    scale: Tensor
    prior_centres: Tensor
    table: Tensor

    def __init__(self, spec: dict[str, Any]) -> None:
        super().__init__()
        self.latent: int = spec["latent"]
        self.prior: dict[str, Any] = spec["prior"]
        self.fourier, self.residual = spec["fourier_features"] > 0, spec["residual"]
        self.keeps_input: bool = spec["fourier_input"]
        self.activation = ACTIVATIONS[spec["activation"]]
        pieces = 2 if spec["activation"] == "maxout" else 1
        norm = NORMALISATIONS[spec["normalisation"]]
        width = self.latent
        if self.fourier:
            self.register_buffer("frequencies", torch.zeros(spec["fourier_features"], width))
            width = 2 * spec["fourier_features"] + (width if self.keeps_input else 0)
        self.layers, self.norms = nn.ModuleList(), nn.ModuleList()
        for units in spec["widths"]:
            self.layers.append(nn.Linear(width, units * pieces))
            self.norms.append(norm(units * pieces))
            width = units
        self.output = nn.Linear(width, spec["dimension"])
        self.register_buffer("centre", torch.zeros(spec["dimension"]))
        self.register_buffer("scale", torch.ones(spec["dimension"]))
        if self.prior["kind"] == "mixture":
            self.register_buffer("prior_centres", torch.zeros(self.prior["count"], self.latent))
        self.rows: int = spec.get("table_rows", 0)
        if self.rows:
            self.register_buffer("table", torch.zeros(self.rows, self.latent))

    def forward(self, z: Tensor) -> Tensor:
        """Samples in data coordinates, (n, d), for latents (n, latent dimension)."""
        h = self.table[self.chosen(z[:, 0])] if self.rows else z
        if self.fourier:
            phases = 2 * math.pi * (h @ self.frequencies.T)
            waves = [phases.cos(), phases.sin()]
            h = torch.cat([*waves, h] if self.keeps_input else waves, dim=-1)
        for layer, norm in zip(self.layers, self.norms, strict=True):
            out = self.activation(norm(layer(h)))
            h = out + h if self.residual and out.shape[-1] == h.shape[-1] else out
        x: Tensor = self.centre + self.scale * self.output(h)
        return x

    def chosen(self, z: Tensor) -> Tensor:
        """The row of the table that each first coordinate, (n,), picks: all are equally likely."""
        prior, kind = self.prior, self.prior["kind"]
        if kind == "uniform":
            share = (z / prior["bound"] + 1) / 2
        elif kind == "truncated_normal":
            share = (torch.erf(z / math.sqrt(2)) / math.erf(prior["bound"] / math.sqrt(2)) + 1) / 2
        elif kind == "mixture":
            away = (z[:, None] - self.prior_centres[:, 0]) / prior["sigma"]
            share = ((1 + torch.erf(away / math.sqrt(2))) / 2).mean(1)
        else:
            share = (1 + torch.erf(z / math.sqrt(2))) / 2
        row: Tensor = (share * self.rows).long().clamp(0, self.rows - 1)
        return row

    def sample_latent(self, n: int, rng: torch.Generator) -> Tensor:
        """``n`` latents from the prior, (n, latent dimension)."""
        shape, prior, kind = (n, self.latent), self.prior, self.prior["kind"]
        if kind == "uniform":
            return float(prior["bound"]) * (2 * torch.rand(shape, generator=rng) - 1)
        if kind == "truncated_normal":  # by the inverse of its distribution function
            bound = torch.tensor(float(prior["bound"]), dtype=torch.float64)
            low, high = torch.special.ndtr(-bound), torch.special.ndtr(bound)
            u = torch.rand(shape, generator=rng, dtype=torch.float64)
            quantiles: Tensor = torch.special.ndtri(low + u * (high - low))
            return quantiles.float()
        z = torch.randn(shape, generator=rng)
        if kind == "mixture":
            chosen = torch.randint(prior["count"], (n,), generator=rng)
            z = self.prior_centres[chosen] + float(prior["sigma"]) * z
        return z


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The float32 tensors and the metadata of a .safetensors file, without the package of that name.

    The format: the length of the header (8 bytes, little-endian), the header (JSON), then the numbers.
    """
    data = Path(path).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    if start > min(len(data), 1 << 20):
        raise ValueError(f"{path}: is no .safetensors file of a generator")
    header, body = json.loads(data[8:start]), data[start:]
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        (begin, end), shape = entry["data_offsets"], entry["shape"]
        if entry["dtype"] != "F32" or not 0 <= begin < end <= len(body) or end - begin != 4 * math.prod(shape):
            raise ValueError(f"{path}: {name}: is damaged")
        tensors[name] = torch.frombuffer(bytearray(body[begin:end]), dtype=torch.float32).reshape(shape)
    return tensors, metadata


def main() -> None:
    """Write samples as CSV: a line with the names of the axes, then a line for each sample."""
    parser = argparse.ArgumentParser(description="Draw samples from this generator, in data coordinates.")
    parser.add_argument("n", type=int, help="how many")
    parser.add_argument("file", type=Path, help="the CSV file to write")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other samples (default 0)")
    options = parser.parse_args()
    if options.n < 1:
        parser.error("n must be at least 1")
    points = sample(options.n, options.seed).tolist()
    lines = [",".join("xy"[: len(points[0])])]
    lines += [",".join(f"{value:.9g}" for value in point) for point in points]  # nine digits hold a float32
    try:
        options.file.write_text("\n".join(lines) + "\n", encoding="ascii")
    except OSError as error:
        parser.error(f"{options.file}: {error.strerror}")
    parser.exit(message=f"{options.n} samples in {options.file}\n")


if __name__ == "__main__":
    main()
