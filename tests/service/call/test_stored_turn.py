"""Turns as they are stored and read again."""

from tests.service.lines import Line
from voicebot.flow.events import FLOW_EVENT, KeysPressed
from voicebot.flow.instructions import HangUp
from voicebot.service.call.stored_turn import stored_answer, wait_at, wait_of


def test_session_event_and_instructions_are_stored_with_each_turn(line: Line) -> None:
    story = line.go_on(line.ring())
    with line.work() as work:
        turn = work.calls.turn(story.call.id, 1)
        assert stored_answer(work, story.call).wait == story.wait
    assert turn is not None
    assert FLOW_EVENT.validate_json(turn.event).kind == "prompts_played"
    assert wait_of(turn) == story.wait


def test_no_turn_holds_a_callers_words(line: Line) -> None:
    story = line.reach("ask_story")
    asked = line.tell(story, KeysPressed(keys="0", utterance=line.spoken(story, "my kettle broke")))
    line.say(line.go_to(asked, "tell_case_number"), "zebra")
    with line.work() as work:
        stored = [text for turn in work.calls.turns(story.call.id) for text in (turn.event, turn.session)]
    assert line.ticket(story).problem == "my kettle broke"
    assert not [text for text in stored if "kettle" in text or "zebra" in text]


def test_a_turn_without_a_wait_hangs_up(line: Line) -> None:
    story = line.go_on(line.ring())
    with line.work() as work:
        turn = work.calls.turn(story.call.id, 1)
    assert turn is not None
    from dataclasses import replace

    assert wait_of(replace(turn, instructions="[]")) == HangUp()


def test_an_earlier_wait_is_read_as_it_was_put(line: Line) -> None:
    first = line.ring()
    second = line.go_on(first)
    assert wait_at(line.hotline, first.call.id, 0) is not None
    earlier, later = (wait_at(line.hotline, first.call.id, number) for number in (0, 1))
    assert earlier is not None
    assert later is not None
    assert (earlier.wait, later.wait) == (first.wait, second.wait)
    assert wait_at(line.hotline, first.call.id, 2) is None
