"""Machine code of a compiled update that several threads run at the same time.

torch's own binding holds the interpreter lock while the code runs, so that threads would wait for each other. The code
has the C interface of AOTInductor (``torch/csrc/inductor/aoti_runtime/interface.h``), which is called here without the
lock. It takes some microseconds more a call: worth it for the many members of a population, not for a single run.
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

from ganstudio.cores import available_cores

SUFFIX = ".so"
_HANDLE, _COUNT = ctypes.c_void_p, ctypes.c_size_t

_pointer_of: Any = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_of.restype, _pointer_of.argtypes = _HANDLE, [ctypes.py_object, ctypes.c_char_p]
_capsule_of: Any = ctypes.pythonapi.PyCapsule_New
_capsule_of.restype, _capsule_of.argtypes = ctypes.py_object, [_HANDLE, ctypes.c_char_p, _HANDLE]


class SharedCode:
    """The code of one update, from a library that was :func:`taken_out` of a package.

    Raises:
        OSError, AttributeError, RuntimeError: the library is damaged, or none of AOTInductor's.
    """

    def __init__(self, file: Path) -> None:
        library = ctypes.CDLL(str(file))
        create, delete = library.AOTInductorModelContainerCreateWithDevice, library.AOTInductorModelContainerDelete
        create.argtypes = [ctypes.POINTER(_HANDLE), _COUNT, ctypes.c_char_p, ctypes.c_char_p]
        delete.argtypes = [_HANDLE]
        self._call = library.AOTInductorModelContainerRun
        self._call.argtypes = [_HANDLE, _HANDLE, _COUNT, _HANDLE, _COUNT, _HANDLE, _HANDLE]
        self._container = _HANDLE()
        # As many instances as can run at the same time; whoever comes when all are busy waits.
        if create(ctypes.byref(self._container), available_cores(), b"cpu", None):
            raise RuntimeError(f"{file.name} cannot be loaded")
        weakref.finalize(self, delete, self._container).atexit = False
        self._inputs = self._count(library.AOTInductorModelContainerGetNumInputs)
        self._results = self._count(library.AOTInductorModelContainerGetNumOutputs)

    def run(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        """The results for these inputs.

        Raises:
            ValueError: there are more of them, or fewer, than the code takes.
            RuntimeError: it failed.
        """
        if len(inputs) != self._inputs:  # the code itself does not look
            raise ValueError(f"{len(inputs)} inputs for code that takes {self._inputs}")
        given = torch._C._aoti.unsafe_alloc_void_ptrs_from_tensors(list(inputs))
        handles = (_HANDLE * len(given))(*[_pointer_of(one, None) for one in given])  # the code releases them
        results = (_HANDLE * self._results)()
        if self._call(self._container, handles, len(given), results, self._results, None, None):
            raise RuntimeError("compiled code failed")
        capsules = [_capsule_of(result, None, None) for result in results]
        found: list[Tensor] = torch._C._aoti.alloc_tensors_by_stealing_from_void_ptrs(capsules)
        return found

    def _count(self, ask: Any) -> int:
        ask.argtypes = [_HANDLE, ctypes.POINTER(_COUNT)]
        count = _COUNT()
        if ask(self._container, ctypes.byref(count)):
            raise RuntimeError("compiled code does not say what it takes and gives")
        return count.value


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
