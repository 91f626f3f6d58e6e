"""Every sweep once: what waits is a row with a due instant, and nobody's death makes it wait for ever.

Each item is done in a transaction of its own; one that fails is logged by its code and left for the next round,
and never keeps the others waiting. The order is the order of harm: broken promises first.
Knows: what can be due. Must not know: how often it is asked, jobs.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from voicebot.domain.call import CallEnd
from voicebot.domain.promise import Breach
from voicebot.domain.ticket import AnswerState
from voicebot.errors import VoicebotError
from voicebot.service.call import end_call
from voicebot.service.escalation import climb, warn
from voicebot.service.hotline import Hotline
from voicebot.service.orphans import orphan_names, take_up_orphan
from voicebot.service.promise import breach_if_closed
from voicebot.service.recordings import delete_left, fetch_recording, store_answer_audio, transcribe
from voicebot.service.sms import send_sms, settle_stuck, stuck_sms

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Items of one kind taken up in one round; the rest waits for the next, so that no kind starves another."""

Item = TypeVar("Item")


def run_due(hotline: Hotline) -> int:
    """Do everything that is due, each sweep once; return how many items were taken up.

    Orphans come last because they alone need a disk; a new one is an answer that the next round carries on.
    Raises: Unavailable when the database, or at the end the spool, cannot be looked into at all.
    """
    return (
        _sweep(hotline, "broken_promise", find=_closed_promises, act=breach_if_closed)
        + _sweep(hotline, "ladder", find=_due_breaches, act=_climb_all)
        + _sweep(hotline, "warning", find=_due_warnings, act=_warn_all)
        + _sweep(hotline, "lost_call", find=_lost_calls, act=_end_lost)
        + _sweep(hotline, "sms", find=_due_sms, act=send_sms)
        + _sweep(hotline, "stuck_sms", find=lambda each: stuck_sms(each, AT_ONCE), act=settle_stuck)
        + _sweep(hotline, "audio", find=_in_state(AnswerState.SPOOLED), act=store_answer_audio)
        + _sweep(hotline, "recording", find=_in_state(AnswerState.AWAITING_RECORDING), act=fetch_recording)
        + _sweep(hotline, "recording_left", find=_left_at_carrier, act=delete_left)
        + _sweep(hotline, "transcript", find=_in_state(AnswerState.AWAITING_TRANSCRIPT), act=transcribe)
        + _sweep(hotline, "orphan", find=orphan_names, act=take_up_orphan)
    )


def breach_closed_windows(hotline: Hotline) -> int:
    """Break every promise whose window has closed without a logged call; return how many were looked at."""
    return _sweep(hotline, "broken_promise", find=_closed_promises, act=breach_if_closed)


def _sweep(
    hotline: Hotline,
    name: str,
    *,
    find: Callable[[Hotline], Sequence[Item]],
    act: Callable[[Hotline, Item], object],
) -> int:
    found = find(hotline)
    for item in found:
        try:
            act(hotline, item)
        except Exception as problem:  # noqa: BLE001  one poisoned item must not stop the others
            _log(name, problem)
    return len(found)


def _log(sweep: str, problem: Exception) -> None:
    """Log by kind and code only: messages of strangers may name people."""
    code = problem.code if isinstance(problem, VoicebotError) else ""
    log.warning("sweep_item_failed", sweep=sweep, kind=type(problem).__name__, code=code)


def _closed_promises(hotline: Hotline) -> tuple[str, ...]:
    with hotline.unit_of_work() as work:
        return tuple(promise.id for promise in work.promises.closed_unkept(hotline.clock.now(), AT_ONCE))


def _due_breaches(hotline: Hotline) -> tuple[Breach, ...]:
    with hotline.unit_of_work() as work:
        return tuple(work.promises.breaches_due(hotline.clock.now(), AT_ONCE))


def _climb_all(hotline: Hotline, breach: Breach) -> None:
    """Take every step that is due: after a worker's absence more than one is."""
    while climb(hotline, breach):
        pass


def _due_warnings(hotline: Hotline) -> tuple[str, ...]:
    with hotline.unit_of_work() as work:
        return tuple(promise.id for promise in work.promises.warnings_due(hotline.clock.now(), AT_ONCE))


def _warn_all(hotline: Hotline, promise_id: str) -> None:
    while warn(hotline, promise_id):
        pass


def _lost_calls(hotline: Hotline) -> tuple[str, ...]:
    silent_before = hotline.clock.now() - hotline.rules.lost_after
    with hotline.unit_of_work() as work:
        return tuple(call.carrier_call_id for call in work.calls.live_since_silence(silent_before)[:AT_ONCE])


def _end_lost(hotline: Hotline, carrier_call_id: str) -> None:
    end_call(hotline, carrier_call_id, CallEnd.LOST)


def _due_sms(hotline: Hotline) -> tuple[str, ...]:
    with hotline.unit_of_work() as work:
        return tuple(sms.id for sms in work.sms.due(hotline.clock.now(), AT_ONCE))


def _left_at_carrier(hotline: Hotline) -> tuple[str, ...]:
    with hotline.unit_of_work() as work:
        answers = work.tickets.answers_left_at_carrier(AT_ONCE, due_at=hotline.clock.now())
        return tuple(answer.id for answer in answers)


def _in_state(state: AnswerState) -> Callable[[Hotline], tuple[str, ...]]:
    def find(hotline: Hotline) -> tuple[str, ...]:
        with hotline.unit_of_work() as work:
            answers = work.tickets.answers_in_state(state, AT_ONCE, due_at=hotline.clock.now())
            return tuple(answer.id for answer in answers)

    return find
