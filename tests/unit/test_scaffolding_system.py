"""scripts/run.py and system_libraries.py: what the system lacks is named; what is started is what was asked."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

LDD = """/venv/PySide6/Qt/plugins/platforms/libqxcb.so:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibxcb-cursor.so.0 => not found
\tlibxcb.so.1 => /lib/x86_64-linux-gnu/libxcb.so.1 (0x00007f)
/venv/PySide6/Qt/lib/libQt6XcbQpa.so.6:
\tlibxcb-cursor.so.0 => not found
\tlibxcb-icccm.so.4 => not found
"""

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lacks system libraries of Qt")


@pytest.fixture
def scripts(monkeypatch, tmp_path):
    """The scripts as modules, with an environment that counts as installed and no display."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    import environment
    import run
    import system_libraries
    import terminal

    installed = environment.Environment(tmp_path / "venv")
    (tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "PySide6" / "Qt" / "lib").mkdir(parents=True)
    for check in (system_libraries.OFFSCREEN, system_libraries.XCB):
        for file in check.files:
            path = tmp_path / "venv/lib/python3.11/site-packages/PySide6" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    monkeypatch.setattr(environment, "prepare", lambda extras: installed)
    monkeypatch.chdir(tmp_path)

    class Scripts:
        pass

    found = Scripts()
    found.terminal, found.run, found.system, found.installed = terminal, run, system_libraries, installed
    return found


@pytest.fixture
def fake_programs(monkeypatch, tmp_path):
    """A PATH of nothing but the programs a test puts there; each is a Python script."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def add(name: str, code: str) -> None:
        (folder / name).write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
        (folder / name).chmod(0o755)

    return add


class StartedError(Exception):
    """Stands for the program that would have replaced this process."""


@pytest.fixture
def started(scripts, monkeypatch):
    def become(command):
        raise StartedError(command[3:])

    monkeypatch.setattr(scripts.terminal, "become", become)
    return scripts


def test_what_ldd_cannot_find_is_named_once(scripts):
    assert scripts.system.not_found(LDD) == ["libxcb-cursor.so.0", "libxcb-icccm.so.4"]


@linux_only
def test_without_root_the_exact_command_is_named(scripts, fake_programs, monkeypatch):
    fake_programs("ldd", f"print({LDD!r})")
    fake_programs("apt-get", "raise SystemExit('must not run')")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(scripts.terminal.SetupError) as told:
        scripts.system.ensure_qt(scripts.installed, scripts.system.XCB)
    assert str(told.value).endswith("sudo apt-get install libxcb-cursor0 libxcb-icccm4")


@linux_only
def test_without_apt_the_libraries_are_named(scripts, fake_programs):
    fake_programs("ldd", f"print({LDD!r})")
    with pytest.raises(scripts.terminal.SetupError, match=r"libxcb-cursor.so.0, libxcb-icccm.so.4"):
        scripts.system.ensure_qt(scripts.installed, scripts.system.XCB)


@linux_only
def test_root_installs_what_is_missing_and_the_check_is_remembered(
    scripts, fake_programs, monkeypatch, tmp_path, capsys
):
    log = tmp_path / "apt"
    fake_programs("ldd", f"import os; print('' if os.path.exists({str(log)!r}) else {LDD!r})")
    fake_programs("apt-get", f"import sys; open({str(log)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(scripts.system, "_qt_problem", lambda environment: "")
    scripts.system.ensure_qt(scripts.installed, scripts.system.XCB)
    assert log.read_text(encoding="utf-8").splitlines() == [
        "update -qq",
        "install -qq -y --no-install-recommends libxcb-cursor0 libxcb-icccm4",
    ]
    assert "installing libxcb-cursor0 libxcb-icccm4 with apt-get" in capsys.readouterr().err
    log.unlink()  # the libraries would be missing again: a check that passed is not made twice
    scripts.system.ensure_qt(scripts.installed, scripts.system.XCB)
    assert not log.exists()


@linux_only
def test_a_failing_installation_shows_what_apt_said(scripts, fake_programs, monkeypatch, capsys):
    fake_programs("ldd", f"print({LDD!r})")
    fake_programs("apt-get", "print('E: Unable to locate package'); raise SystemExit(100)")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(scripts.terminal.SetupError, match="could not install libxcb-cursor0"):
        scripts.system.ensure_qt(scripts.installed, scripts.system.XCB)
    assert "E: Unable to locate package" in capsys.readouterr().err


@linux_only
def test_the_tools_of_the_end_to_end_tests_are_named_where_they_are_missing(scripts, fake_programs, monkeypatch):
    fake_programs("apt-get", "raise SystemExit('must not run')")
    fake_programs("xdotool", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(scripts.terminal.SetupError, match=r"need Xvfb\. .*sudo apt-get install xvfb$"):
        scripts.system.ensure_x_tools()


@linux_only
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_the_x_plugin_is_only_asked_for_where_qt_will_use_it(scripts, monkeypatch, variables, expected):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert scripts.system.uses_x() is expected


def test_a_command_without_a_window_is_passed_on_and_needs_no_qt(started, monkeypatch):
    monkeypatch.setattr(started.system, "ensure_qt", lambda *_: pytest.fail("Qt was asked for"))
    arguments = ["train", "--preset", "ring8", "--set", "seed=3"]
    with pytest.raises(StartedError) as program:
        started.run.main(arguments)
    assert program.value.args[0] == ["ganstudio", *arguments]


@pytest.mark.parametrize("arguments", [[], ["open", "a.gans"], ["a.gans"]])
def test_opening_the_window_makes_sure_that_qt_loads(started, monkeypatch, arguments):
    monkeypatch.setenv("DISPLAY", ":0")
    asked = []
    monkeypatch.setattr(started.system, "ensure_qt", lambda environment, *checks: asked.extend(checks))
    monkeypatch.setattr(started.system.sys, "platform", "linux")
    with pytest.raises(StartedError) as program:
        started.run.main(arguments)
    assert program.value.args[0] == ["ganstudio", *arguments]
    assert [check.name for check in asked] == ["qt-offscreen", "qt-xcb"]


@linux_only
def test_without_a_display_the_default_preset_is_trained_and_its_files_are_named(
    scripts, monkeypatch, tmp_path, capsys
):
    (tmp_path / "ganstudio-run").mkdir()  # an earlier run, which stays as it is

    def train(command):
        assert command[3:] == ["ganstudio", *scripts.run.DEFAULT_TRAINING, "--out", "ganstudio-run-2"]
        Path("ganstudio-run-2").mkdir()
        for name in ("overview.png", "session.gans"):
            (Path("ganstudio-run-2") / name).touch()
        return 0

    monkeypatch.setattr(scripts.terminal, "run", train)
    assert scripts.run.main([]) == 0
    said = capsys.readouterr().err
    assert "no display" in said
    assert str(Path("ganstudio-run-2/overview.png")) in said
    assert str(Path("ganstudio-run-2/session.gans")) in said


@linux_only
def test_opening_a_session_without_a_display_says_what_to_do_instead(scripts, capsys):
    assert scripts.terminal.guarded(scripts.run.main, ["open", "a.gans"]) == 1
    assert "train --session FILE.gans" in capsys.readouterr().err
