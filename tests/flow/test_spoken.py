"""Which languages can be spoken."""

from voicebot.flow.spoken import LANGUAGES, language_of
from voicebot.flow.spoken_english import English


def test_a_region_speaks_its_language() -> None:
    assert isinstance(language_of("en-GB"), English)


def test_a_language_that_we_cannot_speak_is_spoken_in_english() -> None:
    assert language_of("xx") is LANGUAGES["en"]
