"""What is made of a benchmark's calls once they are over."""

import pytest

from voicebot.cli.bench.caller_lines import Programme
from voicebot.cli.bench.socket_run import SocketRun, whole_lines
from voicebot.simulator import LineCall
from voicebot.speech.audio import silence
from voicebot.speech.word_errors import WordErrors


def test_whole_line_holds_story_remedy_and_the_silence_of_a_caller_who_listens() -> None:
    call = LineCall(sid="CA1", from_number="", to_number="", caller_track=bytearray(silence(60)))
    run = SocketRun(
        calls=(call,),
        web_cpu_s=1,
        bytes_per_call=1,
        errors=WordErrors(),
        after_key_s=(),
        after_speech_s=(),
        after_yes_s=(),
    )
    (line,) = whole_lines(run, [Programme(silence(40), "my kettle is broken", paused_s=6)])
    assert line.words == "my kettle is broken i only want to be heard"
    assert line.seconds == 60
    assert line.paused_s == pytest.approx(60 - (40 - 6) - 1.3, abs=0.7), "all but the story's speech and the remedy"
