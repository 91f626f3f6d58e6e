"""Adjustments as rows, on both databases: one of each kind at a number, gone with its last case."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.adjustments import an_adjustment
from tests.builders import MONDAY_TEN, a_call, a_text_request, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.retention import RetentionClass
from voicebot.service.ports.sms import TextStanding

Works = Callable[[], SqlUnitOfWork]
HOME, MOBILE = "+12025550143", "+12025550177"


@pytest.mark.requirement("V-05")
def test_each_kind_stands_once_at_a_number_and_is_deleted_when_it_is_withdrawn(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(complainant_number=HOME))
        work.tickets.add(a_ticket(id="ticket-2", case_number="482913764", complainant_number=None))
        slow, again = an_adjustment(), an_adjustment(detail="very slowly")
        text_only = an_adjustment(kind=AdjustmentKind.TEXT_ONLY)
        for each in (slow, text_only, again, an_adjustment(number=MOBILE)):
            work.adjustments.keep(each)
        assert list(work.adjustments.of_numbers([HOME])) == [text_only, again]
        assert work.adjustments.of_cases(["ticket-1", "ticket-2"]) == {"ticket-1": [text_only, again]}
        assert (work.adjustments.of_cases([]), list(work.adjustments.of_numbers([]))) == ({}, [])
        assert work.adjustments.withdraw(HOME, AdjustmentKind.SLOW)
        assert not work.adjustments.withdraw(HOME, AdjustmentKind.SLOW)
        assert list(work.adjustments.of_numbers([HOME])) == [text_only]
        assert work.adjustments.forget_numbers([HOME]) == 1


@pytest.mark.requirement("V-05")
def test_they_go_with_the_last_case_or_call_of_their_number(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(complainant_number=HOME))
        work.calls.add(a_call(ticket_id="ticket-1", caller_number=MOBILE))
        for number in (HOME, MOBILE):
            work.adjustments.keep(an_adjustment(number=number))
        assert work.adjustments.forget_left() == 0
        work.retention.erase("ticket-1", RetentionClass.NUMBERS, MONDAY_TEN)
        assert work.adjustments.forget_left() == 2


@pytest.mark.requirement("V-05")
def test_what_was_agreed_and_who_opted_out_is_one_question(unit_of_work: Works) -> None:
    kinds = {AdjustmentKind.SLOW, AdjustmentKind.NO_MESSAGE}
    with unit_of_work() as work:
        nothing = TextStanding(is_out=False, agreed=frozenset(), last_error=None)
        assert work.sms.standing_of(HOME, MOBILE) == nothing
        for kind in kinds:
            work.adjustments.keep(an_adjustment(kind=kind))
        work.sms.add_text_request(a_text_request(recipient=HOME, sender=MOBILE, is_out=True))
        assert work.sms.standing_of(HOME, MOBILE) == replace(nothing, is_out=True, agreed=kinds)
        assert work.sms.standing_of(MOBILE, HOME) == nothing
