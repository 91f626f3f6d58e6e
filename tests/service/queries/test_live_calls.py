"""Who is on the line now."""

from tests.service.lines import OTHER, Line
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.service.call.turn import end_call
from voicebot.service.queries.live_calls import list_live_calls


def test_calls_that_are_not_over_are_listed_with_where_they_stand(line_on_both: Line) -> None:
    line = line_on_both
    first = line.reach("ask_story")
    line.step(seconds=30)
    line.ring(OTHER, "CA2")
    end_call(line.hotline, "CA3", CallEnd.LOST)
    found = list_live_calls(line.hotline)
    assert (found[0].call_id, found[0].node) == (first.call.id, "ask_story")
    assert found[0].case == written(line.ticket(first).case_number)
    assert [call.way for call in found] == ["stream", "stream"]
    end_call(line.hotline, "CA1", CallEnd.CARRIER)
    assert len(list_live_calls(line.hotline)) == 1


def test_nobody_is_on_the_line_at_first(line: Line) -> None:
    assert list_live_calls(line.hotline) == ()
