"""The virtual environment beside the checkout: made, filled against the one constraints file, and trusted by a stamp.

Standard library only, and it must parse and import on an old Python: it is what tells people theirs is too old.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from terminal import OLDEST_PYTHON, SetupError, say, show

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

CHECKOUT = Path(__file__).resolve().parent.parent
CONSTRAINTS = CHECKOUT / "scripts" / "constraints.txt"
STAMP = "ganstudio-setup.json"


def location() -> Path:
    """Return where the virtual environment lies: ``GANSTUDIO_VENV``, or beside the checkout, or inside it."""
    chosen = os.environ.get("GANSTUDIO_VENV")
    if chosen:
        return Path(chosen).expanduser().absolute()
    beside = CHECKOUT.parent / f".{CHECKOUT.name}-venv"
    if beside.is_dir() or os.access(CHECKOUT.parent, os.W_OK):
        return beside
    return CHECKOUT / ".venv"


class Environment:
    """One virtual environment, and the stamp inside that says what has been installed and checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
        self.python = self.binaries / ("python.exe" if sys.platform == "win32" else "python")

    def tool(self, name: str) -> str:
        """Return the path of a command-line tool that pip installed here."""
        return str(self.binaries / (name + (".exe" if sys.platform == "win32" else "")))

    def python_version(self) -> str | None:
        """Ask its interpreter for its version, which shows as well that it still starts. None where it does not."""
        probe = "import sys; print('%d.%d.%d' % sys.version_info[:3])"  # -S: without the search for packages
        try:
            answer = subprocess.run(
                [str(self.python), "-I", "-S", "-c", probe], capture_output=True, text=True, timeout=60, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        version = answer.stdout.strip()
        # After an upgrade of the system's Python the same path may start a newer one, which sees none of the packages.
        made_for = re.search(r"(?m)^version(?:_info)?\s*=\s*(\d+\.\d+)\.", self._configuration())
        same = made_for is not None and version.startswith(f"{made_for.group(1)}.")
        return version if answer.returncode == 0 and _supported(version) and same else None

    def _configuration(self) -> str:
        try:
            return (self.folder / "pyvenv.cfg").read_text(encoding="utf-8")
        except OSError:
            return ""

    def stamp(self) -> dict[str, object]:
        """Read the stamp; empty where there is none or it cannot be read, so that everything is checked anew."""
        try:
            content = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def write_stamp(self, content: dict[str, object]) -> None:
        """Replace the stamp in one step: another process sees the old one or the new one."""
        temporary = self.folder / f"{STAMP}.{os.getpid()}.tmp"
        temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        temporary.replace(self.folder / STAMP)

    def has(self, extras: set[str], inputs: str) -> bool:
        """Say whether what was installed came from these inputs and covers these extras."""
        stamp = self.stamp()
        return stamp.get("inputs") == inputs and extras <= _names(stamp, "extras")

    def checked(self) -> set[str]:
        """Return the names of the system checks that passed here."""
        return _names(self.stamp(), "checked")

    def remember_check(self, name: str) -> None:
        """Note that a system check passed, so that later starts skip it."""
        stamp = self.stamp()
        stamp["checked"] = sorted(_names(stamp, "checked") | {name})
        self.write_stamp(stamp)


def _names(stamp: dict[str, object], key: str) -> set[str]:
    value = stamp.get(key)
    return {str(name) for name in value} if isinstance(value, list) else set()


def _supported(version: str) -> bool:
    numbers = version.split(".")
    return len(numbers) == 3 and tuple(int(number) for number in numbers[:2]) >= OLDEST_PYTHON


def inputs_of(python_version: str) -> str:
    """Return the hash of everything an installation depends on: the two files, the Python and the checkout's place."""
    digest = hashlib.sha256()
    for part in (
        (CHECKOUT / "pyproject.toml").read_bytes(),
        CONSTRAINTS.read_bytes(),
        python_version.encode(),
        str(CHECKOUT).encode(),  # an editable install is a path
    ):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def pinned(package: str) -> str:
    """Return ``package==version`` as the constraints file pins it, or the bare name where it does not."""
    match = re.search(rf"(?mi)^{re.escape(package)}==([^\s;]+)", CONSTRAINTS.read_text(encoding="utf-8"))
    return f"{package}=={match.group(1)}" if match else package


def prepare(extras: set[str]) -> Environment:
    """Return an environment that holds the program and these extras, installing only what is not yet in place.

    Raises:
        SetupError: a step failed; what pip or venv said has been shown.
    """
    environment = Environment(location())
    version = environment.python_version()
    if version is not None and environment.has(extras, inputs_of(version)):
        return environment
    with _exclusive(environment.folder):
        _fill(environment, extras)
    return environment


def _fill(environment: Environment, extras: set[str]) -> None:
    version = environment.python_version()
    if version is None:
        _create(environment)
        version = environment.python_version()
        if version is None:
            raise SetupError(f"the new virtual environment in {environment.folder} does not start; delete it and retry")
    inputs = inputs_of(version)
    if environment.has(extras, inputs):  # another process did it while this one waited
        return
    # What had been asked for before stays asked for: a run after a test must not leave stale test tools behind.
    everything = sorted(extras | _names(environment.stamp(), "extras"))
    # No stamp while packages change, so that an interrupted installation is never trusted.
    with contextlib.suppress(FileNotFoundError):
        (environment.folder / STAMP).unlink()
    program = f"{CHECKOUT}[{','.join(everything)}]" if everything else str(CHECKOUT)
    torch = pinned("torch")
    first = f"installing {torch.replace('==', ' ')} (1 of 2), the largest part, this can take minutes"
    _pip(environment, first, [torch])
    _pip(environment, "installing GAN Studio and the rest (2 of 2)", ["--editable", program])
    environment.write_stamp({"inputs": inputs, "extras": everything, "checked": []})


def _create(environment: Environment) -> None:
    if environment.folder.exists():
        if any(environment.folder.iterdir()) and not (environment.folder / "pyvenv.cfg").is_file():
            raise SetupError(f"{environment.folder} is no virtual environment; move it away or set GANSTUDIO_VENV")
        say(f"the virtual environment in {environment.folder} is broken or too old, making a new one")
        shutil.rmtree(environment.folder)
    else:
        say(f"making a virtual environment in {environment.folder}")
    problem = _venv(environment.folder)
    if problem is not None and "ensurepip" in problem and sys.platform.startswith("linux"):
        # Debian and its kin keep this part of Python in a package of its own.
        from system_libraries import provide

        provide(
            ["python{}.{}-venv".format(*sys.version_info[:2])], "this Python lacks its module for virtual environments"
        )
        problem = _venv(environment.folder)
    if problem is not None:
        show(problem)
        raise SetupError("python -m venv failed, see above; set GANSTUDIO_VENV to put the environment elsewhere")


def _venv(folder: Path) -> str | None:
    """Make the virtual environment; return what Python said where that failed, and leave nothing half made."""
    command = [_base_python(), "-m", "venv", str(folder)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if answer.returncode == 0:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    return answer.stdout


def _base_python() -> str:
    # Never a virtual environment's own interpreter: the one running may be the one about to be replaced.
    return getattr(sys, "_base_executable", None) or sys.executable


def _pip(environment: Environment, doing: str, arguments: list[str]) -> None:
    say(f"{doing} …")
    started = time.monotonic()
    command = [str(environment.python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    answer = subprocess.run(
        [*command, "--constraint", str(CONSTRAINTS), *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        cwd=str(CHECKOUT), close_fds=False,  # the lock, see _exclusive
    )  # fmt: skip
    if answer.returncode != 0:
        show(answer.stdout)
        raise SetupError(
            f"pip could not finish ({doing}); its own words stand above. Most often the network or the disk: about 2 "
            f"GB are needed in {environment.folder}. Starting again goes on from here"
        )
    say(f"… done in {time.monotonic() - started:.0f} s")


@contextlib.contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Let one process at a time set up ``folder``. The system drops the lock with its process, however that ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder, not inside: the folder itself may be replaced while the lock is held.
    with folder.with_name(f"{folder.name}.lock").open("a+b") as file:
        # pip holds the lock as well: where this process is killed, the next one waits for the pip it left running.
        os.set_inheritable(file.fileno(), True)
        waited = False
        while not _try_lock(file.fileno()):
            if not waited:
                say("another process is setting up this environment, waiting for it …")
                waited = True
            time.sleep(0.2)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
