"""The trainer's process, and the window's end of the pipe to it. Knows no Qt: it is started before Qt is loaded."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

ChildMain = Callable[["Connection[Any, Any]"], None]


def trainer_main() -> ChildMain:
    """The child's main function, found by name: a window that imported it would depend on torch."""
    main: ChildMain = import_module("ganstudio.training.process").main
    return main


class TrainerProcess:
    """A trainer that was started and loads; whoever takes it over talks to it by ``connection`` and ends it."""

    def __init__(self, main: ChildMain | None = None) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.child = context.Process(
            target=main or trainer_main(), args=(theirs,), name="ganstudio-trainer", daemon=True
        )
        self.child.start()
        theirs.close()  # or the child's end would never be seen to close

    def kill(self) -> None:
        """End it at once, where nobody has taken it over."""
        self.child.kill()
        self.child.join()
        self.connection.close()
