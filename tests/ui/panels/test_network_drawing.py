from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from ganstudio.experiment.networks import Network
from ganstudio.ui.panels.network_drawing import NetworkDrawing
from ganstudio.ui.theme import LIGHT


@pytest.fixture
def drawing(qtbot: QtBot) -> NetworkDrawing:
    widget = NetworkDrawing(LIGHT)
    qtbot.addWidget(widget)
    widget.resize(300, 140)
    widget.show_network(Network(widths=(4,)), 2, 2, ("z", "x"))
    return widget


def picture(drawing: NetworkDrawing) -> QImage:
    return drawing.grab().toImage()


def amount(image: QImage, colour: str) -> int:
    """Pixels whose hue is near that of ``colour``."""
    hue = QColor(colour).hue()
    pixels = (image.pixelColor(x, y) for x, y in product(range(image.width()), range(image.height())))
    return sum(pixel.saturation() > 90 and abs(pixel.hue() - hue) < 12 for pixel in pixels)


def weights(sign: float) -> tuple[np.ndarray, ...]:
    return (np.full((4, 2), sign, np.float32), np.full((2, 4), sign, np.float32))


def test_lines_are_neutral_before_the_first_weights(drawing: NetworkDrawing):
    image = picture(drawing)
    assert amount(image, LIGHT.positive) == amount(image, LIGHT.negative) == 0


@pytest.mark.parametrize(("sign", "shown", "absent"), [(1, "positive", "negative"), (-1, "negative", "positive")])
def test_the_sign_of_a_weight_is_its_colour(drawing: NetworkDrawing, sign: float, shown: str, absent: str):
    drawing.show_weights(weights(sign))
    image = picture(drawing)
    assert amount(image, getattr(LIGHT, shown)) > 500
    assert amount(image, getattr(LIGHT, absent)) == 0


def test_a_larger_weight_is_drawn_stronger(drawing: NetworkDrawing):
    first = np.zeros((4, 2), np.float32)
    first[:, 0] = 1.0  # the upper input feels four strong lines, the lower none
    drawing.show_weights((first, np.zeros((2, 4), np.float32)))
    strong = amount(picture(drawing), LIGHT.positive)
    first[1:, 0] = 0.05
    drawing.show_weights((first, np.zeros((2, 4), np.float32)))
    assert amount(picture(drawing), LIGHT.positive) < 0.6 * strong


def test_weights_of_another_architecture_are_left_aside(drawing: NetworkDrawing):
    drawing.show_weights((np.ones((5, 2), np.float32), np.ones((2, 5), np.float32)))
    assert amount(picture(drawing), LIGHT.positive) == 0


def test_another_architecture_forgets_the_old_weights(drawing: NetworkDrawing):
    drawing.show_weights(weights(1))
    drawing.show_network(Network(widths=(4, 4)), 2, 2, ("z", "x"))
    assert amount(picture(drawing), LIGHT.positive) == 0


def test_the_same_architecture_again_keeps_the_weights(drawing: NetworkDrawing):
    drawing.show_weights(weights(1))
    drawing.show_network(Network(widths=(4,), activation="tanh"), 2, 2, ("z", "x"))
    assert amount(picture(drawing), LIGHT.positive) > 500


def test_a_maxout_layer_shows_the_larger_of_its_pieces(drawing: NetworkDrawing):
    drawing.show_network(Network(widths=(4,), activation="maxout"), 2, 2, ("z", "x"))
    pieces = np.concatenate([np.full((4, 2), -1.0), np.full((4, 2), 0.1)]).astype(np.float32)
    drawing.show_weights((pieces, -np.ones((2, 4), np.float32)))
    image = picture(drawing)
    assert amount(image, LIGHT.negative) > 500
    assert amount(image, LIGHT.positive) == 0


def test_fourier_features_are_the_first_column(drawing: NetworkDrawing):
    drawing.show_network(Network(widths=(4,), fourier_features=16), 2, 1, ("x", "D"))
    assert drawing.sizes == (34, 4, 1)
    drawing.show_network(Network(widths=(4,), fourier_features=16, fourier_input=False), 2, 1, ("x", "D"))
    assert drawing.sizes == (32, 4, 1)
    drawing.show_weights((np.ones((4, 32), np.float32), np.ones((1, 4), np.float32)))
    assert amount(picture(drawing), LIGHT.positive) > 500


@pytest.mark.parametrize("widths", [(), (1,), (1024,) * 10])
def test_networks_of_any_size_can_be_drawn(drawing: NetworkDrawing, widths: tuple[int, ...]):
    drawing.show_network(Network(widths=widths), 256, 1, ("z", "x"))
    sizes = drawing.sizes
    matrices = [np.ones((outputs, inputs), np.float32) for inputs, outputs in pairwise(sizes)]
    drawing.show_weights(matrices)
    assert amount(picture(drawing), LIGHT.positive) > 100


def test_weights_that_are_all_zero_are_drawn_as_nothing(drawing: NetworkDrawing):
    drawing.show_weights(weights(0))
    image = picture(drawing)
    assert amount(image, LIGHT.positive) == amount(image, LIGHT.negative) == 0
