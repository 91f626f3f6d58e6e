"""Which case a contact belongs to. Nobody else decides it (tests/house/test_one_place.py).

A sender's cases are those the sender rang from or wrote from, newest first (ports/ticket.py, `open_of`). Which of
them is meant depends on what the contact brings:

- Words belong to the newest case that goes on. Who writes goes on with what they told us last, or answers our last
  text. Without one they belong to the case that ended last, if that was within the policy's days. Then it is opened
  again.
- A call without a word asks only to be called. So it belongs to the case that owes the same number a call already, and
  to the oldest of several, because that call comes first. It makes no difference whether the call was silent or never
  reached us. When no case owes a call, the caller gets a case and a promise of their own, else nobody would call.

A withheld number joins nothing, because nobody knows whether two such callers are one person.
Knows: senders, open cases, which of them owe a call. Must not know: how a contact came, what follows it.
Source: complaints.md S0-11, S2-14; twilio.md 1.12.
"""

from collections.abc import Collection
from datetime import timedelta

from voicebot.domain.ticket import Ticket
from voicebot.service.call_context import CallContext
from voicebot.service.hotline import Context, HotlineRules
from voicebot.service.number_gate import number_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.make import is_call_owed

LONGEST_SENDER = 64

MOST_LOOKED_THROUGH = 20
"""Open cases of one sender. Nearly always there is one."""


def sender_of(rules: HotlineRules, raw: str) -> str:
    """Return by what a sender is known. It is the number in one form, else the name as given, empty for nobody."""
    return number_of(rules, raw) or raw.strip()[:LONGEST_SENDER]


def case_of_words(work: UnitOfWork, sender: str) -> Ticket | None:
    """Return the open case that words of this sender belong to. `sender` as `sender_of` gives it."""
    return next(iter(work.tickets.open_of(sender, 1)), None) if sender else None


def case_for_words(context: Context, sender: str, *, besides: Collection[str] = ()) -> Ticket | None:
    """Return the case that words of this sender belong to, also one that has ended within the policy's days.

    `besides` are cases that are not meant, as the one that a call with these words has opened itself.
    """
    since = context.now - timedelta(days=context.policy.endings.reopens_within_days)
    return context.work.tickets.newest_of(sender, ended_since=since, besides=besides) if sender else None


def case_of_wordless_call(
    work: UnitOfWork, caller_number: str | None, *, to_ring: str | None, own_id: str = ""
) -> Ticket | None:
    """Return the open case that a call without a word belongs to.

    It owes `to_ring` a call, or can never promise one. `own_id` is the case that the call itself opened, if it did.
    """
    if caller_number is None:
        return None
    newest_first = work.tickets.open_of(caller_number, MOST_LOOKED_THROUGH)
    return next((case for case in reversed(newest_first) if case.id != own_id and _owes(work, case, to_ring)), None)


def owing_case(context: CallContext, own: Ticket) -> Ticket | None:
    """Return the case that a running call would join if nothing were said in it. `own` is the one it stands with."""
    return case_of_wordless_call(
        context.work, context.call.caller_number, to_ring=own.complainant_number, own_id=own.id
    )


def _owes(work: UnitOfWork, case: Ticket, number: str | None) -> bool:
    if case.complainant_number != number:
        return False
    return not work.promises.of_ticket(case.id) or is_call_owed(work, case.id)
