"""The words of a stored voice, where they were not heard during the call.

Knows: recognisers, answers. Must not know: how the voice came into the store.
"""

from dataclasses import replace

from voicebot.domain.ticket import AnswerState
from voicebot.domain.utterance import WORDS, Hypothesis, Word
from voicebot.service.answer.audio import answer_of, call_of, put_off
from voicebot.service.answer.keep import retell
from voicebot.service.history import Verb, mark_answer, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import Recogniser
from voicebot.speech.audio import decode_mulaw, pcm_bytes, read_wav

MOST_TRANSCRIPTIONS = 5
"""Tries before an answer stays without words. Its voice is there, and a person listens."""


PIECE_BYTES = 8_000
"""Audio is given to the recogniser half a second at a time (16-bit PCM)."""


def transcribe(hotline: Hotline, answer_id: str) -> None:
    """Make words with times from an answer's stored voice, by an open vocabulary.

    The try is counted before it begins, so that audio which kills the process is not tried at every start for ever.
    Raises: Unavailable when engine or audio store fail. A later sweep tries again.
    """
    answer = answer_of(hotline, answer_id)
    if answer is None or answer.state is not AnswerState.AWAITING_TRANSCRIPT or answer.audio_key is None:
        return
    call = call_of(hotline, answer)
    locale = "" if call is None else call.locale
    if not hotline.recognisers.supports(locale):
        _keep_words(hotline, answer_id, (), why="nothing here understands this language")
    elif answer.attempts >= MOST_TRANSCRIPTIONS:
        _keep_words(hotline, answer_id, (), why="the recogniser failed on it again and again")
    else:
        put_off(hotline, answer_id)
        mulaw = read_wav(hotline.audio.get(answer.audio_key))
        _keep_words(hotline, answer_id, _words_of(hotline.recognisers.make(locale, None), mulaw))


def _words_of(recogniser: Recogniser, mulaw: bytes) -> tuple[Word, ...]:
    pcm = pcm_bytes(decode_mulaw(mulaw))
    segments: list[Hypothesis | None] = []
    for start in range(0, len(pcm), PIECE_BYTES):
        segments.append(recogniser.accept(pcm[start : start + PIECE_BYTES]))
    segments.append(recogniser.finish())
    return tuple(word for segment in segments if segment is not None for word in segment.words)


def _keep_words(hotline: Hotline, answer_id: str, words: tuple[Word, ...], *, why: str = "") -> None:
    """Keep the words, or settle without any and say in the history why."""
    with hotline.unit_of_work() as work:
        known = work.tickets.answer(answer_id)
        assert known is not None, "answers are never deleted"
        work.calls.lock(known.call_id)
        answer = work.tickets.answer(answer_id)
        if answer is None or answer.state is not AnswerState.AWAITING_TRANSCRIPT:
            return
        text = " ".join(word.text for word in words)
        words_json = WORDS.dump_json(words).decode()
        work.tickets.save_answer(replace(answer, text=text, words_json=words_json, state=AnswerState.DONE))
        retell(work, answer.ticket_id)
        now = context_of(hotline, work).now
        mark_answer(work, answer, now, what="words_made", detail=f"{answer.slot}, {len(words)} words")
        if why:
            note_case(
                work, answer.ticket_id, Verb.TRANSCRIPT_MISSING, at=now, actor="worker", after=f"{answer.slot}: {why}"
            )
        work.commit()
