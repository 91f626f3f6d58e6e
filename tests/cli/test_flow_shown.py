"""`voicebot flows draw` and `explain`: the picture lies in the file asked for, and sentences are of what was named."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicebot.cli import main


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["flows", *arguments])


@pytest.mark.parametrize(("name", "begins"), [("a.svg", "<svg "), ("a.dot", "digraph "), ("a.mmd", "flowchart TD")])
def test_a_picture_is_of_the_kind_its_file_is_named_after(tmp_path: Path, name: str, begins: str) -> None:
    run = _run("draw", "--out", str(tmp_path / name))
    assert run.exit_code == 0, run.output
    assert (tmp_path / name).read_text().startswith(begins)


def test_without_a_file_the_picture_is_named_after_the_flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "nodes into complaint.svg" in _run("draw").output
    assert (tmp_path / "complaint.svg").is_file()


def test_a_kind_of_picture_that_nobody_draws_is_refused(tmp_path: Path) -> None:
    run = _run("draw", "--out", str(tmp_path / "a.png"))
    assert run.exit_code == 2
    assert "no picture ends in '.png'; name a .svg, .dot or .mmd file" in run.output


def test_a_flow_is_explained_whole_and_by_node() -> None:
    assert "A call begins at greet_caller." in _run("explain", "complaint").output
    by_flow, alone = _run("explain", "complaint", "ask_story").output, _run("explain", "ask_story").output
    assert by_flow == alone
    assert by_flow.startswith(
        'ask_story (listen)\n  We say "For an existing case, press 2. Please tell us what happened'
    )


def test_a_node_that_is_not_there_is_answered_with_those_like_it() -> None:
    run = _run("explain", "ask_stori")
    assert run.exit_code == 2
    assert "there is no ask_stori in the flow complaint; did you mean ask_story" in " ".join(run.output.split())
    assert "has them all" in _run("explain", "complaint", "xyzzy").output


def test_without_a_name_the_language_is_explained() -> None:
    assert "kind: listen" in _run("explain").output
