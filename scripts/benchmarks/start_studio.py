"""The program, started: ``start_studio.py BEGAN WxH`` prints when its window was painted and when it could be used."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow


def main(began: float, size: str) -> None:
    """Open the window as ``ganstudio`` does; close it at the first frame of the model."""
    from ganstudio.ui.launch import launch  # imported here: the imports are part of what is measured

    times: dict[str, float] = {}

    def watch(window: MainWindow) -> None:
        window.resize(*(int(side) for side in size.split("x")))
        run_of_window = window.studio.run
        # The window comes alive in the first turn after it was shown.
        run_of_window.begun.connect(lambda: times.setdefault("shown", time.time() - began))

        def tell(frame: object) -> None:
            if "ready" not in times:
                times["ready"] = time.time() - began
                print(json.dumps(times), flush=True)
                window.close_at_once()

        run_of_window.frame_arrived.connect(tell)

    launch(watch=watch)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
