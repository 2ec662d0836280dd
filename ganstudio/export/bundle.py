"""What a person receives who takes a generator away: code to read, weights, the experiment, and how to use them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save

from ganstudio import __version__
from ganstudio.export import standalone
from ganstudio.export.plain import description, effective_tensors
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.session.json_text import json_bytes
from ganstudio.session.session import Session

FORMAT_VERSION = 1
METADATA = "gan_studio"
"""The one key of the metadata: of several, safetensors would not keep the order."""

CODE, WEIGHTS, EXPERIMENT, README = "generator.py", "generator.safetensors", "experiment.json", "README.md"


@dataclass(frozen=True)
class Exported:
    """A trained generator and where it comes from. ``weights`` says which: ``ema`` or ``current``."""

    session: Session
    trained: TrainedGenerator
    weights: str

    @property
    def iteration(self) -> int:
        """After how many iterations its parameters were taken."""
        return self.session.snapshot.progress.iteration if self.session.snapshot else 0

    def metadata(self) -> str:
        """What the files say of themselves, as JSON."""
        experiment = self.session.experiment
        return json.dumps(
            {
                "format_version": FORMAT_VERSION,
                "program": f"GAN Studio {__version__}",
                "generator": description(self.trained),
                "weights": self.weights,
                "iteration": self.iteration,
                "target": type(experiment.target).title,
                "seed": experiment.seed,
            }
        )


def weights_file(exported: Exported) -> bytes:
    """The effective weights as safetensors, with the metadata; the same bytes for the same generator."""
    return save(effective_tensors(exported.trained), {METADATA: exported.metadata()})


def bundle(exported: Exported) -> dict[str, bytes]:
    """The files of an export as Python, by name."""
    return {
        CODE: Path(standalone.__file__).read_bytes(),
        WEIGHTS: weights_file(exported),
        EXPERIMENT: json_bytes(exported.session.experiment.model_dump(mode="json"), indent=2),
        README: _readme(exported).encode(),
    }


def is_bundle(folder: Path) -> bool:
    """Whether a folder holds an earlier export, told by the weights, which no other program writes like this."""
    try:
        with (folder / WEIGHTS).open("rb") as file:
            return f'"{METADATA}"'.encode() in file.read(4096)
    except OSError:
        return False


def _readme(exported: Exported) -> str:
    experiment, trained = exported.session.experiment, exported.trained
    latent, dimension = experiment.latent, trained.game.dimension
    kind = "moving average (EMA) of its parameters" if exported.weights == "ema" else "parameters as they were"
    measures = exported.session.history.measures
    measured = ""
    if len(measures):
        at, jsd, floor, low, high = measures[-1].tolist()
        measured = (
            f"| JSD to the target | {jsd:.4f} nats ({low:.4f} to {high:.4f}; a perfect generator reads up to "
            f"{floor:.4f}), measured at iteration {at:,.0f} |\n"
        )
    return f"""\
# A generator trained with GAN Studio

It maps latents z to samples of what it learned to imitate: *{type(experiment.target).title}*. It needs Python and
[torch](https://pytorch.org), nothing else.

On the command line, 1,000 samples as a table:

    python {CODE} 1000 samples.csv --seed 3

In Python, from this folder:

```python
import generator

x = generator.sample(1000, seed=3)         # tensor (1000, {dimension}), in data coordinates
z = generator.sample_latent(1000, seed=3)  # tensor (1000, {latent.dimension}), from the prior
x = generator.generate(z)                  # the same x; any z will do
model = generator.load()                   # the torch.nn.Module
```

| | |
|---|---|
| Target | {type(experiment.target).title}, {dimension}-D |
| Latents | {latent.dimension}-D, prior: {latent.prior.title.lower()} |
| Network | {_network(exported)} |
| Weights | {kind} after {exported.iteration:,} iterations |
| Seed | {experiment.seed} |
{measured}
- `{CODE}`: the network and the prior, to be read and changed.
- `{WEIGHTS}`: the weights (float32), spectral norm folded in, and how data are scaled.
- `{EXPERIMENT}`: all settings of the run. `ganstudio train --experiment {EXPERIMENT}` trains it again.

For the same z the samples are those of GAN Studio to float precision. `sample` draws other latents than
GAN Studio's own `sample` command does, from the same prior.

Written by GAN Studio {__version__} with torch {torch.__version__.partition("+")[0]}.
"""


def _network(exported: Exported) -> str:
    spec, dimension = exported.trained.game.generator.spec, exported.trained.game.dimension
    widths = " → ".join(str(width) for width in (exported.session.experiment.latent.dimension, *spec.widths, dimension))
    extras = [spec.activation.replace("_", " ")]
    extras += [f"{spec.normalisation} normalisation"] if spec.normalisation != "none" else []
    extras += ["spectral norm"] if spec.spectral_norm else []
    extras += ["residual"] if spec.residual else []
    extras += [f"{spec.fourier_features} Fourier features at the input"] if spec.fourier_features else []
    return f"{widths}; {', '.join(extras)}"
