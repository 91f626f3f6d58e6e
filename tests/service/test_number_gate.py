"""The gate as use cases ask it."""

import pytest

from tests.service.lines import CALLER, OTHER, OWN, OWNER, Line
from voicebot.domain.call import CallEnd
from voicebot.service.call import end_call
from voicebot.service.number_gate import callable_number, may_text_staff, text_number
from voicebot.service.ticket import IncomingText, log_text


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (CALLER, CALLER),
        ("(202) 555-0177", OTHER),
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


@pytest.mark.danger("premium and satellite numbers")
@pytest.mark.parametrize("number", ["+881612345678", "+19002345678", "+12129761234", "+979123456789"])
def test_no_way_in_makes_a_costly_number_one_that_we_ring_or_text(line: Line, number: str) -> None:
    """As caller, as sender of a text, keyed, and as a colleague's phone."""
    rang = line.ring(number, "CA-rang")
    keyed = line.go_to(line.say(line.go_to(line.ring("anonymous", "CA-keyed"), "ask_story"), "it broke"), "ask_number")
    line.key(keyed, number.removeprefix("+1").replace("+", "011"))
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=number, body="call me"))
    for sid in ("CA-rang", "CA-keyed"):
        end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)
    line.step(days=3)
    line.sweep()
    with line.work() as work:
        assert [ticket.complainant_number for ticket in work.tickets.all()] == [None] * 3
        assert not any(work.promises.of_ticket(ticket.id) for ticket in work.tickets.all())
    assert "number_refused" in line.verbs(keyed.call.ticket_id)
    assert line.ticket(rang).owner_id
    assert line.sender.sent == []
    assert not may_text_staff(line.hotline.rules, number)


@pytest.mark.danger("call loops")
def test_the_hotline_s_own_number_keyed_as_the_one_to_call_is_refused(line: Line) -> None:
    answer = line.go_to(line.say(line.go_to(line.ring("anonymous"), "ask_story"), "it broke"), "ask_number")
    again = line.key(answer, OWN.removeprefix("+1"))
    assert [prompt.key for prompt in getattr(again.wait, "prompts", ())] == ["refuse_number", "ask_number"]
    assert line.ticket(answer).complainant_number is None
