"""What a case has cost its complainant."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_call, an_answer
from tests.service.callback.test_rang_in import waited_and_talked
from tests.service.lines import Line
from voicebot.domain.call import CallEnd
from voicebot.service.call.turn import end_call
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.effort import Effort, effort_of

pytestmark = pytest.mark.requirement("S4-03")


def test_a_case_shows_calls_talk_waiting_and_who_told_what_how_often(line: Line) -> None:
    ticket, _ = waited_and_talked(line)
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    effort = view_case(line.hotline, ticket.case_number).effort
    assert (effort.calls, effort.waited_s, effort.told, effort.hand_offs) == (2, 42, 1, 0)
    assert effort.talk_s == effort.on_line_s - 42 >= 300
    assert ", waited 42 s, told 1 time, changed hands 0 times" in effort.said


def test_texts_are_one_telling_a_call_that_goes_on_has_no_length_and_nothing_is_no_effort() -> None:
    written = [an_answer(slot="sms", call_id=f"text-{number}") for number in (1, 2)]
    over = a_call(started_at=MONDAY_TEN, ended_at=MONDAY_TEN + timedelta(seconds=90))
    effort = effort_of(calls=[a_call(), over], staff_calls=(), answers=[*written, an_answer()], hand_offs=2)
    assert effort == Effort(calls=2, texts=2, on_line_s=90, waited_s=0, told=2, hand_offs=2)
    assert effort.said == "2 calls, 2 texts, 1 min of talk, waited 0 s, told 2 times, changed hands 2 times"
    assert Effort().contacts == 0
