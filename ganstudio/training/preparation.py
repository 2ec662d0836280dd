"""The process that compiles an experiment's updates, seen from the trainer, which goes on meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import IO

from ganstudio.experiment import Experiment
from ganstudio.training.compiled_cache import cache_folder, folder_of, scratch_folder, tidy
from ganstudio.training.structure import key

MODULE = "ganstudio.training.compilation"
GONE = "the compiler's process ended without an answer"


class Preparation:
    """Compiling in the background. Ask :meth:`finished` now and then, or :meth:`wait`; end with :meth:`cancel`.

    ``nice`` leaves the processor to whoever else wants it. Raises OSError where no process can be started.
    """

    def __init__(self, experiment: Experiment, members: int | None = None, *, nice: bool = True) -> None:
        self.key = key(experiment, members)
        tidy()
        cache_folder().mkdir(parents=True, exist_ok=True)
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed when the answer was read
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "TORCHINDUCTOR_COMPILE_THREADS": "1"}
        if scratch := scratch_folder():
            environment["TORCHINDUCTOR_CACHE_DIR"] = str(scratch)
        log = (cache_folder() / "last.log").open("wb")
        with log:
            self._process = subprocess.Popen(  # noqa: S603  this program, with a fixed module
                [sys.executable, "-m", MODULE],
                stdin=subprocess.PIPE,
                stdout=self._output,
                stderr=log,
                env=environment,
                # So that it can be ended with the compilers that it starts. Not a session of its own: Linux divides the
                # processor between sessions first, and niceness counts only within one (sched(7), autogroups).
                process_group=0,
            )
        request = {
            "experiment": experiment.model_dump(mode="json"),
            "members": members,
            "folder": str(folder_of(experiment, members)),
            "nice": nice,
        }
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()

    @property
    def finished(self) -> bool:
        """Whether there is an answer, or will be none."""
        return self._process.poll() is not None

    def wait(self, seconds: float) -> None:
        """Until it is finished, but no longer than this."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def reason(self) -> str | None:
        """Why nothing was compiled, once finished; None when all went well."""
        self._output.seek(0)
        lines = self._output.read().splitlines()
        self._close()
        if not lines:
            return GONE
        answer: str | None = json.loads(lines[-1])["reason"]
        return answer

    def cancel(self) -> None:
        """End it, with all that it started."""
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._close()

    def _close(self) -> None:
        self._output.close()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
