"""A prompt as a person would write it; what a wait asks for."""

import pytest

from voicebot.flow.instructions import Listen, Pause, Prompt, Speech, Words


def test_text_of_a_prompt_is_its_words_without_pauses() -> None:
    prompt = Prompt(key="x", locale="en", fragments=(Words(text="Once more:"), Pause(seconds=0.4), Words(text="five.")))
    assert prompt.text == "Once more: five."


@pytest.mark.parametrize(
    ("speech", "asks_for_words"),
    [
        (None, False),
        (Speech(end_silence_s=0.6), True),
        (Speech(end_silence_s=0.0, commands=("a manager",), is_only_commands=True), False),
    ],
)
def test_a_command_may_be_said_though_no_words_are_asked_for(speech: Speech | None, asks_for_words: bool) -> None:
    assert Listen(node="ask_call", speech=speech).asks_for_words is asks_for_words
