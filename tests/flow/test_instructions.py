"""A prompt as a person would write it."""

from voicebot.flow.instructions import Pause, Prompt, Words


def test_text_of_a_prompt_is_its_words_without_pauses() -> None:
    prompt = Prompt(key="x", locale="en", fragments=(Words(text="Once more:"), Pause(seconds=0.4), Words(text="five.")))
    assert prompt.text == "Once more: five."
