"""The last words of a call."""

from tests.service.listening.line import Line, a_prompt
from voicebot.flow.events import CallerHungUp
from voicebot.flow.instructions import HangUp

GOODBYE = HangUp(prompts=(a_prompt("no_input_3"), a_prompt("say_goodbye")))


def test_without_prompts_the_stream_closes_at_once() -> None:
    line = Line()
    line.begin(HangUp())
    assert line.new() == ["CloseStream"]
    assert line.quiet(1) is None
    assert line.new() == []


def test_without_its_clip_the_stream_closes_after_what_could_be_said() -> None:
    line = Line(missing=frozenset({"say_goodbye"}))
    line.begin(GOODBYE)
    assert line.new() == ["audio 1.0", "mark 1:no_input_3", "CloseStream"]


def test_stream_stays_until_the_last_mark_is_back() -> None:
    line = Line()
    line.begin(GOODBYE)
    line.sent = ["mark 1:no_input_3"]
    line.marks()
    assert "CloseStream" not in line.sent


def test_marks_that_never_come_back_close_the_stream_some_time_after_the_end() -> None:
    line = Line()
    line.begin(GOODBYE)
    line.quiet(21.9)
    assert "CloseStream" not in line.sent
    line.quiet(0.2)
    assert line.sent[-1] == "CloseStream"


def test_a_goodbye_put_after_a_slow_turn_is_waited_for_as_long_as_any() -> None:
    line = Line()
    line.begin(GOODBYE, behind_s=4.0)
    line.quiet(25.9)
    assert "CloseStream" not in line.sent
    line.quiet(0.2)
    assert line.sent[-1] == "CloseStream"


def test_a_key_pressed_during_goodbye_changes_nothing() -> None:
    line = Line()
    line.begin(GOODBYE)
    line.new()
    assert line.presses("0") is None
    assert line.new() == []


def test_stream_that_stops_during_goodbye_ends_the_call() -> None:
    line = Line()
    line.begin(GOODBYE)
    assert line.stops(is_clean=True) == CallerHungUp()


def test_goodbye_that_a_broken_stream_cut_off_ends_nothing() -> None:
    line = Line()
    line.begin(GOODBYE)
    assert line.stops(is_clean=False) is None


def test_frames_in_a_lump_after_stalls_cut_no_goodbye() -> None:
    line = Line()
    line.begin(GOODBYE)
    for _ in range(3):  # nothing for five seconds, then all at once; what we sent was held up as well
        line.quiet(5)
    assert "CloseStream" not in line.sent
    line.marks()
    assert line.sent[-1] == "CloseStream"
