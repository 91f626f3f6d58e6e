"""Every sweep once. What waits is a row with a due instant, and nobody's death makes it wait for ever.

Each item is done in a transaction of its own. One that fails is logged by its code and left for the next round, and
never keeps the others waiting. The order is the order of harm, so broken promises come first. What waits for the
carrier or a recogniser has its turn and no more. The watch over promises waits for neither, and can be run on its own.
What is due is looked for in one transaction until something is found. To begin one costs as much as to ask, and a
worker with nothing to do would begin two dozen twice a second.
Knows: what can be due. Must not know: how often it is asked, jobs.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Self, TypeVar

import structlog

from voicebot.domain.promise import Breach
from voicebot.domain.ticket import AnswerState
from voicebot.service.answer.audio import delete_left, fetch_recording, store_answer_audio
from voicebot.service.answer.folders import settle_call, unsettled_calls
from voicebot.service.answer.picture import due_pictures, fetch_picture
from voicebot.service.answer.transcript import transcribe
from voicebot.service.background.clock_watch import ClockWatch, SteadyClock
from voicebot.service.call.lost_call import end_lost_call
from voicebot.service.call.orphaned_audio import orphan_names, take_up_orphan
from voicebot.service.call.silent_call import due_silent_calls, settle_silent_call
from voicebot.service.callback.dial import dial, stuck_calls
from voicebot.service.callback.opening import openings, ring_at_opening
from voicebot.service.callback.order import due_calls
from voicebot.service.callback.stuck import settle_stuck_call
from voicebot.service.callback.talk import record_talk, talks_to_record
from voicebot.service.decision.watch import due_terms, look_at_term
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.log_context import named
from voicebot.service.outbox.notice import due_readers, tell_notices
from voicebot.service.outbox.sms import send_sms, settle_stuck, stuck_sms
from voicebot.service.outbox.staff_outbox import due_messages, send_message, settle_stuck_message, stuck_messages
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.escalation import climb, warn
from voicebot.service.ticket.ending import close_waited, waiting_over
from voicebot.service.ticket.lead_case import due_recipients, tell_recipient
from voicebot.service.ticket.tasks import due_tasks, look_at_task
from voicebot.service.upkeep.customer_lookup import look_up, lookups_due

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Items of one kind taken up in one round. The rest waits for the next, so that no kind starves another."""

LONGEST_TURN_S = 10.0
"""After so long no further item of a kind is begun in a round. With the carrier hanging each takes its time-out."""

Item = TypeVar("Item")


def run_due(hotline: Hotline) -> int:
    """Do everything that is due, each sweep once, and return how many items were taken up.

    Raises: as `carry_on`.
    """
    return watch_promises(hotline) + carry_on(hotline)


def watch_promises(hotline: Hotline) -> int:
    """Break what was not kept, climb, warn, and do the same for decisions, and return how many items were taken up.

    Raises: Unavailable.
    """
    with _Look(hotline) as look:
        turns = _Round(hotline, look)
        return (
            turns.sweep("broken_promise", find=_closed_promises, act=breach_if_closed)
            + turns.sweep("ladder", find=_due_breaches, act=_climb_all)
            + turns.sweep("warning", find=_due_warnings, act=_warn_all)
            + turns.sweep("opening", find=lambda each: openings(each, AT_ONCE), act=ring_at_opening)
            + turns.sweep("decision", find=lambda each: due_terms(each, AT_ONCE), act=_look_at_all)
            + turns.sweep("task", find=lambda each: due_tasks(each, AT_ONCE), act=look_at_task)
        )


def carry_on(hotline: Hotline, *, watch: ClockWatch | None = None, elapsed_s: Callable[[], float] = monotonic) -> int:
    """Do all else that is due, and return how many items were taken up. `elapsed_s` is a clock that nobody sets.

    After the clock was set, what is judged by how long ago something was waits for a while. Then no call counts as
    lost, no file as left, no recording, picture or text as given up, and no text as untrue. `watch` tells. Without it
    nobody ever sets the clock. Orphans come last because they alone need a disk. A new one is an answer that the next
    round carries on.
    Raises: Unavailable when the database, or at the end the spool, cannot be looked into at all, or when the clock is
    set during a look.
    """
    with _Look(hotline) as look:
        turns = _Round(hotline, look, elapsed_s)
        judging = turns if watch is None else _Round(_judging_by(watch, hotline), look, elapsed_s, watch.is_steady)
        return (
            turns.sweep("notice", find=lambda each: due_readers(each, AT_ONCE), act=tell_notices)
            + judging.sweep("lost_call", find=_lost_calls, act=end_lost_call)
            + judging.sweep("silent_call", find=lambda each: due_silent_calls(each, AT_ONCE), act=settle_silent_call)
            + judging.sweep("waiting_over", find=lambda each: waiting_over(each, AT_ONCE), act=close_waited)
            + judging.sweep("staff_call", find=lambda each: due_calls(each, AT_ONCE), act=dial)
            + judging.sweep("stuck_staff_call", find=lambda each: stuck_calls(each, AT_ONCE), act=settle_stuck_call)
            + turns.sweep("talk", find=lambda each: talks_to_record(each, AT_ONCE), act=record_talk)
            + turns.sweep("lead_update", find=due_recipients, act=tell_recipient)
            + judging.sweep("sms", find=_due_sms, act=send_sms)
            + judging.sweep("stuck_sms", find=lambda each: stuck_sms(each, AT_ONCE), act=settle_stuck)
            + judging.sweep("staff_message", find=lambda each: due_messages(each, AT_ONCE), act=send_message)
            + judging.sweep(
                "stuck_staff_message", find=lambda each: stuck_messages(each, AT_ONCE), act=settle_stuck_message
            )
            + turns.sweep("audio", find=_spooled_here, act=store_answer_audio)
            + judging.sweep("recording", find=_in_state(AnswerState.AWAITING_RECORDING), act=fetch_recording)
            + turns.sweep("recording_left", find=_left_at_carrier, act=delete_left)
            + judging.sweep("picture", find=lambda each: due_pictures(each, AT_ONCE), act=fetch_picture)
            + turns.sweep("transcript", find=_in_state(AnswerState.AWAITING_TRANSCRIPT), act=transcribe)
            + judging.sweep("heard_here", find=unsettled_calls, act=settle_call)
            + turns.sweep("customer_lookup", find=lookups_due, act=look_up)
            + judging.sweep_alone("orphan", find=orphan_names, act=take_up_orphan)
        )


class _Look:
    """The transaction in which a round looks for what is due. It ends before anything is done."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._held = ExitStack()
        self._work: UnitOfWork | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: Any) -> None:
        self._held.__exit__(*problem)

    def begun(self) -> UnitOfWork:
        """Return the transaction under way, or begin one."""
        if self._work is None:
            self._work = self._held.enter_context(self._hotline.unit_of_work())
        return self._work

    def end(self) -> None:
        """End it, if one is under way, so that the next look sees what is done now."""
        self._work = None
        self._held.close()


@dataclass(frozen=True, slots=True)
class _Round:
    """One round. Each kind has its turn, which ends with what was found or when it has lasted too long."""

    hotline: Hotline
    look: _Look
    elapsed_s: Callable[[], float] = monotonic
    is_clock_steady: Callable[[], bool] = lambda: True
    """Asked before each item. False means that no further one is taken up."""

    def sweep(
        self, name: str, *, find: Callable[[Context], Sequence[Item]], act: Callable[[Hotline, Item], object]
    ) -> int:
        """Take up what is found. What the turn is too short for is found again in the next round."""
        if not self.is_clock_steady():
            return 0
        found = find(context_of(self.hotline, self.look.begun()))
        return self._take_up(name, found, act)

    def sweep_alone(
        self, name: str, *, find: Callable[[Hotline], Sequence[Item]], act: Callable[[Hotline, Item], object]
    ) -> int:
        """Take up what is found by something that begins a transaction itself, because it looks elsewhere first."""
        if not self.is_clock_steady():
            return 0
        self.look.end()
        return self._take_up(name, find(self.hotline), act)

    def _take_up(self, name: str, found: Sequence[Item], act: Callable[[Hotline, Item], object]) -> int:
        if found:
            self.look.end()
        until_s = self.elapsed_s() + LONGEST_TURN_S
        for done, item in enumerate(found):
            # The clock may have been set during the look: then what was found may seem old without being it.
            if not self.is_clock_steady() or (done and self.elapsed_s() >= until_s):
                return done
            with named(sweep=name):
                try:
                    act(self.hotline, item)
                except Exception as problem:  # noqa: BLE001  one poisoned item must not stop the others
                    log_failure(log.warning, "sweep_item_failed", problem)
        return len(found)


def _judging_by(watch: ClockWatch, hotline: Hotline) -> Hotline:
    """Return the hotline with a clock that tells no time in doubt, at whichever reading.

    An item that meets a clock just set stops there, as if the worker had died, and a later round takes it up.
    """
    return replace(hotline, clock=SteadyClock(watch))


def _closed_promises(context: Context) -> tuple[str, ...]:
    return tuple(promise.id for promise in context.work.promises.closed_unkept(context.now, AT_ONCE))


def _due_breaches(context: Context) -> tuple[Breach, ...]:
    return tuple(context.work.promises.breaches_due(context.now, AT_ONCE))


def _climb_all(hotline: Hotline, breach: Breach) -> None:
    """Take every step that is due, since after a worker's absence more than one is."""
    while climb(hotline, breach):
        pass


def _due_warnings(context: Context) -> tuple[str, ...]:
    return tuple(promise.id for promise in context.work.promises.warnings_due(context.now, AT_ONCE))


def _warn_all(hotline: Hotline, promise_id: str) -> None:
    while warn(hotline, promise_id):
        pass


def _look_at_all(hotline: Hotline, term_id: str) -> None:
    while look_at_term(hotline, term_id):
        pass


def _lost_calls(context: Context) -> tuple[str, ...]:
    silent_before = context.now - context.hotline.rules.lost_after
    return tuple(call.carrier_call_id for call in context.work.calls.live_since_silence(silent_before)[:AT_ONCE])


def _due_sms(context: Context) -> tuple[str, ...]:
    return tuple(sms.id for sms in context.work.sms.due(context.now, AT_ONCE))


def _spooled_here(context: Context) -> tuple[str, ...]:
    answers = context.work.tickets.spooled_in(context.hotline.spool.folder_id, AT_ONCE, due_at=context.now)
    return tuple(answer.id for answer in answers)


def _left_at_carrier(context: Context) -> tuple[str, ...]:
    return tuple(answer.id for answer in context.work.tickets.answers_left_at_carrier(AT_ONCE, due_at=context.now))


def _in_state(state: AnswerState) -> Callable[[Context], tuple[str, ...]]:
    def find(context: Context) -> tuple[str, ...]:
        answers = context.work.tickets.answers_in_state(state, AT_ONCE, due_at=context.now)
        return tuple(answer.id for answer in answers)

    return find
