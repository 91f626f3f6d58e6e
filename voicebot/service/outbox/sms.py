"""Texts on their way. Each is sent once, and looked up when nobody knows. Receipts are ranked.

The row (outbox) is written with the action that wants the text (compose.py). The worker claims it by compare-and-set,
asks once more whether it is still true, and hands it over. Only a 429 is tried again as it is, because only then
is it sure that nothing was sent. After a time-out the carrier is asked what it has.

A claim counts the attempt, and the count is its fencing token. A worker that was halted after its claim finds, right
before it sends, that somebody else has taken the text up, and sends nothing. What is left is a window that we cannot
close, because the carrier takes no key that makes two requests one. A worker that is halted for longer than
`LOOK_UP_AFTER` between that last look and the request's leaving its socket sends a second text.
Knows: the outbox. Must not know: which action wants which text, what holds one back (limits.py).
Source: complaints.md 5 (states, error classes, create calls are not idempotent), twilio.md 1.6 and 1.12.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.back_off import back_off
from voicebot.domain.sms import (
    FINAL_STATES,
    Sms,
    SmsState,
    put_back,
)
from voicebot.errors import Unavailable
from voicebot.service.history import mark_text
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.log_context import name_case
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.delivery import apply_status, move_sms, with_code
from voicebot.service.outbox.limits import HELD_BACK_FOR, may_leave_later, why_held_back
from voicebot.service.outbox.purpose import why_no_longer_true
from voicebot.service.ports import SmsBusy, SmsRefused, SmsUncertain

log = structlog.get_logger(__name__)

FIRST_BACK_OFF = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(minutes=10)
MOST_ATTEMPTS = 30
"""Attempts that were answered by 429 before a text is given up, which takes about four hours."""
MOST_LOST_ATTEMPTS = 6
"""Attempts of which the carrier has nothing. After so many, over so long, a text is given up."""
LOST_FOR = timedelta(hours=2)
"""The carrier may fail to make texts while it can list them. What it was too busy for counts as an attempt, too."""
LONGEST_LOST_BACK_OFF = timedelta(minutes=30)

LOOK_UP_AFTER = timedelta(minutes=1)
"""A text is shown in the carrier's list a little after it was created."""
SENT_WITHIN = timedelta(seconds=5)
"""A claim that was looked at so long ago is looked at again before the text leaves. Far below `LOOK_UP_AFTER`."""
STUCK_AFTER = timedelta(hours=1)
"""The carrier is asked about a text that it has sent no receipt for since so long."""
GIVEN_UP_AFTER = timedelta(days=2)
"""A carrier that has not said more after so long will not."""
GONE_AFTER = timedelta(days=14)
"""A text that cannot be asked about for so long is gone there. Its case may rest, and be erased."""


def send_sms(hotline: Hotline, sms_id: str) -> None:
    """Send a waiting text whose time has come. Whoever comes second, or too early, does nothing."""
    sms = _claim(hotline, sms_id)
    if sms is None or not _still_holds(hotline, sms):
        return
    try:
        message_sid = hotline.sms_sender.send(sms.recipient, sms.body)
    except SmsBusy:
        _put_off(hotline, sms_id)
    except SmsRefused as refusal:
        _settle(hotline, sms_id, SmsState.FAILED, error_code=refusal.code)
    except (SmsUncertain, Unavailable):
        _settle(hotline, sms_id, SmsState.UNKNOWN)
    else:
        _settle(hotline, sms_id, SmsState.QUEUED, message_sid=message_sid)


def record_receipt(hotline: Hotline, message_sid: str, status: str, error_code: int | None) -> None:
    """Keep a receipt and move its text, never backwards. One that comes before its sid is known waits for it."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        if work.sms.add_receipt(message_sid, status, error_code, context.now):
            sms = work.sms.by_sid(message_sid)
            if sms is not None:
                name_case(ticket_of(work, sms.ticket_id))
                apply_status(context, sms, status=status, error_code=error_code)
        work.commit()


def stuck_sms(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of texts that have stood in a passing state for too long."""
    sms, now = context.work.sms, context.now
    unsure = sms.stuck((SmsState.SENDING, SmsState.UNKNOWN), now - LOOK_UP_AFTER, limit)
    silent = sms.stuck((SmsState.QUEUED, SmsState.SENT), now - STUCK_AFTER, limit)
    return tuple(each.id for each in (*unsure, *silent))


def settle_stuck(hotline: Hotline, sms_id: str) -> None:
    """Ask the carrier about a text that nobody knows of, and go on from what it says.

    Raises: Unavailable when the carrier cannot be asked. A later sweep asks again.
    """
    with hotline.unit_of_work() as work:
        sms = work.sms.get(sms_id)
    if sms is None or sms.state in FINAL_STATES:
        return
    try:
        _look_up(hotline, sms)
    except Unavailable:
        _rest(hotline, sms_id)
        raise


def _look_up(hotline: Hotline, sms: Sms) -> None:
    if sms.message_sid is not None:
        _ask_state(hotline, sms, sms.message_sid)
        return
    found = _first_unknown(hotline, hotline.sms_sender.find(sms.recipient, sms.body, sms.created_at))
    if found is not None:
        _settle(hotline, sms.id, SmsState.QUEUED, message_sid=found)
    else:
        _send_anew(hotline, sms)


def _first_unknown(hotline: Hotline, sids: Sequence[str]) -> str | None:
    """Return the first sid that no text of ours has, because two steps may tell one telephone the same in the same
    words.
    """
    with hotline.unit_of_work() as work:
        return next((sid for sid in sids if work.sms.by_sid(sid) is None), None)


def _rest(hotline: Hotline, sms_id: str) -> None:
    """Let the text rest until the next time of asking."""
    with hotline.unit_of_work() as work:
        sms = work.sms.get(sms_id)
        assert sms is not None, "texts are never deleted"
        _rest_or_give_up(context_of(hotline, work), sms, after=GONE_AFTER)
        work.commit()


# --- before sending ----------------------------------------------------------------------------------------


def _claim(hotline: Hotline, sms_id: str) -> Sms | None:
    """Claim the text. Suppress it when it must not leave any more, put it off when it may a little later."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        now = context.now
        sms = work.sms.claim(sms_id, now)
        if sms is None:
            return None
        why_not = why_no_longer_true(work, sms, now) or why_held_back(context, sms)
        if may_leave_later(work, sms, why_not):
            work.sms.save(put_back(sms, now, not_before=now + HELD_BACK_FOR))
            mark_text(work, sms, now, what="text_put_off", detail=why_not)
        else:
            sms = replace(sms, attempts=sms.attempts + 1)
            work.sms.save(sms)
            if why_not:
                move_sms(context, sms, SmsState.SUPPRESSED, reason=why_not)
        work.commit()
        return None if why_not else sms


def _still_holds(hotline: Hotline, claimed: Sms) -> bool:
    """Tell whether the claim is still ours, looked at a moment ago. Who was halted meanwhile looks again."""
    while True:
        looked_at = _renew_claim(hotline, claimed)
        if looked_at is None:
            return False
        if abs(hotline.clock.now() - looked_at) < SENT_WITHIN:
            return True


def _renew_claim(hotline: Hotline, claimed: Sms) -> datetime | None:
    """Renew the claim, so that others count the time from now. None when it was lost, or the text is true no more."""
    with hotline.unit_of_work() as work:
        sms, context = work.sms.get(claimed.id), context_of(hotline, work)
        assert sms is not None, "a claimed text is never deleted"
        if (sms.state, sms.attempts) != (SmsState.SENDING, claimed.attempts):
            log.warning("sms_claim_lost", sms=claimed.id)
            return None
        why_not = why_no_longer_true(work, sms, context.now)
        if why_not:
            move_sms(context, sms, SmsState.SUPPRESSED, reason=why_not)
        else:
            work.sms.save(replace(sms, state_at=context.now))
        work.commit()
        return None if why_not else context.now


# --- after sending -----------------------------------------------------------------------------------------


def _settle(
    hotline: Hotline, sms_id: str, state: SmsState, *, message_sid: str | None = None, error_code: int | None = None
) -> None:
    with hotline.unit_of_work() as work:
        sms, context = work.sms.get(sms_id), context_of(hotline, work)
        assert sms is not None, "a claimed text is never deleted"
        move_sms(context, sms, state, message_sid=message_sid, error_code=error_code)
        mark_text(work, sms, context.now, what="text_handed_over", detail=with_code(state, error_code))
        for status, code in () if message_sid is None else work.sms.receipts(message_sid):
            known = work.sms.get(sms_id)
            assert known is not None, "texts are never deleted"
            apply_status(context, known, status=status, error_code=code)
        work.commit()


def _put_off(hotline: Hotline, sms_id: str) -> None:
    with hotline.unit_of_work() as work:
        sms, context = work.sms.get(sms_id), context_of(hotline, work)
        assert sms is not None, "a claimed text is never deleted"
        if sms.state is SmsState.SENDING:
            if sms.attempts >= MOST_ATTEMPTS:
                move_sms(context, sms, SmsState.FAILED, reason="the carrier stayed too busy")
            else:
                rest = back_off(sms.attempts, first=FIRST_BACK_OFF, longest=LONGEST_BACK_OFF)
                work.sms.save(put_back(sms, context.now, not_before=context.now + rest))
                detail = f"the carrier is busy, try {sms.attempts}"
                mark_text(work, sms, context.now, what="text_put_off", detail=detail)
        work.commit()


def _send_anew(hotline: Hotline, asked: Sms) -> None:
    """Send again what the carrier, asked after a while, has nothing of. Give up after a few such losses.

    Not one that somebody else has taken up since it was `asked` about, because they may be sending it at this moment.
    """
    with hotline.unit_of_work() as work:
        sms, context = work.sms.get(asked.id), context_of(hotline, work)
        if sms == asked and sms.state in (SmsState.SENDING, SmsState.UNKNOWN):
            if sms.attempts >= MOST_LOST_ATTEMPTS and context.now - sms.created_at >= LOST_FOR:
                move_sms(context, sms, SmsState.FAILED, reason="the carrier never had it")
            else:
                not_before = context.now + _lost_back_off(sms.attempts)
                work.sms.save(put_back(sms, context.now, not_before=not_before))
                detail = f"the carrier had nothing, try {sms.attempts}"
                mark_text(work, sms, context.now, what="text_sent_anew", detail=detail)
        work.commit()


def _ask_state(hotline: Hotline, sms: Sms, message_sid: str) -> None:
    status, error_code = hotline.sms_sender.state_of(message_sid)
    with hotline.unit_of_work() as work:
        known, context = work.sms.get(sms.id), context_of(hotline, work)
        assert known is not None, "texts are never deleted"
        moved = apply_status(context, known, status=status, error_code=error_code)
        if moved.state not in FINAL_STATES:
            _rest_or_give_up(context, moved, after=GIVEN_UP_AFTER)
        work.commit()


def _rest_or_give_up(context: Context, sms: Sms, *, after: timedelta) -> None:
    if context.now - sms.created_at > after:
        move_sms(context, sms, SmsState.UNDELIVERED, reason="no receipt ever came")
    else:
        context.work.sms.save(replace(sms, state_at=context.now))


def _lost_back_off(attempts: int) -> timedelta:
    """Return how long a lost text rests. That is not at all after the first loss, then longer each time."""
    return timedelta(0) if attempts <= 1 else back_off(attempts, first=LOOK_UP_AFTER, longest=LONGEST_LOST_BACK_OFF)
