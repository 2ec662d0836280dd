"""Sets the project up where needed, then checks all of it: ``python3 scripts/test.py``.

With arguments only pytest runs, and gets them: ``python3 scripts/test.py tests/unit -k jsd``. With ``--checks`` only
what comes before pytest: ruff, mypy and the import contract.
"""

from __future__ import annotations

import os
import sys

import environment
import system_libraries
import terminal

MOST_WORKERS = 4
EXTRAS = {"dev", "onnx", "sweep"}


def main(arguments: list[str]) -> int:
    """Run the checks and the tests that the arguments ask for; 0 where all passed."""
    installed = environment.prepare(EXTRAS)
    os.chdir(str(environment.CHECKOUT))
    if arguments == ["--checks"]:
        failed = run_checks(installed)
        print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
        return 1 if failed else 0
    system_libraries.ensure_qt(installed, system_libraries.OFFSCREEN)
    provide_x(installed)
    failed = [] if arguments else run_checks(installed)
    code = run_pytest(installed, arguments, failed)
    return code or (1 if failed else 0)


def provide_x(installed: environment.Environment) -> None:
    """Get what the end-to-end tests need beside Python; without it say so and go on: the other tests can still tell."""
    try:
        system_libraries.ensure_qt(installed, system_libraries.XCB)
        system_libraries.ensure_x_tools()
    except terminal.SetupError as error:
        terminal.say(f"{error}. The end-to-end tests cannot run without.")


def checks(installed: environment.Environment) -> dict[str, list[str]]:
    """Return what runs before pytest: what it is, and its command."""
    return {
        "ruff check": [installed.tool("ruff"), "check", "."],
        "ruff format": [installed.tool("ruff"), "format", "--check", "."],
        "mypy --strict": [installed.tool("mypy"), "--strict", "ganstudio"],
        "import contract": [installed.tool("lint-imports"), "--no-logo"],
    }


def run_checks(installed: environment.Environment) -> list[str]:
    """Run each check, whatever the others say; return the names of those that failed."""
    failed = []
    for name, command in checks(installed).items():
        print(f"--- {name}", flush=True)
        if terminal.run(command) != 0:
            failed.append(name)
    return failed


def run_pytest(installed: environment.Environment, arguments: list[str], failed: list[str]) -> int:
    """Run pytest, without a screen and on one thread per process, and return its exit code."""
    print("--- pytest", flush=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # tests/conftest.py repeats this above pytest's closing line, which stays the last one printed.
    os.environ["GANSTUDIO_FAILED_CHECKS"] = ", ".join(failed)
    # The whole suite takes one process a core; what somebody picks runs in one, where a debugger works.
    shared = [] if arguments else ["-n", str(min(os.cpu_count() or 1, MOST_WORKERS)), "--dist", "loadfile"]
    return terminal.run([str(installed.python), "-m", "pytest", *shared, *arguments])


if __name__ == "__main__":
    sys.exit(terminal.guarded(main, sys.argv[1:]))
