"""The carrier's books against ours. Calls and texts that never reached us get a case, and voices left there come home.

A lost callback is not sent again (twilio.md 1.10), so at a worker's start and each hour the carrier is asked what it
knows. Whatever is found is done by the functions that would have done it in time. Done twice, nothing is new. Calls and
texts of every number of ours count only while the number's own address for them is ours, because whoever rang another
programme on the same number is not our caller. Recordings of calls that are not ours are never touched, for other
programmes may share the account.
Knows: what is to be looked for, how far back. Must not know: pages, what a case gets.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import assert_never

import structlog

from voicebot.errors import Unavailable
from voicebot.service.call.missed_call import MissedCallResult, end_of, take_up_missed_call
from voicebot.service.call.turn import end_call
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.log_context import named
from voicebot.service.ports import CarrierNumber, ListedCall, ListedRecording
from voicebot.service.ticket.missed_text import TextsFound, take_up_missed_texts
from voicebot.service.upkeep.leftover_recordings import RecordingResult, take_home
from voicebot.service.upkeep.number_setup import OUTRANKS_CALLS, connected_at

log = structlog.get_logger(__name__)

TASK = "reconcile"
MARGIN = timedelta(hours=5)
"""Looked at again before the last run.

That is longer than any call, since one that went on then may have ended since.
"""
FIRST_LOOK = timedelta(hours=1)
"""How far the very first run looks back, before which the number may have been somebody else's."""
MOST_DAYS = 3
"""Calls older than that are not called back unasked, because nobody remembers why they rang."""
MOST_DAYS_ASKED = 30
"""However somebody asks for it."""
RECORDING_DAYS = 7
"""How old a recording left at the carrier may be to be found unasked."""
MOST_FAILURES = 10
"""Recordings that the carrier may fail on before it counts as away, each after up to 15 seconds."""


@dataclass(kw_only=True, slots=True)
class Books:
    """What one run found and did."""

    since: datetime
    is_connected: bool = True
    """Whether the number's calls come to us at all. False means that calls were not looked at."""
    calls_seen: int = 0
    cases_opened: int = 0
    calls_joined: int = 0
    calls_ended: int = 0
    calls_going_on: int = 0
    calls_failed: int = 0
    """They have no case yet. The next run looks again."""
    texts: TextsFound = field(default_factory=TextsFound)
    recordings_seen: int = 0
    recordings_stored: int = 0
    recordings_deleted: int = 0
    recordings_foreign: int = 0
    recordings_left: int = 0
    """Still at the carrier.

    They are in the making or of a live call, or fetching them failed. The next run looks again.
    """
    going_on: set[str] = field(default_factory=set)


def run_reconcile(hotline: Hotline) -> None:
    """Do it as a task. What came of it goes into the log. Raises: as `reconcile`."""
    _log(reconcile(hotline))


def reconcile(hotline: Hotline, *, days: int | None = None) -> Books:
    """Compare once and put right what differs. `days` looks back that far whatever was looked at before.

    Raises: Unavailable when the carrier or the database is away, or a call could not be taken up. What was done until
    then stays done.
    """
    number = hotline.numbers.find(hotline.rules.own_number)
    books = Books(since=_since(hotline, number, days))
    books.is_connected = _is_connected(hotline, number)
    _look_at_number(hotline, books, number, since=books.since)
    for more in sorted(hotline.rules.more_numbers):
        number = hotline.numbers.find(more)
        _look_at_number(hotline, books, number, since=_since(hotline, number, days))
    back = timedelta(days=max(RECORDING_DAYS, days or 0))
    _look_at_recordings(hotline, books, since=hotline.clock.now() - back)
    if books.calls_failed or books.texts.failed:
        raise Unavailable(
            f"reconciling could not take up {books.calls_failed} of {books.calls_seen} calls "
            f"and {books.texts.failed} of {books.texts.seen} texts: see the log"
        )
    return books


def _since(hotline: Hotline, number: CarrierNumber | None, days: int | None) -> datetime:
    """Return from when on calls are looked at, but never before the number was connected here, if that is known."""
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        last_run_at = work.schedule.get(TASK).last_run_at
        began_at = None if number is None else connected_at(work, number.sid)
    earliest = now - timedelta(days=MOST_DAYS if days is None else days)
    if began_at is not None:
        earliest = max(earliest, began_at)
    if days is not None or (last_run_at is None and began_at is not None):
        return earliest
    wanted = now - FIRST_LOOK if last_run_at is None else min(last_run_at, now) - MARGIN
    if wanted < earliest and earliest != began_at:
        _tell_of_older(now - wanted)
    return max(wanted, earliest)


def _tell_of_older(ago: timedelta) -> None:
    """Say that people rang before the days that are looked at unasked, and how to give them their cases."""
    days = min(ceil(ago / timedelta(days=1)), MOST_DAYS_ASKED)
    log.error(
        "calls_too_old", days=days, cure=f"run voicebot twilio reconcile --days {days}: who rang then has no case"
    )


def _is_connected(hotline: Hotline, number: CarrierNumber | None) -> bool:
    """Tell whether the number's calls come to us.

    That is so when its address is ours, and nothing set on it outranks the address.
    """
    if number is None or any(number.settings.get(name) for name in OUTRANKS_CALLS):
        return False
    return number.settings.get("voice_url", "").startswith(f"{hotline.rules.public_url}/")


def _takes_texts(hotline: Hotline, number: CarrierNumber) -> bool:
    """Tell whether texts to the number come to us by its own address."""
    is_elsewhere = bool(number.settings.get("sms_application_sid"))
    return not is_elsewhere and number.settings.get("sms_url", "").startswith(f"{hotline.rules.public_url}/")


def _look_at_number(hotline: Hotline, books: Books, number: CarrierNumber | None, *, since: datetime) -> None:
    if number is not None and _is_connected(hotline, number):
        _look_at_calls(hotline, books, number.number, since=since)
    if number is not None and _takes_texts(hotline, number):
        take_up_missed_texts(hotline, number.number, since=since, found=books.texts)


# --- calls -------------------------------------------------------------------------------------------------


def _look_at_calls(hotline: Hotline, books: Books, number: str, *, since: datetime) -> None:
    """Take up what is over, oldest first, so that repeated calls join the first. One that fails stops no other."""
    listed = list(hotline.listing.calls_to(number, since=since))
    for call in sorted(listed, key=lambda each: each.started_at):
        with named(sid=call.carrier_call_id):
            try:
                _look_at_call(hotline, books, call)
            except Exception as problem:  # noqa: BLE001  whoever rang after a call that fails must not be lost with it
                books.calls_failed += 1
                log_failure(log.warning, "call_not_taken_up", problem)


def _look_at_call(hotline: Hotline, books: Books, call: ListedCall) -> None:
    books.calls_seen += 1
    if not call.is_over:
        books.calls_going_on += 1
        books.going_on.add(call.carrier_call_id)
        return
    match take_up_missed_call(hotline, call):
        case MissedCallResult.OPENED:
            books.cases_opened += 1
        case MissedCallResult.JOINED:
            books.calls_joined += 1
        case MissedCallResult.LIVE:
            end_call(hotline, call.carrier_call_id, end_of(call))
            books.calls_ended += 1
        case MissedCallResult.KNOWN | MissedCallResult.TURNED_AWAY:
            pass
        case other:
            assert_never(other)


# --- recordings --------------------------------------------------------------------------------------------


def _look_at_recordings(hotline: Hotline, books: Books, *, since: datetime) -> None:
    """Bring home what is ours. The carrier may fail on one recording for ever, so that one must not stop the rest."""
    failures = 0
    for recording in _every(hotline.listing.recordings(since=since)):
        books.recordings_seen += 1
        try:
            with named(sid=recording.recording_sid):
                result = _result(hotline, books, recording)
            failures = 0
        except Unavailable as problem:
            failures += 1
            result = RecordingResult.LEFT
            log.warning("recording_left_at_carrier", problem=str(problem))
            if failures >= MOST_FAILURES:
                raise
        _count(books, result)


def _every(found: Iterable[ListedRecording]) -> list[ListedRecording]:
    """Read the whole list before the first is deleted, because pages shift when rows go, and some would be passed
    over.
    """
    return sorted(found, key=lambda each: each.recorded_at)


def _result(hotline: Hotline, books: Books, recording: ListedRecording) -> RecordingResult:
    if recording.carrier_call_id in books.going_on:
        return RecordingResult.LEFT
    result = take_home(hotline, recording)
    if result is not RecordingResult.NO_CALL:
        return result
    call = _missed_call_of(hotline, books, recording)
    if call is None:
        return RecordingResult.FOREIGN
    _look_at_call(hotline, books, call)
    return take_home(hotline, recording) if call.is_over else RecordingResult.LEFT


def _missed_call_of(hotline: Hotline, books: Books, recording: ListedRecording) -> ListedCall | None:
    """Return the call of a recording whose call we never heard of, if it was for us and is not too long ago."""
    if not books.is_connected or recording.recorded_at < books.since:
        return None
    asked = (hotline.listing.call(recording.carrier_call_id, to=number) for number in sorted(hotline.rules.own_numbers))
    return next((call for call in asked if call is not None), None)


def _count(books: Books, result: RecordingResult) -> None:
    books.recordings_stored += result in (RecordingResult.STORED, RecordingResult.KEPT_THERE)
    books.recordings_deleted += result in (RecordingResult.STORED, RecordingResult.DELETED)
    books.recordings_foreign += result is RecordingResult.FOREIGN
    books.recordings_left += result in (RecordingResult.LEFT, RecordingResult.KEPT_THERE)


def _log(books: Books) -> None:
    if not books.is_connected:
        log.warning("number_not_connected", cure="run voicebot twilio connect")
    log.info(
        "reconciled",
        calls=books.calls_seen,
        opened=books.cases_opened,
        joined=books.calls_joined,
        texts=books.texts.seen,
        texts_taken_up=books.texts.taken_up,
        recordings=books.recordings_seen,
        stored=books.recordings_stored,
        deleted=books.recordings_deleted,
        left=books.recordings_left,
    )
