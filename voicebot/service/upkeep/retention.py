"""What people told us goes when its time has come, class by class, case by case. Before that it can be seen what would.

Each class of each case is deleted by itself, so the next run goes on where a killed one ended. Voices are deleted
before the rows that name them, so a crash in between leaves rows without files, which the next run puts right, but
never files that nothing names. A picture that was left at the carrier goes there, too. What went stands in the history
of its case.

Knows: cases at rest, spans by policy, the audio store. Must not know: columns, when it is run (background/schedule.py,
by hand).
Source: complaints.md S1-16 and section 3 (privacy: erase after so many months, keeping counts).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.retention import RETENTION_ACTOR, CaseAtRest, RetentionClass, RetentionRules, due_at
from voicebot.errors import Refused, Unavailable
from voicebot.service.answer.folders import ask_erasure, folders_waited_for, settle_call
from voicebot.service.failure_log import log_failure
from voicebot.service.history import ERASED_AS, Verb, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import find_ticket, joined_into, ticket_of
from voicebot.service.ports import LegalHold, UnitOfWork

log = structlog.get_logger(__name__)

TASK = "retention"
MOST_APART = timedelta(days=30)
"""Between two runs nobody asked for. After longer the clock is probably wrong, or a backup came back."""
AT_ONCE = 100
"""Tickets looked at in one transaction, because SQLite lets nobody write meanwhile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassReport:
    """What went, or would go, of one class."""

    kind: RetentionClass
    keep: timedelta
    cases: int = 0
    rows: int = 0
    voices: int = 0
    """Files in the audio store, none for any other class."""
    oldest_at: datetime | None = None
    """Last activity of the case that was quiet for longest."""
    failed: int = 0
    """Cases put off because something was away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionReport:
    """What one run did, or would do."""

    classes: tuple[ClassReport, ...]
    marked_unanswered: int
    customers: int
    """Imported customers whom no import has named for as long as numbers are kept."""
    ids: int
    """Receipts and ids of texts received, which only tell repeats apart."""
    held: int
    """Cases under a hold, of which nothing goes."""


def run_retention(hotline: Hotline) -> None:
    """Let everything go whose time has come. This is the daily task.

    Raises: Unavailable when something was away, Refused when the last run is too long ago to erase unasked.
    """
    _check_clock(hotline)
    report = erase_due(hotline)
    failed = sum(each.failed for each in report.classes)
    if failed:
        raise Unavailable(f"retention could not erase {failed} cases: is the audio store there and writable?")
    gone = {str(each.kind): each.cases for each in report.classes if each.cases}
    if gone or report.customers or report.ids:
        hotline.clear_erased()
    if gone or report.marked_unanswered:
        log.info("retention_done", marked_unanswered=report.marked_unanswered, **gone)


def _check_clock(hotline: Hotline) -> None:
    """Refuse to erase by a clock that may be years ahead, because what is gone cannot be had again."""
    with hotline.unit_of_work() as work:
        last_run_at, now = work.schedule.get(TASK).last_run_at, context_of(hotline, work).now
    if last_run_at is not None and now - last_run_at > MOST_APART:
        raise Refused(
            f"letting go what was kept for its time: the last run was more than {MOST_APART.days} days ago by this "
            "machine's clock; if the clock is right, look at `voicebot retention --dry-run`, then run "
            "`voicebot retention` once",
            code="retention-after-long",
        )


def erase_by_hand(hotline: Hotline) -> RetentionReport:
    """Let everything go because somebody says so, and note it, so that the daily runs go on. Raises: Unavailable."""
    begun_at = hotline.clock.now()
    report = erase_due(hotline)
    with hotline.unit_of_work() as work:
        work.schedule.save(replace(work.schedule.lock(TASK), last_run_at=begun_at))
        work.commit()
    hotline.clear_erased()
    return report


def erase_due(hotline: Hotline, *, is_dry: bool = False) -> RetentionReport:
    """Let everything go whose time has come, or with `is_dry` only count it. Raises: Unavailable, FlowFault."""
    rules = hotline.flows.current_policy().retention
    marked = _mark_unanswered(hotline, rules, is_dry=is_dry)
    classes = tuple(_class(hotline, rules, kind=kind, is_dry=is_dry) for kind in RetentionClass)
    customers = _customers(hotline, rules, is_dry=is_dry)
    with hotline.unit_of_work() as work:
        ids_before = context_of(hotline, work).now - rules.keep[RetentionClass.TRACES]
        ids = work.retention.count_ids(ids_before) if is_dry else work.retention.forget_ids(ids_before)
        if not is_dry:
            work.adjustments.forget_left()
        held = len(work.retention.holds())
        work.commit()
    return RetentionReport(classes=classes, marked_unanswered=marked, customers=customers, ids=ids, held=held)


def erase_case(hotline: Hotline, case: str, *, reason: str, actor: str) -> tuple[str, ...]:
    """Erase all that tells of a person in one case and in those merged into it. Somebody asked us to, and may.

    Returns the ids of other machines' data folders that may hold a voice of it still and were asked to erase it. Until
    each has done so it is not complete. Asked again, it tells who is left.
    Raises: Refused for an unknown case, an empty reason, a case that is held or in which something is owed still, or
    into which something came meanwhile.
    """
    check_reason(reason)
    with hotline.unit_of_work() as work:
        ticket = find_ticket(work, case)
        ids = (*joined_into(work, ticket.id), ticket.id)
        held = any(hold.ticket_id in ids for hold in work.retention.holds())
        is_at_rest = _are_at_rest(work, ids)
    if held:
        raise Refused(f"a hold lies on case {case}; lift it first, if that is right", code="case-held")
    if not is_at_rest:
        raise Refused(
            f"something is owed or on its way in case {case}; log the call (`voicebot tickets called`), "
            "wait until its texts have settled, then erase it",
            code="case-not-at-rest",
        )
    _forget_by_numbers(hotline, ids)
    for ticket_id in ids:
        for kind in RetentionClass:
            # Other systems are told of all of it at once, below.
            _erase(hotline, ticket_id, kind, is_told=False)
    with hotline.unit_of_work() as work:
        if not _are_at_rest(work, ids):
            raise Refused(
                f"a hold, a call or a text came to case {case} meanwhile, and only part of it is erased; "
                "read its history, then erase it again, if that is right",
                code="case-not-at-rest",
            )
        waited_for = folders_waited_for(work, ids, own=hotline.spool.folder_id)
        verb = Verb.ERASURE_WAITS_FOR_FOLDERS if waited_for else Verb.ERASED_ON_REQUEST
        after = f"{reason.strip()} ({', '.join(waited_for)})" if waited_for else reason.strip()
        note_case(work, ticket.id, verb, at=context_of(hotline, work).now, actor=actor, after=after)
        work.commit()
    hotline.clear_erased()
    return waited_for


def _are_at_rest(work: UnitOfWork, ticket_ids: Sequence[str]) -> bool:
    return all(work.retention.case(each) is not None for each in ticket_ids)


def _forget_by_numbers(hotline: Hotline, ticket_ids: Sequence[str]) -> None:
    """Delete whom the numbers of these cases lead to, and what was agreed with them, before the numbers go.

    The next import may name them again.
    """
    with hotline.unit_of_work() as work:
        numbers = {ticket_of(work, each).complainant_number for each in ticket_ids}
        numbers |= {call.caller_number for each in ticket_ids for call in work.calls.of_ticket(each)}
        known = {number for number in numbers if number}
        work.customers.forget_numbers(known)
        work.adjustments.forget_numbers(known)
        work.commit()


def _customers(hotline: Hotline, rules: RetentionRules, *, is_dry: bool) -> int:
    """Delete the imported customers whose time has come, or count them."""
    gone = 0
    while True:
        with hotline.unit_of_work() as work:
            before = context_of(hotline, work).now - rules.keep[RetentionClass.NUMBERS]
            some = work.customers.count_before(before) if is_dry else work.customers.forget_before(before, AT_ONCE)
            work.commit()
        gone += some
        if is_dry or not some:
            return gone


def hold_case(hotline: Hotline, case: str, *, reason: str, actor: str) -> bool:
    """Lay a hold on a case, so that nothing of it is erased until it is lifted. Return False when one lies there
    already.

    Raises: Refused for an unknown case or an empty reason.
    """
    check_reason(reason)
    with hotline.unit_of_work() as work:
        ticket, now = find_ticket(work, case), context_of(hotline, work).now
        work.tickets.hold(ticket.id)
        hold = LegalHold(ticket_id=ticket.id, at=now, actor=actor, reason=reason.strip())
        is_new = work.retention.add_hold(hold)
        if is_new:
            note_case(work, ticket.id, Verb.HOLD_LAID, at=now, actor=actor, after=hold.reason)
        work.commit()
        return is_new


def lift_hold(hotline: Hotline, case: str, *, reason: str, actor: str) -> bool:
    """Lift the hold of a case. False when there is none. Raises: Refused as `hold_case`."""
    check_reason(reason)
    with hotline.unit_of_work() as work:
        ticket = find_ticket(work, case)
        work.tickets.hold(ticket.id)
        was_held = work.retention.lift_hold(ticket.id)
        if was_held:
            now = context_of(hotline, work).now
            note_case(work, ticket.id, Verb.HOLD_LIFTED, at=now, actor=actor, after=reason.strip())
        work.commit()
        return was_held


def check_reason(reason: str) -> None:
    """Ask for a reason. Raises: Refused where there is none."""
    if not reason.strip():
        raise Refused("this needs a reason: who asked for it, and why", code="reason-missing")


# --- one class of one case -----------------------------------------------------------------------------------


def _class(hotline: Hotline, rules: RetentionRules, *, kind: RetentionClass, is_dry: bool) -> ClassReport:
    cases = rows = voices = failed = 0
    oldest_at: datetime | None = None
    for case in _due(hotline, rules, kind):
        try:
            done = _count(hotline, case.ticket_id, kind) if is_dry else _erase(hotline, case.ticket_id, kind)
        except Exception as problem:  # noqa: BLE001  one case that cannot be erased must not keep the others
            failed += 1
            log_failure(log.warning, "retention_item_failed", problem, erasing=str(kind))
            continue
        if not done[0]:
            continue
        cases, rows, voices = cases + 1, rows + done[0], voices + done[1]
        oldest_at = min(oldest_at or case.last_activity_at, case.last_activity_at)
    return ClassReport(
        kind=kind, keep=rules.keep[kind], cases=cases, rows=rows, voices=voices, oldest_at=oldest_at, failed=failed
    )


def _due(hotline: Hotline, rules: RetentionRules, kind: RetentionClass) -> Iterator[CaseAtRest]:
    """Yield the cases of which a class is due to go, each once, by id."""
    now = hotline.clock.now()
    quiet_since = now - rules.least(kind)
    for ids in _stretches(hotline, quiet_since):
        with hotline.unit_of_work() as work:
            cases = work.retention.at_rest(ids, kind, quiet_since=quiet_since)
            due = [case for case in cases if due_at(rules, kind, case) <= now and _is_rooted_at_rest(work, case)]
        yield from due


def _stretches(hotline: Hotline, opened_before: datetime) -> Iterator[Sequence[str]]:
    """Yield ids of old tickets, so many at a time that looking at them never keeps a caller waiting."""
    after = ""
    while True:
        with hotline.unit_of_work() as work:
            ids = work.retention.opened_before(opened_before, after=after, limit=AT_ONCE)
        if not ids:
            return
        yield ids
        after = ids[-1]


def _is_rooted_at_rest(work: UnitOfWork, case: CaseAtRest) -> bool:
    """Tell whether the case that this one was merged into, if any, is at rest too, because it tells the same story."""
    root = work.tickets.by_case_number(case.case_number)
    return root is not None and (root.id == case.ticket_id or work.retention.case(root.id) is not None)


def _count(hotline: Hotline, ticket_id: str, kind: RetentionClass) -> tuple[int, int]:
    """Return how many rows and voices would go."""
    with hotline.unit_of_work() as work:
        voices = len(work.retention.audio_keys(ticket_id)) if kind is RetentionClass.AUDIO else 0
        return work.retention.count(ticket_id, kind), voices


def _erase(hotline: Hotline, ticket_id: str, kind: RetentionClass, *, is_told: bool = True) -> tuple[int, int]:
    """Erase a class of a case that is still at rest, and return how many rows and voices went."""
    with hotline.unit_of_work() as work:
        has_files = kind is RetentionClass.AUDIO and work.retention.case(ticket_id) is not None
        keys = work.retention.audio_keys(ticket_id) if has_files else ()
        left = [each for each in work.pictures.of_ticket(ticket_id) if each.media_sid] if has_files else ()
    for key in keys:
        hotline.audio.delete(key)
    for picture in left:
        hotline.carrier.delete_file(picture.message_sid, str(picture.media_sid))
    with hotline.unit_of_work() as work:
        if work.retention.case(ticket_id) is None:
            return 0, 0
        context = context_of(hotline, work)
        rows = work.retention.erase(ticket_id, kind, context.now)
        if rows:
            verb = ERASED_AS[kind]
            note_case(work, ticket_id, verb, at=context.now, actor=RETENTION_ACTOR, is_told=is_told)
        calls = ask_erasure(context, ticket_id) if kind is RetentionClass.AUDIO else ()
        work.commit()
    for call_id in calls:
        settle_call(hotline, call_id)
    return rows, len(keys)


def _mark_unanswered(hotline: Hotline, rules: RetentionRules, *, is_dry: bool) -> int:
    """Mark complaints that nobody answered. The mark is never taken back."""
    quiet_since, marked = hotline.clock.now() - rules.unanswered_after, 0
    for ids in _stretches(hotline, quiet_since):
        with hotline.unit_of_work() as work:
            cases = work.retention.never_reached(ids, quiet_since=quiet_since)
            marked, now = marked + len(cases), context_of(hotline, work).now
            for case in () if is_dry else cases:
                work.retention.mark_unanswered(case.ticket_id, now)
                note_case(work, case.ticket_id, Verb.MARKED_UNANSWERED, at=now, actor=RETENTION_ACTOR)
            work.commit()
    return marked
