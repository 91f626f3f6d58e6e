"""Many cases of one kind, or about one branch, in little time: the supervisor is told once, and no log names it."""

from pathlib import Path

import pytest
import yaml
from structlog.testing import capture_logs

from tests.service.lines import FLOWS_DIR, SUPERVISOR, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.service.staff.decision import act
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields

KIND = "branch_unreachable"


@pytest.fixture
def line(line: Line, tmp_path: Path) -> Line:
    """A policy by which three in an hour are many."""
    return with_many(line, tmp_path, {"cases": 3, "within": "1 hour"})


def with_many(line: Line, folder: Path, many: object) -> Line:
    watch = a_policy_dir(folder) / "watch.yaml"
    watch.write_text(yaml.safe_dump(yaml.safe_load(watch.read_text()) | {"many_on_one_cause": many}))
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    return line


def a_case(line: Line, number: int, *, branch: str = "", kind: str = KIND) -> str:
    """A complaint of that kind about that branch."""
    told = line.ticket(line.told_call(f"CA{number}", f"+12025550{number}")).case_number
    act(line.hotline, told, categorising(kind, actor="owner_1"))
    if branch:
        keep_fields(line.hotline, told, {"branch": branch}, actor="owner_1")
    return told


def told(line: Line) -> list[str]:
    """What the supervisor was told of many, without names of cases and links."""
    line.run_jobs()
    texts = [body for to, body in line.sender.sent if to == SUPERVISOR and "new cases" in body]
    return [body.partition(" The latest")[0] for body in texts]


@pytest.mark.requirement("D-06")
def test_many_of_one_kind_are_told_once_a_day_to_the_supervisor(line: Line) -> None:
    for number in (151, 152):
        a_case(line, number)
    assert told(line) == []
    a_case(line, 153)
    a_case(line, 154)
    assert told(line) == ["3 new cases have the same kind: Branch unreachable."]


@pytest.mark.requirement("D-06")
def test_many_with_the_same_branch_are_told_and_no_log_names_it(line: Line) -> None:
    for number in (151, 152):
        a_case(line, number, branch=f"branch  {'g' if number % 2 else 'G'}")
    line.step(minutes=30)
    with capture_logs() as logs:
        keep_fields(line.hotline, a_case(line, 153, kind="price_rise"), {"rise": "3%"}, actor="owner_1")
        a_case(line, 154, branch="Branch G")
    assert "3 new cases have the same branch: Branch G." in told(line)
    assert "many_on_one_cause:branch_unreachable:branch:" in str(logs)
    assert "Branch G" not in str(logs)


@pytest.mark.requirement("D-06")
def test_cases_of_hours_ago_and_those_of_other_branches_are_not_many(line: Line, tmp_path: Path) -> None:
    for number in (151, 152):
        a_case(line, number, branch="Branch G")
    line.step(minutes=61)
    a_case(line, 153, branch="Branch G")
    a_case(line, 154, branch="Branch H")
    assert told(line) == []
    with_many(line, tmp_path / "never", "never")
    a_case(line, 155, branch="Branch G")
    a_case(line, 156, branch="Branch G")
    assert told(line) == [], "the policy tells nobody"


@pytest.mark.requirement("D-06")
def test_whom_of_the_staff_complaints_are_about_is_never_told(line: Line) -> None:
    for number in (151, 152, 153):
        keep_fields(line.hotline, a_case(line, number, kind="staff_conduct"), {"staff_name": "Dan"}, actor="owner_1")
    assert told(line) == ["3 new cases have the same kind: Staff conduct."]
