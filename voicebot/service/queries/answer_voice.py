"""The voice of an answer, for staff to listen to.

Knows: which answer belongs to which case, and whether its voice is kept. Must not know: HTTP, files.
"""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from voicebot.domain.ticket import Answer
from voicebot.errors import Refused, Unavailable
from voicebot.service.answer.shown import private_stretches
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import find_ticket
from voicebot.speech.pcm_stream import PcmStream


def voice_of(hotline: Hotline, case: str, answer_id: str) -> PcmStream:
    """Return an answer's voice as a WAV file of 16-bit PCM (8 kHz), which every player takes, made as it is read.

    It is silent where a private number is said that the words show as a mark. The key comes from the answer's row
    alone, so no name that somebody sends reaches the store.
    Raises: Refused when the case has no such answer or no voice is kept of it. Unavailable when the store fails.
    """
    with hotline.look() as work:
        ticket, answer = find_ticket(work, case), work.tickets.answer(answer_id)
    if answer is None or answer.ticket_id != ticket.id:
        raise Refused("the case has no such answer: go back to its page", code="answer-unknown")
    if answer.audio_key is None:
        raise Refused(f"no voice is kept of this answer, which is {answer.state}", code="voice-missing")
    return _for_players(hotline.audio.open(answer.audio_key), private_stretches(answer))


def missing_voices(hotline: Hotline, answers: Iterable[Answer]) -> frozenset[str]:
    """Return ids of answers whose voice should be kept and is not to be found, or none while the store is away."""
    kept = [(answer.id, answer.audio_key) for answer in answers if answer.audio_key is not None]
    try:
        return frozenset(answer_id for answer_id, key in kept if not hotline.audio.exists(key))
    except Unavailable:
        return frozenset()


def _for_players(stored: BinaryIO, silent: Sequence[tuple[float, float]]) -> PcmStream:
    try:
        return PcmStream(stored, silent=silent)
    except ValueError as problem:
        stored.close()
        raise Refused("what is kept of this voice is no sound file", code="voice-missing") from problem
