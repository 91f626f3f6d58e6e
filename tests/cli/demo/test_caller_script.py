"""The demo's callers."""

from voicebot.cli.demo.caller_script import REMEDY, STORY, VOICES, ada, ben, callers, said


def test_what_the_caller_says_is_written_down_beside_the_clips() -> None:
    assert "kettle" in said()["story"]
    assert "money back" in said()["remedy"]


def test_every_question_of_the_call_has_an_answer() -> None:
    by_all = {"confirm_number", "announce_text", "choose_window"}
    assert {reaction.key for reaction in ada().reactions} >= by_all | {"ask_story", "ask_remedy"}
    assert {reaction.key for reaction in ben().reactions} >= by_all | {"say_recording_notice"}
    assert len(callers()) == 2


def test_the_clips_are_bundled() -> None:
    assert (VOICES / STORY).is_file()
    assert (VOICES / REMEDY).is_file()
