"""Whom an update reaches, and how a case stands among many on one cause."""

import pytest

from tests.adjustments import keep
from tests.service.lines import CALLER, Line
from tests.service.ticket.test_lead_case import WORDS, follow, preview, told, view
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.case_number import written
from voicebot.service.staff.decision import act
from voicebot.service.ticket.splitting import joining


@pytest.mark.requirement("D-06")
def test_the_preview_says_what_goes_to_how_many_and_why_not_to_the_others(line: Line) -> None:
    lead, first, second = cases = [told(line, number) for number in (151, 152, 153)]
    for each in (first, second):
        follow(line, each, lead)
    same, over, silent = told(line, 151, call="CA1"), told(line, 156), line.ticket(line.told_call("CA7", CALLER))
    for each in (same, over, silent):
        follow(line, each, lead)
    keep(line, AdjustmentKind.NO_MESSAGE)
    act(line.hotline, over.case_number, joining(second.case_number, words="one matter", actor="owner_1"))
    shown = preview(line, lead)
    assert shown.words == WORDS
    assert shown.text == f"Harbour Goods, case {shown.case}: {WORDS} Your own case goes on. STOP for no texts."
    assert [each.id for each in shown.reached] == [each.id for each in cases]
    assert dict(shown.left_out) == {
        written(same.case_number): f"the same telephone is told in case {written(lead.case_number)}",
        written(over.case_number): "the case is over",
        written(silent.case_number): "no texts: do not leave a message",
    }


@pytest.mark.requirement("D-06")
def test_a_case_knows_its_lead_and_a_lead_its_followers(line: Line) -> None:
    lead, follower = told(line, 151), told(line, 152)
    follow(line, follower, lead)
    assert (view(line, follower).lead, view(line, follower).followers) == (written(lead.case_number), ())
    assert [number for number, _ in view(line, lead).followers] == [written(follower.case_number)]
    assert (view(line, lead).lead, view(line, lead).updates) == ("", ())
