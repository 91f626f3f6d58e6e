"""Two people say that we cannot help: one asks, another confirms or overrules.

Knows: decisions of staff. Must not know: what a confirmed refusal allows (domain/ticket.py).
Source: complaints.md S4-01: five people said "cannot", and the sixth could.
"""

from collections.abc import Callable
from datetime import datetime

from voicebot.domain import ticket as life
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import Decision, StaffAction, act, worded


def ask_refusal(hotline: Hotline, case: str, *, words: str, actor: str, seen: int | None = None) -> bool:
    """Say that we cannot help; a second person is to look at it.

    Returns False for a repetition. Raises: Refused without words, or when the case is not open.
    """
    return _act(hotline, case, StaffAction.REFUSAL_ASKED, life.ask_refusal, words=words, actor=actor, seen=seen)


def confirm_refusal(hotline: Hotline, case: str, *, words: str, actor: str, seen: int | None = None) -> bool:
    """Agree that we cannot help; now that may be told. Raises: Refused, also when it is the same person."""
    return _act(hotline, case, StaffAction.REFUSAL_CONFIRMED, life.confirm_refusal, words=words, actor=actor, seen=seen)


def overrule_refusal(hotline: Hotline, case: str, *, words: str, actor: str, seen: int | None = None) -> bool:
    """Find that we can help after all. Raises: Refused, also when it is the same person."""
    return _act(
        hotline, case, StaffAction.REFUSAL_OVERRULED, life.overrule_refusal, words=words, actor=actor, seen=seen
    )


def _act(
    hotline: Hotline,
    case: str,
    action: StaffAction,
    step: Callable[[Ticket, str], Ticket],
    *,
    words: str,
    actor: str,
    seen: int | None,
) -> bool:
    said = worded(words, code="refusal-wordless", why="why we can help, or cannot, is to be said in words")
    decision = Decision(action=action, actor=actor, after=said, seen=seen)

    def change(work: UnitOfWork, ticket: Ticket, _now: datetime) -> None:
        work.tickets.save(step(ticket, actor))

    return act(hotline, case, decision, change)
