"""The limits of a wait."""

from voicebot.flow.instructions import Listen, Speech
from voicebot.service.listening.limits import limits_of
from voicebot.speech.endpointer import Limits


def test_an_answer_ends_as_the_flow_says() -> None:
    speech = Speech(end_silence_s=6, pause_after_s=3, max_utterance_s=180, warn_after_s=150)
    assert limits_of(Listen(node="ask_story", speech=speech, no_input_after_s=7)) == Limits(
        no_input_after_s=7, end_silence_s=6, pause_after_s=3, max_utterance_s=180, warn_after_s=150
    )


def test_no_answer_ends_an_announcement() -> None:
    speech = Speech(grammar=("a supervisor",), is_only_commands=True, end_silence_s=0.6)
    nothing = Limits(no_input_after_s=None, end_silence_s=0.0, max_utterance_s=0.0)
    assert limits_of(Listen(node="say_notice", speech=speech)) == nothing
    assert limits_of(Listen(node="say_notice")) == nothing
