"""A number said in part and keyed in part. When this fails a caller who changes over has to begin anew."""

import pytest

from tests.fakes import CodedVoice, FakeRecogniser
from voicebot.flow.instructions import Listen, Speech
from voicebot.service.listening.ear import Ear
from voicebot.service.listening.number_parts import TONE_OVER_S, NumberParts
from voicebot.speech.audio import decode_mulaw, silence
from voicebot.speech.energy_gate import EnergyGate

NUMBER = Speech(grammar=("one", "two"), is_number=True, end_silence_s=1)


def _parts(speech: Speech | None = NUMBER) -> NumberParts:
    return NumberParts(Listen(node="ask_number", speech=speech), "en")


def _ear(words: str = "") -> Ear:
    voice, gate = CodedVoice(), EnergyGate()
    ear = Ear(lambda grammar, *, alternatives=0: FakeRecogniser(voice, grammar), gate=gate, speech=NUMBER)
    if words:
        ear.hear(gate.feed(decode_mulaw(voice.says(words, 1) + silence(0.2))))
    return ear


def test_what_was_said_before_the_first_key_is_kept_and_a_key_silences() -> None:
    parts, first = _parts(), _ear("one two")
    assert parts.hush(first, 3) is None
    assert parts.begun is first
    assert parts.hush(_ear("two"), 4) is None
    assert parts.begun is first, "what was said between two keys is not the beginning"
    assert [number.digits for number in parts.said_by(first)] == ["12"]


def test_words_are_heard_again_once_the_keys_tone_is_over() -> None:
    parts = _parts()
    assert not parts.wants_ear(None, 9), "before any key the first ear hears"
    parts.hush(_ear(), 3)
    assert not parts.wants_ear(None, 3 + TONE_OVER_S - 0.1)
    assert parts.wants_ear(None, 3 + TONE_OVER_S)
    assert not parts.wants_ear(_ear(), 9)


@pytest.mark.parametrize(("words", "goes_on"), [("", False), ("one", False), ("one two", True)])
def test_a_single_word_behind_a_key_may_be_its_tone(words: str, goes_on: bool) -> None:
    parts, after = _parts(), _ear(words)
    assert not parts.goes_on(after)
    parts.hush(_ear(), 3)
    assert not parts.goes_on(None)
    assert parts.goes_on(after) is goes_on


def test_what_is_said_behind_the_keys_is_a_part_of_the_number() -> None:
    parts, after = _parts(), _ear("two one")
    assert parts.said_after(after) == ()
    parts.hush(None, 3)
    assert parts.said_after(after) == (), "nobody heard anything before"
    parts.hush(_ear(), 3)
    assert parts.said_after(None) == ()
    assert [number.digits for number in parts.said_after(after)] == ["21"]


@pytest.mark.parametrize("speech", [NUMBER.model_copy(update={"is_number": False}), None])
def test_where_no_number_is_asked_for_a_key_ends_what_is_heard(speech: Speech | None) -> None:
    parts, ear = _parts(speech), _ear("one two")
    assert parts.hush(ear, 3) is ear
    assert parts.begun is None
    assert parts.said_by(ear) == ()
    parts.release()


def test_both_recognisers_are_given_back() -> None:
    parts, first = _parts(), _ear("one")
    parts.hush(first, 3)
    parts.release()
    first.finish()
    assert parts.begun is first
