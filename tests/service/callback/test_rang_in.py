"""A caller who waits for our call is offered whoever is responsible: asked of the rota, rung once, kept by evidence."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import at
from tests.service.callback.callers import CA, a_case, calls_of, ordered, the_call, with_callbacks
from tests.service.chaos import BOTH_IN_LONG, Death, DyingWork, Fate
from tests.service.ladder.test_duty import away
from tests.service.lines import CALLER, OTHER, OWNER, SUPERVISOR, Line, with_shared_number
from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState
from voicebot.domain.ticket import CloseReason, Ticket, TicketStatus
from voicebot.flow.events import OwnerNotReached, OwnerSpoke
from voicebot.flow.instructions import ConnectOwner, Listen
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import call_context_of
from voicebot.service.callback import hops
from voicebot.service.callback.order import CallOrder, new_call, order_callback
from voicebot.service.callback.rang_in import close_left_leg, close_owner_leg, owner_leg, ring_owner
from voicebot.service.hotline import context_of
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import closing
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.splitting import joining


def waits_for_a_call(line: Line) -> Ticket:
    """Return the case of somebody whom we owe a call, and who rings again."""
    ticket = a_case(line)
    line.step(minutes=5)
    return ticket


def offered(line: Line, caller: str = "") -> CallAnswer:
    """Ring in a second time."""
    return line.ring(*([caller] if caller else []), carrier_call_id="CA2")


def asked(line: Line) -> CallAnswer:
    """Ring in and press 1 at the offer."""
    return line.key(offered(line), "1")


def node_of(answer: CallAnswer) -> str:
    assert isinstance(answer.wait, Listen | ConnectOwner)
    return answer.wait.node


def taken(line: Line, ticket: Ticket) -> StaffCall:
    """Let the owner pick up and press 1; return the call."""
    call = calls_of(line, ticket)[-1]
    hops.greet(line.hotline, call.id, CA)
    assert isinstance(hops.accept(line.hotline, call.id, "1"), hops.LetThrough)
    return calls_of(line, ticket)[-1]


def talked(line: Line, answer: CallAnswer, *, is_bridged: bool = True) -> CallAnswer:
    """End the owner's leg, and take the next turn."""
    event = close_owner_leg(line.hotline, answer.call.id, status="completed", is_bridged=is_bridged, seconds=60)
    return line.tell(answer, event)


def waited_and_talked(line: Line) -> tuple[Ticket, CallAnswer]:
    """Ring in about a case, wait 42 s until its owner takes the call, and talk for 5 min."""
    ticket = waits_for_a_call(line)
    answer = asked(line)
    line.step(seconds=42)
    taken(line, ticket)
    line.step(minutes=5)
    talked(line, answer)
    return ticket, answer


@pytest.mark.requirement("S2-21")
def test_who_is_owed_a_call_is_offered_the_owner_who_is_on_duty(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    leg = owner_leg(line.hotline, answer.call.id)
    assert (node_of(answer), answer.call.way) == ("connect_owner", Way.RECORD)
    assert leg is not None
    assert (leg.number, leg.ring_for) == (OWNER, timedelta(seconds=20))
    assert [call.ordered_by for call in calls_of(line, ticket)] == ["caller"]
    assert line.calls.rung == [], "the carrier rings from the caller's own leg"


def test_nobody_is_offered_whom_nobody_could_ring(line: Line) -> None:
    waits_for_a_call(line)
    away(line, "owner_1")
    assert node_of(offered(line)) == "say_recording_notice"


def test_nobody_is_offered_at_a_number_that_many_people_share(line: Line, tmp_path: Path) -> None:
    waits_for_a_call(line)
    with_shared_number(line, tmp_path, CALLER)
    assert node_of(offered(line)) == "say_recording_notice"


def test_nobody_is_offered_outside_hours_nor_to_somebody_else(line: Line) -> None:
    waits_for_a_call(line)
    assert node_of(offered(line, OTHER)) == "say_recording_notice"
    line.clock.at = at("Wednesday 18 November 2026 21:00:00")
    assert node_of(line.ring(carrier_call_id="CA3")) == "say_recording_notice"


def test_nobody_is_offered_before_a_call_was_promised(line: Line) -> None:
    line.ring()
    assert node_of(offered(line)) == "say_recording_notice", "their first call may still go on"


def test_nobody_is_offered_while_the_owner_is_rung_about_the_same_case(line: Line) -> None:
    ordered(line, waits_for_a_call(line))
    assert node_of(offered(line)) == "say_recording_notice"


def test_who_was_promised_a_supervisor_is_offered_one(line: Line) -> None:
    line.key(line.reach("ask_story"), "0")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    leg = owner_leg(line.hotline, asked(line).call.id)
    assert leg is not None
    assert leg.number == SUPERVISOR


def test_a_talk_keeps_the_promise_and_the_call_belongs_to_the_case(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    line.step(minutes=1)
    after = talked(line, answer)
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    (promise,) = line.promises(ticket.id)
    assert (promise.state, promise.kept_by) == ("kept", "owner_1")
    assert line.call(after).ticket_id == ticket.id
    assert line.verbs(ticket.id).count("rang_in") == 1
    line.run_jobs()
    assert len(line.promises(ticket.id)) == 1, "nothing more is promised for it"


def test_the_owner_closes_the_case_while_they_talk(line_on_both: Line) -> None:
    line = line_on_both
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    log_callback(line.hotline, ticket.case_number, reason="spoke", actor="owner_1")
    act(line.hotline, ticket.case_number, closing(reason=CloseReason.AGREED, words="agreed", actor="owner_1"))
    line.step(minutes=1)
    after = talked(line, answer)
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    line.run_jobs()
    assert (line.call(after).ticket_id, line.ticket(answer).status) == (ticket.id, TicketStatus.MERGED)
    assert (line.ticket(after).status, len(line.promises(ticket.id))) == (TicketStatus.CLOSED, 1)
    assert calls_of(line, ticket)[-1].state is StaffCallState.ENDED


def test_a_case_that_staff_join_into_another_while_they_talk_takes_the_talk_along(line_on_both: Line) -> None:
    line = line_on_both
    ticket, other = waits_for_a_call(line), line.ticket(line.told_call("CA3", OTHER))
    answer = asked(line)
    taken(line, ticket)
    act(line.hotline, ticket.case_number, joining(other.case_number, words="one person", actor="deputy_1"))
    line.step(minutes=1)
    after = talked(line, answer)
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    line.run_jobs()
    assert [each.state for each in line.promises(other.id)][-1] == "kept"
    assert (line.call(after).ticket_id, line.ticket(answer).status) == (other.id, TicketStatus.MERGED)
    with line.work() as work:
        assert [work.promises.open_of_ticket(ticket_id) for ticket_id in (ticket.id, other.id)] == [None, None]


def test_what_a_caller_writes_while_they_talk_stands_with_the_case_and_is_owed_a_call(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    log_text(line.hotline, IncomingText(message_sid="SM9", sender=CALLER, body="the box was wet too"))
    line.step(minutes=1)
    after = talked(line, answer)
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    line.run_jobs()
    assert line.call(after).ticket_id == ticket.id
    assert line.ticket(after).problem.splitlines() == ["my parcel came broken", "the box was wet too"]
    assert [promise.state for promise in line.promises(ticket.id)] == ["kept", "open"]


def test_a_bridge_without_the_owner_s_key_is_no_talk(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    after = talked(line, answer)
    assert (line.promise(ticket.id).state, node_of(after)) == ("open", "say_recording_notice")


def test_after_nobody_took_it_the_call_is_heard_live_again_under_its_own_case(line: Line) -> None:
    ticket = waits_for_a_call(line)
    after = talked(line, asked(line), is_bridged=False)
    assert (after.call.way, after.call.stream_token is None) == (Way.STREAM, False)
    assert after.call.ticket_id != ticket.id


def test_in_a_full_house_it_goes_on_by_keys(line: Line) -> None:
    waits_for_a_call(line)
    answer = asked(line)
    line.recognisers.limit = 0
    assert talked(line, answer, is_bridged=False).call.way is Way.RECORD


def test_what_is_told_twice_is_noted_once(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    line.step(minutes=1)
    for is_bridged in (True, False):
        event = close_owner_leg(line.hotline, answer.call.id, status="completed", is_bridged=is_bridged, seconds=60)
        assert event == OwnerSpoke()
    assert line.verbs(ticket.id).count("complainant_called") == 1


def test_a_call_that_waits_to_be_dialled_is_not_made_after_the_talk(line: Line) -> None:
    ticket = waits_for_a_call(line)
    order_callback(line.hotline, ticket.case_number, actor="owner_1")
    answer = asked(line)
    taken(line, ticket)
    talked(line, answer)
    line.run_jobs()
    assert line.calls.rung == []
    assert {call.state for call in calls_of(line, ticket)} == {StaffCallState.ENDED}


@pytest.mark.parametrize(("minutes", "state"), [(1, "kept"), (0, "open")])
def test_who_hangs_up_during_the_talk_has_talked_if_it_was_long_enough(line: Line, minutes: int, state: str) -> None:
    """The carrier does not always ask what comes next; the end of the owner's leg is told in any case."""
    ticket = waits_for_a_call(line)
    asked(line)
    call = taken(line, ticket)
    line.step(minutes=minutes)
    for _ in range(2):
        close_left_leg(line.hotline, call.id)
    assert line.promise(ticket.id).state == state


def test_a_leg_that_is_not_ours_changes_nothing(line: Line) -> None:
    close_left_leg(line.hotline, "nobody's")
    ticket = waits_for_a_call(line)
    answer = offered(line)
    assert owner_leg(line.hotline, answer.call.id) is None
    event = close_owner_leg(line.hotline, answer.call.id, status="busy", is_bridged=False, seconds=0)
    assert event == OwnerNotReached()
    assert calls_of(line, ticket) == []


def test_a_talk_of_an_hour_is_not_taken_for_a_lost_call(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    for _ in range(12):
        line.step(minutes=5)
        run_due(line.hotline)
    assert line.call(answer).status is CallStatus.LIVE
    line.calls.over.add("CA2")
    line.calls.over.add(CA)
    for _ in range(3):
        line.step(minutes=6)
        run_due(line.hotline)
    assert line.call(answer).status is CallStatus.ENDED
    assert calls_of(line, ticket)[-1].state is StaffCallState.ENDED


@BOTH_IN_LONG
@pytest.mark.parametrize("dies_in", range(18))
def test_killed_anywhere_the_owner_is_rung_once_and_the_talk_counts_once(line_on_both: Line, dies_in: int) -> None:
    line, fate, whole = line_on_both, Fate(), line_on_both.hotline
    ticket = waits_for_a_call(line)
    answer = offered(line)
    line.use(unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate))
    fate.dies_in = dies_in
    with suppress(Death):
        taken_answer = line.key(answer, "1")
        taken(line, ticket)
        talked(line, taken_answer)
    fate.dies_in = None
    line.hotline = whole
    again = line.key(answer, "1")
    assert len(calls_of(line, ticket)) == 1
    if calls_of(line, ticket)[-1].state is not StaffCallState.ENDED:
        taken(line, ticket)
    talked(line, again)
    assert [promise.state for promise in line.promises(ticket.id)] == ["kept"]
    assert line.verbs(ticket.id).count("complainant_called") == 1


def test_nobody_is_offered_where_the_policy_connects_nobody(line: Line, tmp_path: Path) -> None:
    waits_for_a_call(line)
    with_callbacks(line, tmp_path / "policy", offer_for="never")
    assert node_of(offered(line)) == "say_recording_notice"


def test_who_went_away_while_the_caller_chose_is_not_rung(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = offered(line)
    away(line, "owner_1")
    assert node_of(line.key(answer, "1")) == "say_recording_notice"
    assert calls_of(line, ticket) == []


def test_a_flow_that_connects_twice_rings_once_and_says_the_second_time_what_came_of_it(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)

    def again() -> object:
        with line.work() as work:
            return ring_owner(call_context_of(context_of(line.hotline, work), answer.call), ticket)

    assert again() is None
    talked(line, answer, is_bridged=False)
    assert again() == OwnerNotReached(is_call_promised=True)
    assert len(calls_of(line, ticket)) == 1


def test_a_call_of_the_ladder_about_the_case_is_left_to_the_ladder_after_a_talk(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    with line.work() as work:
        context = context_of(line.hotline, work)
        member, kind = line.policy.staff[1], StaffCallKind.LADDER
        order = CallOrder(ticket=ticket, member=member, ordered_by="worker", kind=kind, purpose="step:b:missed:x")
        rings = new_call(context, order)
        assert work.staff_calls.add(rings)
        work.commit()
    talked(line, answer)
    assert the_call(line, rings.id).state is StaffCallState.WAITING


@pytest.mark.requirement("S3-05")
def test_for_who_asks_for_a_person_the_next_telephone_rings_and_news_told_twice_rings_none(
    line: Line, tmp_path: Path
) -> None:
    with_callbacks(line, tmp_path / "put_through", person_for="60 seconds")
    away(line, "owner_1", "quality_1", "area_1", "executive_1")
    answer = line.key(line.reach("ask_story", OTHER, "CA7"), "0")
    told = []
    for number in (1, 1, 2, 2):
        leg = calls_of(line, line.ticket(answer))[number - 1].id
        told.append(close_owner_leg(line.hotline, answer.call.id, status="busy", is_bridged=False, seconds=0, leg=leg))
        line.step(seconds=5)
    gone = OwnerNotReached(was_rung=True)
    assert told == [None, None, gone, gone]


@pytest.mark.requirement("S3-05")
def test_a_person_who_talked_with_whom_they_were_rung_for_is_all_that_is_told(line: Line, tmp_path: Path) -> None:
    with_callbacks(line, tmp_path / "put_through", person_for="60 seconds")
    answer = line.key(line.reach("ask_story", OTHER, "CA7"), "0")
    (leg,) = calls_of(line, line.ticket(answer))
    hops.greet(line.hotline, leg.id, CA)
    hops.accept(line.hotline, leg.id, "1")
    ended = {"status": "completed", "is_bridged": True, "seconds": 90, "leg": leg.id}
    assert [close_owner_leg(line.hotline, answer.call.id, **ended) for _ in range(2)] == [OwnerSpoke()] * 2
