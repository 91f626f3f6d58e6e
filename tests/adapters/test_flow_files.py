"""Flows and policy follow their folders, and a broken edit does not silence the line."""

import os
import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from voicebot.adapters.flow_files import REBUILT_KEPT, FlowFiles
from voicebot.errors import FlowFault, SettingFault

PROJECT_DIR = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's flows and policy, to be changed."""
    for name in ("complaint", "shared", "policy"):
        shutil.copytree(PROJECT_DIR / "flows" / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def library(folder: Path) -> FlowFiles:
    """The library over the copy."""
    return FlowFiles(folder, folder / "policy")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    # Two edits within one tick of the file system's clock must differ.
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1))


def test_flow_and_policy_are_read_once_while_their_files_stay(library: FlowFiles) -> None:
    assert library.current_flow("complaint") is library.current_flow("complaint")
    assert library.current_policy() is library.current_policy()


def test_changed_file_is_read_again(library: FlowFiles, folder: Path) -> None:
    before = library.current_flow("complaint").digest, library.current_policy().digest
    for path in (folder / "complaint" / "flow.yaml", folder / "policy" / "calendar.yaml"):
        _edit(path, path.read_text(), path.read_text() + "\n# a remark\n")
    after = library.current_flow("complaint").digest, library.current_policy().digest
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_folders_are_looked_at_only_so_often(folder: Path) -> None:
    seconds = [100.0]
    library = FlowFiles(folder, folder / "policy", look_every_s=0.5, now=lambda: seconds[0])

    def digests() -> tuple[str, str]:
        return library.current_flow("complaint").digest, library.current_policy().digest

    before = digests()
    for path in (folder / "complaint" / "flow.yaml", folder / "policy" / "calendar.yaml"):
        _edit(path, path.read_text(), path.read_text() + "\n# a remark\n")
    seconds[0] += 0.49
    assert digests() == before
    seconds[0] += 0.02
    assert all(now != then for now, then in zip(digests(), before, strict=True))


def test_flow_and_policy_of_a_running_call_are_rebuilt_from_their_texts(library: FlowFiles) -> None:
    flow, policy = library.current_flow("complaint"), library.current_policy()
    assert library.flow_from(flow.body()).digest == flow.digest
    assert library.policy_from(policy.body()).digest == policy.digest
    assert library.flow_from(flow.body()) is library.flow_from(flow.body())


def test_only_so_many_rebuilt_definitions_are_kept(library: FlowFiles) -> None:
    body = library.current_policy().body()
    first = library.policy_from(body)
    assert library.policy_from(body) is first
    for remark in range(REBUILT_KEPT):
        library.policy_from(body.replace("spec: 1", f"spec: 1 # {remark}", 1))
    assert library.policy_from(body) is not first


def test_broken_edit_leaves_in_force_what_was_read_before(library: FlowFiles, folder: Path) -> None:
    good = library.current_policy()
    _edit(folder / "policy" / "calendar.yaml", "spec: 1", "spec: [")
    with capture_logs() as logs:
        assert library.current_policy() is good
        assert library.current_policy() is good
    assert [line["log_level"] for line in logs] == ["error"]
    assert "calendar.yaml" in logs[0]["fault"]


@pytest.mark.parametrize(
    ("name", "why"), [("policy/calendar.yaml", "no calendar.yaml"), ("complaint/flow.yaml", "no complaint/flow.yaml")]
)
def test_a_file_that_goes_away_leaves_in_force_what_was_read_before(
    library: FlowFiles, folder: Path, name: str, why: str
) -> None:
    flow, policy = library.current_flow("complaint"), library.current_policy()
    moved = (folder / name).rename(folder / "away")
    with capture_logs() as logs:
        for _ in range(2):
            assert (library.current_flow("complaint"), library.current_policy()) == (flow, policy)
    assert [line["event"] for line in logs] == ["changed_files_broken"]
    assert why in library.faults()[0]
    moved.rename(folder / name)
    assert library.faults() == ()


def test_faults_are_said_one_by_one_for_as_long_as_they_hold(library: FlowFiles, folder: Path) -> None:
    assert library.faults() == ()
    library.current_flow("complaint")
    _edit(folder / "complaint" / "prompts.en.yaml", 'say_added: "', 'say_it: "')
    told = library.faults()
    assert [line.split(":")[0] for line in told] == ["complaint/flow.yaml", "complaint/prompts.en.yaml"]
    assert library.faults() == told
    _edit(folder / "complaint" / "prompts.en.yaml", 'say_it: "', 'say_added: "')
    assert library.faults() == ()


def test_file_that_is_broken_from_the_start_is_refused(library: FlowFiles, folder: Path) -> None:
    _edit(folder / "policy" / "calendar.yaml", "spec: 1", "spec: [")
    with pytest.raises(FlowFault, match=r"calendar\.yaml"):
        library.current_policy()


def test_file_that_is_no_text_is_refused(library: FlowFiles, folder: Path) -> None:
    (folder / "complaint" / "flow.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FlowFault, match=r"^complaint/flow\.yaml:1: byte 0 is no UTF-8 text; save the file as UTF-8$"):
        library.current_flow("complaint")


@pytest.mark.parametrize("name", ["../policy", "/etc", "", "Complaint"])
def test_name_that_is_no_flow_name_is_refused(library: FlowFiles, name: str) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_FLOW"):
        library.current_flow(name)


def test_missing_folders_name_their_setting(library: FlowFiles, folder: Path) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_FLOWS_DIR"):
        library.current_flow("praise")
    with pytest.raises(SettingFault, match="VOICEBOT_POLICY_DIR"):
        FlowFiles(folder, folder / "nowhere").current_policy()
