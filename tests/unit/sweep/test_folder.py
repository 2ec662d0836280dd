"""The folder of a benchmark: what is finished stays, and only what fits together is put together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sweep_material import QUICK, case, outcome, small

from ganstudio.errors import UserError
from ganstudio.experiment.change import with_value
from ganstudio.sweep import folder as folders
from ganstudio.sweep.folder import MANIFEST, Folder, versions


def test_a_finished_run_is_read_back_as_it_was_and_is_not_missing(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "new" / "benchmark", QUICK)
    assert folder.missing([case(0), case(1)]) == (case(0), case(1))
    finished = outcome(1, digest=case(1).digest)
    folder.keep(finished)
    again = Folder(folder.path, QUICK)
    assert again.outcomes() == {finished.key: finished}
    assert again.missing([case(0), case(1)]) == (case(0),)


def test_more_seeds_targets_and_recipes_may_come_later(tmp_path: Path) -> None:
    folder = Folder(tmp_path, QUICK)
    folder.keep(outcome(0, digest=case(0).digest))
    more = [case(5), case(0, "line"), case(0, recipe="plain-2014")]
    assert Folder(tmp_path, QUICK).missing([case(0), *more]) == tuple(more)


def test_another_protocol_is_refused_by_the_number_that_differs(tmp_path: Path) -> None:
    Folder(tmp_path, QUICK)
    with pytest.raises(UserError, match=r"manifest.json: protocol.iterations is 6 there and 7 now; choose another"):
        Folder(tmp_path, QUICK.model_copy(update={"iterations": 7}))
    with pytest.raises(UserError, match=r"protocol.engine is eager there and compiled now"):
        Folder(tmp_path, QUICK.model_copy(update={"engine": "compiled"}))


def test_other_versions_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Folder(tmp_path, QUICK)
    then = versions()
    monkeypatch.setattr(folders, "versions", lambda: then | {"torch": "99"})
    with pytest.raises(UserError, match=r"versions.torch is .* there and 99 now"):
        Folder(tmp_path, QUICK)


def test_a_target_or_recipe_that_has_changed_since_is_refused_by_the_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path, QUICK)
    folder.keep(outcome(0, digest=case(0).digest))
    other = replace(case(0), experiment=with_value(small(), "penalties.r1", 0.5))
    with pytest.raises(UserError, match=r"ring8--own--seed-0.json was made when .* was another; choose another"):
        folder.missing([other])


def test_a_folder_of_other_things_or_a_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UserError, match="holds other things than a benchmark"):
        Folder(tmp_path, QUICK)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(UserError, match="cannot be written to"):
        Folder(tmp_path / "letter.txt", QUICK)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no valid JSON"),
        ('{"target": "a"}', "recipe: Field required"),
        (None, r"target: String should match pattern"),
    ],
    ids=["no-json", "incomplete", "escape"],
)
def test_a_broken_run_is_told_by_file_and_field(tmp_path: Path, text: str | None, message: str) -> None:
    folder = Folder(tmp_path, QUICK)
    if text is None:
        text = json.dumps(outcome().model_dump(mode="json") | {"target": "\x1b[2J../../x"})
    (tmp_path / "runs" / "one.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=rf"one\.json\W.*{message}") as caught:
        folder.outcomes()
    assert "\x1b" not in str(caught.value)


def test_a_manifest_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"format_version": 1, "protocol": []}', encoding="utf-8")
    with pytest.raises(UserError, match=r"manifest.json: protocol is missing"):
        Folder(tmp_path, QUICK)
    (tmp_path / MANIFEST).write_text('{"format_version": 2}', encoding="utf-8")
    with pytest.raises(UserError, match="another version of this program"):
        Folder(tmp_path, QUICK)


def test_a_disk_that_fails_keeps_no_half_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path, QUICK)

    def full(*arguments: object, **options: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "json_bytes", full)
    with pytest.raises(UserError, match="the disk is full"):
        folder.keep(outcome())
    assert list((tmp_path / "runs").iterdir()) == []
