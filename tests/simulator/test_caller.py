"""The script of a person."""

from pathlib import Path

import pytest

from voicebot.simulator import Caller, press, sound, speak


def test_adding_a_reaction_gives_a_new_script_and_leaves_the_old_one() -> None:
    empty = Caller()
    full = empty.after("ask", press("1"))
    assert (len(empty.reactions), len(full.reactions)) == (0, 1)


@pytest.mark.parametrize("keys", ["", "a", "1 2"])
def test_only_keys_of_a_telephone_can_be_pressed(keys: str) -> None:
    with pytest.raises(ValueError, match="telephone has only"):
        press(keys)


def test_saying_is_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "story.wav"
    path.write_bytes(sound.pcm_wav(sound.tone(400)))
    assert (speak(path).label, len(speak(path).audio)) == ("story", 160)
