"""A drill is answered once, by the first who says so; what it would have told later is not sent."""

from datetime import timedelta

import pytest

from tests.builders import a_drill
from tests.service.lines import OWNER, SUPERVISOR, Line
from voicebot.domain.drill import Drill
from voicebot.errors import Refused
from voicebot.service.hotline import context_of
from voicebot.service.ladder.drill import answer_drill, climb_drill
from voicebot.service.ticket.house_case import open_house_case

pytestmark = pytest.mark.requirement("D-10")


def begun(line: Line) -> Drill:
    """Begin a drill now, and take the steps that are due."""
    with line.work() as work:
        context = context_of(line.hotline, work)
        ends_at = context.now + timedelta(hours=2)
        ticket = open_house_case(context, holds="a drill")
        drill = a_drill(ticket_id=ticket.id, began_at=context.now, ends_at=ends_at)
        work.watch.add_drill(drill)
        climb_drill(context, drill)
        work.commit()
    return drill


def test_the_first_step_is_told_at_once_and_again_changes_nothing(line: Line) -> None:
    drill = begun(line)
    with line.work() as work:
        climb_drill(context_of(line.hotline, work), drill)
        work.commit()
    line.run_jobs()
    assert (len(line.sender.to(OWNER)), len(line.sender.to(SUPERVISOR))) == (1, 1)


def test_what_waits_when_it_is_answered_does_not_leave(line: Line) -> None:
    drill = begun(line)
    answer_drill(line.hotline, drill.id, member_id="deputy_1")
    line.run_jobs()
    assert line.sender.sent == []


def test_the_first_answer_counts(line: Line) -> None:
    drill = begun(line)
    assert answer_drill(line.hotline, drill.id, member_id="deputy_1").answered_by == "deputy_1"
    assert answer_drill(line.hotline, drill.id, member_id="owner_1").answered_by == "deputy_1"
    with pytest.raises(Refused, match="no drill is running"):
        answer_drill(line.hotline, "1999-01", member_id="owner_1")
