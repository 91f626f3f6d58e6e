"""What must be right when a text is about to leave. That is the gate, the request of the person, and how many have left
today.

Those who pump texts are paid for each one that we send to numbers of theirs. So texts to complainants are counted by
number, by block of numbers, by country and in all, over the last 24 hours and under one lock. What is beyond a limit is
suppressed with its reason, and staff are told once a day of each limit. Where others took the room, what names a window
that is still open is put off instead. Texts to staff have a limit of their own, and the apology for a miss stops only
at its own number's, so that a storm never silences the ladder.
Knows: gate, limits, the outbox. Must not know: templates' words, the carrier.
Source: twilio.md 1.9 (one automatic reply per number per hour) and 1.12 (SMS pumping).
"""

from datetime import datetime, timedelta

import structlog

from voicebot.domain.budget import Scope, prefix_of
from voicebot.domain.limits import TextsLeft, limit_reached
from voicebot.domain.phone import region_of
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import Sms
from voicebot.domain.ticket import Ticket
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Context
from voicebot.service.lookup import ticket_of
from voicebot.service.number_gate import caller_number, can_be_texted, text_number, wants_no_texts
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import Template, why_no_text
from voicebot.service.outbox.purpose import NEVER_HELD_BACK, TextKind, is_answer, is_for_staff, kind_of
from voicebot.service.outbox.text_channel import text_barrier
from voicebot.service.ports import UnitOfWork

log = structlog.get_logger(__name__)

COUNTED_OVER = timedelta(days=1)
REPLIES_APART = timedelta(hours=1)
"""Between two automatic replies to one number. Two machines that answer each other stop here."""
_REPLIES = (TextKind.TEXT_CASE, TextKind.REPLY)
TOO_MANY_TEXTS = "too many texts to this number in a day"
REPLIED_ALREADY = "one automatic reply to a number in an hour"
HELD_BACK_FOR = timedelta(hours=1)
"""A text that is put off looks for room again after so long, since room comes back bit by bit as a day passes."""


def why_held_back(context: Context, sms: Sms) -> str:
    """Return why a claimed text must not leave, empty when it may, and then it is counted."""
    if is_for_staff(sms):
        return _why_not_to_staff(context, sms)
    return _why_not_to_complainant(context, sms)


def may_leave_later(work: UnitOfWork, sms: Sms, why_not: str) -> bool:
    """Tell whether a text held back is put off. That is so when others took the room, and its window is known by words
    and open.

    So is an update for all on one cause, since nobody else would tell it.
    So is a second automatic reply within the hour that names a promise, because nobody else would tell of it. Not what
    a call without a word leaves, because storms are made of those, and would take the next day's room as well. Who
    asked to be written to cannot be told otherwise.
    """
    if kind_of(sms) is TextKind.LEAD_UPDATE:
        return why_not in _TAKEN_BY_OTHERS
    is_second_reply = why_not == REPLIED_ALREADY and kind_of(sms) is TextKind.TEXT_CASE
    if why_not not in _TAKEN_BY_OTHERS and not is_second_reply:
        return False
    is_asked_for = sms.template in {Template.TEXT_ME, Template.TEXT_ME_AGAIN}
    promises = work.promises.of_ticket(sms.ticket_id)
    return any(promise.state is PromiseState.OPEN and (promise.words or is_asked_for) for promise in promises)


def is_line_flooded(work: UnitOfWork, policy: Policy, number: str, now: datetime) -> bool:
    """Tell whether one more text to this number would be held back, so that nobody promises it."""
    return limit_reached(policy.limits.texts, _left(work, number, now, this_one=0)) is not None


def why_no_apology(context: Context, ticket: Ticket) -> str:
    """Return why a miss cannot be told the complainant by text, in staff's words, empty when it can.

    Only so many texts to one number hold an apology back, since nobody can pump what takes a broken promise of ours.
    """
    why_not = why_no_text(context, ticket)
    if why_not:
        return why_not
    number = text_number(context.work, context.hotline.rules, ticket=ticket, policy=context.policy)
    assert number is not None, "why_no_text has looked"
    left = _left(context.work, number, context.now, this_one=0)
    is_full = limit_reached(context.policy.limits.texts, left) is Scope.NUMBER
    return f"no texts: {_REASONS[Scope.NUMBER]}" if is_full else ""


def _why_not_to_staff(context: Context, sms: Sms) -> str:
    barrier = text_barrier(context, sms.recipient)
    if barrier is not None:
        return barrier
    most = context.policy.limits.texts.per_staff_phone
    count = context.work.sms.count_to(sms.recipient, context.now - COUNTED_OVER)
    if kind_of(sms) in NEVER_HELD_BACK or count <= most:
        return ""
    log.error("staff_texts_held_back", sms=sms.id)
    return TOO_MANY_TEXTS


def _why_not_to_complainant(context: Context, sms: Sms) -> str:
    policy = context.policy
    if caller_number(context.hotline.rules, sms.recipient, policy) is None:
        return "the number gate stopped it"
    if not can_be_texted(context.work, context.hotline.rules, sms.recipient):
        return "this line takes no texts"
    if why_not := wants_no_texts(context.work, context.hotline.rules, sms.recipient, is_answer=is_answer(sms.purpose)):
        return why_not
    if not ticket_of(context.work, sms.ticket_id).may_text:
        return "texts are not wanted"
    if _is_reply_to_a_reply(context, sms):
        return REPLIED_ALREADY
    return _why_over_limit(context, sms)


def _is_reply_to_a_reply(context: Context, sms: Sms) -> bool:
    if kind_of(sms) not in _REPLIES:
        return False
    since = context.now - REPLIES_APART
    return sum(context.work.sms.count_to(sms.recipient, since, kind=kind) for kind in _REPLIES) > 1


def _why_over_limit(context: Context, sms: Sms) -> str:
    """Count the text and let it go, or say which limit holds it back. A second try was counted at its first."""
    context.work.limits.hold_texts()
    if context.work.limits.was_text_sent(sms.id):
        return ""
    scope = limit_reached(context.policy.limits.texts, _left(context.work, sms.recipient, context.now, this_one=1))
    if scope is None or (kind_of(sms) is TextKind.MISSED and scope is not Scope.NUMBER):
        prefix, region = prefix_of(sms.recipient), region_of(sms.recipient)
        context.work.limits.record_text_sent(sms.id, prefix=prefix, region=region, at=context.now)
        return ""
    raise_alarm(context, name=f"texts_held_back:{scope}", ticket_id=sms.ticket_id, template=Template.STAFF_FLOOD)
    return _REASONS[scope]


def _left(work: UnitOfWork, number: str, now: datetime, *, this_one: int) -> TextsLeft:
    """Count what left. `this_one` is 1 where the text itself is claimed already and counts towards its number."""
    since = now - COUNTED_OVER
    counts = work.limits.count_texts(since, number=number, prefix=prefix_of(number), region=region_of(number))
    return TextsLeft(
        to_number=counts.to_number - this_one,
        to_prefix=counts.to_prefix,
        to_country=counts.to_region,
        in_all=counts.in_all,
    )


_REASONS = {
    Scope.NUMBER: TOO_MANY_TEXTS,
    Scope.PREFIX: "too many texts to numbers that begin like this one in a day",
    Scope.COUNTRY: "too many texts to this country in a day",
    Scope.ALL: "too many texts in a day",
}
_TAKEN_BY_OTHERS = frozenset(reason for scope, reason in _REASONS.items() if scope is not Scope.NUMBER)
