"""Who has listened to which voice, and which voices somebody has to listen to before a case ends.

Knows: answers, listeners. Must not know: players, who may end a case.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.ticket import Answer, AnswerState

_ON_ITS_WAY = frozenset({AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING})


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceHeard:
    """Somebody has listened to the voice of an answer. There is one for each person and answer."""

    ticket_id: str
    answer_id: str
    by: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    at: datetime


def is_voiced(answer: Answer) -> bool:
    """Tell whether there is a voice to listen to, or one that is still on its way.

    What was written, refused, destroyed or lost has none.
    """
    return answer.audio_key is not None or answer.state in _ON_ITS_WAY


def unheard(answers: Iterable[Answer], heard: Collection[VoiceHeard]) -> tuple[Answer, ...]:
    """Return the answers with a voice that nobody has listened to."""
    known = {each.answer_id for each in heard}
    return tuple(answer for answer in answers if is_voiced(answer) and answer.id not in known)
