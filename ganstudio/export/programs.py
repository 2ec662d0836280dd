"""A generator as a program of another format: torch.export's .pt2, and ONNX. Both take latents of any batch size."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.export import ExportedProgram

from ganstudio.errors import UserError
from ganstudio.export.bundle import METADATA, Exported
from ganstudio.export.plain import plain_generator

EXAMPLE_BATCH = 3
"""Above 1: the exporters take a batch of 1 for a constant."""

TOLERANCE = 1e-4
"""Between torch and ONNX's runtime, relative to the largest sample; float32 gives about 1e-6."""

_ONNX_NEEDS = ("onnx", "onnxscript", "onnxruntime")


def pt2_file(exported: Exported) -> bytes:
    """The module z → data coordinates as a ``torch.export`` program; ``torch.export.load(path).module()`` runs it."""
    module = plain_generator(exported.trained)
    buffer = io.BytesIO()
    with _quiet():
        torch.export.save(
            _program(module, _example(module.latent)), buffer, extra_files={f"{METADATA}.json": exported.metadata()}
        )
    return buffer.getvalue()


def onnx_file(exported: Exported) -> bytes:
    """The module as ONNX: input ``z`` (batch, latent), output ``x`` (batch, dimension), weights inside.

    ONNX's own runtime runs it once, and the result is compared.

    Raises:
        UserError: the extra is not installed.
        RuntimeError: the file computes something else than the program.
    """
    if any(find_spec(name) is None for name in _ONNX_NEEDS):
        raise UserError("exporting ONNX needs the extra: pip install 'ganstudio[onnx]'")
    module = plain_generator(exported.trained)
    example = _example(module.latent)
    with _quiet():
        converted = torch.onnx.export(
            _program(module, example), dynamo=True, verbose=False, input_names=["z"], output_names=["x"]
        )
        if converted is None:  # as only the exporter of old does
            raise RuntimeError("torch made no ONNX program")
        converted.model.metadata_props[METADATA] = exported.metadata()
        data: bytes = converted.model_proto.SerializeToString()
    with torch.no_grad():
        _check(data, example.numpy(), module(example).numpy())
    return data


def _program(module: nn.Module, example: torch.Tensor) -> ExportedProgram:
    program = torch.export.export(module, (example,), dynamic_shapes=({0: torch.export.Dim("batch", min=1)},))
    for node in program.graph.nodes:
        # It would tell everybody who gets the file where this program lies, and so the name of its user.
        node.meta.pop("stack_trace", None)
    return program


def _check(data: bytes, z: NDArray[np.float32], expected: NDArray[np.float32]) -> None:
    import onnxruntime

    session: Any = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (x,) = session.run(None, {"z": z})
    error = float(np.abs(x - expected).max())
    if not error <= TOLERANCE * max(1.0, float(np.abs(expected).max())):
        raise RuntimeError(f"the ONNX file differs from the generator by {error:.2g}")


def _example(latent: int) -> torch.Tensor:
    return torch.randn(EXAMPLE_BATCH, latent, generator=torch.Generator().manual_seed(0))


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporters log, and warn of, what only their authors can mend."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "torch.export", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
