"""The voice of an answer, for staff to listen to.

Knows: which answer belongs to which case, and whether its voice is kept. Must not know: HTTP, files.
"""

from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.scene import find_ticket


def voice_of(hotline: Hotline, case: str, answer_id: str) -> bytes:
    """Return an answer's voice as a WAV file (mu-law, 8 kHz, mono).

    The key comes from the answer's row alone, so no name that somebody sends reaches the store.
    Raises: Refused when the case has no such answer or no voice is kept of it; Unavailable when the store fails.
    """
    with hotline.look() as work:
        ticket, answer = find_ticket(work, case), work.tickets.answer(answer_id)
    if answer is None or answer.ticket_id != ticket.id:
        raise Refused("the case has no such answer: go back to its page", code="answer-unknown")
    if answer.audio_key is None:
        raise Refused(f"no voice is kept of this answer, which is {answer.state}", code="voice-missing")
    return hotline.audio.get(answer.audio_key)
