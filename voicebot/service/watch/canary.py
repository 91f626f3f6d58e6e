"""The test call each morning: placed when the policy says, judged by what stands of it, and told when it failed.

`run_canary` is a scheduled task of the worker, on one machine at a time. The row of the morning is written before the
carrier is asked, and bears the number of the try, so that a worker that dies anywhere places no second call. An order
without an answer is looked up in the carrier's list before it is given again. The call that comes in finds the row
by itself (call/canary_call.py), also when the carrier's answer was lost.
It is judged when all stands, or when its time is over. What it failed by is told by the second way, from the worker:
the web process may be what failed. It ends with the next test call that passes.
Knows: orders, what stands of a call. Must not know: how the call is taken, channels.
Source: complaints.md section 3; twilio.md 1.6 (a create call has no idempotency key).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.canary import (
    LOOKED_UP_AFTER,
    MOST_TRIES,
    Canary,
    CanaryResult,
    CanaryRules,
    CanarySpeech,
    Heard,
    due_canary,
    result_of,
)
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Refused, Unavailable
from voicebot.flow.call_words import CallWords, words_of_call
from voicebot.flow.instructions import INSTRUCTIONS, HangUp, Listen
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain

TASK = "canary"
ASKED_WITHIN = timedelta(seconds=5)
"""A claim that was made so long ago is given up: the worker was halted, and another one may have taken it."""
CASE_NUMBER = "{case_number}"

log = structlog.get_logger(__name__)


def run_canary(hotline: Hotline) -> None:
    """Begin the morning's test call when it is due, and carry on the one that runs."""
    if not hotline.rules.canary_number:
        return
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        day = due_canary(context.policy.calendar, context.policy.watch.canary, context.now)
        newest = work.watch.newest_canary(context.now, is_daily=True)
        # Nor an older one than the newest: the clock was ahead when that began.
        is_begun = newest is not None and newest.id >= day
        if day and not is_begun and work.watch.running_canary() is None:
            _begin(context, day, is_daily=True)
            work.commit()
    carry_on(hotline)


def begin_now(hotline: Hotline) -> str:
    """Begin a test call that somebody asked for, and return its id. Raises: Refused (no number, or one runs)."""
    if not hotline.rules.canary_number:
        raise Refused(
            "there is no second number to ring from: write one of the account into VOICEBOT_CANARY_NUMBER",
            code="no-canary-number",
        )
    with hotline.unit_of_work() as work:
        running, context = work.watch.running_canary(), context_of(hotline, work)
        if running is not None:
            raise Refused("a test call is under way: `voicebot canary --show` has its result", code="canary-runs")
        canary = _begin(context, context.now.isoformat(timespec="seconds"), is_daily=False)
        work.commit()
    return canary.id


def carry_on(hotline: Hotline) -> None:
    """Place the test call that runs, look it up, or judge it."""
    with hotline.unit_of_work() as work:
        canary, context = work.watch.running_canary(), context_of(hotline, work)
        if canary is None:
            return
        judged = _judged(context, canary)
        if judged != canary:
            work.watch.save_canary(judged)
            work.commit()
            _log(judged)
    if not judged.is_running:
        return
    if judged.ordered_at is None:
        _order(hotline, judged.id)
    elif _is_to_be_looked_up(judged, context.now):
        _look_up(hotline, judged)


def view_canary(hotline: Hotline, *, is_daily: bool = False) -> Canary | None:
    """Return the last test call, or None; reads only."""
    with hotline.look() as work:
        return work.watch.newest_canary(context_of(hotline, work).now, is_daily=is_daily)


def _begin(context: Context, canary_id: str, *, is_daily: bool) -> Canary:
    ends_at = context.now + _rules(context).within
    canary = Canary(id=canary_id, is_daily=is_daily, began_at=context.now, ends_at=ends_at)
    context.work.watch.add_canary(canary)
    return canary


def _rules(context: Context) -> CanaryRules:
    """Return the policy's rules, or the usual ones where it has none and somebody asks for a test call."""
    return context.policy.watch.canary or CanaryRules()


# --- to the carrier ------------------------------------------------------------------------------------------


def _order(hotline: Hotline, canary_id: str) -> None:
    """Claim the order, ask the carrier, and note its answer."""
    claimed = _claimed(hotline, canary_id)
    if claimed is None or not _is_still_ours(hotline, claimed):
        return
    rules = hotline.rules
    try:
        sid = hotline.calls.ring_self(rules.own_number, sender=rules.canary_number, speech=_speech(hotline))
    except CallBusy:
        _note(hotline, claimed, _given_back)
    except CallRefused as refusal:
        detail = f"error {refusal.code}"
        _note(hotline, claimed, lambda standing, now: standing.over(CanaryResult.REFUSED, now, detail))
    except (CallUncertain, Unavailable):
        log.warning("canary_uncertain", canary=canary_id)
    else:
        _note(hotline, claimed, lambda standing, _: replace(standing, carrier_call_id=sid))


def _claimed(hotline: Hotline, canary_id: str) -> Canary | None:
    with hotline.unit_of_work() as work:
        context, canary = context_of(hotline, work), work.watch.canary(canary_id)
        if canary is None or not canary.is_running or canary.ordered_at is not None or canary.tries >= MOST_TRIES:
            return None
        claimed = canary.ordered(context.now)
        work.watch.save_canary(claimed)
        work.commit()
        return claimed


def _is_still_ours(hotline: Hotline, claimed: Canary) -> bool:
    """Tell whether the claim stands and is fresh. One that is not is looked up, as after a worker's death."""
    with hotline.unit_of_work() as work:
        now, canary = context_of(hotline, work).now, work.watch.canary(claimed.id)
    assert claimed.ordered_at is not None, "a claim has its instant"
    return canary == claimed and abs(now - claimed.ordered_at) < ASKED_WITHIN


def _speech(hotline: Hotline) -> CanarySpeech:
    with hotline.look() as work:
        context = context_of(hotline, work)
        locale = context.flow.locales[0]
        return CanarySpeech(words=_said(context), locale=locale, after=_rules(context).speaks_after)


def _said(context: Context) -> str:
    return words_of_call(context.flow, context.flow.locales[0], CallWords.CANARY, {})


def _given_back(standing: Canary, _now: datetime) -> Canary:
    """Return it to be ordered again."""
    return replace(standing, ordered_at=None)


def _note(hotline: Hotline, claimed: Canary, change: Callable[[Canary, datetime], Canary]) -> None:
    """Write what came of an order, unless another one was given meanwhile."""
    with hotline.unit_of_work() as work:
        standing = work.watch.canary(claimed.id)
        if standing is not None and standing.is_running and standing.tries == claimed.tries:
            noted = change(standing, context_of(hotline, work).now)
            work.watch.save_canary(noted)
            work.commit()
            _log(noted)


def _is_to_be_looked_up(canary: Canary, now: datetime) -> bool:
    if canary.carrier_call_id is not None or canary.call_id is not None or canary.ordered_at is None:
        return False
    return now >= canary.ordered_at + LOOKED_UP_AFTER


def _look_up(hotline: Hotline, canary: Canary) -> None:
    """Ask the carrier whether it has the call; when it has none, the order is given again. Raises: Unavailable."""
    assert canary.ordered_at is not None, "only an order is looked up"
    rules = hotline.rules
    found = hotline.calls.find(rules.own_number, canary.ordered_at, sender=rules.canary_number)
    if found:
        _note(hotline, canary, lambda standing, _: replace(standing, carrier_call_id=found[0]))
    elif canary.tries < MOST_TRIES:
        _note(hotline, canary, _given_back)


# --- what stands of it ---------------------------------------------------------------------------------------


def _judged(context: Context, canary: Canary) -> Canary:
    """Return the test call with its result, when all stands or its time is over."""
    if context.now < canary.began_at or (canary.tries == 0 and context.now >= canary.ends_at):
        # The clock was ahead when it began, or nobody was there to place it: its time begins now.
        canary = replace(canary, began_at=context.now, ends_at=context.now + _rules(context).within)
        return replace(canary, ordered_at=None if canary.ordered_at is None else context.now)
    result, detail = result_of(_heard(context, canary))
    if result is CanaryResult.PASSED:
        return canary.over(result, context.now, detail)
    if context.now < canary.ends_at:
        return canary
    is_placed = canary.carrier_call_id is not None or canary.call_id is not None
    return canary.over(result if is_placed else CanaryResult.NOT_PLACED, context.now, detail)


def _heard(context: Context, canary: Canary) -> Heard | None:
    """Return what stands of the call that came in; None when none has."""
    work = context.work
    call = None if canary.call_id is None else work.calls.get(canary.call_id)
    if call is None:
        return None
    answers = [answer for answer in work.tickets.answers(call.ticket_id) if answer.call_id == call.id]
    key = purpose(TextKind.CALL_END, call.ticket_id)
    return Heard(
        said=_said(context),
        transcript=" ".join(answer.text for answer in answers if answer.state is not AnswerState.DESTROYED),
        is_number_told=_is_number_told(context, call.id),
        is_text_written=work.sms.of_purpose(key) is not None,
    )


def _is_number_told(context: Context, call_id: str) -> bool:
    """Tell whether some turn of the call put a prompt that names the case."""
    for turn in context.work.calls.turns(call_id):
        waits = (each for each in INSTRUCTIONS.validate_json(turn.instructions) if isinstance(each, Listen | HangUp))
        for prompt in (prompt for wait in waits for prompt in wait.prompts):
            if CASE_NUMBER in context.flow.prompts.get(prompt.locale, {}).get(prompt.key, ""):
                return True
    return False


def _log(canary: Canary) -> None:
    if not canary.is_running:
        told = log.error if canary.has_failed else log.info
        told("canary_over", canary=canary.id, result=canary.result, detail=canary.detail)
