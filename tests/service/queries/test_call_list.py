"""Calls by when they began."""

from tests.service.lines import Line
from voicebot.domain.case_number import written
from voicebot.service.ports import CallQuery, Stretch
from voicebot.service.queries.call_list import calls_from


def test_each_call_comes_with_its_case_as_people_write_it(line: Line) -> None:
    told = line.told_call()
    ((call, case),) = calls_from(line.hotline, CallQuery(stretch=Stretch(limit=9)))
    assert (call.id, case) == (line.call(told).id, written(line.ticket(told).case_number))
