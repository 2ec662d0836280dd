"""The way into the window: the trainer's process is started before anything of the window is loaded.

torch takes as long to load as all of the window, so the two are loaded side by side.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.errors import UserError
from ganstudio.ui.trainer_process import TrainerProcess

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow


def launch(path: Path | None = None, watch: Callable[[MainWindow], object] | None = None) -> int:
    """Open the window, on a session or a target's file where one is given; returns the exit code.

    ``watch`` is called with the window before it is shown, for who wants to measure it.

    Raises:
        UserError: there is no Qt to show a window with.
    """
    gc.disable()  # loading leaves no garbage to look for, a window's own is collected by ``garbage``
    trainer = TrainerProcess()
    try:
        from ganstudio.ui.app import run
    except BaseException as error:
        trainer.kill()
        if not isinstance(error, ImportError):
            raise
        raise UserError(
            f"the window needs Qt, and it could not be loaded ({error}); `ganstudio train` works without"
        ) from error
    return run(trainer, path, watch)
