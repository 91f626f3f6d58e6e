"""A call dialled once. It is claimed, rung and looked up when nobody knows whether it rings.

The row is claimed before the carrier is asked, and the number of tries is the claim's fencing token. A worker that was
halted after its claim looks again right before it asks. One that was killed between the carrier's answer and its own
writing leaves a call that rings. Its first question to us tells which call it is (hops.py), and if it never asks, the
carrier's list does. So nobody is rung twice, and nobody never. What cannot be closed is a worker that is halted for
longer than `LOOK_UP_AFTER` between its last look and the request's leaving.
Knows: claims, pace, the carrier's endings. Must not know: what is said.
Source: twilio.md 1.8 (one call a second), 1.11; complaints.md 3 (eliza#22382, goalert#1084).
"""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.back_off import back_off
from voicebot.domain.instants import exact_instant
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import (
    StaffCall,
    StaffCallKind,
    StaffCallState,
    end_of_call,
    move_call,
    put_call_back,
)
from voicebot.errors import Unavailable
from voicebot.service.callback.barrier import (
    Barrier,
    complainant_barrier,
    ladder_barrier,
    member_barrier,
    telephone_of,
)
from voicebot.service.callback.survey import survey_barrier, survey_number
from voicebot.service.callback.waiting import measure, note_wait
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain
from voicebot.service.staff.members import find_member

log = structlog.get_logger(__name__)

APART = timedelta(seconds=1)
"""Least time between two calls of this account."""
RUNG_WITHIN = timedelta(seconds=5)
"""A claim that was looked at so long ago is looked at again before the carrier is asked."""
LOOK_UP_AFTER = timedelta(minutes=1)
SILENT_AFTER = timedelta(minutes=5)
"""After so long without a word the carrier is asked whether the call is over."""
MOST_TRIES = 5
FIRST_BACK_OFF = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(minutes=2)


def dial(hotline: Hotline, call_id: str) -> None:
    """Ring the member of a waiting call whose time has come. Whoever comes second, or too early, does nothing."""
    claimed = _claim(hotline, call_id)
    if claimed is None or not _still_ours(hotline, claimed):
        return
    rules, phone = hotline.flows.current_policy().callbacks, _phone(hotline, claimed)
    try:
        sid = hotline.calls.ring(phone, call_id, ring_for=rules.ring_for, longest=rules.longest_talk)
    except CallBusy:
        _put_off(hotline, claimed)
    except CallRefused as refusal:
        end_unmade(hotline, call_id, f"the carrier refused to ring them (error {refusal.code})")
    except (CallUncertain, Unavailable):
        log.warning("staff_call_uncertain", call=call_id)
    else:
        meet(hotline, call_id, sid)


def meet(hotline: Hotline, call_id: str, carrier_call_id: str) -> StaffCall | None:
    """Note which call of the carrier this is, from its answer or its first question. None when it is another's.

    A second call of the same order, which nobody should have made, is not this one.
    """
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is None or call.carrier_call_id not in (None, carrier_call_id):
            return None
        now = context_of(hotline, work).now
        known = replace(call, carrier_call_id=carrier_call_id, dialled_at=call.dialled_at or now)
        if known.state in (StaffCallState.WAITING, StaffCallState.DIALLING):
            known = move_call(known, StaffCallState.RINGING, now)
        work.staff_calls.save(known)
        work.commit()
        return known


def stuck_calls(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of calls left while being dialled, or silent for long."""
    found = context.work.staff_calls.stuck(
        dialled_before=context.now - LOOK_UP_AFTER, silent_before=context.now - SILENT_AFTER, limit=limit
    )
    return tuple(call.id for call in found)


def find_lost(hotline: Hotline, call: StaffCall) -> bool:
    """Look for a call that may have been made in the carrier's list. True when it was, else it is dialled again.

    Raises: Unavailable when the carrier cannot be asked.
    """
    found = hotline.calls.find(_phone(hotline, call), call.state_at)
    with hotline.unit_of_work() as work:
        mine = next((sid for sid in found if not work.staff_calls.knows(sid)), None)
    if mine is not None:
        meet(hotline, call.id, mine)
        return True
    with hotline.unit_of_work() as work:
        now, standing = context_of(hotline, work).now, work.staff_calls.lock(call.id)
        if standing == call and standing.tries < MOST_TRIES:
            work.staff_calls.save(put_call_back(standing, now, not_before=now))
        work.commit()
    if call.tries >= MOST_TRIES:
        end_unmade(hotline, call.id, "the carrier never had this call")
    return False


def end_unmade(hotline: Hotline, call_id: str, why: str) -> None:
    """End a call in which the complainant was not rung, and say why in the history."""
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is None or call.state is StaffCallState.ENDED:
            return
        end_within(context_of(hotline, work), call, why)
        work.commit()


def end_within(context: Context, call: StaffCall, why: str) -> None:
    """The same in the transaction under way. That a question was not put stands with its row alone."""
    work, now = context.work, context.now
    if call.kind is StaffCallKind.SURVEY:
        work.staff_calls.save(end_of_call(call, call.result or why, now))
        return
    ended = end_of_call(measure(context, call) if call.kind is StaffCallKind.RANG_IN else call, why, now)
    work.staff_calls.save(ended)
    note_wait(context, ended)
    note_case(work, call.ticket_id, Verb.CALL_NOT_MADE, at=now, actor="worker", before=call.member_id, after=why)


def _claim(hotline: Hotline, call_id: str) -> StaffCall | None:
    """Claim the call. Put it off, or end it, when it may not be dialled now."""
    with hotline.unit_of_work() as work:
        last_at = work.staff_calls.hold_pace()
        context, call = context_of(hotline, work), work.staff_calls.lock(call_id)
        now = context.now
        if call is None or call.state is not StaffCallState.WAITING or call.not_before > now:
            return None
        barrier = _barrier(context, call)
        claimed: StaffCall | None = None
        if barrier is not None and (barrier.until is None or call.tries >= MOST_TRIES):
            end_within(context, call, barrier.why)
        elif barrier is not None and barrier.until is not None:
            _wait(context, call, barrier.why, until=barrier.until)
        elif last_at is not None and abs(now - last_at) < APART:
            work.staff_calls.save(replace(call, not_before=last_at + APART))
        else:
            claimed = replace(move_call(call, StaffCallState.DIALLING, now), tries=call.tries + 1, dialled_at=now)
            work.staff_calls.save(claimed)
        work.commit()
        return claimed


def _wait(context: Context, call: StaffCall, why: str, *, until: datetime) -> None:
    """Put a call off. Of one that tells of a step this stands in the history, for nobody waits for it."""
    work, now = context.work, context.now
    work.staff_calls.save(replace(call, not_before=until, tries=call.tries + 1))
    if call.kind is StaffCallKind.LADDER:
        after = f"{why}: rings at {exact_instant(until, context.policy.calendar.zone)}"
        note_case(work, call.ticket_id, Verb.CALL_PUT_OFF, at=now, actor="worker", before=call.member_id, after=after)


def _barrier(context: Context, call: StaffCall) -> Barrier | None:
    if call.kind is StaffCallKind.SURVEY:
        return survey_barrier(context, call)
    member = find_member(context.work, context.policy, call.member_id)
    if member is None:
        return Barrier(code="member-unknown", why="nobody goes by that name any more")
    if call.kind is StaffCallKind.LADDER:
        return member_barrier(context.hotline, member) or ladder_barrier(context, call, member)
    ticket = ticket_of(context.work, call.ticket_id)
    return member_barrier(context.hotline, member) or complainant_barrier(
        context, ticket, own_call=call.id, rings=member
    )


def _still_ours(hotline: Hotline, claimed: StaffCall) -> bool:
    """Tell whether the claim stands, looked at a moment ago."""
    while True:
        looked_at = _renew_claim(hotline, claimed)
        if looked_at is None:
            return False
        if abs(hotline.clock.now() - looked_at) < RUNG_WITHIN:
            return True


def _renew_claim(hotline: Hotline, claimed: StaffCall) -> datetime | None:
    """Renew the claim, so that others count the time from now. None when it was lost."""
    with hotline.unit_of_work() as work:
        call, now = work.staff_calls.lock(claimed.id), context_of(hotline, work).now
        if call is None or (call.state, call.tries) != (StaffCallState.DIALLING, claimed.tries):
            return None
        work.staff_calls.save(replace(call, state_at=now))
        work.commit()
        return now


def _put_off(hotline: Hotline, claimed: StaffCall) -> None:
    if claimed.tries >= MOST_TRIES:
        end_unmade(hotline, claimed.id, "the carrier stayed too busy to ring them")
        return
    with hotline.unit_of_work() as work:
        call, now = work.staff_calls.lock(claimed.id), context_of(hotline, work).now
        if call is not None and call.state is StaffCallState.DIALLING:
            wait = back_off(call.tries, first=FIRST_BACK_OFF, longest=LONGEST_BACK_OFF)
            work.staff_calls.save(put_call_back(call, now, not_before=now + wait))
        work.commit()


def _phone(hotline: Hotline, call: StaffCall) -> str:
    with hotline.unit_of_work() as work:
        if call.kind is StaffCallKind.SURVEY:
            return survey_number(context_of(hotline, work), call)
        member: StaffMember | None = find_member(work, hotline.flows.current_policy(), call.member_id)
        return "" if member is None else telephone_of(member)
