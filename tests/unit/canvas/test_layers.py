"""The table of layers."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from ganstudio.messages.commands import Layer
from ganstudio.ui.canvas.layers import LAYERS, LayerState, carried, default_states, restored, wanted


def test_only_visible_layers_are_asked_of_the_trainer_each_once():
    states = default_states()
    assert wanted(states) == ("generated", "field")
    everything = [replace(state, visible=True) for state in states]
    assert wanted(everything) == ("generated", "field", "optimal", "gradients", "latent_grid")
    assert wanted([replace(state, visible=False) for state in states]) == ()


def test_the_contour_alone_needs_the_field():
    states = [replace(state, visible=state.name == "contour") for state in default_states()]
    assert wanted(states) == ("field",)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_what_a_layer_needs_is_something_the_trainer_knows(layer):
    assert set(layer.needs) <= set(get_args(Layer))


def test_stored_states_are_taken_over_and_what_is_unknown_or_missing_does_no_harm():
    states = restored([LayerState("real", False, 7.0), LayerState("once upon a time", True, 1.0)])
    by_name = {state.name: state for state in states}
    assert by_name["real"] == LayerState("real", False, 1.0)
    assert by_name["field"] == next(state for state in default_states() if state.name == "field")
    assert set(by_name) == {layer.name for layer in LAYERS}


def test_on_the_line_the_figure_of_the_paper_is_shown_at_first():
    shown = {state.name for state in default_states(1) if state.visible}
    assert shown == {"density", "generated", "field", "contour", "optimal", "latent_grid"}


def test_choices_are_carried_to_another_dimension_and_the_rest_is_as_by_default_there():
    chosen = tuple(replace(state, visible=False) if state.name == "field" else state for state in default_states(2))
    line = {state.name: state for state in carried(chosen, 2, 1)}
    assert not line["field"].visible and line["optimal"].visible and not line["real"].visible
    assert carried(carried(chosen, 2, 1), 1, 2) == chosen
    assert carried(default_states(1), 1, 2) == default_states(2)
