"""What was agreed with somebody stands at their number, also in their next case, and is deleted when withdrawn."""

import pytest

from tests.adjustments import keep
from tests.service.lines import CALLER, OTHER, Line
from tests.service.upkeep.test_retention import answered
from voicebot.domain.adjustment import AdjustmentKind, TypedAdjustment
from voicebot.errors import Refused
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.adjustments import keep_adjustment, withdraw_adjustment
from voicebot.service.upkeep.retention import erase_due

INTERPRETER = TypedAdjustment(kind=AdjustmentKind.INTERPRETER, detail="Polish", consent_by="Mary Ruiz")


def numbers(line: Line, case: str) -> list[tuple[str, str]]:
    with line.work() as work:
        found = work.adjustments.of_numbers([CALLER, OTHER])
    assert tuple(found) == view_case(line.hotline, case).customer.adjustments
    return [(each.number, each.said) for each in found]


@pytest.mark.requirement("V-05")
def test_it_stands_in_the_next_case_of_the_number_and_leaves_no_word_of_itself_when_withdrawn(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    kept = keep_adjustment(line.hotline, case, INTERPRETER, actor="owner_1")
    assert (kept.recorded_by, kept.consent_on) == ("owner_1", "2026-11-18")
    again = line.ticket(line.told_call("CA2")).case_number
    assert numbers(line, again) == [(CALLER, "interpreter: Polish")]
    withdraw_adjustment(line.hotline, again, AdjustmentKind.INTERPRETER, actor="deputy_1")
    assert numbers(line, case) == []
    with line.work() as work:
        lines = [entry for each in work.tickets.all() for entry in work.tickets.history(each.id)]
    agreed = [(entry.verb, entry.actor, entry.before, entry.after) for entry in lines if "adjustment" in entry.verb]
    assert agreed == [("adjustment_kept", "owner_1", "", ""), ("adjustment_withdrawn", "deputy_1", "", "")]


@pytest.mark.requirement("V-05")
def test_what_stands_at_another_number_of_theirs_is_withdrawn_there_and_at_nobody_elses(line: Line) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    keep_adjustment(line.hotline, case, INTERPRETER, actor="owner_1")
    line.change_ticket(answer, complainant_number=OTHER)
    assert numbers(line, case) == [(CALLER, "interpreter: Polish")], "they rang from there"
    for number in ("", "+12025550199"):
        with pytest.raises(Refused, match="does not stand") as problem:
            withdraw_adjustment(line.hotline, case, AdjustmentKind.INTERPRETER, actor="owner_1", number=number)
        assert problem.value.code == "adjustment-gone"
    withdraw_adjustment(line.hotline, case, AdjustmentKind.INTERPRETER, actor="owner_1", number=CALLER)
    line.change_ticket(answer, complainant_number=None)
    with pytest.raises(Refused, match="write the number down first") as problem:
        keep_adjustment(line.hotline, case, INTERPRETER, actor="owner_1")
    assert problem.value.code == "adjustment-number"


@pytest.mark.requirement("V-05")
def test_what_was_agreed_goes_when_no_case_holds_the_number_any_more(line: Line) -> None:
    answered(line)
    keep(line, AdjustmentKind.SLOW)
    for days, left in ((1, 1), (366, 0)):
        line.step(days=days)
        erase_due(line.hotline, is_dry=True)
        erase_due(line.hotline)
        with line.work() as work:
            assert len(work.adjustments.of_numbers([CALLER])) == left
