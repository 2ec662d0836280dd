"""The trainer in a process of its own, at the far end of a pipe.

The window imports this module to start the process, so torch is imported inside.
"""

from __future__ import annotations

import gc
import signal
from multiprocessing import current_process
from multiprocessing.connection import Connection


def main(connection: Connection[bytes, bytes]) -> None:
    """Serve the window at the other end until it quits or is gone."""
    # Ctrl-C in a terminal reaches the whole group; the window decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # It ends with the window all the same, and so do the processes that it starts for populations.
    current_process().daemon = False
    gc.disable()  # until all is loaded: nothing of it is garbage, and looking for some takes as long as a frame
    import torch

    from ganstudio.messages.pipe import PipeLink
    from ganstudio.training.trainer import Trainer

    # More threads than one are slower for networks of this size, much slower on a busy machine.
    torch.set_num_threads(1)
    link = PipeLink(connection)
    trainer = Trainer(link.send, engine="auto")
    gc.freeze()
    gc.enable()
    trainer.serve(link)
