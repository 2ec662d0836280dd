"""Records refuse what cannot be, and stay what they are."""

from __future__ import annotations

import base64
import zlib
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pydantic import TypeAdapter, ValidationError

from ganstudio.experiment import Experiment
from ganstudio.experiment.array_text import MAX_BYTES, ArrayText
from ganstudio.experiment.optimizers import SGD
from ganstudio.experiment.painting import Extent, PaintCommand, Stamp
from ganstudio.experiment.reference import choices_of, settings
from ganstudio.experiment.setting import Record, setting
from ganstudio.experiment.targets import Annulus, Points, Points1D, Target, Uniform1D


class TestArrayText:
    """Arrays as text."""

    @given(
        st.sampled_from(["float32", "float64", "uint8", "uint16", ">f4", ">f8", ">u2"]).flatmap(
            lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5))
        )
    )
    def test_an_array_of_either_byte_order_comes_back_as_it_was(self, array: np.ndarray[Any, Any]) -> None:
        packed = ArrayText.of(array)
        back = ArrayText.model_validate_json(packed.model_dump_json()).array()
        np.testing.assert_array_equal(back, array)
        assert back.dtype == array.dtype.newbyteorder("=")
        assert not back.flags.writeable

    def test_a_slice_is_packed_as_it_looks(self) -> None:
        array = np.arange(12, dtype=np.float32).reshape(3, 4)[:, ::2]
        np.testing.assert_array_equal(ArrayText.of(array).array(), array)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"shape": (3, 2)}, "size its shape says"),
            ({"shape": (2, -2)}, "non-negative"),
            ({"shape": (1, 1, 2, 2)}, "at most three"),
            ({"shape": (2**40, 2)}, "larger than"),
            ({"data": "é"}, "ASCII"),
            ({"data": "AAAA"}, "unpacked"),
            ({"data": ""}, "size its shape says"),
            ({"dtype": "object"}, "float32"),
            ({"spell": 1}, "not permitted"),
        ],
    )
    def test_what_does_not_hold_what_it_says_is_refused(self, change: dict[str, Any], message: str) -> None:
        tree = ArrayText.of(np.zeros((2, 2), np.float32)).model_dump() | change
        with pytest.raises(ValidationError, match=message):
            ArrayText.model_validate(tree)

    def test_a_bomb_is_not_unpacked(self) -> None:
        bomb = base64.b64encode(zlib.compress(bytes(MAX_BYTES * 2))).decode()
        with pytest.raises(ValidationError, match="size its shape says"):
            ArrayText(dtype="uint8", shape=(10,), data=bomb)


@pytest.mark.parametrize(
    ("record", "values", "message"),
    [
        (Annulus, {"inner": 1.0, "outer": 1.0}, "inner must be below outer"),
        (Uniform1D, {"low": 1.0, "high": -1.0}, "low must be below high"),
        (SGD, {"nesterov": True}, "needs a momentum"),
        (SGD, {"nesterov": True, "momentum": 0.5, "dampening": 0.5}, "dampening of 0"),
        (Extent, {"x_min": 1.0, "x_max": 1.0}, "empty"),
        (Extent, {"y_min": 0.0, "y_max": 1e-9}, "empty"),
        (Stamp, {"raster": ArrayText.of(np.zeros(4, np.float32))}, "1024"),
        (Stamp, {"raster": ArrayText.of(np.zeros((1, 1025), np.uint8))}, "1024"),
        (Points, {"points": ArrayText.of(np.zeros((2, 1), np.float32))}, r"shape \(n, 2\)"),
        (Points, {"points": ArrayText.of(np.zeros((2, 2)))}, "float32"),
        (Points, {"points": ArrayText.of(np.zeros((1, 2), np.float32))}, "needs 2 to"),
        (Points, {"points": ArrayText.of(np.full((2, 2), np.nan, np.float32))}, "finite"),
        (Points, {"points": ArrayText.of(np.full((2, 2), 2e6, np.float32))}, "within"),
        (Points1D, {"points": ArrayText.of(np.zeros((2, 2), np.float32))}, r"shape \(n, 1\)"),
    ],
)
def test_fields_that_contradict_each_other_are_refused(
    record: type[Record], values: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        record(**values)


def test_a_record_cannot_be_changed_and_equal_ones_are_one_key() -> None:
    experiment = Experiment()
    with pytest.raises(ValidationError, match="frozen"):
        experiment.seed = 1  # type: ignore[misc]
    assert len({Experiment(), Experiment(), Experiment(seed=1)}) == 2


@pytest.mark.parametrize("union", [Target, PaintCommand], ids=["targets", "strokes"])
def test_every_kind_says_what_it_is(union: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(union)
    for kind, record in choices_of(union).items():
        assert record.help().endswith("."), kind
        with pytest.raises(ValidationError):
            adapter.validate_python({"kind": kind, "spell": 1})


def test_every_kind_that_a_form_offers_has_a_title() -> None:
    for choice in (reference for reference in settings() if reference.type == "kind"):
        assert choice.choices
    for record in choices_of(Target).values():
        assert record.title


def test_a_record_without_a_docstring_has_an_empty_help() -> None:
    class Bare(Record):
        __doc__ = None
        title: ClassVar[str] = "Bare"
        number: int = setting(1, label="Number", help="a number")

    assert Bare.help() == ""
