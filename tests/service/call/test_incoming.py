"""What is opened with a call."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.builders import a_shift
from tests.fakes import FakePromptAudio
from tests.service.call.ordered_canary import order_canary
from tests.service.lines import CALLER, OTHER, OWN, OWNER, SUPERVISOR, Line, node_of, with_shared_number
from tests.statements import statements_of
from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.domain.ticket import TicketStatus
from voicebot.flow.instructions import HangUp, Listen
from voicebot.service.call.budget import may_come_in
from voicebot.service.call.incoming import IncomingCall, answer_call, facts_of
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of

MOST_STATEMENTS = 15
"""Beside locks; of two transactions."""


@pytest.mark.requirement("S0-11")
def test_call_case_and_owner_are_there_before_the_first_word(line: Line) -> None:
    answer = line.ring()
    ticket, call = line.ticket(answer), line.call(answer)
    assert (ticket.owner_id, ticket.complainant_number) == ("owner_1", CALLER)
    assert (call.status, call.way, call.stream_token is not None) == (CallStatus.LIVE, Way.STREAM, True)
    assert node_of(answer) == "say_recording_notice"
    with line.work() as work:
        assert work.definitions.get(call.flow_digest)
        assert work.definitions.get(call.policy_digest)


def test_a_webhook_delivered_twice_gets_the_same_answer(line: Line) -> None:
    first, again = line.ring(), line.ring()
    assert (again.call, again.wait) == (first.call, first.wait)


@pytest.mark.requirement("S0-11")
def test_two_webhooks_at_once_make_one_ticket(line_on_both: Line) -> None:
    line = line_on_both
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: line.ring(), range(4)))
    assert len({answer.call.id for answer in answers}) == 1
    with line.work() as work:
        assert len(work.tickets.all()) == 1


@pytest.mark.parametrize(
    ("missing", "greeting"),
    [
        (frozenset(), "Hello. This is the complaints line of Harbour Goods."),
        ({"Hello. This is the complaints line of Harbour Goods."}, "Hello. This is the complaints line."),
    ],
)
def test_a_name_that_no_clip_says_is_left_out_of_the_greeting(
    line: Line, missing: frozenset[str], greeting: str
) -> None:
    line.use(prompts=FakePromptAudio(missing=frozenset(missing)))
    answer = line.ring()
    assert isinstance(answer.wait, Listen)
    assert (answer.wait.prompts[0].key, answer.wait.prompts[0].text) == ("greet_caller", greeting)


def test_nobody_hears_that_nobody_is_in_while_somebody_has_a_shift(line: Line) -> None:
    line.step(hours=12)
    answer = line.ring()
    with line.work() as work:
        context = call_context_of(context_of(line.hotline, work), answer.call)
        assert facts_of(context).is_closed
        context.work.rota.add_shift(a_shift("owner_1", "Wednesday 20:00-24:00"))
        assert not facts_of(context).is_closed


def test_a_full_house_is_told_and_recorded(line: Line) -> None:
    line.recognisers.limit = 0
    answer = line.ring()
    assert (answer.call.way, answer.call.stream_token) == (Way.RECORD, None)
    assert isinstance(answer.wait, Listen)
    assert "announce_overflow" in [prompt.key for prompt in answer.wait.prompts]


@pytest.mark.requirement("S0-11")
def test_a_call_from_our_own_number_is_a_loop_and_ends_at_once(line: Line) -> None:
    answer = line.ring(OWN)
    assert answer.wait == HangUp()
    assert line.call(answer).status is CallStatus.ENDED
    assert line.sender.sent == []
    assert "call_from_own_number" in line.verbs(answer.call.ticket_id)


def test_a_forwarded_call_is_noted_without_the_number(line: Line) -> None:
    incoming = IncomingCall(carrier_call_id="CA1", caller=CALLER, called=OWN, forwarded_from="+12025550199")
    answer = answer_call(line.hotline, incoming)
    assert "call_forwarded" in line.verbs(answer.call.ticket_id)


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("call loops")
def test_a_loop_that_rings_a_hundred_times_is_one_case_and_one_alarm(line: Line) -> None:
    answers = [line.ring(OWN, f"CA{number}") for number in range(100)]
    line.run_jobs()
    assert {answer.wait for answer in answers} == {HangUp()}
    with line.work() as work:
        (case,) = work.tickets.all()
        assert len(work.calls.of_ticket(case.id)) == 100
        assert not work.promises.of_ticket(case.id)
    assert len([body for body in line.sender.to(OWNER) if "forwards our own number" in body]) == 1
    assert line.sender.to(OWN) == []


@pytest.mark.danger("call loops")
def test_a_number_that_rings_itself_is_a_loop_too(line: Line) -> None:
    second = "+12025550188"
    incoming = IncomingCall(carrier_call_id="CA1", caller=second, called=second)
    assert answer_call(line.hotline, incoming).wait == HangUp()


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("call loops")
def test_a_person_whose_call_was_forwarded_by_our_own_number_is_heard_and_staff_look_at_it(line: Line) -> None:
    incoming = IncomingCall(carrier_call_id="CA1", caller=CALLER, called=OWN, forwarded_from=OWN)
    answer = answer_call(line.hotline, incoming)
    line.run_jobs()
    assert node_of(answer) == "say_recording_notice"
    assert line.ticket(answer).complainant_number == CALLER
    assert len(line.sender.to(OWNER)) == 1


@pytest.mark.danger("call loops")
def test_a_colleague_s_phone_that_forwards_to_us_gets_neither_promise_nor_text(line: Line) -> None:
    for number in range(5):
        line.ring(OWNER, f"CA{number}")
        end_call(line.hotline, f"CA{number}", CallEnd.CALLER_HUNG_UP)
    line.step(days=2)
    line.sweep()
    assert line.sender.sent == []
    with line.work() as work:
        assert len([case for case in work.tickets.all() if case.status is not TicketStatus.MERGED]) == 1


def test_a_call_that_is_answered_asks_the_database_for_little(line_on_both: Line) -> None:
    line = line_on_both
    # What happens once, or once a minute, is not asked about, nor what is asked of a number that has a case.
    for sid, caller in (("CA1", CALLER), ("CA2", SUPERVISOR)):
        first = IncomingCall(carrier_call_id=sid, caller=caller, called=OWN)
        assert may_come_in(line.hotline, first) is None
        answer_call(line.hotline, first)
    incoming = IncomingCall(carrier_call_id="CA3", caller=OTHER, called=OWN)
    with statements_of(line.engine) as sent:
        assert may_come_in(line.hotline, incoming) is None
        answer_call(line.hotline, incoming)
    held = [statement for statement in sent if "pg_advisory" in statement]
    assert len(held) == (3 if line.engine.dialect.name == "postgresql" else 0)
    assert len(sent) - len(held) <= MOST_STATEMENTS, "\n".join(sent)


@pytest.mark.requirement("D-10")
def test_the_hotline_s_own_test_call_has_a_closed_case_without_a_number(line: Line) -> None:
    order_canary(line)
    answer = line.ring(OTHER)
    ticket = line.ticket(answer)
    assert (answer.call.is_canary, ticket.status, ticket.complainant_number) == (True, TicketStatus.CLOSED, None)
    assert node_of(answer) == "say_recording_notice"


def test_whose_number_many_people_share_is_not_asked_for_what_is_kept_for_none_of_them(
    line: Line, tmp_path: Path
) -> None:
    """They would say yes to their pace, and be spoken to as everybody else the next time."""
    with_shared_number(line, tmp_path, OTHER)
    for caller, is_shared in ((CALLER, False), (OTHER, True), ("", False)):
        call = line.call(line.ring(caller, f"CA of {caller}"))
        with line.work() as work:
            facts = facts_of(call_context_of(context_of(line.hotline, work), call))
        assert facts.is_number_shared is is_shared
