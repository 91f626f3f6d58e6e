"""The gate as use cases ask it."""

from dataclasses import replace

import pytest

from tests.adjustments import keep
from tests.builders import a_text_request, an_sms
from tests.service.lines import CALLER, OTHER, OWN, OWNER, Line
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.domain.promise import FIND_NUMBER
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import Channel, NotComplaint, Ticket
from voicebot.flow.session import FlowSession
from voicebot.service.call.turn import end_call
from voicebot.service.number_gate import (
    adjusted,
    callable_number,
    caller_number,
    may_ring_staff,
    may_text_staff,
    number_to_ring,
    text_number,
    wants_no_texts,
)
from voicebot.service.staff.decision import act
from voicebot.service.staff.members import staff_numbers
from voicebot.service.ticket.ending import dismissing
from voicebot.service.ticket.inbound_text import IncomingText, log_text


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (CALLER, CALLER),
        ("(202) 555-0177", OTHER),
        ("sip:+12025550177@carrier.example", OTHER),
        ("0012025550177", OTHER),
        ("+17872345678", "+17872345678"),  # Puerto Rico
        ("+18092345678", None),  # the Dominican Republic
        ("anonymous", None),
        (OWN, None),
        (OWNER, None),
        ("+385911234567", None),
    ],
)
def test_only_complainants_numbers_in_our_countries_are_called(line: Line, raw: str, number: str | None) -> None:
    assert callable_number(line.hotline.rules, raw, line.policy) == number


def test_texts_go_to_the_phone_that_rang(line: Line) -> None:
    answer = line.ring()
    line.change_ticket(answer, complainant_number=OTHER)
    ticket = line.ticket(answer)
    with line.work() as work:
        assert text_number(work, line.hotline.rules, ticket=ticket, policy=line.policy) == CALLER


def test_a_withheld_caller_is_texted_nowhere_whatever_was_keyed(line: Line) -> None:
    answer = line.ring("anonymous")
    line.change_ticket(answer, complainant_number=OTHER)
    ticket = line.ticket(answer)
    with line.work() as work:
        assert text_number(work, line.hotline.rules, ticket=ticket, policy=line.policy) is None


def test_staff_are_texted_at_a_real_number_that_is_not_ours(line: Line) -> None:
    assert may_text_staff(line.hotline.rules, OWNER)
    assert not may_text_staff(line.hotline.rules, OWN)
    assert not may_text_staff(line.hotline.rules, "")
    assert not may_text_staff(line.hotline.rules, LONDON_LINE)


BRITISH = "+442079460018"
LONDON_LINE, MOBILE = "+442071838750", "+447911123456"


def british(line: Line) -> None:
    rules = replace(line.hotline.rules, own_number=BRITISH, callback_countries=frozenset({"GB"}), gate_exceptions=())
    line.hotline = replace(line.hotline, rules=rules)


@pytest.mark.parametrize(("caller", "is_texted"), [(LONDON_LINE, False), ("+441481256789", False), (MOBILE, True)])
def test_a_line_that_takes_no_texts_is_promised_none_and_sent_none(line: Line, caller: str, is_texted: bool) -> None:
    british(line)
    answer = line.ring(caller)
    with line.work() as work:
        turn = work.calls.turn(answer.call.id, 0)
    assert turn is not None
    assert FlowSession.model_validate_json(turn.session).facts.can_text is is_texted
    line.say(line.go_to(answer, "ask_story"), "it broke")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    assert line.ticket(answer).complainant_number == caller
    assert bool(line.sender.to(caller)) is is_texted


@pytest.mark.parametrize(
    ("state", "code", "is_texted"),
    [
        (SmsState.UNDELIVERED, 30006, False),
        (SmsState.FAILED, 21614, False),
        (SmsState.UNDELIVERED, 30003, True),  # switched off: it may be on again
        (SmsState.DELIVERED, None, True),
    ],
)
def test_a_line_that_took_no_text_of_ours_is_not_promised_another(
    line: Line, state: SmsState, code: int | None, is_texted: bool
) -> None:
    earlier = line.ring(CALLER, "CA0")
    with line.work() as work:
        work.sms.add(an_sms(ticket_id=earlier.call.ticket_id, recipient=CALLER, state=state, error_code=code))
        work.commit()
    later = line.ticket(line.ring(CALLER, "CA1"))
    with line.work() as work:
        number = text_number(work, line.hotline.rules, ticket=later, policy=line.policy)
    assert (number == CALLER) is is_texted


@pytest.mark.danger("premium and satellite numbers")
@pytest.mark.parametrize("number", ["+881612345678", "+19002345678", "+12129761234", "+979123456789"])
def test_no_way_in_makes_a_costly_number_one_that_we_ring_or_text(line: Line, number: str) -> None:
    """As caller, as sender of a text, keyed, and as a colleague's phone."""
    rang = line.ring(number, "CA-rang")
    keyed = line.go_to(line.say(line.reach("ask_story", "anonymous", "CA-keyed"), "it broke"), "ask_number")
    line.key(keyed, number.removeprefix("+1").replace("+", "011"))
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=number, body="call me"))
    for sid in ("CA-rang", "CA-keyed"):
        end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)
    line.step(days=3)
    line.sweep()
    with line.work() as work:
        # Who rang and then wrote from one number has one case.
        assert [ticket.complainant_number for ticket in work.tickets.all()] == [None] * 2
        owed = {promise.target for ticket in work.tickets.all() for promise in work.promises.of_ticket(ticket.id)}
    assert owed == {FIND_NUMBER}, "what the caller said is kept, and staff are to find a number that may be rung"
    assert "number_refused" in line.verbs(keyed.call.ticket_id)
    assert line.ticket(rang).owner_id
    assert {recipient for recipient, _ in line.sender.sent} <= staff_numbers(line.policy)
    assert not may_text_staff(line.hotline.rules, number)


@pytest.mark.danger("call loops")
def test_the_hotline_s_own_number_keyed_as_the_one_to_call_is_refused(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story", "anonymous"), "it broke"), "ask_number")
    again = line.key(answer, OWN.removeprefix("+1"))
    assert [prompt.key for prompt in getattr(again.wait, "prompts", ())] == ["refuse_number", "ask_number"]
    assert line.ticket(answer).complainant_number is None


def test_a_phone_of_the_staff_may_try_the_line_as_a_caller(line: Line) -> None:
    """The operator's guide asks for it: the call is promised and texted like any other, and nothing runs in circles."""
    assert caller_number(line.hotline.rules, OWNER, line.policy) == OWNER
    assert caller_number(line.hotline.rules, OWN, line.policy) is None
    answer = line.told_call(caller=OWNER)
    assert line.ticket(answer).complainant_number == OWNER
    case = written(line.ticket(answer).case_number)
    assert line.promise(answer.call.ticket_id).words
    line.settle()
    assert [body for to, body in line.sender.sent if to == OWNER and "Code" in body]
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=OWNER, body="got it"))
    for _ in range(20):
        line.step(hours=4)
        line.sweep()
    with line.work() as work:
        assert len(work.tickets.all()) == 1, "an answer from that phone opens no case"
    sent = len(line.sender.sent)
    for _ in range(20):
        line.step(hours=4)
        line.sweep()
    later = [body for _, body in line.sender.sent[sent:]]
    assert later
    assert all("a decision is due" in body for body in later), "the ladder has an end; the time to decide runs on"
    act(line.hotline, case, dismissing(kind=NotComplaint.PRANK, words="one of us tried the line", actor="owner_1"))
    line.sweep()
    sent = len(line.sender.sent)
    for _ in range(60):
        line.step(hours=12)
        line.sweep()
    assert len(line.sender.sent) == sent, "who says that it was a trial hears no more of it"


def test_a_staff_number_that_a_caller_keys_is_refused_as_before(line: Line) -> None:
    assert callable_number(line.hotline.rules, OWNER, line.policy) is None


def test_the_number_of_the_test_call_is_neither_rung_nor_texted_for_anybody(line: Line) -> None:
    rules = replace(line.hotline.rules, canary_number=OTHER)
    assert callable_number(rules, OTHER, line.policy) is None
    assert caller_number(rules, OTHER, line.policy) is None
    assert not may_text_staff(rules, OTHER)


def test_a_phone_of_the_staff_is_rung_for_a_case_only_where_it_rang_itself(line: Line) -> None:
    rang = line.ticket(line.ring(OWNER, "CA-owner"))
    keyed = line.ticket(line.ring(CALLER, "CA-caller"))
    with line.work() as work:

        def ring(ticket: Ticket) -> str | None:
            return number_to_ring(work, line.hotline.rules, ticket=ticket, policy=line.policy)

        assert ring(replace(rang, complainant_number=OWNER)) == OWNER
        assert ring(replace(keyed, complainant_number=OWNER)) is None
        assert ring(replace(keyed, complainant_number=CALLER)) == CALLER
        assert ring(replace(keyed, complainant_number=None)) is None


@pytest.mark.parametrize(
    ("number", "may"),
    [
        (OWNER, True),
        ("+442083661177", True),  # a landline in London
        ("+19002345678", False),  # a premium line
        (OWN, False),
        ("202 555 0161", False),
        ("", False),
    ],
)
def test_staff_are_rung_in_any_country_on_fixed_lines_too(line: Line, number: str, may: bool) -> None:
    assert may_ring_staff(line.hotline.rules, number) is may


def test_who_wants_no_texts_is_known_by_their_stop_and_by_what_was_agreed_with_them(line: Line) -> None:
    keep(line, AdjustmentKind.NO_MESSAGE)
    rules = line.hotline.rules
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=OTHER, is_out=True))
        reasons = {number: wants_no_texts(work, rules, number) for number in (CALLER, OTHER, OWNER)}
        assert reasons == {CALLER: AdjustmentKind.NO_MESSAGE.said, OTHER: "opted out", OWNER: ""}
        answers = {number: wants_no_texts(work, rules, number, is_answer=True) for number in (CALLER, OTHER)}
        assert answers == {CALLER: "", OTHER: "opted out"}, "who asks by text is answered by text, except after a STOP"
        assert adjusted(work, CALLER) == {AdjustmentKind.NO_MESSAGE}
        assert adjusted(work, None) == frozenset(), "a withheld number has no wishes"


@pytest.mark.parametrize(("channel", "number"), [(Channel.PHONE, None), (Channel.SMS, CALLER)])
def test_who_wrote_is_texted_there_also_after_a_call_that_shows_no_number(
    line: Line, channel: Channel, number: str | None
) -> None:
    """A number that was keyed in such a call may be anybody's."""
    answer = line.ring("anonymous")
    ticket = replace(line.ticket(answer), channel=channel, complainant_number=CALLER)
    with line.work() as work:
        assert text_number(work, line.hotline.rules, ticket=ticket, policy=line.policy) == number
