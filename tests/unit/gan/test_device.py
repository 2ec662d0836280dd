"""Where tensors live: as asked for, or by the size of the work where that is left to the program."""

from __future__ import annotations

import pytest
import torch

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.device import WORTH_A_GPU, device_of, placed
from ganstudio.gan.game import Game
from ganstudio.training import compiler
from ganstudio.training.structure import key


def _experiment(device: str, *, widths: tuple[int, ...] = (64, 64), batch: int = 256) -> Experiment:
    experiment = Experiment()
    for path, value in (
        ("device", device),
        ("generator.widths", list(widths)),
        ("discriminator.widths", list(widths)),
        ("training.batch_size", batch),
    ):
        experiment = with_value(experiment, path, value)
    return experiment


@pytest.fixture(params=["cuda", "mps"])
def gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A machine with one GPU, of this kind."""
    name: str = request.param
    monkeypatch.setattr(torch.cuda, "is_available", lambda: name == "cuda")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: name == "mps")
    return name


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


def test_small_networks_stay_on_the_cpu_beside_a_gpu(gpu: str) -> None:
    at = placed(_experiment("auto"))
    assert at.name == "cpu"
    assert f"below {WORTH_A_GPU:,}: faster than on a GPU" in at.reason


def test_large_ones_go_to_the_gpu_that_is_there(gpu: str) -> None:
    experiment = _experiment("auto", widths=(512, 512, 512), batch=1024)
    at = placed(experiment)
    assert at.name == gpu
    assert "large enough for a GPU" in at.reason
    assert device_of(experiment) == torch.device(gpu)
    reason = compiler.fault(at.name)
    assert (reason is None) is (gpu == "cuda")  # others stay eager
    assert reason is None or gpu in reason


def test_the_rule_is_parameters_times_batch(gpu: str) -> None:
    game = Game.of(_experiment("auto"))
    parameters = game.generator.parameters.size + game.discriminator.parameters.size
    first = -(-WORTH_A_GPU // parameters)
    assert placed(_experiment("auto", batch=first)).name == gpu
    assert placed(_experiment("auto", batch=first - 1)).name == "cpu"


def test_without_a_gpu_everything_stays_on_the_cpu(no_gpu: None) -> None:
    at = placed(_experiment("auto", widths=(512, 512, 512), batch=1024))
    assert at == ("cpu", "there is no GPU that torch can use")


def test_what_is_asked_for_by_name_is_not_decided_anew(gpu: str) -> None:
    assert placed(_experiment(gpu)) == (gpu, "")
    assert placed(_experiment("cpu", widths=(512, 512, 512), batch=1024)) == ("cpu", "")


def test_a_device_that_is_not_there_is_refused(no_gpu: None) -> None:
    with pytest.raises(UserError, match="no cuda; it has: cpu"):
        placed(_experiment("cuda"))


def test_auto_on_the_cpu_uses_what_was_compiled_for_the_cpu() -> None:
    assert key(_experiment("auto")) == key(_experiment("cpu"))
    assert key(_experiment("cuda")) != key(_experiment("cpu"))
