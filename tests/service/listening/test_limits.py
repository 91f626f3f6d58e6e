"""The limits of a wait."""

from tests.service.listening.line import Line, a_story
from voicebot.flow.events import FinishedBy, UtteranceHeard
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


# --- finished by voice -------------------------------------------------------------------------------------


def _words(event: object) -> str:
    assert isinstance(event, UtteranceHeard)
    return event.utterance.text


def _a_story_to_finish() -> Listen:
    story = a_story()
    assert story.speech is not None
    speech = story.speech.model_copy(update={"endings": ("that is all",), "pause_endings": ("no",)})
    return story.model_copy(update={"speech": speech})


def test_story_finished_by_voice_waits_for_no_pause_prompt() -> None:
    line = Line()
    line.asked(_a_story_to_finish())
    line.says("my kettle broke", 1)
    line.quiet(1.5)
    line.says("that is all", 1)
    assert line.quiet(1.1) is None
    event = line.quiet(0.2)
    assert isinstance(event, UtteranceHeard)
    assert event.utterance.text == "my kettle broke that is all"
    assert event.finished_by is FinishedBy.SILENCE


def test_that_is_all_in_the_middle_of_a_story_ends_nothing() -> None:
    line = Line()
    line.asked(_a_story_to_finish())
    line.says("that is all", 1)
    line.quiet(1)
    assert line.says("they told me about it", 2) is None
    assert line.quiet(2) is None


def test_no_to_the_soft_prompt_finishes_the_story() -> None:
    line = Line()
    line.asked(_a_story_to_finish())
    line.says("my kettle broke", 1)
    line.quiet(3.2)
    assert line.sent[-1] == "mark 1:wait_story"
    line.says("no", 0.5)
    assert _words(line.quiet(1.4)) == "my kettle broke no"
