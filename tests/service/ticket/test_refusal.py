"""Two people say that we cannot help."""

import pytest

from tests.service.lines import Line
from tests.service.staff.people import actions, case_of
from voicebot.domain.ticket import Ruling, TicketStatus, ToldBy
from voicebot.errors import Refused
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import answering
from voicebot.service.ticket.refusal import asking_refusal, confirming_refusal, overruling_refusal


def _refuse(line: Line, case: str) -> bool:
    return act(
        line.hotline, case, answering(ruling=Ruling.REFUSED, told_by=ToldBy.CALL, words="not ours", actor="owner_1")
    )


@pytest.mark.requirement("S4-01")
def test_a_refusal_is_told_after_a_second_person_agreed(line: Line) -> None:
    case = case_of(line)
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    act(line.hotline, case, asking_refusal(words="the law forbids it", actor="owner_1"))
    with pytest.raises(Refused, match="two people"):
        _refuse(line, case)
    with pytest.raises(Refused, match="somebody else"):
        act(line.hotline, case, confirming_refusal(words="I am sure", actor="owner_1"))
    assert act(line.hotline, case, confirming_refusal(words="I checked", actor="supervisor_1"))
    assert _refuse(line, case)
    with line.work() as work:
        ticket = work.tickets.by_case_number(case)
    assert ticket is not None
    assert (ticket.status, ticket.ruling) == (TicketStatus.ANSWERED, Ruling.REFUSED)
    line.run_jobs()
    assert "we cannot do what you asked" in line.sender.sent[-1][1]


@pytest.mark.requirement("S4-01")
def test_who_looks_second_may_find_that_we_can(line: Line) -> None:
    case = case_of(line)
    act(line.hotline, case, asking_refusal(words="no way", actor="owner_1"))
    assert act(line.hotline, case, overruling_refusal(words="branch five can", actor="deputy_1"))
    assert [(done.actor, done.verb, done.after) for done in actions(line, case)] == [
        ("owner_1", "refusal_asked", "no way"),
        ("deputy_1", "refusal_overruled", "branch five can"),
    ]
    with pytest.raises(Refused, match="nothing to confirm"):
        act(line.hotline, case, confirming_refusal(words="too late", actor="supervisor_1"))


def test_a_refusal_needs_words(line: Line) -> None:
    with pytest.raises(Refused, match="in words"):
        act(line.hotline, case_of(line), asking_refusal(words=" ", actor="owner_1"))
