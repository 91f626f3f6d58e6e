"""Messages to staff that do not go by text. They are written with what causes them, sent by a job and followed to their
end.

A row is written in the transaction of its cause (`write_message`). The worker claims it, asks once more whether it is
still true, looks the address up, and lets its channel send it. Such a channel is a `QueuedChannel` (hotline.py).

A worker may die between the other side's taking a message and our writing that down. Nobody can be asked afterwards,
unlike about a text. So the message goes again, under the same id, because an alarm that is read twice does less harm
than one that nobody reads. A mail has the same Message-ID both times.
Knows: states, how often one tries. Must not know: texts, which channels there are, why somebody is told.
Source: complaints.md 3, "Escalation noise" (claim before sending, doubled pauses, an end; nothing is dropped silently).
"""

from datetime import timedelta

import structlog

from voicebot.domain.back_off import back_off
from voicebot.domain.private.masking import masked
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_message import (
    FINAL_MESSAGE_STATES,
    MessageState,
    StaffMessage,
    move_message,
    put_message_back,
)
from voicebot.domain.ticket import Ticket
from voicebot.domain.visible import visible
from voicebot.errors import Unavailable
from voicebot.flow.prompts import render_text
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.job_names import SEND_MESSAGE
from voicebot.service.outbox.channels import queued_channels
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import NEVER_HELD_BACK, is_of_case, kind_of, why_no_longer_true
from voicebot.service.ports import Letter, MessageRefused
from voicebot.service.staff.members import find_member

log = structlog.get_logger(__name__)

FIRST_BACK_OFF = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(minutes=10)
MOST_ATTEMPTS = 30
"""Attempts after which a message is given up, which takes about four hours."""
STUCK_AFTER = timedelta(minutes=2)
"""Longer than any channel waits for its other side. Who claimed a message so long ago is dead."""
GIVEN_UP_AFTER = timedelta(days=1)
"""A message of which no receipt came for so long counts as failed."""
COUNTED_OVER = timedelta(days=1)
TOO_MANY_MESSAGES = "too many messages to this person in a day"


def write_message(context: Context, ticket: Ticket, *, channel: str, member: StaffMember, draft: Draft) -> None:
    """Write a message once, with its job, in the transaction under way."""
    now, flow = context.now, context.of_today().flow
    message = StaffMessage(
        id=context.hotline.ids.new_id(),
        ticket_id=ticket.id,
        purpose=draft.purpose,
        channel=channel,
        member_id=member.id,
        template=draft.template,
        subject=render_text(flow, ticket.locale, draft.subject or Template.STAFF_SUBJECT, draft.slots),
        body=masked(
            render_text(flow, ticket.locale, draft.template, draft.slots), pins=context.work.tickets.codes(ticket.id)
        ),
        state=MessageState.WAITING,
        created_at=now,
        not_before=now + draft.delay,
        state_at=now,
    )
    if context.work.staff_messages.add(message):
        context.work.jobs.enqueue(SEND_MESSAGE, message.id)
        _note(context, message, Verb.MESSAGE_WRITTEN, actor="system", after=_named(message))


def letter_of(message: StaffMessage) -> Letter:
    """Return what a mailbox or a chat gets, where nothing in a stranger's words is hidden."""
    subject, body = visible(message.subject), visible(message.body)
    return Letter(key=message.id, subject=subject, body=body, written_at=message.created_at)


def send_message(hotline: Hotline, message_id: str) -> None:
    """Send a waiting message whose time has come. Whoever comes second, or too early, does nothing."""
    message = _claim(hotline, message_id)
    if message is None:
        return
    with hotline.look() as work:
        member = find_member(work, hotline.flows.current_policy(), message.member_id)
    assert member is not None, "asked when the message was claimed"
    try:
        sent = queued_channels(hotline)[message.channel].deliver(hotline, message, member)
    except MessageRefused as refusal:
        _settle(hotline, message, MessageState.FAILED, reason=refusal.reason)
    except Unavailable as problem:
        log.warning("staff_message_put_off", message=message.id, channel=message.channel, code=problem.code)
        _put_off(hotline, message)
    else:
        state = MessageState.SENT if sent.has_receipt else MessageState.TAKEN
        _settle(hotline, message, state, receipt=sent.receipt)


def record_message_receipt(
    hotline: Hotline, *, channel: str, receipt: str, state: MessageState, reason: str = ""
) -> bool:
    """Move the message that a receipt is about, never backwards. False when there is none."""
    with hotline.unit_of_work() as work:
        message = work.staff_messages.by_receipt(channel, receipt)
        if message is not None:
            settle_message(context_of(hotline, work), message, state=state, reason=reason)
        work.commit()
        return message is not None


def due_messages(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of messages whose time to leave has come."""
    return tuple(message.id for message in context.work.staff_messages.due(context.now, limit))


def stuck_messages(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of messages that have stood in a passing state for too long."""
    messages, now = context.work.staff_messages, context.now
    halted = messages.stuck((MessageState.SENDING,), now - STUCK_AFTER, limit)
    silent = messages.stuck((MessageState.SENT,), now - GIVEN_UP_AFTER, limit)
    return tuple(message.id for message in (*halted, *silent))


def settle_stuck_message(hotline: Hotline, message_id: str) -> None:
    """Let a message that nobody is at go again. Give one up of which no receipt ever came."""
    with hotline.unit_of_work() as work:
        message, context = work.staff_messages.get(message_id), context_of(hotline, work)
        now = context.now
        if message is not None and message.state is MessageState.SENDING and now - message.state_at > STUCK_AFTER:
            _back_or_give_up(context, message, reason="whoever sent it was interrupted each time")
        elif message is not None and message.state is MessageState.SENT and now - message.state_at > GIVEN_UP_AFTER:
            settle_message(context, message, state=MessageState.FAILED, reason="no receipt ever came")
        work.commit()


def settle_message(
    context: Context,
    message: StaffMessage,
    *,
    state: MessageState,
    receipt: str = "",
    reason: str = "",
) -> None:
    """Move a message in the transaction under way. What becomes final stands in the history of its case."""
    moved = move_message(message, state, context.now, receipt=receipt, reason=reason)
    context.work.staff_messages.save(moved)
    if moved.state is message.state or moved.state not in FINAL_MESSAGE_STATES:
        return
    why = f", {moved.reason}" if moved.reason else ""
    after = f"{_named(moved)}: {moved.state}{why}"
    _note(context, moved, Verb.MESSAGE_SETTLED, actor="worker", after=after)
    if moved.state is MessageState.FAILED:
        log.error("staff_message_failed", message=moved.id, channel=moved.channel, member=moved.member_id)


def _note(context: Context, message: StaffMessage, verb: Verb, *, actor: str, after: str) -> None:
    if is_of_case(message):
        note_case(context.work, message.ticket_id, verb, at=context.now, actor=actor, after=after)


def _claim(hotline: Hotline, message_id: str) -> StaffMessage | None:
    """Claim the message. Suppress it when it must not leave any more."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        message = work.staff_messages.claim(message_id, context.now)
        if message is None:
            return None
        why_not = why_no_longer_true(work, message, context.now) or _why_held_back(context, message)
        if why_not:
            settle_message(context, message, state=MessageState.SUPPRESSED, reason=why_not)
        work.commit()
        return None if why_not else message


def _why_held_back(context: Context, message: StaffMessage) -> str:
    """Return why a message must not leave.

    There is nobody to tell, no way to, or too many in a day. An alarm always may.
    """
    policy = context.policy
    member = find_member(context.work, policy, message.member_id)
    channel = queued_channels(context.hotline).get(message.channel)
    if member is None or channel is None:
        return "nobody goes by this name any more" if member is None else "this channel is not set up any more"
    if why := channel.why_not(context, member):
        return why
    count = context.work.staff_messages.count_to(message.member_id, message.channel, context.now - COUNTED_OVER)
    if kind_of(message) in NEVER_HELD_BACK or count <= policy.limits.texts.per_staff_phone:
        return ""
    log.error("staff_messages_held_back", message=message.id, channel=message.channel)
    return TOO_MANY_MESSAGES


def _settle(
    hotline: Hotline, claimed: StaffMessage, state: MessageState, *, receipt: str = "", reason: str = ""
) -> None:
    with hotline.unit_of_work() as work:
        message = work.staff_messages.get(claimed.id)
        assert message is not None, "a claimed message is never deleted"
        settle_message(context_of(hotline, work), message, state=state, receipt=receipt, reason=reason)
        work.commit()


def _put_off(hotline: Hotline, claimed: StaffMessage) -> None:
    with hotline.unit_of_work() as work:
        message = work.staff_messages.get(claimed.id)
        if message is not None and (message.state, message.attempts) == (MessageState.SENDING, claimed.attempts):
            _back_or_give_up(context_of(hotline, work), message, reason="the other side could not be reached")
        work.commit()


def _back_or_give_up(context: Context, message: StaffMessage, *, reason: str) -> None:
    if message.attempts >= MOST_ATTEMPTS:
        settle_message(context, message, state=MessageState.FAILED, reason=reason)
        return
    pause = back_off(message.attempts, first=FIRST_BACK_OFF, longest=LONGEST_BACK_OFF)
    context.work.staff_messages.save(put_message_back(message, context.now, not_before=context.now + pause))


def _named(message: StaffMessage) -> str:
    return f"{message.template} to {message.member_id} by {message.channel}"
