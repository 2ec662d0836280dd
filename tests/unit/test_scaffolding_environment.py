"""scripts/environment.py: the virtual environment is made once, filled once, and never half trusted."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPTS = CHECKOUT / "scripts"


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """The module under test, its virtual environment in a temporary folder, its venvs made without pip (fast)."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setenv("GANSTUDIO_VENV", str(tmp_path / "venv"))
    import environment

    real_run = subprocess.run

    def run_without_pip(command, **options):
        return real_run([*command, "--without-pip"] if command[1:3] == ["-m", "venv"] else command, **options)

    monkeypatch.setattr(environment.subprocess, "run", run_without_pip)
    return environment


@pytest.fixture
def terminal(environment):
    """The module through which the scripts speak and start programs."""
    import terminal

    return terminal


@pytest.fixture
def installed(environment, monkeypatch):
    """Every call of pip that set-up makes, none of them carried out."""
    calls = []
    monkeypatch.setattr(environment, "_pip", lambda _environment, _doing, arguments: calls.append(arguments))
    return calls


def program(*extras: str) -> list[str]:
    return ["--editable", f"{CHECKOUT}[{','.join(extras)}]" if extras else str(CHECKOUT)]


@pytest.mark.parametrize("script", ["run.py", "test.py", "environment.py", "system_libraries.py", "terminal.py"])
def test_the_scripts_parse_on_a_python_too_old_to_run_the_program(script):
    ast.parse((SCRIPTS / script).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_old_python_is_told_in_one_line_which_one_is_needed(terminal, monkeypatch, capsys):
    monkeypatch.setattr(terminal.sys, "version_info", (3, 9, 2))
    assert terminal.guarded(lambda arguments: 0, []) == terminal.SETUP_FAILED
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Python 3.11 or newer is needed, this is 3.9.2" in error


def test_the_environment_lies_beside_the_checkout_unless_told_otherwise(environment, monkeypatch, tmp_path):
    checkout = tmp_path / "studio"
    checkout.mkdir()
    monkeypatch.setattr(environment, "CHECKOUT", checkout)
    assert environment.location() == tmp_path / "venv"
    monkeypatch.delenv("GANSTUDIO_VENV")
    assert environment.location() == tmp_path / ".studio-venv"
    monkeypatch.setattr(environment.os, "access", lambda path, mode: False)
    assert environment.location() == checkout / ".venv"


def test_a_fresh_machine_gets_the_pinned_torch_first_and_then_the_program(environment, installed, capsys):
    made = environment.prepare({"dev"})
    assert installed == [["torch==2.13.0"], program("dev")]
    assert made.python_version() == ".".join(map(str, sys.version_info[:3]))
    assert "making a virtual environment" in capsys.readouterr().err


def test_a_second_start_installs_nothing_and_says_nothing(environment, installed, capsys):
    environment.prepare({"dev", "onnx"})
    installed.clear()
    capsys.readouterr()
    environment.prepare({"dev", "onnx"})
    environment.prepare(set())  # the stamp covers more than running needs
    assert installed == []
    assert capsys.readouterr().err == ""


def test_changed_constraints_install_again_with_the_extras_asked_for_before(
    environment, installed, monkeypatch, tmp_path
):
    environment.prepare({"dev"})
    installed.clear()
    changed = tmp_path / "constraints.txt"
    changed.write_text(environment.CONSTRAINTS.read_text(encoding="utf-8").replace("torch==2.13.0", "torch==2.99.0"))
    monkeypatch.setattr(environment, "CONSTRAINTS", changed)
    environment.prepare(set())
    assert installed == [["torch==2.99.0"], program("dev")]


def test_an_interrupted_installation_is_not_trusted(environment, terminal, installed, monkeypatch):
    environment.prepare(set())

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_pip", interrupted)
        assert terminal.guarded(lambda _: environment.prepare({"dev"}), []) == terminal.INTERRUPTED
    installed.clear()
    environment.prepare(set())
    assert len(installed) == 2


def test_an_environment_whose_python_is_gone_is_made_anew(environment, installed, capsys):
    made = environment.prepare(set())
    made.python.unlink()
    installed.clear()
    assert environment.prepare(set()).python_version() is not None
    assert len(installed) == 2
    assert "broken or too old" in capsys.readouterr().err


def test_a_damaged_stamp_counts_as_none(environment, installed):
    made = environment.prepare(set())
    (made.folder / environment.STAMP).write_text("[1,", encoding="utf-8")
    installed.clear()
    environment.prepare(set())
    assert len(installed) == 2


def test_a_folder_that_is_no_virtual_environment_is_left_alone(environment, terminal, installed, tmp_path):
    precious = tmp_path / "venv" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years", encoding="utf-8")
    with pytest.raises(terminal.SetupError, match="GANSTUDIO_VENV"):
        environment.prepare(set())
    assert precious.read_text(encoding="utf-8") == "years"


def test_when_pip_fails_its_words_are_shown_with_an_explanation(environment, terminal, capsys):
    # The environment has no pip, so its real call fails.
    assert terminal.guarded(lambda _: environment.prepare(set()), []) == terminal.SETUP_FAILED
    error = capsys.readouterr().err
    assert "No module named pip" in error
    assert "pip could not finish (installing torch 2.13.0 (1 of 2)" in error
    assert not (environment.location() / environment.STAMP).exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux splits Python into packages")
def test_a_python_without_its_venv_module_gets_it_from_debian(environment, installed, monkeypatch):
    import system_libraries

    working, provided = environment.subprocess.run, []

    def run(command, **options):
        if command[1:3] == ["-m", "venv"] and not provided:
            Path(command[3]).mkdir()
            return subprocess.CompletedProcess(command, 1, "The virtual environment was not created: no ensurepip", "")
        return working(command, **options)

    monkeypatch.setattr(environment.subprocess, "run", run)
    monkeypatch.setattr(system_libraries, "provide", lambda packages, reason: provided.extend(packages))
    environment.prepare(set())
    assert provided == ["python{}.{}-venv".format(*sys.version_info[:2])]
    assert len(installed) == 2


def test_a_second_set_up_waits_for_the_first_and_then_finds_everything_done(environment, installed):
    code = (
        "import environment\n"
        "def pip(*_): raise AssertionError('installed a second time')\n"
        "environment._pip = pip\n"
        "environment.prepare(set())\n"
    )
    made = environment.Environment(environment.location())
    with environment._exclusive(made.folder):
        second = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert "another process is setting up this environment" in second.stderr.readline()
        environment._fill(made, set())
    _, error = second.communicate(timeout=120)
    assert (second.returncode, error) == (0, "")
    assert len(installed) == 2


def test_checks_that_passed_are_remembered_until_the_next_installation(environment, installed, monkeypatch):
    made = environment.prepare(set())
    made.remember_check("qt-offscreen")
    made.remember_check("qt-xcb")
    assert environment.prepare(set()).checked() == {"qt-offscreen", "qt-xcb"}
    environment.prepare({"dev"})
    assert made.checked() == set()
    assert json.loads((made.folder / environment.STAMP).read_text(encoding="utf-8"))["extras"] == ["dev"]


@pytest.mark.parametrize(("code", "expected"), [("raise SystemExit(7)", 7), ("pass", 0)])
def test_the_exit_code_of_the_program_is_passed_on(terminal, code, expected):
    assert terminal.run([sys.executable, "-c", code]) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_program_ended_by_a_signal_gives_the_code_that_shells_give(terminal):
    assert terminal.run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]) == 137


def test_every_package_installed_for_the_program_is_pinned_to_the_installed_version():
    lines = (SCRIPTS / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            requirement = Requirement(line)
            assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), f"not exact: {line}"
            pins[canonicalize_name(requirement.name)] = str(requirement.specifier)[2:]
    installed = {name: metadata.version(name) for name in required_packages()}
    assert len(installed) > 30
    different = {
        name: (pins.get(name), version)
        for name, version in installed.items()
        if pins.get(name) is None or Version(pins[name]) != Version(Version(version).public)
    }
    assert different == {}


def required_packages() -> set[str]:
    """Everything pyproject.toml requires, with all extras, directly or not, as far as it is installed."""
    import tomllib

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    found: set[str] = set()
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        if name == "ganstudio" or name in found:
            continue
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            waiting += metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        if not name.startswith(("nvidia-", "cuda-", "triton")):  # torch pins those itself
            found.add(name)
    return found
