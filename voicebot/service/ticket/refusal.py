"""Two people say that we cannot help. One asks, and another confirms or overrules.

Knows: decisions of staff. Must not know: what a confirmed refusal allows (domain/ticket.py).
Source: complaints.md S4-01 (five people said "cannot", and the sixth could).
"""

from collections.abc import Callable

from voicebot.domain import ticket as life
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded


def asking_refusal(*, words: str, actor: str, seen: int | None = None) -> Step:
    """Say that we cannot help. A second person is to look at it."""
    return _step(StaffAction.REFUSAL_ASKED, life.ask_refusal, words=words, actor=actor, seen=seen)


def confirming_refusal(*, words: str, actor: str, seen: int | None = None) -> Step:
    """Agree that we cannot help. Now that may be told. Refused when the same person asks."""
    return _step(StaffAction.REFUSAL_CONFIRMED, life.confirm_refusal, words=words, actor=actor, seen=seen)


def overruling_refusal(*, words: str, actor: str, seen: int | None = None) -> Step:
    """Find that we can help after all. Refused to the same person."""
    return _step(StaffAction.REFUSAL_OVERRULED, life.overrule_refusal, words=words, actor=actor, seen=seen)


def _step(
    action: StaffAction, change: Callable[[Ticket, str], Ticket], *, words: str, actor: str, seen: int | None
) -> Step:
    said = worded(words, missing=Refused("why we can help, or cannot, is to be said in words", code="refusal-wordless"))

    def save(at: CaseContext) -> None:
        at.work.tickets.save(change(at.ticket, actor))

    return Step(Decision(action=action, actor=actor, after=said, seen=seen), save)
