"""A live call that shows no sign of life: ended, unless its caller talks to a member of staff."""

from dataclasses import replace

import pytest

from tests.fakes_outside import FakeCalls
from tests.service.callback.callers import CA
from tests.service.callback.test_rang_in import asked, taken, waits_for_a_call
from tests.service.lines import Line
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.errors import Unavailable
from voicebot.service.call.lost_call import end_lost_call
from voicebot.service.call.turn import end_call


def test_a_call_that_nobody_hears_of_is_ended_without_asking_anybody(line: Line) -> None:
    answer = line.ring()
    line.calls.is_away = True
    end_lost_call(line.hotline, "CA1")
    assert line.call(answer).status is CallStatus.ENDED


def test_while_the_caller_talks_to_the_owner_the_carrier_is_asked(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    line.step(minutes=10)
    end_lost_call(line.hotline, "CA2")
    call = line.call(answer)
    assert (call.status, call.last_heard_at) == (CallStatus.LIVE, line.clock.now())
    line.calls.over |= {"CA2", CA}
    end_lost_call(line.hotline, "CA2")
    assert line.call(answer).status is CallStatus.ENDED


def test_a_carrier_that_cannot_be_asked_ends_no_talk(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    line.calls.is_away = True
    with pytest.raises(Unavailable):
        end_lost_call(line.hotline, "CA2")
    assert line.call(answer).status is CallStatus.LIVE


def test_a_talk_that_ends_while_the_carrier_is_asked_has_ended(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)

    class Meanwhile(FakeCalls):
        def is_over(self, carrier_call_id: str) -> bool:
            end_call(line.hotline, carrier_call_id, CallEnd.CALLER_HUNG_UP)
            return False

    end_lost_call(replace(line.hotline, calls=Meanwhile()), "CA2")
    call = line.call(answer)
    assert (call.status, call.end) == (CallStatus.ENDED, CallEnd.CALLER_HUNG_UP)
