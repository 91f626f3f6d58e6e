"""The demo's caller."""

from voicebot.cli.demo.caller_script import REMEDY, STORY, VOICES, caller, said


def test_what_the_caller_says_is_written_down_beside_the_clips() -> None:
    assert "kettle" in said()["story"]
    assert "money back" in said()["remedy"]


def test_every_question_of_the_call_has_an_answer() -> None:
    answered = {reaction.key for reaction in caller().reactions}
    assert answered >= {"ask_story", "ask_remedy", "confirm_number", "offer_window"}


def test_the_clips_are_bundled() -> None:
    assert (VOICES / STORY).is_file()
    assert (VOICES / REMEDY).is_file()
