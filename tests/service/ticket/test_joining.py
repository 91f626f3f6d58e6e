"""Which case a contact belongs to, asked the same way whoever asks."""

from collections.abc import Callable

import pytest

from tests.service.books import rang
from tests.service.lines import CALLER, OTHER, Line
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.service.call.missed_call import take_up_missed_call
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.joining import case_of_words

ABROAD = "+18092201111"
"""A number of the Dominican Republic: valid, and not among our countries."""

WordlessCall = Callable[[Line, str], None]


def ring_without_a_word(line: Line, caller: str = CALLER) -> None:
    """Ring, say nothing, hang up; every wait for words passes."""
    line.ring(caller, "CA-wordless")
    end_call(line.hotline, "CA-wordless", CallEnd.CALLER_HUNG_UP)
    line.step(seconds=36)
    line.sweep()
    line.sweep()


def ring_while_we_are_down(line: Line, caller: str = CALLER) -> None:
    """Ring without reaching us; the carrier's list tells."""
    take_up_missed_call(line.hotline, rang(line, "CA-wordless", caller))


def write(line: Line, body: str, *, sender: str = CALLER) -> None:
    """Send a text."""
    log_text(line.hotline, IncomingText(message_sid=f"SM-{body}", sender=sender, body=body))
    line.run_jobs()


def open_cases(line: Line) -> list[Ticket]:
    """Return the cases that go on, oldest first."""
    with line.work() as work:
        found = [ticket for ticket in work.tickets.all() if ticket.status is not TicketStatus.MERGED]
    return sorted(found, key=lambda ticket: ticket.opened_at)


def calls_of(line: Line, ticket_id: str) -> int:
    """Return how many calls a case has."""
    with line.work() as work:
        return len(work.calls.of_ticket(ticket_id))


both_wordless_calls = pytest.mark.parametrize("wordless_call", [ring_without_a_word, ring_while_we_are_down])


@pytest.mark.requirement("S0-11")
@both_wordless_calls
def test_a_wordless_call_joins_the_older_case_when_the_newer_one_was_called_back(
    line: Line, wordless_call: WordlessCall
) -> None:
    owed = line.told_call("CA1")
    line.step(minutes=1)
    kept = line.told_call("CA2")
    log_callback(line.hotline, line.ticket(kept).case_number, reason="spoke", actor="owner_1")
    wordless_call(line, CALLER)
    assert [case.id for case in open_cases(line)] == [owed.call.ticket_id, kept.call.ticket_id]
    assert calls_of(line, owed.call.ticket_id) == 2


@pytest.mark.requirement("S0-11")
@both_wordless_calls
def test_a_wordless_call_joins_the_case_that_a_text_of_its_number_opened(
    line: Line, wordless_call: WordlessCall
) -> None:
    write(line, "broken lamp")
    line.step(minutes=1)
    wordless_call(line, CALLER)
    (case,) = open_cases(line)
    assert calls_of(line, case.id) == 1
    with line.work() as work:
        assert len(work.promises.of_ticket(case.id)) == 1


@pytest.mark.requirement("S0-11")
@both_wordless_calls
def test_a_wordless_call_leaves_alone_a_case_that_is_to_be_called_elsewhere(
    line: Line, wordless_call: WordlessCall
) -> None:
    elsewhere = line.told_call("CA1")
    line.change_ticket(elsewhere, complainant_number=OTHER)
    line.step(minutes=1)
    wordless_call(line, CALLER)
    ours, own = open_cases(line)
    assert (ours.complainant_number, own.complainant_number) == (OTHER, CALLER)
    assert line.promise(own.id)


@pytest.mark.parametrize("number", [CALLER, ABROAD])
def test_who_rang_and_then_writes_has_one_case_wherever_the_number_is_from(line: Line, number: str) -> None:
    line.ring(number, "CA1")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.step(minutes=1)
    write(line, "broken lamp", sender=number)
    (case,) = open_cases(line)
    assert case.problem == "broken lamp"


@pytest.mark.requirement("S0-11")
@both_wordless_calls
def test_who_wrote_from_abroad_and_then_rings_has_one_case(line: Line, wordless_call: WordlessCall) -> None:
    write(line, "broken lamp", sender=ABROAD)
    line.step(minutes=1)
    wordless_call(line, ABROAD)
    (case,) = open_cases(line)
    assert calls_of(line, case.id) == 1


def test_words_go_to_the_newest_case_though_an_older_one_owes_a_call(line: Line) -> None:
    line.told_call("CA1")
    line.step(minutes=1)
    newer = line.told_call("CA2")
    log_callback(line.hotline, line.ticket(newer).case_number, reason="spoke", actor="owner_1")
    write(line, "what you told me just now is wrong")
    assert "text_received" in line.verbs(newer.call.ticket_id)


def test_a_sender_without_a_number_is_known_by_name(line: Line) -> None:
    write(line, "one", sender="HARBOUR")
    write(line, "two", sender="HARBOUR")
    write(line, "three", sender="LIGHTHOUSE")
    assert sorted(case.written_from or "" for case in open_cases(line)) == ["HARBOUR", "LIGHTHOUSE"]


@both_wordless_calls
def test_withheld_callers_are_never_taken_for_one_person(line: Line, wordless_call: WordlessCall) -> None:
    line.ring("anonymous", "CA1")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.step(minutes=1)
    wordless_call(line, "anonymous")
    assert len(open_cases(line)) == 2


def test_words_belong_to_the_open_case_of_their_sender_and_those_of_nobody_to_none(line: Line) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="my parcel came broken"))
    with line.work() as work:
        (ticket,) = work.tickets.all()
        found = [case_of_words(work, sender) for sender in (OTHER, CALLER, "")]
    assert found == [ticket, None, None]
