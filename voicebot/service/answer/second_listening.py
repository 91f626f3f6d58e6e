"""Listens to stored voices again, with a better recogniser that is too slow for a call, while nobody is on the line.

What it hears stands beside the words of the call and never replaces them. One voice is taken at a time. A call that
begins stops it at once, and the voice is taken again later, from its beginning. A try is counted before it begins and
taken back when a call stopped it, so that audio which kills the process is not tried for ever.

A voice that its caller refused or destroyed is none that is stored, so it is never found here. What is destroyed while
it is being listened to is not brought back.
Knows: answers, calls on the line. Must not know: which recogniser it is, priorities of processes.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import WORDS, Word
from voicebot.errors import SettingFault
from voicebot.service.answer.audio import call_of
from voicebot.service.answer.keep import TALK_SLOT
from voicebot.service.hotline import Hotline
from voicebot.service.ports import SecondEar
from voicebot.speech.audio import read_wav

NOBODY = "-"
"""Stands in `Answer.second_by` where nobody will listen again."""
MOST_LISTENINGS = 3
"""Tries before a voice is left as it was heard in the call."""
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


def listen_again(hotline: Hotline) -> int:
    """Listen to one voice again if nobody is on the line, and return how many were settled, 0 or 1.

    Raises: Unavailable when the ear or the audio store fail, and it is tried again later, after the others.
    SettingFault when the model or what reads it is missing.
    """
    ear = hotline.second_ear
    if ear is None or not is_line_free(hotline):
        return 0
    with hotline.look() as work:
        answer = next(iter(work.tickets.answers_to_hear_again(1)), None)
    return 0 if answer is None else _listen(hotline, ear, answer)


def is_line_free(hotline: Hotline) -> bool:
    """Tell whether no call is on the line, on any machine."""
    with hotline.look() as work:
        return not work.calls.live_since_silence(_FOR_EVER)


def _listen(hotline: Hotline, ear: SecondEar, answer: Answer) -> int:
    call = call_of(hotline, answer)
    # A talk has two voices at once, and its recording tells them apart, which a recogniser does not.
    is_fit = call is not None and answer.slot != TALK_SLOT and ear.supports(call.locale)
    if call is None or not is_fit or answer.second_tries >= MOST_LISTENINGS:
        return _change(hotline, answer, lambda kept: replace(kept, second_by=NOBODY))
    assert answer.audio_key is not None, "only stored voices are found"
    _change(hotline, answer, lambda kept: replace(kept, second_tries=answer.second_tries + 1))
    mulaw = read_wav(hotline.audio.get(answer.audio_key))
    try:
        words = ear.hear(mulaw, call.locale, lambda: is_line_free(hotline))
    except SettingFault:
        _take_back(hotline, answer)
        raise
    if words is None:
        return _take_back(hotline, answer)
    return _change(hotline, answer, lambda kept: _heard(kept, words, by=ear.name))


def _take_back(hotline: Hotline, found: Answer) -> int:
    """Count the try as none, since it was not the audio that ended it."""
    _change(hotline, found, lambda kept: replace(kept, second_tries=found.second_tries))
    return 0


def _heard(answer: Answer, words: tuple[Word, ...], *, by: str) -> Answer:
    return replace(answer, second_words_json=WORDS.dump_json(words).decode(), second_by=by)


def _change(hotline: Hotline, found: Answer, change: Callable[[Answer], Answer]) -> int:
    """Change the answer as it is now, unless its voice is gone or somebody else listened meanwhile."""
    with hotline.unit_of_work() as work:
        work.calls.lock(found.call_id)
        answer = work.tickets.answer(found.id)
        if answer is None or answer.state is not AnswerState.DONE or answer.audio_key is None or answer.second_by:
            return 0
        work.tickets.save_answer(change(answer))
        work.commit()
        return 1
