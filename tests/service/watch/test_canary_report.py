"""What the test call fails by is told by another way and stands on the morning list."""

import pytest

from tests.builders import at
from tests.service.lines import Line, with_rules
from tests.service.watch.canaries import DAILY, Canaries
from voicebot.domain.canary import CanaryResult
from voicebot.errors import Refused
from voicebot.service.background.schedule import run_tasks
from voicebot.service.hotline import context_of
from voicebot.service.ports import CallUncertain
from voicebot.service.watch.canary import begin_now
from voicebot.service.watch.canary_report import ALARM_TASK, said_canary

pytestmark = pytest.mark.requirement("D-10")


@pytest.mark.parametrize(
    ("words", "result", "said"),
    [
        (None, CanaryResult.NO_CALL, "no call arrived"),
        ("", CanaryResult.NOTHING_HEARD, "nothing was heard"),
        ("my neighbour is loud and the landlord does nothing", CanaryResult.MISHEARD, "something else was heard"),
    ],
)
def test_what_is_missing_when_its_time_is_over_is_told_once(
    canaries: Canaries, words: str | None, result: CanaryResult, said: str
) -> None:
    canaries.look()
    if words is not None:
        canaries.arrive(words)
    canaries.look(minutes=8)
    assert (canaries.result(), canaries.told()) == (CanaryResult.RUNNING, [])
    canaries.look(minutes=60)
    assert canaries.result() is result
    assert len(canaries.told()) == 1
    assert said in canaries.told()[0]
    assert said in canaries.listed()
    assert "DID NOT" in canaries.listed()


def test_a_stranger_who_takes_its_place_is_named_with_the_case(canaries: Canaries) -> None:
    canaries.look()
    canaries.arrive("my neighbour is loud and the landlord does nothing")
    canaries.look(minutes=15)
    with canaries.line.work() as work:
        held = work.tickets.newest()
    assert held is not None
    assert "landlord" in held.problem
    assert f"/console/cases/{held.case_number}" in canaries.told()[0]


def test_the_next_one_that_passes_ends_the_alarm_and_one_that_fails_is_told_again(canaries: Canaries) -> None:
    canaries.look(minutes=15)
    canaries.line.clock.at = at("Thursday 12 November 2026 08:00:00")
    canaries.look(minutes=15)
    assert [("TEST CALL" in body) for body in canaries.told()] == [True, True]
    canaries.line.clock.at = at("Friday 13 November 2026 08:00:00")
    canaries.look()
    canaries.arrive()
    canaries.look(minutes=15)
    assert "came through again" in canaries.told()[-1]
    assert len(canaries.told()) == 3


def test_a_carrier_that_cannot_be_asked_is_told_when_its_time_is_over(canaries: Canaries) -> None:
    canaries.line.calls.trouble = [CallUncertain()]
    canaries.line.calls.is_away = True
    canaries.look(minutes=15)
    assert (canaries.result(), canaries.placed) == (CanaryResult.NOT_PLACED, 0)
    assert "could not be asked" in canaries.told()[0]


def test_a_morning_without_one_is_told(canaries: Canaries, line: Line) -> None:
    alarm = tuple(task for task in DAILY if task.name == ALARM_TASK)
    assert "was NOT placed today" in canaries.listed()
    for _ in range(30):
        run_tasks(line.hotline, alarm)
        line.step(minutes=1)
    assert [("was not placed" in body) for body in canaries.told()] == [True]


def test_without_a_second_number_there_is_none_and_the_list_says_so(canaries: Canaries) -> None:
    with_rules(canaries.line, canary_number="")
    canaries.look(minutes=20)
    assert (canaries.placed, canaries.told()) == (0, [])
    assert "is switched off" in canaries.listed()
    with pytest.raises(Refused) as refused:
        begin_now(canaries.line.hotline)
    assert refused.value.code == "no-canary-number"


def test_who_asks_hears_how_the_last_one_went(canaries: Canaries, line: Line) -> None:
    def said() -> str:
        with line.work() as work:
            return said_canary(context_of(line.hotline, work), work.watch.newest_canary(line.clock.now()))

    assert said() == "No test call was made yet."
    canaries.look()
    assert said().endswith(" is under way.")
    canaries.arrive()
    canaries.look()
    assert said().startswith("The test call of Tue 10 Nov 2026, 08:00 EST came through")


def test_the_list_of_a_day_before_the_first_one_says_that_none_was_made(canaries: Canaries, line: Line) -> None:
    line.clock.at = at("Tuesday 10 November 2026 06:00:00")
    assert "was not made yet" in canaries.listed()
