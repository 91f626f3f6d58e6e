"""Whether somebody has spoken: kept answers, voices in our spool, and calls that another machine has not settled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_call
from tests.service.lines import Line
from voicebot.service.answer.keep import spool_name
from voicebot.service.answer.spooled_voice import (
    has_answered,
    has_spoken,
    last_sign_of,
    may_have_spoken,
    may_voice_follow,
)
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call_context import CallContext, call_context_of
from voicebot.service.hotline import context_of


def said(line: Line, answer: CallAnswer) -> tuple[bool, bool, bool, bool]:
    """Return what is known: answered, perhaps spoken, spoken, and whether a voice may follow."""
    with line.work() as work:
        call = work.calls.lock(answer.call.id)
        assert call is not None
        context: CallContext = call_context_of(context_of(line.hotline, work), call)
        follows = may_voice_follow(context_of(line.hotline, work), call.id)
        return has_answered(context), may_have_spoken(context), has_spoken(context), follows


def test_nobody_has_spoken_before_anything_was_said(line: Line) -> None:
    assert said(line, line.reach("ask_story")) == (False, False, False, False)


@pytest.mark.requirement("S0-11")
def test_a_story_that_lies_in_the_spool_was_spoken(line: Line) -> None:
    answer = line.reach("ask_story")
    line.spoken(answer, "my parcel came")
    assert said(line, answer) == (False, True, True, True)
    line.say(answer, "my parcel came")
    assert said(line, answer)[0], "and it is an answer by now"


@pytest.mark.requirement("S0-11")
def test_a_call_that_another_machine_heard_may_hold_a_story(line: Line) -> None:
    answer = line.reach("ask_story")
    with line.work() as work:
        work.folders.heard(answer.call.id, "another")
        work.commit()
    assert said(line, answer) == (False, True, True, True)
    with line.work() as work:
        work.folders.settle(answer.call.id, "another")
        work.commit()
    assert said(line, answer) == (False, False, False, False)


def test_a_voice_from_before_the_consent_is_no_story(line: Line) -> None:
    answer = line.ring()
    line.spool.append(spool_name(answer.call.id, 0), b"voice")
    assert said(line, answer) == (False, False, False, True)


def test_a_file_of_a_turn_that_never_was_is_no_story(line: Line) -> None:
    answer = line.reach("ask_story")
    line.spool.append(spool_name(answer.call.id, 999), b"voice")
    assert not said(line, answer)[2]


def test_a_call_showed_itself_last_when_it_began_was_heard_or_ended() -> None:
    begun = a_call()
    heard = replace(begun, last_heard_at=begun.started_at + timedelta(minutes=1))
    ended = replace(heard, ended_at=begun.started_at + timedelta(minutes=2))
    assert [last_sign_of(call) - begun.started_at for call in (begun, heard, ended)] == [
        timedelta(minutes=minutes) for minutes in (0, 1, 2)
    ]
