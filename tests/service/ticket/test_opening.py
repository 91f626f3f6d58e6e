"""A new case with its number, PIN and owner."""

from dataclasses import replace

import pytest

from tests.service.lines import OTHER, Line
from voicebot.domain.case_number import is_valid
from voicebot.domain.ticket import Channel, TicketStatus
from voicebot.service.hotline import context_of
from voicebot.service.ticket.opening import TicketOpening, open_ticket


def test_a_case_is_born_with_number_pin_and_owner(line: Line) -> None:
    opening = TicketOpening(channel=Channel.PHONE, locale="en", complainant_number=None)
    with line.work() as work:
        ticket = open_ticket(context_of(line.hotline, work), opening)
        work.commit()
    assert is_valid(ticket.case_number)
    assert len(ticket.pin) == 4
    assert (ticket.owner_id, ticket.status) == ("owner_1", TicketStatus.OPEN)


def test_a_case_number_that_was_used_before_is_minted_anew(line: Line) -> None:
    first = line.ticket(line.ring())
    digits = [first.case_number[:8], "4071", "73590264"]

    class Repeating:
        """Gives the first case's digits once more, after a PIN."""

        def random_digits(self, count: int) -> str:
            return "4071" if count == 4 else digits.pop(0) if digits[0] != "4071" else digits.pop(1)

        def __getattr__(self, name: str) -> object:
            return getattr(line.ids, name)

    line.hotline = replace(line.hotline, ids=Repeating())  # type: ignore[arg-type]
    second = line.ticket(line.ring(OTHER, "CA2"))
    assert second.case_number.startswith("73590264")


def test_a_source_of_digits_that_repeats_itself_is_a_broken_invariant(line: Line) -> None:
    first = line.ticket(line.ring())

    class Stuck:
        """Gives the same digits for ever."""

        def random_digits(self, count: int) -> str:
            return "4071" if count == 4 else first.case_number[:8]

        def __getattr__(self, name: str) -> object:
            return getattr(line.ids, name)

    line.hotline = replace(line.hotline, ids=Stuck())  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="in a row"):
        line.ring(OTHER, "CA2")
    with line.work() as work:
        assert len(work.tickets.all()) == 1
