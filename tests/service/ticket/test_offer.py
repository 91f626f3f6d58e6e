"""A case offered to a second person: they say no, others take the offer back, and the end of a case ends it."""

import pytest

from tests.service.call.repeats import called_again, of
from tests.service.lines import Line
from voicebot.domain.ticket import NotComplaint
from voicebot.errors import Refused
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing
from voicebot.service.ticket.heard import keep_heard
from voicebot.service.ticket.offer import ending_offer
from voicebot.service.ticket.splitting import joining


def offered(line: Line) -> CallAnswer:
    """Return the call of a case that is offered to the deputy, because its caller rang again."""
    first = line.told_call("CA1")
    called_again(line)
    assert of(line, first).offered_to == "deputy_1"
    return first


@pytest.mark.requirement("S3-06")
@pytest.mark.parametrize("actor", ["deputy_1", "owner_1"])
def test_an_offer_is_declined_or_taken_back_once_and_the_owner_stays(line_on_both: Line, actor: str) -> None:
    line = line_on_both
    first = offered(line)
    number = line.ticket(first).case_number
    assert act(line.hotline, number, ending_offer(actor=actor, seen=0))
    assert not act(line.hotline, number, ending_offer(actor=actor, seen=0)), "sent twice, done once"
    case = of(line, first)
    assert (case.offered_to, case.owner_id, case.repeats) == (None, "owner_1", 1)
    assert line.verbs(case.id).count("offer_ended") == 1
    with pytest.raises(Refused, match="offered to nobody"):
        act(line.hotline, number, ending_offer(actor=actor))


def test_another_repeat_offers_the_case_again(line: Line) -> None:
    first = offered(line)
    act(line.hotline, line.ticket(first).case_number, ending_offer(actor="deputy_1"))
    line.step(minutes=1)
    called_again(line, "CA3")
    assert of(line, first).offered_to == "deputy_1"


def test_a_case_that_is_no_complaint_is_offered_to_nobody(line: Line) -> None:
    first = offered(line)
    step = dismissing(kind=NotComplaint.PRANK, words="children giggling", actor="owner_1")
    keep_heard(line.hotline, line.ticket(first).case_number, actor="owner_1")
    act(line.hotline, line.ticket(first).case_number, step)
    assert of(line, first).offered_to is None


def test_a_case_that_becomes_a_part_of_another_one_is_offered_to_nobody(line: Line) -> None:
    first, other = offered(line), line.ticket(line.told_call("CA4", "+12025550144"))
    act(line.hotline, line.ticket(first).case_number, joining(other.case_number, words="one", actor="owner_1"))
    assert of(line, first).offered_to is None


def test_a_talk_with_the_complainant_ends_the_offer(line: Line) -> None:
    first = offered(line)
    log_callback(line.hotline, line.ticket(first).case_number, reason="spoke", actor="owner_1")
    assert of(line, first).offered_to is None
