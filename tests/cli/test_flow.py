"""`voicebot flows`: what the terminal shows, and with which exit code."""

import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.flow.small_flow import project_texts
from voicebot.cli import main
from voicebot.distribution import PACKAGE_DIR
from voicebot.flow.prompts import clip_name, spoken_fragments
from voicebot.flow.reader import parse_flow
from voicebot.flow.rehearsal import Rehearsal, replay
from voicebot.flow.schemas import json_schemas

FLOWS = Path(__file__).resolve().parents[2] / "flows"
COMPLAINT = parse_flow(project_texts("complaint", "shared"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's flows whose clips all exist (and are empty)."""
    for name in ("complaint", "shared", "policy"):
        shutil.copytree(FLOWS / name, tmp_path / name)
    clips = tmp_path / "clips" / "en"
    clips.mkdir(parents=True)
    for words in spoken_fragments(COMPLAINT, "en", company="Harbour Goods"):
        (clips / f"{clip_name(words)}.wav").touch()
    monkeypatch.setenv("VOICEBOT_FLOWS_DIR", str(tmp_path))
    monkeypatch.setenv("VOICEBOT_COMPANY", "Harbour Goods")
    monkeypatch.delenv("VOICEBOT_POLICY_DIR", raising=False)
    return tmp_path


def _run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["flows", *arguments], input=typed)


def test_sound_flows_are_said_to_be_so(folder: Path) -> None:
    run = _run("check")
    assert (run.exit_code, run.output) == (0, f"No faults in {folder} with the policy in {folder / 'policy'}.\n")


def test_a_flow_that_calls_are_to_follow_and_that_is_missing_is_a_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICEBOT_FLOW", "complain")
    run = _run("check")
    assert run.exit_code == 1
    assert "no complain/flow.yaml" in run.output


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_that_is_no_utf8_is_named_with_its_line(folder: Path, encoding: str) -> None:
    file = folder / "complaint/prompts.en.yaml"
    file.write_bytes(("# caf\u00e9\n" + file.read_text()).encode(encoding))
    run = _run("check")
    assert run.exit_code == 1
    assert "complaint/prompts.en.yaml:1: byte" in run.output
    assert "save the file as UTF-8" in run.output


def test_every_fault_is_named_with_file_line_and_cure(folder: Path) -> None:
    file = folder / "complaint/flow.yaml"
    file.write_text(file.read_text().replace("start: greet_caller", "start: greet_nobody"))
    run = _run("check")
    assert run.exit_code == 1
    assert (
        "complaint/flow.yaml:5: a link to greet_nobody, which is no node; name a node, or add this one\n" in run.output
    )


def test_a_missing_clip_names_the_command_that_makes_it(folder: Path) -> None:
    next((folder / "clips/en").glob("goodbye-*.wav")).unlink()
    run = _run("check")
    assert run.exit_code == 1
    assert "no clip for 'Goodbye.'; run `voicebot flows record`" in run.output


def test_a_flow_of_the_wrong_shape_is_named(folder: Path) -> None:
    (folder / "complaint/flow.yaml").write_text("spec: 1\n")
    run = _run("check")
    assert run.exit_code == 1
    assert "complaint/flow.yaml:1: flow: " not in run.output
    assert "complaint/flow.yaml:1: the file: Field required" in run.output


def test_a_broken_policy_does_not_hide_the_faults_of_the_flow(folder: Path) -> None:
    (folder / "policy/calendar.yaml").unlink()
    (folder / "complaint/flow.yaml").write_text("spec: 9\n")
    run = _run("check")
    assert run.exit_code == 1
    assert "calendar.yaml" in run.output
    assert "no spec that we know" in run.output


def test_a_folder_without_flows_is_a_fault(folder: Path) -> None:
    shutil.rmtree(folder / "complaint")
    run = _run("check")
    assert (run.exit_code, "set VOICEBOT_FLOWS_DIR" in run.output) == (1, True)
    assert "voicebot flows copy" in run.output


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_flows_are_copied_for_editing_and_followed_in_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = _run("copy")
    assert run.exit_code == 0, run.output
    assert "follows them when it starts in this folder" in run.output
    assert _files(tmp_path / "flows") == _files(FLOWS)
    assert f"No faults in {tmp_path / 'flows'}" in _run("check").output


def test_a_copy_of_another_name_has_to_be_named_in_a_setting(tmp_path: Path) -> None:
    run = _run("copy", str(tmp_path / "ours"))
    assert run.exit_code == 0, run.output
    assert f"set VOICEBOT_FLOWS_DIR={tmp_path / 'ours'}" in run.output


def test_a_copy_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "flow.yaml").write_text("mine")
    run = _run("copy", str(tmp_path / "ours"))
    assert (run.exit_code, "nothing is overwritten" in run.output) == (1, True)
    assert _files(tmp_path / "ours") == {"flow.yaml": b"mine"}


def test_a_copy_into_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = _run("copy", str(tmp_path / "file" / "flows"))
    assert (run.exit_code, "cannot write into" in run.output, "Traceback" in run.output) == (1, True, False)


def test_schemas_are_not_written_into_the_installed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_FLOWS_DIR", str(PACKAGE_DIR / "bundled" / "flows"))
    run = _run("explain", "--schema")
    assert (run.exit_code, "voicebot flows copy" in run.output) == (1, True)


def test_a_call_is_played_and_its_rehearsal_file_can_be_played_again(folder: Path) -> None:
    typed = "/listen\nmy parcel never came\n/record\n/1\n\nyes\n/cut\n/hang\n"
    run = _run("rehearse", "complaint", typed=typed)
    assert run.exit_code == 0, run.output
    assert "  ask_story: For an existing case, press 2. Please tell us what happened" in run.output
    assert "[make_promise standard]" in run.output
    rehearsal = Rehearsal.model_validate(yaml.safe_load(run.output.split("# --- the rehearsal file ---")[1]))
    assert [turn.then for turn in rehearsal.turns][-3:] == ["confirm_promise", "confirm_promise", "hang_up"]
    assert replay(COMPLAINT, rehearsal)[0] == rehearsal


def test_a_rehearsal_can_have_a_withheld_number_and_a_full_house(folder: Path) -> None:
    run = _run("rehearse", "--number", "", "--overflow", typed="/fault\n")
    assert run.exit_code == 0, run.output
    assert "announce_overflow: " in run.output
    assert "apologise_without_number: " in run.output


def test_a_caller_whose_case_is_known_can_be_rehearsed(folder: Path) -> None:
    run = _run("rehearse", "--known", "call_promised", typed="/listen\n/hang\n")
    assert "We know your case" in run.output
    assert "known_case: call_promised" in run.output


def test_a_flow_that_is_not_there_is_one_sentence(folder: Path) -> None:
    run = _run("rehearse", "nothing")
    assert run.exit_code == 1
    assert "no nothing/flow.yaml" in run.output
    assert "Traceback" not in run.output


def test_the_language_is_explained(folder: Path) -> None:
    run = _run("explain")
    assert run.exit_code == 0
    assert "kind: listen\n" in run.output


def test_the_schemas_are_written_where_the_files_name_them(folder: Path) -> None:
    run = _run("explain", "--schema")
    assert run.exit_code == 0
    assert {path.name for path in folder.glob("*.schema.json")} == set(json_schemas())


def test_recording_is_one_of_the_commands() -> None:
    assert "record" in _run("--help").output


def test_the_time_of_a_flow_is_counted_prompt_by_prompt(folder: Path) -> None:
    run = _run("rehearse", "--time")
    assert run.exit_code == 0, run.output
    *prompts, whole = run.output.splitlines()
    assert prompts[0] == "   3.6 s  greet_caller  (estimated, no clip)"
    assert whole.endswith("of our speech to a caller who answers complaint at once, at most 75 s")
