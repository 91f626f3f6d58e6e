"""Staff say what kind of complaint it is: its fields are asked, dates come nearer, the right people know, nobody waits
longer.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.service.decision.deciding import called_case, current, pass_until
from tests.service.lines import AREA, CALLER, FLOWS_DIR, QUALITY, Line, a_policy_dir, with_flows
from tests.service.promise.watched import run_until
from tests.service.promise.watched import told as escalated
from tests.service.ticket.kinds import with_kinds
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_task import TaskKind
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.errors import Refused
from voicebot.service.callback.order import order_callback
from voicebot.service.decision.kind import being_of_kind
from voicebot.service.decision.waiting import waiting_for
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.promise.make import PromiseRequest, make_promise
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.queries.case_words import as_text, words_of_case
from voicebot.service.queries.category import fields_shown
from voicebot.service.queries.search import find_cases
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.tasks import NewTask, asking


def told(line: Line) -> Ticket:
    return line.ticket(line.told_call())


def set_to(line: Line, case: Ticket, category: str, *, by: str = "owner_1", seen: int | None = None) -> bool:
    return act(line.hotline, case.case_number, categorising(category, actor=by, seen=seen))


def stands(line: Line, view: CaseView) -> dict[str, str]:
    fields = {field.id: field for field in fields_shown(view.category, line.policy.categories)}
    return {each.field: fields[each.field].shown(each.value) for each in view.category.entries}


def a_row(row: str, category: str, *asked: str, **typed: str) -> object:
    return pytest.param(category, typed, asked, marks=pytest.mark.requirement(row))


@pytest.mark.parametrize(
    ("category", "typed", "said"),
    [
        a_row("S0-02", "information_withheld", "the new tariff", missing_information="the new tariff"),
        a_row("S0-06", "deadline_or_quality", "K-17, 4.2", "yes",
              contract_reference="K-17, 4.2", is_compensation_due="Y"),
        a_row("S4-04", "price_rise", "18 %", rise="18%"),
        a_row("S4-05", "charged_after_cancellation", "10 days", "45.50", days_charged="10", charged_amount="$45.5"),
        a_row("S4-08", "warranty", "microwave", "yes", "no", "200",
              product="microwave", is_part_covered="yes", is_labour_covered="no", repair_amount="200.00"),
        a_row("S4-11", "unauthorised_fee", "100", "125", "QX7T2", "Money",
              agreed_amount="100", charged_amount="125", confirmation_code="QX7T2", remedy_wanted="money"),
        a_row("S2-07", "branch_unreachable", "Harbour Street", "40 minutes",
              branch="Harbour Street", minutes_tried="40"),
        a_row("S3-09", "staff_conduct", "Mr Drake", "3 Nov 2026", "By telephone",
              staff_name="Mr Drake", contact_on="2026-11-03", contact_nature="phone"),
    ],
)  # fmt: skip
def test_a_kind_of_complaint_asks_for_its_own_fields(
    line: Line, category: str, typed: dict[str, str], said: tuple[str, ...]
) -> None:
    case = told(line)
    with pytest.raises(Refused, match="say first what kind of complaint it is") as problem:
        keep_fields(line.hotline, case.case_number, typed, actor="owner_1")
    assert problem.value.code == "field-unknown"
    set_to(line, case, category)
    keep_fields(line.hotline, case.case_number, typed, actor="owner_1")
    view = view_case(line.hotline, case.case_number)
    assert view.category.id == category
    assert tuple(stands(line, view).values()) == said


@pytest.mark.requirement("S0-06")
def test_what_stands_in_fields_is_found_and_taken_along_unless_few_may_read_it(line_on_both: Line) -> None:
    line = line_on_both
    case = told(line)
    set_to(line, case, "staff_conduct")
    keep_fields(line.hotline, case.case_number, {"staff_name": "Drake", "contact_time": "noonish"}, actor="owner_1")
    found = [[each.found.ticket_id for each in find_cases(line.hotline, word).cases] for word in ("noonish", "drake")]
    assert found == [[case.id], []], "the name of whom it is about is found by nobody"
    text = as_text(words_of_case(line.hotline, case.case_number))
    assert "Time of the contact: noonish\n" in text
    assert "Drake" not in text


@pytest.mark.requirement("S3-09")
def test_whoever_of_the_staff_is_named_in_a_complaint_about_them_does_not_see_it_any_more(line: Line) -> None:
    case = told(line)
    set_to(line, case, "staff_conduct", by="deputy_1")
    keep_fields(line.hotline, case.case_number, {"staff_name": "a man with a beard"}, actor="supervisor_1")
    assert view_case(line.hotline, case.case_number).ticket.about_id is None, "it is known of nobody here"
    keep_fields(line.hotline, case.case_number, {"staff_name": " first  HANDLER "}, actor="supervisor_1")
    view = view_case(line.hotline, case.case_number)
    assert (view.ticket.about_id, view.ticket.owner_id == "owner_1") == ("owner_1", False)
    with pytest.raises(Refused, match="no case"):
        view_case(seen_by(line.hotline, lambda: "owner_1"), case.case_number)
    keep_fields(line.hotline, case.case_number, {"staff_name": ""}, actor="supervisor_1")
    assert view_case(line.hotline, case.case_number).ticket.about_id == "owner_1", "only staff take it back, by name"


def test_another_kind_keeps_what_stood_before_and_can_be_taken_back(line: Line) -> None:
    case = told(line)
    assert set_to(line, case, "price_rise")
    keep_fields(line.hotline, case.case_number, {"rise": "18", "price_now": "59"}, actor="owner_1")
    seen = view_case(line.hotline, case.case_number).actions_seen
    assert set_to(line, case, "charged_after_cancellation", by="deputy_1", seen=seen)
    assert not set_to(line, case, "charged_after_cancellation", by="deputy_1", seen=seen), "a double click is one"
    with pytest.raises(Refused, match="somebody else has acted") as problem:
        set_to(line, case, "warranty", seen=seen)
    assert problem.value.code == "case-changed"
    view = view_case(line.hotline, case.case_number)
    assert [(each.actor, each.before, each.after) for each in view.category.changes] == [
        ("owner_1", "", "price_rise"),
        ("deputy_1", "price_rise", "charged_after_cancellation"),
    ]
    assert stands(line, view) == {"rise": "18 %", "price_now": "59"}, "what was written is still read"
    set_to(line, case, "price_rise")
    set_to(line, case, "")
    view = view_case(line.hotline, case.case_number)
    assert (view.category.id, view.category.name) == ("", "")
    assert stands(line, view) == {"rise": "18 %", "price_now": "59"}


def test_a_field_that_two_kinds_share_keeps_its_value_when_the_kind_changes(line: Line) -> None:
    case = told(line)
    set_to(line, case, "charged_after_cancellation")
    keep_fields(line.hotline, case.case_number, {"charged_amount": "45"}, actor="owner_1")
    set_to(line, case, "unauthorised_fee")
    view = view_case(line.hotline, case.case_number)
    assert stands(line, view) == {"charged_amount": "45"}
    shown = [field.id for field in fields_shown(view.category, line.policy.categories)]
    assert shown == ["agreed_amount", "charged_amount", "confirmation_code", "remedy_wanted"]


def test_a_kind_that_nobody_knows_and_the_one_it_has_are_refused(line: Line) -> None:
    case = told(line)
    with pytest.raises(Refused, match="name one of staff_conduct") as problem:
        set_to(line, case, "weather")
    assert problem.value.code == "category-unknown"
    set_to(line, case, "warranty")
    with pytest.raises(Refused, match="of that kind already") as problem:
        set_to(line, case, "warranty")
    assert problem.value.code == "category-same"


def due(line: Line, case: Ticket) -> datetime | None:
    return current(line, case).due_at


@pytest.mark.requirement("S4-11")
def test_a_kind_plans_the_decision_and_moves_no_date_back_that_is_known(line: Line) -> None:
    case = called_case(line)
    usual = due(line, case)
    set_to(line, case, "unauthorised_fee")
    soon = due(line, case)
    assert soon is not None
    assert usual is not None
    assert soon < usual
    set_to(line, case, "staff_conduct")
    assert due(line, case) == usual, "nobody was told, and it was a slip"
    set_to(line, case, "unauthorised_fee")
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="STATUS"))
    line.settle()
    set_to(line, case, "staff_conduct")
    assert (due(line, case), current(line, case).target) == (soon, "unauthorised_charge"), "they know the day"


def test_a_kind_loosens_nothing_that_somebody_set_by_hand(line: Line) -> None:
    case = told(line)
    act(line.hotline, case.case_number, being_of_kind("safety", actor="owner_1"))
    urgent = due(line, case)
    set_to(line, case, "warranty")
    assert (due(line, case), current(line, case).target) == (urgent, "safety")


def test_a_decision_that_is_late_stays_late_whatever_kind_it_is(line: Line) -> None:
    case = told(line)
    pass_until(line, (due(line, case) or line.clock.at) + timedelta(seconds=1))
    again = due(line, case)
    set_to(line, case, "warranty")
    assert (due(line, case), current(line, case).attempt) == (again, 2)


@pytest.mark.parametrize("words", ["", "We call you tomorrow."])
def test_a_call_comes_sooner_only_where_nobody_was_told_a_time(line: Line, words: str) -> None:
    case = told(line)
    with line.work() as work:
        context = context_of(line.hotline, work)
        later = make_promise(context, PromiseRequest(ticket=case, target="standard", is_later=True))
        assert later is not None
        work.promises.save(replace(later, words=words))
        work.commit()
    set_to(line, case, "no_feedback")
    with line.work() as work:
        standing = work.promises.open_of_ticket(case.id)
    assert standing is not None
    assert (standing.window_closes_at < later.window_closes_at, standing.target == "repeat") == (not words, not words)


@pytest.mark.requirement("S0-09")
def test_those_whom_a_kind_names_are_told_once_and_not_of_another_kind(line: Line, tmp_path: Path) -> None:
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "told", notices=True, legal_1="+12025550168")))
    case = told(line)
    line.step(minutes=11)
    line.sweep()
    set_to(line, case, "deadline_or_quality", by="deputy_1")
    set_to(line, case, "staff_conduct", by="deputy_1")
    set_to(line, case, "deadline_or_quality", by="deputy_1")
    line.step(minutes=11)
    line.sweep()
    got = {phone: line.sender.to(phone) for phone in (AREA, "+12025550168", QUALITY)}
    assert [len(texts) for texts in got.values()] == [1, 1, 0], got
    assert "is of a kind that you are told of" in got[AREA][0]
    assert line.verbs(case.id).count(Verb.NOTICE_UNTOLD) == 0


def test_a_case_that_is_over_gets_its_kind_and_no_new_dates(line: Line) -> None:
    answer = line.told_call()
    case, before = line.ticket(answer), line.promises(answer.call.ticket_id)
    planned = current(line, case)
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    set_to(line, case, "unauthorised_fee")
    assert line.ticket(answer).category == "unauthorised_fee"
    assert (current(line, case), line.promises(case.id)) == (planned, before)


def test_a_decision_that_waits_for_the_complainant_is_planned_by_the_kind_and_waits_on(line: Line) -> None:
    case = called_case(line)
    until = (line.clock.now() + timedelta(days=5)).date()
    act(line.hotline, case.case_number, waiting_for("the receipt", until=until, actor="owner_1"))
    assert due(line, case) is None
    set_to(line, case, "unauthorised_fee")
    assert (due(line, case), current(line, case).target) == (None, "unauthorised_charge")


def test_a_call_that_is_as_soon_already_is_not_moved_by_a_kind(line: Line) -> None:
    case = told(line)
    with line.work() as work:
        standing = work.promises.open_of_ticket(case.id)
        assert standing is not None
        work.promises.save(replace(standing, words=""))
        work.commit()
    set_to(line, case, "no_feedback")
    assert line.promise(case.id) == replace(standing, words="")


def test_a_decision_that_passed_while_no_worker_looked_is_not_planned_anew_by_a_kind(line: Line) -> None:
    case = called_case(line)
    passed = current(line, case)
    line.clock.at = (passed.due_at or line.clock.at) + timedelta(seconds=1)
    set_to(line, case, "unauthorised_fee")
    assert current(line, case) == passed, "it was missed by its own date, and the watch will say so"


@pytest.mark.requirement("S3-09")
def test_a_kind_for_some_takes_the_case_from_those_who_may_not_see_it_and_is_escalated_to_those_who_may(
    line: Line, tmp_path: Path
) -> None:
    with_kinds(line, tmp_path, staff_conduct={"seen_by": ["supervisor", "management"]})
    answer = line.told_call()
    case = line.ticket(answer)
    act(
        line.hotline,
        case.case_number,
        asking(NewTask(kind=TaskKind.CONSULT, to="deputy_1", words="so?"), actor="owner_1"),
    )
    order_callback(line.hotline, case.case_number, actor="owner_1")
    set_to(line, case, "staff_conduct")
    assert line.ticket(answer).owner_id == "supervisor_1"
    with line.work() as work:
        assert [each.assignee_id for each in work.case_tasks.of_ticket(case.id)] == ["supervisor_1"]
        assert not work.staff_calls.under_way((case.id,))
        assert work.promises.open_of_ticket(case.id) is not None
    with pytest.raises(Refused, match="no case"):
        view_case(seen_by(line.hotline, lambda: "owner_1"), case.case_number)
    run_until(line, "Thursday 19 November 2026 17:00:00")
    people = {each for _, names in escalated(line) for each in names.split(",")}
    assert people >= {"supervisor_1", "supervisor_2", "quality_1", "area_1"}
    assert people.isdisjoint({"owner_1", "deputy_1", "legal_1"})


def test_a_case_that_nobody_could_look_after_does_not_get_the_kind(line: Line, tmp_path: Path) -> None:
    with_kinds(line, tmp_path, staff_conduct={"seen_by": ["handler"]})
    answer = line.told_call()
    line.change_ticket(answer, about_id="owner_1", owner_id="supervisor_1")
    with pytest.raises(Refused) as refused:
        set_to(line, line.ticket(answer), "staff_conduct", by="deputy_1")
    assert (refused.value.code, line.ticket(answer).category) == ("nobody-left", "")
