"""The words of a kept answer, and which of them staff must hear before they rely on them.

Knows: stored words, the weighty words of each language. Must not know: how a mark looks.
"""

from voicebot.domain.doubt import Doubt, doubts
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS, Word
from voicebot.flow.weighty_words import weighty_words


def marked_words(answer: Answer, locale: str) -> tuple[tuple[Word, Doubt | None], ...]:
    """Return each timed word of an answer in this language, with why it is marked."""
    words = WORDS.validate_json(answer.words_json)
    return tuple(zip(words, doubts(words, weighty_words(locale)), strict=True))
