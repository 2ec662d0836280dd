"""One run in a process of its own, seen from inside. Imported before torch is, so light."""

from __future__ import annotations

import contextlib
import json
import signal
import traceback
from multiprocessing.connection import Connection
from typing import Any


def main(connection: Connection[bytes, bytes], request: bytes) -> None:
    """Play the run that ``request`` describes, and tell whoever is at the other end how it goes.

    Each message is a JSON object with one of: ``progress``, the share of the budget spent, with ``jsd``; at the end
    ``outcome``, or ``failed``, a traceback. Where nobody listens any more, it ends.
    """
    # Ctrl-C in a terminal reaches the whole group; whoever started this decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        last: dict[str, Any] = {"outcome": _played(connection, json.loads(request))}
    except BrokenPipeError:
        last = {}  # nobody is there
    except Exception:  # noqa: BLE001  told to whoever started it, who keeps it for a report of the fault
        last = {"failed": traceback.format_exc()}
    with contextlib.suppress(OSError):
        _tell(connection, last)
    connection.close()


def _played(connection: Connection[bytes, bytes], request: dict[str, Any]) -> dict[str, Any]:
    from ganstudio.experiment import Experiment
    from ganstudio.sweep.measured_run import play
    from ganstudio.sweep.protocol import Protocol
    from ganstudio.sweep.subjects import Case

    case = Case(**request["case"] | {"experiment": Experiment.model_validate(request["case"]["experiment"])})
    protocol = Protocol.model_validate(request["protocol"])

    def tell(progress: float, jsd: float) -> None:
        _tell(connection, {"progress": progress, "jsd": jsd})

    return play(case, protocol, tell, workers=request["workers"]).model_dump(mode="json")


def _tell(connection: Connection[bytes, bytes], message: dict[str, Any]) -> None:
    connection.send_bytes(json.dumps(message).encode())
