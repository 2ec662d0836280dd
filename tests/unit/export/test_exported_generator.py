"""An exported generator gives what the program gives, in a process in which ganstudio cannot be imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ganstudio.experiment.networks import Activation
from ganstudio.export.generator import export_generator
from ganstudio.gan.priors import mixture_centres, sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.session.session import Session

pytestmark = pytest.mark.slow  # Every variant is exported in every format: about a minute.

ACTIVATIONS = Activation.__args__
PRIORS = ("normal", "uniform", "truncated_normal", "mixture")
LATENTS = 70_000
"""More than an export maps at once."""

VARIANTS: dict[str, dict[str, Any]] = {
    **{f"activation {name}": {"generator__activation": name} for name in ACTIVATIONS},
    **{
        f"{norm} norm and {name}": {"generator__normalisation": norm, "generator__activation": name}
        for norm in ("batch", "layer")
        for name in ("relu", "maxout")
    },
    "spectral norm": {"generator__spectral_norm": True},
    "residual": {"generator__residual": True, "generator__widths": [16, 16, 8, 8]},
    "fourier features": {"generator__fourier_features": 5, "latent__dimension": 1},
    "fourier features alone": {"generator__fourier_features": 5, "generator__fourier_input": False},
    "dropout": {"generator__dropout": 0.4},
    "no hidden layer": {"generator__widths": []},
    "everything": {
        "generator__normalisation": "batch",
        "generator__spectral_norm": True,
        "generator__residual": True,
        "generator__fourier_features": 8,
        "generator__dropout": 0.2,
        "generator__widths": [16, 16],
        "generator__activation": "silu",
        "latent__dimension": 7,
        "latent__prior": "mixture",
    },
    "1-D target": {"target": "mixture_1d", "latent__dimension": 1},
    "1-D target, z of 7": {"target": "gaussian_1d", "latent__dimension": 7},
    "extent normalisation": {"normalisation": "extent", "target": "gaussian_grid"},
    **{f"{kind} prior": {"latent__prior": kind, "latent__dimension": 7} for kind in PRIORS},
    **{
        f"latent table, {kind} prior": {"generator__table_rows": 64, "latent__prior": kind, "latent__dimension": 3}
        for kind in PRIORS
    },
}
FORMATS = {"py": "", "pt2": ".pt2", "onnx": ".onnx"}

# One process for all: starting torch takes seconds.
MAP_LATENTS = """
import importlib.util, json
from pathlib import Path
import numpy as np, torch
torch.set_num_threads(1)

def map_py(path, z):
    spec = importlib.util.spec_from_file_location("generator", path + "/generator.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    latents = module.sample_latent(20_000, seed=5)
    np.save(path + ".latents.npy", latents.numpy())
    np.save(path + ".samples.npy", module.sample(20_000, seed=5).numpy())
    assert torch.equal(module.generate(latents), module.sample(20_000, seed=5))
    return module.generate(torch.from_numpy(z)).numpy()

def map_pt2(path, z):
    return torch.export.load(path).module()(torch.from_numpy(z)).detach().numpy()

def map_onnx(path, z):
    import onnxruntime
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"z": z})[0]

for name, path, latents in json.loads(Path(sys.argv[1]).read_text()):
    z = np.load(latents)
    mapped = {"py": map_py, "pt2": map_pt2, "onnx": map_onnx}[name]
    np.save(path + ".npy", mapped(path, z))
    np.save(path + ".single.npy", mapped(path, z[:1]))
print("true")
"""


class Exports:
    """All variants in all formats, each with what the fresh process made of the same latents."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sessions: dict[str, Session] = {}
        self.latents: dict[str, np.ndarray] = {}

    def path(self, variant: str, form: str) -> Path:
        return self.root / f"{list(VARIANTS).index(variant)}-{form}{FORMATS[form]}"

    def result(self, variant: str, form: str, what: str = "npy") -> np.ndarray:
        return np.load(f"{self.path(variant, form)}.{what}")


@pytest.fixture(scope="module")
def exports(
    tmp_path_factory: pytest.TempPathFactory, train: Callable[..., Session], run_without_ganstudio: Callable[..., Any]
) -> Exports:
    made = Exports(tmp_path_factory.mktemp("variants"))
    jobs = []
    for number, (variant, changes) in enumerate(VARIANTS.items()):
        session = made.sessions[variant] = train(**changes)
        latent = session.experiment.latent
        count = LATENTS if number == 0 else 500
        made.latents[variant] = sample_prior(latent, count, stream(11, Purpose.SAMPLE_LATENT), session.experiment.seed)
        np.save(made.root / f"{number}-z.npy", made.latents[variant])
        for form in FORMATS:
            path = export_generator(session, made.path(variant, form), format=form)
            jobs.append([form, str(path), str(made.root / f"{number}-z.npy")])
    (made.root / "jobs.json").write_text(json.dumps(jobs))
    assert run_without_ganstudio(MAP_LATENTS, str(made.root / "jobs.json")) is True
    return made


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_an_export_gives_what_the_program_gives_for_the_same_latents(exports: Exports, variant: str, form: str):
    session = exports.sessions[variant]
    assert session.snapshot is not None
    generator = TrainedGenerator.from_snapshot(session.experiment, session.snapshot, "ema")
    expected = generator(exports.latents[variant])
    assert expected.std() > 1e-3  # A generator that ignores z would make every comparison easy.
    np.testing.assert_allclose(exports.result(variant, form), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(exports.result(variant, form, "single.npy"), expected[:1], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", PRIORS)
def test_exported_code_draws_latents_from_the_prior_of_the_run(exports: Exports, kind: str):
    session = exports.sessions[f"{kind} prior"]
    drawn = exports.result(f"{kind} prior", "py", "latents.npy")
    latent = session.experiment.latent
    own = sample_prior(latent, 20_000, stream(3, Purpose.SAMPLE_LATENT), session.experiment.seed)
    assert drawn.shape == own.shape
    assert drawn.dtype == np.float32
    for axis in range(drawn.shape[1]):
        assert stats.ks_2samp(drawn[:, axis], own[:, axis]).pvalue > 1e-4, axis
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(own.T), atol=0.06 * own.var())


def test_exported_code_keeps_within_the_bounds_of_a_prior(exports: Exports):
    for kind, bound in (("uniform", 1.0), ("truncated_normal", 2.0)):
        drawn = exports.result(f"{kind} prior", "py", "latents.npy")
        assert 0.98 * bound < np.abs(drawn).max() <= bound


def test_exported_code_knows_the_centres_of_a_mixture_prior(exports: Exports):
    experiment = exports.sessions["mixture prior"].experiment
    centres = mixture_centres(experiment.latent.prior, 7, experiment.seed)
    drawn = exports.result("mixture prior", "py", "latents.npy")
    distances = np.linalg.norm(drawn[:, None] - centres, axis=2)
    nearest = np.bincount(distances.argmin(1), minlength=len(centres))
    assert stats.chisquare(nearest).pvalue > 1e-4
    # 7 coordinates of σ 0.3: the distance from one's own centre is σ·χ₇.
    assert stats.kstest(distances.min(1) / 0.3, stats.chi(7).cdf).pvalue > 1e-4


def test_samples_of_exported_code_are_distributed_as_those_of_the_program(exports: Exports):
    session = exports.sessions["activation relu"]
    assert session.snapshot is not None
    own = TrainedGenerator.from_snapshot(session.experiment, session.snapshot, "ema").sample_seeded(20_000, 1)
    drawn = exports.result("activation relu", "py", "samples.npy")
    for axis in range(2):
        assert stats.ks_2samp(drawn[:, axis], own[:, axis]).pvalue > 1e-4


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_does_not_tell_where_the_program_lies(exports: Exports, form: str):
    path = exports.path("everything", form)
    checkout = str(Path(__file__).resolve().parents[3]).encode()
    for file in [path] if path.is_file() else path.iterdir():
        if file.is_file():
            data = file.read_bytes()
            assert checkout not in data
            assert b"site-packages" not in data
