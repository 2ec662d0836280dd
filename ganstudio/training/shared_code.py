"""Machine code of compiled updates, called by the C interface of AOTInductor.

That is ``torch/csrc/inductor/aoti_runtime/interface.h``. torch's own binding returns to Python after every update.
"""

from __future__ import annotations

import ctypes
import weakref
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

SUFFIX = ".so"
HANDLE, COUNT, INTEGER = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64

_item = ctypes.cast(ctypes.pythonapi.PyList_GetItem, HANDLE)
_pointer = ctypes.cast(ctypes.pythonapi.PyCapsule_GetPointer, HANDLE)
_capsule_of: Any = ctypes.pythonapi.PyCapsule_New
_capsule_of.restype, _capsule_of.argtypes = ctypes.py_object, [HANDLE, ctypes.c_char_p, HANDLE]


class SharedCode:
    """The code of one update, from a library that was :func:`taken_out` of a package.

    call, play: the update itself, and what plays whole iterations (``iterations.h``).
    inputs, results: how many tensors it takes and gives.
    borrowed: its results stand where those of its next call will, so they must be copied at once.

    Raises:
        OSError, AttributeError, RuntimeError: the library is damaged, or none of AOTInductor's.
    """

    def __init__(self, file: Path, *, borrowed: bool = False) -> None:
        self.borrowed = borrowed
        library = ctypes.CDLL(str(file))
        create, delete = library.AOTInductorModelContainerCreateWithDevice, library.AOTInductorModelContainerDelete
        create.argtypes = [ctypes.POINTER(HANDLE), COUNT, ctypes.c_char_p, ctypes.c_char_p]
        delete.argtypes = [HANDLE]
        self.call: Any = library.AOTInductorModelContainerRun
        self.call.argtypes = [HANDLE, HANDLE, COUNT, HANDLE, COUNT, HANDLE, HANDLE]
        self.play: Any = library.ganstudio_play
        self.play.argtypes = [HANDLE, INTEGER, HANDLE, HANDLE, INTEGER, HANDLE, INTEGER, INTEGER, INTEGER]
        self._unpack: Any = ctypes.PyDLL(str(file)).ganstudio_unpack  # the interpreter lock is held meanwhile
        self._unpack.argtypes = [ctypes.py_object, INTEGER, HANDLE, HANDLE, HANDLE]
        self._unpack.restype = None
        self.container = HANDLE()
        if create(ctypes.byref(self.container), 1, b"cpu", None):
            raise RuntimeError(f"{file.name} cannot be loaded")
        weakref.finalize(self, delete, self.container).atexit = False
        self.inputs = self._count(library.AOTInductorModelContainerGetNumInputs)
        self.results = self._count(library.AOTInductorModelContainerGetNumOutputs)

    def run(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        """The results for these inputs.

        Raises:
            ValueError: there are more of them, or fewer, than the code takes.
            RuntimeError: it failed.
        """
        if len(inputs) != self.inputs:  # the code itself does not look
            raise ValueError(f"{len(inputs)} inputs for code that takes {self.inputs}")
        results = (HANDLE * self.results)()
        if self.call(self.container, self.handed_over(inputs), self.inputs, results, self.results, None, None):
            raise RuntimeError("compiled code failed")
        found = taken_over(results)
        return [tensor.clone() for tensor in found] if self.borrowed else found

    def handed_over(self, tensors: Sequence[Tensor]) -> ctypes.Array[ctypes.c_void_p]:
        """Handles of these tensors, which whoever gets them has to release, as compiled code does."""
        capsules = torch._C._aoti.unsafe_alloc_void_ptrs_from_tensors(list(tensors))
        handles = (HANDLE * len(capsules))()
        self._unpack(capsules, len(capsules), _item, _pointer, handles)
        return handles

    def _count(self, ask: Any) -> int:
        ask.argtypes = [HANDLE, ctypes.POINTER(COUNT)]
        count = COUNT()
        if ask(self.container, ctypes.byref(count)):
            raise RuntimeError("compiled code does not say what it takes and gives")
        return count.value


def taken_over(handles: ctypes.Array[ctypes.c_void_p]) -> list[Tensor]:
    """The tensors of such handles, which are nobody else's afterwards."""
    capsules = [_capsule_of(handle, None, None) for handle in handles]
    found: list[Tensor] = torch._C._aoti.alloc_tensors_by_stealing_from_void_ptrs(capsules)
    return found


def taken_out(package: Path) -> Path:
    """The library of a package of torch's, in the place of the package.

    Raises:
        OSError, StopIteration: there is none in it, or it cannot be written.
    """
    file = package.with_suffix(SUFFIX)
    with zipfile.ZipFile(package) as archive:
        name = next(name for name in archive.namelist() if name.endswith(SUFFIX))
        file.write_bytes(archive.read(name))
    package.unlink()
    return file
