"""Which voices of a case nobody has listened to yet.

A recorded talk of ours needs nobody, because one of us spoke in it.
Knows: answers, listeners. Must not know: what hangs on it.
"""

from voicebot.domain.heard import is_voiced, unheard
from voicebot.domain.ticket import Answer
from voicebot.service.answer.keep import TALK_SLOT
from voicebot.service.ports import UnitOfWork


def voices_unheard(work: UnitOfWork, ticket_id: str) -> tuple[Answer, ...]:
    """Return the answers that somebody has to listen to before the case ends."""
    answers = [each for each in work.tickets.answers(ticket_id) if is_voiced(each) and each.slot != TALK_SLOT]
    return unheard(answers, work.reviews.heard_of(ticket_id)) if answers else ()
