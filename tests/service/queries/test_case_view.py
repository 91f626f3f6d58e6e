"""A case as staff see it."""

from pathlib import Path

import pytest

from tests.builders import (
    a_breach,
    a_notice,
    a_promise,
    a_staff_message,
    a_step,
    a_text_request,
    a_ticket,
    an_sms,
    at,
)
from tests.service.lines import FLOWS_DIR, OTHER, OWNER, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_number import BLOT
from voicebot.domain.notice import NoticeState
from voicebot.domain.promise import PromiseState
from voicebot.domain.staff_message import MessageState
from voicebot.domain.ticket import NotComplaint
from voicebot.errors import Refused
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.escalation import climb
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_view import promise_shown, view_case
from voicebot.service.queries.deadline import Deadline
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.ending import dismissing
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.hand_over import take_over
from voicebot.service.ticket.inbound_text import IncomingText, log_text


def test_every_deadline_says_why_it_is_at_that_instant(line: Line) -> None:
    answer = line.told_call()
    view = view_case(line.hotline, line.ticket(answer).case_number)
    why = {due.what: due.why for due in view.deadlines}
    assert "target standard: within 8 hours of working time" in why["call standard"]
    assert why["warning half_gone"] == ("50% of the window has passed then; tells owner",)


def test_a_step_says_which_miss_and_which_closed_hours_it_waits_out(line: Line) -> None:
    answer = line.told_call()
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    line.sweep()
    acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")
    view = view_case(line.hotline, line.ticket(answer).case_number)
    (step,) = [due for due in view.deadlines if due.what.startswith("step")]
    assert step.what == "step second_supervisor"
    assert "(miss 1)" in step.why[0]
    assert any(reason.startswith("closed Wed 18 Nov 2026, 13:00") for reason in step.why)
    assert any("acknowledged: quiet until" in reason for reason in step.why)
    assert any(reason.endswith(("min of working time after it", "h of working time after it")) for reason in step.why)


def test_a_second_miss_says_that_the_executive_is_told_at_once(line: Line) -> None:
    answer = line.told_call()
    for said_at in ("Wednesday 18 November 2026 13:00:00", "Wednesday 18 November 2026 16:00:00"):
        line.clock.at = at(said_at)
        if said_at.endswith("13:00:00"):
            line.sweep()
    breach_if_closed(line.hotline, line.promise(answer.call.ticket_id).id)
    view = view_case(line.hotline, line.ticket(answer).case_number)
    (step,) = [due for due in view.deadlines if due.what.startswith("step")]
    assert "(miss 2)" in step.why[0]
    assert len(view.breaches) == 2


def test_from_the_second_miss_on_the_step_that_waits_no_longer_says_so(line: Line) -> None:
    answer = line.told_call()
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    line.sweep()
    line.clock.at = at("Wednesday 18 November 2026 16:00:00")
    breach_if_closed(line.hotline, line.promise(answer.call.ticket_id).id)
    why = [step.why for step in _steps_ahead(line, answer)]
    assert any("at once from miss 2" in each for each in why), why


def test_a_step_that_was_planned_by_another_policy_says_so(line: Line, tmp_path: Path) -> None:
    answer = line.told_call()
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    line.sweep()
    folder = a_policy_dir(tmp_path / "policy")
    ladder = folder / "escalation.yaml"
    ladder.write_text(ladder.read_text().replace("after: 30 working minutes", "after: 45 working minutes"))
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    view = view_case(line.hotline, line.ticket(answer).case_number)
    (step,) = [due for due in view.deadlines if due.what.startswith("step")]
    assert "as the policy stood when the window closed" in step.why


def _steps_ahead(line: Line, answer: CallAnswer) -> list[Deadline]:
    """Take step after step of the newest climb, and return each as the case showed it before."""
    shown = []
    while True:
        view = view_case(line.hotline, line.ticket(answer).case_number)
        due = [each for each in view.deadlines if each.what.startswith("step")]
        if not due:
            return shown
        shown += due
        line.clock.at = max(line.clock.at, due[0].at)
        with line.work() as work:
            breach = work.promises.breaches_of_ticket(answer.call.ticket_id)[-1]
        climb(line.hotline, breach)


def test_when_the_ladder_is_climbed_only_the_decision_is_due(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, may_text=False)
    line.clock.at = at("Friday 20 November 2026 17:00:00")
    line.sweep()
    case = line.ticket(answer).case_number
    assert [due.what for due in view_case(line.hotline, case).deadlines] == [
        "warning decision_half_gone",
        "warning decision_three_quarters_gone",
        "decision standard",
    ]
    act(line.hotline, case, dismissing(kind=NotComplaint.PRANK, words="a child at play", actor="owner_1"))
    assert view_case(line.hotline, case).deadlines == ()


def test_a_climb_from_before_plans_were_kept_shows_no_step_when_an_edit_took_away_those_to_come(line: Line) -> None:
    breach, ticket = a_breach(), a_ticket(case_number="482719300")
    with line.work() as work:
        work.tickets.add(ticket)
        work.promises.add(a_promise(state=PromiseState.BREACHED))
        work.promises.add_breach(breach)
        for step in line.policy.ladder.steps:
            work.promises.take_step(a_step(step=step.name, due_at=breach.at))
        work.commit()
    view = view_case(line.hotline, ticket.case_number)
    assert view.breaches == (breach,)
    assert [due.what for due in view.deadlines if due.what.startswith("step")] == []


def test_the_whole_case_is_there_and_the_pin_is_blotted_out(line: Line) -> None:
    answer = line.told_call()
    view = view_case(line.hotline, line.ticket(answer).case_number)
    pin = line.ticket(answer).pin
    assert (view.owner, view.ticket.pin, len(view.calls)) == ("First handler", BLOT, 1)
    assert [each.answer.slot for each in view.answers] == ["story", "remedy"]
    assert BLOT in view.texts[0].body
    assert f" {pin}" not in view.texts[0].body
    assert view.history[0].verb == "ticket_opened"


def test_no_case_of_that_number_is_refused(line: Line) -> None:
    with pytest.raises(Refused):
        view_case(line.hotline, "123")


def test_a_case_names_everybody_in_it_and_how_many_actions_it_has_seen(line: Line) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    assert view_case(line.hotline, case).actions_seen == 0
    take_over(line.hotline, case, actor="deputy_1")
    log_callback(line.hotline, case, reason="spoke", actor="somebody_gone")
    view = view_case(line.hotline, case)
    assert view.actions_seen == 2
    assert (view.names["owner_1"], view.names["deputy_1"]) == ("First handler", "Deputy")
    assert view.names["somebody_gone"] == "somebody_gone"
    assert (view.why_owner_unreached, view.told_for_owner) == ("", ())


def test_a_case_says_when_warnings_reach_no_owner(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, owner_id="beside_the_policy")
    view = view_case(line.hotline, line.ticket(answer).case_number)
    assert "no telephone" in view.why_owner_unreached
    assert view.told_for_owner == ("First handler",)


def test_a_case_says_when_the_owner_stopped_our_texts_and_nobody_stands_in(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=OWNER, is_out=True))
        work.commit()
    view = view_case(line.hotline, case)
    assert "STOP" in view.why_owner_unreached
    assert view.told_for_owner == ()


def test_consent_is_shown_with_its_wording(line: Line) -> None:
    view = view_case(line.hotline, line.ticket(line.told_call()).case_number)
    (consent,) = view.consents
    assert (consent.answer, consent.call_id, bool(consent.wording_version)) == ("recorded", view.calls[0].id, True)


@pytest.mark.requirement("S0-12")
def test_whom_a_notice_or_a_mail_could_not_reach_is_named_with_the_reason(line: Line) -> None:
    case = line.ticket(line.told_call())
    untold = a_notice(ticket_id=case.id, member_id="supervisor_1", state=NoticeState.UNTOLD, reason="answered STOP")
    failed = a_staff_message(ticket_id=case.id, state=MessageState.FAILED, reason="the mail server refused it (550)")
    with line.work() as work:
        work.notices.add(untold)
        work.notices.add(a_notice(id="told", ticket_id=case.id, step="2", state=NoticeState.TOLD))
        work.staff_messages.add(failed)
        work.staff_messages.add(a_staff_message(id="sent", ticket_id=case.id, channel="chat", state=MessageState.TAKEN))
        work.commit()
    assert view_case(line.hotline, case.case_number).untold == (
        "Supervisor was not told (new case): Supervisor answered STOP.",
        "The e-mail to First handler failed: the mail server refused it (550).",
    )


def test_what_was_written_is_told_from_what_was_said_and_lists_to_management_are_not_the_case_s(line: Line) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="my parcel came broken"))
    with line.work() as work:
        (ticket,) = work.tickets.all()
        work.sms.add(an_sms(id="list", ticket_id=ticket.id, purpose=purpose(TextKind.MORNING, "2026-11-18", "x")))
        work.commit()
    view = view_case(line.hotline, ticket.case_number)
    assert [each.is_written for each in view.answers] == [True]
    assert "list" not in {sms.id for sms in view.texts}


def test_of_a_talk_whose_words_were_erased_that_is_said() -> None:
    kept = a_promise(state=PromiseState.KEPT, kept_reason=None)
    assert promise_shown(kept).kept_reason == "what was said was erased"
    assert promise_shown(a_promise(state=PromiseState.OPEN)).kept_reason is None


def test_what_was_seen_of_a_case_counts_values_of_its_person_and_of_its_kind(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    assert view_case(line.hotline, case).fields_seen == 0
    act(line.hotline, case, categorising("price_rise", actor="owner_1"))
    keep_fields(line.hotline, case, {"name": "Mary", "rise": "18"}, actor="owner_1")
    assert view_case(line.hotline, case).fields_seen == 2
