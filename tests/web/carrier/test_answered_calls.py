"""A process that is to end knows which calls may still come back to it."""

from dataclasses import replace

import pytest

from tests.service.lines import CALLER, Line
from voicebot.domain.call import CallEnd
from voicebot.errors import Unavailable
from voicebot.service.call.turn import end_call
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork
from voicebot.web.carrier.answered_calls import AnsweredCalls


def _calls(hotline: Hotline, *, is_carrying: bool = False, linger_s: float = 0, **limits: int) -> AnsweredCalls:
    return AnsweredCalls(hotline, is_carrying=lambda: is_carrying, linger_s=linger_s, **limits)


@pytest.mark.requirement("S0-11")
def test_a_goodbye_is_played_to_its_end_though_the_call_s_row_says_that_it_is_over(line: Line) -> None:
    for is_carrying in (True, False):
        calls = _calls(line.hotline, is_carrying=is_carrying)
        assert calls.is_quiet() is not is_carrying


def test_the_process_is_idle_once_the_calls_it_answered_are_over(line: Line) -> None:
    calls = _calls(line.hotline)
    assert calls.is_quiet()
    call = line.ring(CALLER, "CA0").call
    assert calls.is_quiet(), "another process's call"
    calls.met(call.id)
    assert not calls.is_quiet()
    end_call(line.hotline, "CA0", CallEnd.COMPLETED)
    assert calls.is_quiet()


def test_right_after_an_answer_it_is_not_quiet(line: Line) -> None:
    calls = _calls(line.hotline, linger_s=60)
    calls.met("never answered here")
    assert not calls.is_quiet()


def test_a_call_nobody_knows_is_forgotten(line: Line) -> None:
    calls = _calls(line.hotline)
    calls.met("never answered here")
    assert calls.is_quiet()


def test_while_the_database_is_away_recent_calls_are_not_given_up(line: Line) -> None:
    def away() -> UnitOfWork:
        raise Unavailable("the database did not answer")

    gone = replace(line.hotline, unit_of_work=away)
    for unsure_for_s, is_quiet in ((60, False), (0, True)):
        calls = _calls(gone, unsure_for_s=unsure_for_s)
        calls.met("c1")
        assert calls.is_quiet() is is_quiet


def test_only_so_many_are_remembered(line: Line) -> None:
    calls = _calls(line.hotline, most=1)
    calls.met(line.ring(CALLER, "CA0").call.id)
    calls.met("never answered here")
    assert calls.is_quiet()
