"""Somebody who rings again about a case that we know, and what they hear and are sent."""

from collections.abc import Iterable

from tests.service.lines import CALLER, Line
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import Ticket
from voicebot.flow.instructions import HangUp, Listen
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call

MORE = "the second parcel came broken too"


def asked(line: Line, sid: str = "CA2", caller: str = CALLER) -> CallAnswer:
    """Ring again, up to the question whether it is about the same matter."""
    return line.reach("ask_matter", caller, sid)


def called_again(line: Line, sid: str = "CA2", *, keys: Iterable[str] = "1", words: str = MORE) -> CallAnswer:
    """Ring again about the same matter, add something, and hang up at the next wait."""
    answer = asked(line, sid)
    for key in keys:
        answer = line.key(answer, key)
    answer = line.say(answer, words)
    end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    return answer


def of(line: Line, told: CallAnswer) -> Ticket:
    """The case of an earlier call as it is now."""
    with line.work() as work:
        ticket = work.tickets.get(told.call.ticket_id)
    assert ticket is not None
    return ticket


def said(answer: CallAnswer) -> list[str]:
    assert isinstance(answer.wait, Listen | HangUp)
    return [prompt.key for prompt in answer.wait.prompts]


def spoken(answer: CallAnswer) -> str:
    assert isinstance(answer.wait, Listen | HangUp)
    return " ".join(prompt.text for prompt in answer.wait.prompts)


def digits_in(words: str) -> str:
    """Return what a listener writes down of spoken digits."""
    digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return "".join(str(digits.index(word.strip(".,"))) for word in words.split() if word.strip(".,") in digits)


def templates(line: Line, first: CallAnswer) -> list[str]:
    """Keys of the texts that went out for a case, in order."""
    return [sms.template for sms in line.texts(first)]
