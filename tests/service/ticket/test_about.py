"""Once a case complains about one of us, that person has nothing to do with it any more."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.callback.callers import the_call
from tests.service.lines import AREA, FLOWS_DIR, OTHER, OWNER, SECOND_SUPERVISOR, Line, a_policy_dir, finds, with_flows
from tests.service.promise.watched import run_until, told
from tests.service.staff.people import add_somebody
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_number import written
from voicebot.domain.case_task import TaskKind
from voicebot.domain.escalation import OFF_DUTY
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.staff_call import StaffCallState
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.callback.order import order_callback
from voicebot.service.history import Verb
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.lead_case import preview_update
from voicebot.service.queries.today import TOLD_OF, TodayAsk, view_today
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.about import WHY_CALL_ENDED, complaining_about
from voicebot.service.ticket.hand_over import give
from voicebot.service.ticket.lead_case import due_recipients, following, updating
from voicebot.service.ticket.splitting import joining, splitting
from voicebot.service.ticket.tasks import NewTask, asking

pytestmark = pytest.mark.requirement("S3-09")


@pytest.fixture
def case(line: Line) -> Ticket:
    """A case with its promise, owned by owner_1, who is the only handler."""
    return line.ticket(line.told_call())


def now(line: Line, case: Ticket) -> Ticket:
    with line.work() as work:
        ticket = work.tickets.get(case.id)
    assert ticket is not None
    return ticket


def say_about(line: Line, case: Ticket, staff_id: str, *, actor: str = "supervisor_2") -> Ticket:
    act(line.hotline, case.case_number, complaining_about(staff_id, actor=actor))
    return now(line, case)


def test_a_case_about_its_owner_goes_to_somebody_else_with_what_lay_with_them(line: Line, case: Ticket) -> None:
    task = NewTask(kind=TaskKind.CONSULT, to="owner_1", words="was it so")
    act(line.hotline, case.case_number, asking(task, actor="supervisor_2"))
    about = say_about(line, case, "owner_1")
    assert (about.about_id, about.owner_id) == ("owner_1", "supervisor_1")
    with line.work() as work:
        assert [each.assignee_id for each in work.case_tasks.of_ticket(case.id)] == ["supervisor_1"]
        lines = [(each.verb, each.after) for each in work.tickets.history(case.id)][-2:]
    assert lines == [(Verb.TICKET_GIVEN, "supervisor_1"), (Verb.CASE_ABOUT_SAID, "owner_1")]


def test_who_was_offered_it_is_offered_it_no_longer_and_it_stays_with_its_owner(line: Line, case: Ticket) -> None:
    with line.work() as work:
        work.tickets.save(replace(case, offered_to="deputy_1"))
        work.commit()
    hidden = say_about(line, case, "deputy_1")
    assert (hidden.offered_to, hidden.owner_id) == (None, "owner_1")


def test_nothing_is_escalated_to_them_but_to_the_next_one_at_once(line: Line, case: Ticket) -> None:
    """The second step tells the second supervisor alone. The next one is told then, and not hours later."""
    say_about(line, case, "supervisor_2", actor="owner_1")
    run_until(line, "Thursday 19 November 2026 17:00:00")
    steps = told(line)
    assert "supervisor_2" not in {each for _, people in steps for each in people.split(",")}
    assert not line.sender.to(SECOND_SUPERVISOR)
    passed = steps.index(("second_supervisor", OFF_DUTY))
    assert steps[passed + 1] == ("heads", "quality_1,area_1")


def test_an_owner_it_is_about_gets_no_text_more(line: Line, case: Ticket) -> None:
    say_about(line, case, "owner_1")
    line.run_jobs()
    before = len(line.sender.to(OWNER))
    run_until(line, "Thursday 19 November 2026 17:00:00")
    assert len(line.sender.to(OWNER)) == before


def test_it_is_neither_given_to_them_nor_are_they_asked_or_rung_about_it(line: Line, case: Ticket) -> None:
    say_about(line, case, "deputy_1", actor="owner_1")
    number, task = case.case_number, NewTask(kind=TaskKind.CONSULT, to="deputy_1", words="was it so")
    for attempt in (
        lambda: give(line.hotline, number, to="deputy_1", actor="owner_1"),
        lambda: act(line.hotline, number, asking(task, actor="owner_1")),
        lambda: order_callback(line.hotline, number, actor="owner_1", member_id="deputy_1"),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "about-them"


def test_a_hotline_seen_by_them_knows_no_such_case(line: Line, case: Ticket) -> None:
    say_about(line, case, "owner_1")
    own = seen_by(line.hotline, lambda: "owner_1")
    for attempt in (
        lambda: view_case(own, case.case_number),
        lambda: act(own, case.case_number, complaining_about("", actor="owner_1")),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "case-unknown"
    assert view_case(seen_by(line.hotline, lambda: "deputy_1"), case.case_number).ticket.about_id == "owner_1"


def test_no_case_beside_it_tells_of_it(line_on_both: Line) -> None:
    """It follows a lead case, a part of another one became it, and somebody rang again: neither history names it."""
    line = line_on_both
    lead, other = line.ticket(line.told_call()), line.ticket(line.told_call("CA2", OTHER))
    with line.work() as work:
        (said,) = work.tickets.answers(other.id)[:1]
    act(line.hotline, other.case_number, splitting([said.id], words="two matters", actor="owner_1"))
    with line.work() as work:
        (part,) = [each for each in work.tickets.all() if each.id not in (lead.id, other.id)]
    for each in (part, other):
        act(line.hotline, each.case_number, following(written(lead.case_number), words="one", actor="owner_1"))
    say_about(line, part, "deputy_1", actor="owner_1")
    own, number = seen_by(line.hotline, lambda: "deputy_1"), part.case_number
    for hotline, is_told in ((own, False), (line.hotline, True)):
        views = [view_case(hotline, each.case_number) for each in (lead, other)]
        told_there = repr([(each.history, each.lead) for each in views])
        assert (number in told_there, written(number) in told_there) == (is_told, is_told)
        with hotline.look() as work:
            assert (number in repr(work.lanes.log(lead.opened_at, TOLD_OF, 99))) == is_told


def test_a_missed_call_of_it_is_not_counted_on_their_page_of_today(line: Line, case: Ticket) -> None:
    say_about(line, case, "deputy_1", actor="owner_1")
    line.step(hours=5)
    line.sweep()
    own, ask = seen_by(line.hotline, lambda: "deputy_1"), TodayAsk(member_id="deputy_1")
    assert [view_today(each, ask).promised for each in (own, line.hotline)] == [0, 1]


def test_whom_it_is_about_tells_all_that_follow_without_seeing_it(line_on_both: Line) -> None:
    line = line_on_both
    lead, open_one, hidden = (line.ticket(line.told_call(f"CA{at}", f"+1202555015{at}")) for at in (1, 2, 3))
    for each in (hidden, open_one):
        act(line.hotline, each.case_number, following(written(lead.case_number), words="one", actor="owner_1"))
    say_about(line, hidden, "deputy_1", actor="owner_1")
    own = seen_by(line.hotline, lambda: "deputy_1")
    preview = preview_update(own, lead.case_number, "Open again.")
    assert [each.id for each in preview.reached] == [lead.id, open_one.id]
    act(own, lead.case_number, updating("Open again.", count=2, actor="deputy_1"))
    line.step(hours=1)
    assert {each.ticket_id for each in finds(line.hotline, due_recipients)} == {lead.id, open_one.id, hidden.id}
    assert [
        [all_ for _, _, all_ in view_case(each, lead.case_number).lead.updates] for each in (own, line.hotline)
    ] == [
        [2],
        [3],
    ]


def test_what_is_split_off_is_about_the_same_and_what_is_joined_brings_it_along(line: Line, case: Ticket) -> None:
    say_about(line, case, "deputy_1", actor="owner_1")
    with line.work() as work:
        first = work.tickets.answers(case.id)[0]
    act(line.hotline, case.case_number, splitting([first.id], words="two matters", actor="owner_1"))
    with line.work() as work:
        assert [each.about_id for each in work.tickets.all()] == ["deputy_1", "deputy_1"]
    other = line.ticket(line.told_call("CA2", OTHER))
    act(line.hotline, case.case_number, joining(other.case_number, words="one matter", actor="owner_1"))
    assert now(line, other).about_id == "deputy_1"


def test_cases_about_two_people_are_not_joined(line: Line, case: Ticket) -> None:
    other = line.ticket(line.told_call("CA2", OTHER))
    say_about(line, case, "deputy_1", actor="owner_1")
    say_about(line, other, "quality_1", actor="owner_1")
    with pytest.raises(Refused, match="different people"):
        act(line.hotline, case.case_number, joining(other.case_number, words="one", actor="owner_1"))


def test_it_is_about_nobody_again_and_nobody_unknown_is_named(line: Line, case: Ticket) -> None:
    say_about(line, case, "deputy_1", actor="owner_1")
    assert say_about(line, case, "", actor="owner_1").about_id is None
    with pytest.raises(Refused, match="nobody here goes by"):
        say_about(line, case, "nobody_1", actor="owner_1")


def test_a_call_to_be_made_by_them_ends_and_what_others_are_asked_stays_with_those(line: Line, case: Ticket) -> None:
    task = NewTask(kind=TaskKind.CONSULT, to="deputy_1", words="was it so")
    act(line.hotline, case.case_number, asking(task, actor="supervisor_2"))
    waiting = order_callback(line.hotline, case.case_number, actor="owner_1")
    say_about(line, case, "owner_1")
    ended = the_call(line, waiting.id)
    assert (ended.state, ended.result) == (StaffCallState.ENDED, WHY_CALL_ENDED)
    with line.work() as work:
        assert [each.assignee_id for each in work.case_tasks.of_ticket(case.id)] == ["deputy_1"]


def test_a_call_that_somebody_else_makes_goes_on(line: Line, case: Ticket) -> None:
    waiting = order_callback(line.hotline, case.case_number, actor="owner_1")
    say_about(line, case, "deputy_1", actor="owner_1")
    assert the_call(line, waiting.id).state is StaffCallState.WAITING


def test_where_nobody_else_is_left_an_open_case_stays_and_the_refusal_says_why(
    line: Line, case: Ticket, tmp_path: Path
) -> None:
    folder = a_policy_dir(tmp_path / "one")
    escalation = folder / "escalation.yaml"
    lines = [each for each in escalation.read_text().splitlines() if "{id: " not in each or "owner_1" in each]
    text = re.sub(r"tell: \[[^]]*\]", "tell: [owner]", "\n".join(lines))
    text = re.sub(r"management_roles: .*", "management_roles: [handler]", text)
    escalation.write_text(re.sub(r"(responsible_after_second_miss): .*", r"\1: handler", text))
    (folder / "categories.yaml").unlink()
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    add_somebody(line)
    with pytest.raises(Refused, match="nobody else could look after this case") as refused:
        say_about(line, case, "owner_1")
    assert (refused.value.code, now(line, case).about_id) == ("nobody-left", None)
    with line.work() as work:
        work.tickets.save(replace(case, status=TicketStatus.CLOSED))
        work.commit()
    about = say_about(line, case, "owner_1")
    assert (about.about_id, about.owner_id) == ("owner_1", "owner_1"), "nothing is left to be done on it"


def test_who_supervises_or_manages_hears_that_a_case_was_hidden_but_for_who_was_named_and_who_said_it(
    line: Line, case: Ticket
) -> None:
    """Any handler could otherwise hide one case from one supervisor, and nobody would ask whether it is so."""
    say_about(line, case, "supervisor_2", actor="supervisor_1")
    with line.work() as work:
        notices = [each for each in work.notices.of_ticket(case.id) if each.event is NoticeEvent.ABOUT_SAID]
    assert {each.member_id for each in notices} == {"quality_1", "area_1", "executive_1"}
    line.sweep()
    assert "was hidden from one of the staff" in line.sender.to(AREA)[-1]
    assert not line.sender.to(SECOND_SUPERVISOR)


def test_a_notice_that_somebody_took_back_is_told_to_nobody(line: Line, case: Ticket) -> None:
    say_about(line, case, "supervisor_2", actor="owner_1")
    say_about(line, case, "", actor="supervisor_1")
    line.sweep()
    assert not line.sender.to(AREA)
    assert now(line, case).about_id is None


class OneWithASay(FlowFiles):
    """A policy that names handlers, and one supervisor."""

    def current_policy(self) -> Policy:
        """Return it."""
        policy = super().current_policy()
        return replace(policy, staff=tuple(each for each in policy.staff if each.id in ("owner_1", "supervisor_1")))


def test_nobody_is_named_where_nobody_else_with_a_say_would_see_the_case(
    line: Line, case: Ticket, tmp_path: Path
) -> None:
    line.use(flows=OneWithASay(FLOWS_DIR, a_policy_dir(tmp_path / "few")))
    with pytest.raises(Refused, match="nobody else with a say would see this case") as refused:
        say_about(line, case, "supervisor_1", actor="owner_1")
    assert (refused.value.code, now(line, case).about_id) == ("nobody-left", None)
    add_somebody(line)
    assert say_about(line, case, "supervisor_1", actor="owner_1").about_id == "supervisor_1"
