"""Two people say that we cannot help."""

import pytest

from tests.service.lines import Line
from tests.service.staff.people import actions, case_of
from voicebot.domain.ticket import Ruling, TicketStatus, ToldBy
from voicebot.errors import Refused
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.ending import answer_case
from voicebot.service.ticket.refusal import ask_refusal, confirm_refusal, overrule_refusal


def _refuse(line: Line, case: str) -> bool:
    return answer_case(
        line.hotline, case, ruling=Ruling.REFUSED, told_by=ToldBy.CALL, words="not ours", actor="owner_1"
    )


@pytest.mark.requirement("S4-01")
def test_a_refusal_is_told_after_a_second_person_agreed(line: Line) -> None:
    case = case_of(line)
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    ask_refusal(line.hotline, case, words="the law forbids it", actor="owner_1")
    with pytest.raises(Refused, match="two people"):
        _refuse(line, case)
    with pytest.raises(Refused, match="somebody else"):
        confirm_refusal(line.hotline, case, words="I am sure", actor="owner_1")
    assert confirm_refusal(line.hotline, case, words="I checked", actor="supervisor_1")
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
    ask_refusal(line.hotline, case, words="no way", actor="owner_1")
    assert overrule_refusal(line.hotline, case, words="branch five can", actor="deputy_1")
    assert [(done.actor, done.verb, done.after) for done in actions(line, case)] == [
        ("owner_1", "refusal_asked", "no way"),
        ("deputy_1", "refusal_overruled", "branch five can"),
    ]
    with pytest.raises(Refused, match="nothing to confirm"):
        confirm_refusal(line.hotline, case, words="too late", actor="supervisor_1")


def test_a_refusal_needs_words(line: Line) -> None:
    with pytest.raises(Refused, match="in words"):
        ask_refusal(line.hotline, case_of(line), words=" ", actor="owner_1")
