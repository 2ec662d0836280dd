"""Networks are what their specs say: compared with torch's own layers and with closed forms."""

from __future__ import annotations

from typing import get_args

import pytest
import torch
from torch import nn

from ganstudio.experiment.networks import Activation, Initialisation
from ganstudio.experiment.networks import Network as Spec
from ganstudio.gan.activations import ACTIVATIONS, LEAKY_SLOPE
from ganstudio.gan.initialisations import INITIALISATIONS
from ganstudio.gan.network import Network

TORCH_ACTIVATIONS = {
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(LEAKY_SLOPE),
    "elu": nn.ELU(),
    "tanh": nn.Tanh(),
    "sigmoid": nn.Sigmoid(),
    "silu": nn.SiLU(),
    "gelu": nn.GELU(),
    "softplus": nn.Softplus(),
}


def _built(spec: Spec, inputs: int = 3, outputs: int = 2) -> tuple[Network, torch.Tensor, torch.Tensor]:
    network = Network(spec, inputs, outputs)
    parameters, buffers = network.initialise(torch.Generator().manual_seed(1))
    return network, parameters, buffers


def _inputs(batch: int = 7, width: int = 3) -> torch.Tensor:
    return torch.randn(batch, width, generator=torch.Generator().manual_seed(2))


def _copy_linear(layer: nn.Linear, weights: dict[str, torch.Tensor], index: int) -> None:
    with torch.no_grad():
        layer.weight.copy_(weights[f"{index}.weight"])
        layer.bias.copy_(weights[f"{index}.bias"])


@pytest.mark.parametrize("activation", sorted(TORCH_ACTIVATIONS))
def test_a_network_equals_the_torch_layers_it_describes(activation: Activation) -> None:
    network, parameters, buffers = _built(Spec(widths=(5, 4), activation=activation))
    layers = [nn.Linear(3, 5), nn.Linear(5, 4), nn.Linear(4, 2)]
    weights = network.parameters.unpack(parameters)
    for index, layer in enumerate(layers):
        _copy_linear(layer, weights, index)
    nonlinearity = TORCH_ACTIVATIONS[activation]
    expected = nn.Sequential(layers[0], nonlinearity, layers[1], nonlinearity, layers[2])(_inputs())
    torch.testing.assert_close(network.evaluate(parameters, buffers, _inputs()), expected)


def test_the_tables_hold_every_activation_and_initialisation_that_can_be_chosen() -> None:
    assert set(ACTIVATIONS) == set(get_args(Activation))
    assert set(INITIALISATIONS) == set(get_args(Initialisation))


def test_sine_and_maxout_follow_their_definitions() -> None:
    x = _inputs(4, 6)
    torch.testing.assert_close(ACTIVATIONS["sine"].function(x), x.sin())
    torch.testing.assert_close(ACTIVATIONS["maxout"].function(x), torch.maximum(x[:, :3], x[:, 3:]))
    network, parameters, buffers = _built(Spec(widths=(5,), activation="maxout"))
    assert network.parameters.shapes["0.weight"] == (10, 3)
    assert network.evaluate(parameters, buffers, _inputs()).shape == (7, 2)


def test_batch_norm_equals_torchs_in_training_and_in_evaluation() -> None:
    network, parameters, buffers = _built(Spec(widths=(5,), normalisation="batch"))
    weights = network.parameters.unpack(parameters)
    linear, norm, last = nn.Linear(3, 5), nn.BatchNorm1d(5), nn.Linear(5, 2)
    _copy_linear(linear, weights, 0)
    _copy_linear(last, weights, 1)
    reference = nn.Sequential(linear, norm, nn.ReLU(), last)
    prepared = network.prepare(parameters, buffers, training=True)
    out, after = network.forward(prepared, _inputs(), training=True)
    torch.testing.assert_close(out, reference(_inputs()))
    torch.testing.assert_close(after.buffers["0.mean"], norm.running_mean)
    torch.testing.assert_close(after.buffers["0.variance"], norm.running_var)
    reference.eval()
    packed = network.buffers.pack(after.buffers)
    torch.testing.assert_close(network.evaluate(parameters, packed, _inputs()), reference(_inputs()))


def test_layer_norm_equals_torchs() -> None:
    network, parameters, buffers = _built(Spec(widths=(5,), normalisation="layer"))
    weights = network.parameters.unpack(parameters)
    linear, last = nn.Linear(3, 5), nn.Linear(5, 2)
    _copy_linear(linear, weights, 0)
    _copy_linear(last, weights, 1)
    expected = nn.Sequential(linear, nn.LayerNorm(5), nn.ReLU(), last)(_inputs())
    torch.testing.assert_close(network.evaluate(parameters, buffers, _inputs()), expected)


def test_spectral_norm_brings_every_weights_largest_singular_value_to_one() -> None:
    network, parameters, buffers = _built(Spec(widths=(16, 16), spectral_norm=True, initialisation="he_normal"))
    for _ in range(200):  # The power iteration converges as training goes on.
        prepared = network.prepare(parameters, buffers, training=True)
        buffers = network.buffers.pack(prepared.buffers)
    for index in range(3):
        values = torch.linalg.svdvals(prepared.weights[f"{index}.weight"])
        assert values[0].item() == pytest.approx(1.0, abs=1e-3)


def test_evaluation_does_not_move_the_power_iteration() -> None:
    network, parameters, buffers = _built(Spec(widths=(16,), spectral_norm=True))
    before = buffers.clone()
    prepared = network.prepare(parameters, buffers, training=False)
    torch.testing.assert_close(network.buffers.pack(prepared.buffers), before, rtol=0, atol=0)


def test_dropout_silences_what_its_uniforms_say_and_scales_the_rest() -> None:
    network, parameters, buffers = _built(Spec(widths=(4,), dropout=0.5))
    prepared = network.prepare(parameters, buffers, training=True)
    uniforms = torch.tensor([[0.1, 0.9, 0.4, 0.6]]).expand(7, 4)
    out, _ = network.forward(prepared, _inputs(), training=True, uniforms=uniforms)
    weights = prepared.weights
    hidden = torch.relu(_inputs() @ weights["0.weight"].T + weights["0.bias"]) * torch.tensor([0.0, 2.0, 0.0, 2.0])
    torch.testing.assert_close(out, hidden @ weights["1.weight"].T + weights["1.bias"])
    kept = torch.relu(_inputs() @ weights["0.weight"].T + weights["0.bias"])
    expected = kept @ weights["1.weight"].T + weights["1.bias"]
    torch.testing.assert_close(network.evaluate(parameters, buffers, _inputs()), expected)


def test_residual_adds_the_input_where_widths_agree_and_nowhere_else() -> None:
    plain, parameters, buffers = _built(Spec(widths=(5, 5), activation="tanh"))
    residual = Network(Spec(widths=(5, 5), activation="tanh", residual=True), 3, 2)
    weights = plain.parameters.unpack(parameters)
    first = torch.tanh(_inputs() @ weights["0.weight"].T + weights["0.bias"])
    second = torch.tanh(first @ weights["1.weight"].T + weights["1.bias"]) + first
    expected = second @ weights["2.weight"].T + weights["2.bias"]
    torch.testing.assert_close(residual.evaluate(parameters, buffers, _inputs()), expected)


@pytest.mark.parametrize("beside", [False, True])
def test_fourier_features_are_cosines_and_sines_in_place_of_the_input_or_beside_it(beside: bool) -> None:
    spec = Spec(widths=(), fourier_features=6, fourier_scale=2.0, fourier_input=beside)
    network, parameters, buffers = _built(spec)
    frequencies = network.buffers.unpack(buffers)["frequencies"]
    phases = 2 * torch.pi * _inputs() @ frequencies.T
    weights = network.parameters.unpack(parameters)
    seen = [phases.cos(), phases.sin(), *([_inputs()] if beside else [])]
    expected = torch.cat(seen, 1) @ weights["0.weight"].T + weights["0.bias"]
    torch.testing.assert_close(network.evaluate(parameters, buffers, _inputs()), expected)


@pytest.mark.parametrize("name", get_args(Initialisation))
def test_every_initialisation_has_the_spread_it_promises(name: Initialisation) -> None:
    width = 400
    network = Network(Spec(widths=(width,), initialisation=name), width, 1)
    parameters, _ = network.initialise(torch.Generator().manual_seed(3))
    weight = network.parameters.unpack(parameters)["0.weight"]
    spread = {
        "default": (1 / width / 3) ** 0.5,
        "xavier_uniform": (1 / width) ** 0.5,
        "xavier_normal": (1 / width) ** 0.5,
        "he_uniform": (2 / width) ** 0.5,
        "he_normal": (2 / width) ** 0.5,
        "orthogonal": (1 / width) ** 0.5,
        "small_normal": 0.02,
    }[name]
    assert weight.std().item() == pytest.approx(spread, rel=0.02)
    if name == "orthogonal":
        torch.testing.assert_close(weight @ weight.T, torch.eye(width), atol=1e-4, rtol=0)


def test_initialisation_is_a_function_of_its_generator() -> None:
    network = Network(Spec(fourier_features=4, spectral_norm=True), 2, 2)
    first = network.initialise(torch.Generator().manual_seed(5))
    again = network.initialise(torch.Generator().manual_seed(5))
    other = network.initialise(torch.Generator().manual_seed(6))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])
