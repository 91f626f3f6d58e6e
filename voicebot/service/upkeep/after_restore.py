"""A hotline brought back from a backup must not fire old alarms. What the rows say is due was perhaps done long since.

Between the backup and the restore the hotline that is lost went on. It sent texts, broke promises, climbed ladders,
people rang complainants, and none of it is in the rows. So nothing that fell due before the restore goes out by itself:
- texts not yet handed over are looked up at the carrier first, and only what it never had is sent.
- messages to staff by mail, chat or telephone are held back, for nobody can be asked about them.
- calls that lasted are over. The text that their end leaves is looked up too.
- a promise whose window closed is broken, once and at the instant its window closed, and stands in the figures. Its
  climb, and every older one with a step due, rests for a while and then goes on with one step, not with all at once.
- a task that fell due stands late on its case and in the morning list, and nobody is told.
- of warnings about windows still open, and about decisions, only the newest is given. Of a late decision's ladder only
  the first step that is due. While climbs rest, staff log the calls they know of, which keeps the promise and ends the
  climb. Each case touched is told of in its history. Done twice, it changes nothing more.

Knows: what can be due. Must not know: files, how rows came back.
Source: complaints.md section 3 (an upgrade that sent 260 overdue mails; old misses are marked as seen).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.domain.escalation import quiet_until
from voicebot.domain.sms import SmsState, move
from voicebot.domain.staff_message import MessageState
from voicebot.errors import Unavailable
from voicebot.service.call.turn import end_call
from voicebot.service.decision.watch import rest_term
from voicebot.service.failure_log import log_failure
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.staff_outbox import settle_message
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.escalation import pass_over_warnings, rest_climb
from voicebot.service.ticket.tasks import due_tasks, pass_over_task

log = structlog.get_logger(__name__)

Item = TypeVar("Item")

ALL = 1_000_000
"""A restore looks at everything due. There is no next round."""
ONE_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterRestore:
    """What was found due, by case number as people write it."""

    rests_until: datetime
    """When the climbs go on."""
    broken: tuple[str, ...]
    """Cases whose window closed meanwhile, as far as the rows know without a call."""
    climbing: tuple[str, ...]
    """Every case whose climb rests, those broken meanwhile included."""
    looked_up: tuple[str, ...]
    """Cases with a text that the carrier is asked about."""
    ended: tuple[str, ...]
    """Cases with a call that lasted when the backup was made."""


def settle_after_restore(hotline: Hotline, made_at: datetime, *, rest: timedelta | None = None) -> AfterRestore:
    """Lay to rest what fell due since the backup. `rest` is clock time, by default what acknowledging quiets for.

    Raises: FlowFault, SettingFault when flow or policy cannot be read. Unavailable when something outside is away.
    """
    now = hotline.clock.now()
    ended = _end_calls(hotline)
    looked_up = _look_up_texts(hotline, made_at)
    _hold_back_messages(hotline)
    broken = _break_promises(hotline)
    until = now + rest if rest is not None else _quiet_end(hotline, now)
    climbing = _rest_climbs(hotline, until)
    _pass_over_warnings(hotline)
    _rest_decisions(hotline)
    _pass_over_tasks(hotline)
    report = AfterRestore(
        rests_until=until,
        broken=_cases(hotline, broken),
        climbing=_cases(hotline, climbing),
        looked_up=_cases(hotline, looked_up),
        ended=_cases(hotline, ended),
    )
    _note_all(hotline, {*ended, *looked_up, *broken, *climbing}, made_at)
    return report


def _quiet_end(hotline: Hotline, now: datetime) -> datetime:
    policy = hotline.flows.current_policy()
    return quiet_until(policy.ladder, policy.calendar, now)


def _end_calls(hotline: Hotline) -> list[str]:
    with hotline.unit_of_work() as work:
        live = work.calls.live_since_silence(context_of(hotline, work).now + ONE_MOMENT)
    _each(live, lambda call: end_call(hotline, call.carrier_call_id, CallEnd.LOST))
    return [call.ticket_id for call in live]


def _look_up_texts(hotline: Hotline, made_at: datetime) -> list[str]:
    """Make every text that was not handed over one that the carrier is asked about, from before the backup on."""
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        unsent = work.sms.stuck((SmsState.WAITING, SmsState.SENDING), now + ONE_MOMENT, ALL)
        for sms in unsent:
            unsure = move(sms, SmsState.UNKNOWN, now, reason="restored: perhaps it was sent since the backup")
            work.sms.save(replace(unsure, created_at=min(sms.created_at, made_at)))
        work.commit()
    return [sms.ticket_id for sms in unsent]


def _hold_back_messages(hotline: Hotline) -> None:
    """Hold back messages to staff that wait, because no mail server can be asked, and the climb goes on by itself."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        unsent = work.staff_messages.stuck((MessageState.WAITING, MessageState.SENDING), context.now + ONE_MOMENT, ALL)
        for message in unsent:
            why = "restored: perhaps it was sent since the backup"
            settle_message(context, message, state=MessageState.SUPPRESSED, reason=why)
        work.commit()


def _break_promises(hotline: Hotline) -> list[str]:
    with hotline.unit_of_work() as work:
        closed = work.promises.closed_unkept(context_of(hotline, work).now, ALL)
    _each(closed, lambda promise: breach_if_closed(hotline, promise.id))
    return [promise.ticket_id for promise in closed]


def _rest_climbs(hotline: Hotline, until: datetime) -> list[str]:
    with hotline.unit_of_work() as work:
        due = work.promises.breaches_due(context_of(hotline, work).now, ALL)
    _each(due, lambda breach: rest_climb(hotline, breach, until=until))
    return [breach.ticket_id for breach in due]


def _pass_over_warnings(hotline: Hotline) -> None:
    with hotline.unit_of_work() as work:
        due = work.promises.warnings_due(context_of(hotline, work).now, ALL)
    _each(due, lambda promise: pass_over_warnings(hotline, promise.id))


def _rest_decisions(hotline: Hotline) -> None:
    with hotline.unit_of_work() as work:
        due = work.decision_terms.due(context_of(hotline, work).now, ALL)
    _each(due, lambda term: rest_term(hotline, term.id))


def _pass_over_tasks(hotline: Hotline) -> None:
    with hotline.unit_of_work() as work:
        due = due_tasks(context_of(hotline, work), ALL)
    _each(due, lambda task_id: pass_over_task(hotline, task_id))


def _each(found: Sequence[Item], action: Callable[[Item], object]) -> None:
    """Do it for each. A row that is broken must not leave all others half restored, its sweep meets it again."""
    for item in found:
        try:
            action(item)
        except Unavailable:
            raise
        except Exception as problem:  # noqa: BLE001  told by kind only: messages of strangers may name people
            log_failure(log.warning, "restore_item_failed", problem, what=type(item).__name__)


def _cases(hotline: Hotline, ticket_ids: Iterable[str]) -> tuple[str, ...]:
    with hotline.unit_of_work() as work:
        return tuple(sorted({written(ticket_of(work, each).case_number) for each in ticket_ids}))


def _note_all(hotline: Hotline, ticket_ids: Iterable[str], made_at: datetime) -> None:
    after = f"from the backup of {made_at.isoformat(timespec='seconds')}; what was done since is not known"
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        for ticket_id in sorted(ticket_ids):
            note_case(work, ticket_id, Verb.RESTORED, at=now, actor="system", after=after)
        work.commit()
