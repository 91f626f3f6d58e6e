"""What people are told of the test call: a sentence of its result, the line of the morning list, the alarm.

Knows: results, when one is due. Must not know: how it is placed and judged, channels.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.canary import Canary, CanaryResult, due_canary, due_since
from voicebot.domain.instants import Instants, written_instant
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import Template, case_link
from voicebot.service.watch.trouble import Trouble, follow

ALARM_TASK = "canary_alarm"

_SAID = {
    CanaryResult.RUNNING: "is under way",
    CanaryResult.PASSED: "came through",
    CanaryResult.REFUSED: "did not come through: the carrier refused to place it",
    CanaryResult.NOT_PLACED: "did not come through: the carrier could not be asked to place it, or did not place it",
    CanaryResult.NO_CALL: "did not come through: it was placed, and no call arrived",
    CanaryResult.NOTHING_HEARD: "did not come through: it arrived, and nothing was heard",
    CanaryResult.MISHEARD: "did not come through: it arrived, and something else was heard, perhaps a real caller",
    CanaryResult.NO_NUMBER: "did not come through: it arrived and was heard, and was not told its case number",
    CanaryResult.NO_TEXT: "did not come through: it arrived and was heard, and no text was written at its end",
}


def said_result(canary: Canary) -> str:
    """Say what came of a test call, in words that follow "the test call"."""
    return f"{_SAID[canary.result]} ({canary.detail})" if canary.detail else _SAID[canary.result]


def said_canary(context: Context, canary: Canary | None) -> str:
    """Say how a test call went, as a sentence."""
    if canary is None:
        return "No test call was made yet."
    return f"The test call of {written_instant(canary.began_at, context.policy.calendar.zone)} {said_result(canary)}."


def why_off(context: Context) -> str:
    """Return why there is no test call, empty when there is one each morning."""
    if not context.hotline.rules.canary_number:
        return "is switched off: there is no VOICEBOT_CANARY_NUMBER"
    return "is switched off in watch.yaml" if context.policy.watch.canary is None else ""


def morning_words(context: Context, at: Instants) -> str:
    """Return what the morning list says of the test call."""
    off = why_off(context)
    if off:
        return off
    last = context.work.watch.newest_canary(context.now)
    if _missing_since(context, context.now) is not None and (last is None or not last.is_running):
        return "was NOT placed today"
    if last is None:
        return "was not made yet"
    said = f"of {at.said(last.began_at)} {said_result(last)}"
    return said.replace("did not come", "DID NOT come")


def watch_canary(hotline: Hotline) -> None:
    """Tell by the second way when the last test call failed, and when one came through again. Raises: Unavailable."""
    trouble = _trouble(hotline)
    if trouble is not None:
        follow(hotline, trouble)


def _trouble(hotline: Hotline) -> Trouble | None:
    """Return what is wrong with the test call. None while one is under way, which may put it right."""
    trouble = Trouble(name="test call", template=Template.CANARY_FAILED, over=Template.CANARY_BACK, is_repeated=False)
    with hotline.look() as work:
        context = context_of(hotline, work)
        last = work.watch.newest_canary(context.now)
        rules = context.policy.watch.canary
        if rules is None or why_off(context):
            return replace(trouble, over=None)
        if last is not None and last.is_running:
            return None
        missing_since = _missing_since(context, context.now - rules.within)
        if missing_since is not None:
            return replace(trouble, since=missing_since, slots=_slots(context, None))
        if last is None or not last.has_failed:
            return trouble
        return replace(trouble, since=last.ended_at, slots=_slots(context, last))


def _slots(context: Context, canary: Canary | None) -> dict[str, str]:
    call = None if canary is None or canary.call_id is None else context.work.calls.get(canary.call_id)
    ticket = None if call is None else ticket_of(context.work, call.ticket_id)
    link = case_link(context.hotline.rules, ticket)
    return {"why": "was not placed" if canary is None else said_result(canary), "link": link}


def _missing_since(context: Context, at: datetime) -> datetime | None:
    """Return since when the morning's test call was missing at an instant; None when it was not due, or has begun."""
    calendar, rules = context.policy.calendar, context.policy.watch.canary
    begun = context.work.watch.newest_canary(context.now, is_daily=True)
    day = due_canary(calendar, rules, at)
    return None if not day or (begun is not None and begun.id >= day) else due_since(calendar, rules, at)
