"""The words of a kept answer, which of them staff must hear, and what a second hearing made of the same voice.

Knows: stored words, the weighty words of each language. Must not know: how a mark looks.
"""

from voicebot.domain.doubt import Doubt, doubts
from voicebot.domain.private.masking import is_masked
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import NOBODY, WORDS, Word
from voicebot.flow.weighty_words import weighty_words
from voicebot.speech.differences import Heard, compare, heard_otherwise


def marked_words(answer: Answer, locale: str) -> tuple[tuple[Word, Doubt | None], ...]:
    """Return each timed word of an answer in this language, with why it is marked, if there is something to hear."""
    kept, again = _words(answer)
    weighty, texts = weighty_words(locale), [word.text for word in kept]
    otherwise = heard_otherwise(texts, again, weighty) if was_heard_again(answer) else None
    found = doubts(kept, weighty, heard_otherwise=otherwise)
    return tuple((word, None if is_masked(word.text) else why) for word, why in zip(kept, found, strict=True))


def was_heard_again(answer: Answer) -> bool:
    """Tell whether the stored voice was listened to a second time, and words of either hearing are still there."""
    is_heard = answer.second_by not in (None, NOBODY)
    return is_heard and not answer.words_json == answer.second_words_json == "[]"


def both_hearings(answer: Answer) -> tuple[Heard, ...]:
    """Return the words of the call beside those of the second hearing, or nothing where there was none."""
    if not was_heard_again(answer):
        return ()
    mine, theirs = ([word.text for word in words] for words in _words(answer))
    return compare(mine, theirs)


def _words(answer: Answer) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    return WORDS.validate_json(answer.words_json), WORDS.validate_json(answer.second_words_json)
