"""A clip through a recogniser: what was heard, and how long it took."""

import pytest

from tests.fakes import CodedVoice, FakeRecognisers
from tests.fakes_second_ear import FakeEar
from tests.service.doctor.verdicts import BROKEN, DOUBT, FINE, only
from voicebot.errors import Unavailable
from voicebot.service.doctor import hearing

WORDS = "my parcel was delivered to the wrong house"


def a_clip(voice: CodedVoice, words: str = WORDS) -> hearing.KnownClip:
    """Return a clip in which these words are said, and which claims `WORDS`."""
    return hearing.KnownClip(locale="en", mulaw=voice.says(words, 4.0), words=WORDS)


def test_model_that_hears_is_fine_and_its_pace_is_told() -> None:
    recognisers = FakeRecognisers()
    verdict, words = only(hearing.model(recognisers, a_clip(recognisers.voice)))
    assert verdict == FINE
    assert words.startswith("the model heard 8 of 8 words; 4.0 s of speech took 0.")
    assert recognisers.made[0].is_finished


def test_model_that_mishears_is_broken() -> None:
    recognisers = FakeRecognisers()
    verdict, words = only(hearing.model(recognisers, a_clip(recognisers.voice, "oh no")))
    assert (verdict, "of 8 words of a clear clip" in words) == (BROKEN, True), words


def test_model_that_is_slower_than_people_speak_is_a_doubt() -> None:
    recognisers, times = FakeRecognisers(), iter((0.0, 5.0))
    verdict, words = only(hearing.model(recognisers, a_clip(recognisers.voice), elapsed_s=lambda: next(times)))
    assert (verdict, "4.0 s of speech took 5.0 s" in words) == (DOUBT, True), words


@pytest.mark.parametrize(("heard", "said"), [(WORDS, FINE), ("oh no", BROKEN), ("", BROKEN)])
def test_a_second_model_hears_the_clip_or_is_broken(heard: str, said: object) -> None:
    verdict, words = only(hearing.second_model(FakeEar(heard), a_clip(CodedVoice()), ["en"]))
    assert (verdict, "of 8 words of a clear clip" in words) == (said, True), words


def test_languages_that_a_second_model_does_not_know_are_a_doubt() -> None:
    hears, lacks = hearing.second_model(FakeEar(WORDS), a_clip(CodedVoice()), ["en", "es", "hr"])
    assert (hears.verdict, lacks.verdict) == (FINE, DOUBT)
    assert "does not know es, hr:" in lacks.found


def test_engine_that_refuses_raises() -> None:
    recognisers = FakeRecognisers(fails_after_s=0)
    with pytest.raises(Unavailable):
        list(hearing.model(recognisers, a_clip(recognisers.voice)))
