"""The least that could be started: ``start_empty.py BEGAN`` loads torch, shows an empty window, prints the time."""

from __future__ import annotations

import json
import sys
import time

import torch
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


def main(began: float) -> None:
    """Show it, and tell once its first events were handled."""
    torch.set_num_threads(1)
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1280, 720)
    window.show()

    def tell() -> None:
        print(json.dumps({"shown": time.time() - began}), flush=True)
        application.quit()

    QTimer.singleShot(0, window, tell)
    application.exec()


if __name__ == "__main__":
    main(float(sys.argv[1]))
