"""A policy that is edited while a climb runs changes no climb that runs: nobody is told twice, no promise moves."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.builders import a_breach, a_promise, a_ticket
from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, FLOWS_DIR, Line, a_policy_dir, with_flows
from tests.service.promise.watched import run_until
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.escalation import climb_steps
from voicebot.service.ladder.plan import steps_taken
from voicebot.service.promise.climb_plan import climb_of, freeze_climb, miss_of, plan_warning, warnings_of
from voicebot.service.queries.case_view import view_case

Edit = Callable[[str], str]
END = "Wednesday 18 November 2026 15:55:00"
"""Before the window of the apology closes: the climb after that miss is another one, and goes by the new policy."""
APOLOGY = "      do: apologise\n"


def renamed(text: str) -> str:
    return re.sub(r"- name: (\w+)", r"- name: \1_anew", text)


def apology_later(text: str) -> str:
    return text.replace(APOLOGY, "").replace("[second_supervisor]\n", f"[second_supervisor]\n{APOLOGY}", 1)


def apology_in_a_new_step(text: str) -> str:
    added = f"    - name: sorry\n      after: 1 working hour\n      tell: [supervisor]\n{APOLOGY}"
    return text.replace("    - name: heads\n", f"{added}    - name: heads\n")


def later(text: str) -> str:
    return text.replace("after: 30 working minutes", "after: 3 working hours")


def sooner(text: str) -> str:
    return text.replace("after: 4 working hours", "after: at once").replace("at: 75 %", "at: 10 %")


def others_told(text: str) -> str:
    return text.replace("tell: [second_supervisor]", "tell: [owner, supervisor]")


def shorter(text: str) -> str:
    return re.sub(r"    - name: second_supervisor\n.*?(?=    - name: executive)", "", text, flags=re.S)


EDITS: list[Edit] = [renamed, apology_later, apology_in_a_new_step, later, sooner, others_told, shorter]


def told(line: Line) -> tuple[list[tuple[str, str, datetime]], list[tuple[datetime, datetime]], int]:
    """Return which steps told whom and were due when, every window promised, and how many texts the caller got."""
    with line.work() as work:
        (ticket,) = work.tickets.all()
        steps = [(step.step, step.told, step.due_at) for step in work.promises.steps(ticket.id)]
        windows = [(each.window_opens_at, each.window_closes_at) for each in work.promises.of_ticket(ticket.id)]
    return steps, windows, len(line.sender.to(CALLER))


@pytest.fixture(scope="module")
def undisturbed(
    migrated_file: Path, definitions: FlowFiles, tmp_path_factory: pytest.TempPathFactory
) -> tuple[object, ...]:
    """What becomes of a missed promise while nobody edits anything."""
    line = Line(copy_of(migrated_file, tmp_path_factory.mktemp("plain") / "voicebot.db"), definitions, WEDNESDAY_TEN)
    line.told_call()
    run_until(line, END)
    found = told(line)
    assert len(found[0]) >= 5
    assert len(found[1]) == 2
    return found


@pytest.mark.requirement("S0-12")
@pytest.mark.parametrize("at", ["13:10:00", "14:50:00"], ids=["after the first step", "after the second"])
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_while_a_climb_runs_changes_nothing_in_it(
    line: Line, tmp_path: Path, undisturbed: tuple[object, ...], edit: Edit, at: str
) -> None:
    policy = a_policy_dir(tmp_path / "policy")
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    line.told_call()
    run_until(line, f"Wednesday 18 November 2026 {at}")
    before = (policy / "escalation.yaml").read_text()
    (policy / "escalation.yaml").write_text(edit(before))
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    assert edit(before) != before
    run_until(line, END)
    assert told(line) == undisturbed


@pytest.mark.requirement("S0-12")
def test_an_edit_while_a_window_is_open_warns_nobody_twice(line: Line, tmp_path: Path) -> None:
    policy = a_policy_dir(tmp_path / "policy")
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    answer = line.told_call()
    run_until(line, "Wednesday 18 November 2026 12:10:00")
    (policy / "escalation.yaml").write_text(renamed((policy / "escalation.yaml").read_text()))
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    run_until(line, "Wednesday 18 November 2026 12:59:00")
    assert [step for step, *_ in told(line)[0]] == ["half_gone", "three_quarters_gone"]
    run_until(line, "Wednesday 18 November 2026 13:01:00")
    assert told(line)[0][-1][0] == "missed_anew", "a climb that begins later goes by the policy of its start"
    shown = view_case(line.hotline, line.ticket(answer).case_number)
    assert any(due.what == "step second_supervisor_anew" for due in shown.deadlines)


def test_a_step_that_the_policy_does_not_have_any_more_is_shown_with_its_instant(line: Line, tmp_path: Path) -> None:
    policy = a_policy_dir(tmp_path / "policy")
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    answer = line.told_call()
    run_until(line, "Wednesday 18 November 2026 13:10:00")
    (policy / "escalation.yaml").write_text(renamed((policy / "escalation.yaml").read_text()))
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    shown = view_case(line.hotline, line.ticket(answer).case_number)
    (step,) = [due for due in shown.deadlines if due.what == "step second_supervisor"]
    assert "as the policy stood when the window closed" in step.why


def test_a_climb_from_before_plans_were_kept_gets_its_plan_when_it_is_looked_at(line_on_both: Line) -> None:
    line, breach = line_on_both, a_breach()
    policy = line.policy
    with line.work() as work:
        work.tickets.add(a_ticket())
        work.promises.add(a_promise())
        work.promises.add_breach(breach)
        planned = climb_steps(policy.ladder, breach.at, calendar=policy.calendar)
        assert climb_of(work, policy, breach) == planned
        assert work.promises.plan(breach.id) is None, "who only looks keeps nothing"
        assert freeze_climb(work, policy, breach) == planned
        assert (work.promises.plan(breach.id), miss_of(work, breach)) != (None, 2)
        work.promises.keep_plan(breach.id, "[]")
        assert climb_of(work, policy, breach) == planned, "what is kept stays"
        plan_warning(work, policy, a_promise())
        assert work.promises.plan("promise-1") is not None
        assert warnings_of(work, policy, a_promise())[0].name == "half_gone"


def test_steps_taken_are_those_of_one_miss_or_the_warnings_of_one_promise(line: Line) -> None:
    ticket_id = line.told_call().call.ticket_id
    promise = line.promise(ticket_id)
    run_until(line, "Wednesday 18 November 2026 14:15:00")
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(ticket_id)
        assert steps_taken(work, ticket_id, promise.id) == {"half_gone", "three_quarters_gone"}
        assert steps_taken(work, ticket_id, breach.id) == {"missed"}
        assert steps_taken(work, ticket_id, "another") == frozenset()
