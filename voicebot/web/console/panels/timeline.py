"""Everything that happened in a case, in one line, the newest first.

What people did stands there, with the promises and the texts to the complainant. Texts to staff and what the ladder
did are folded, each under one sentence. What the machine noted besides is shown when somebody asks for it.
Source: console.md 1 (one miss was told three times, in 13 texts, 7 steps and 42 lines).
Knows: a case's view, instants, wording. Must not know: how a row looks.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from voicebot.domain.instants import Instants
from voicebot.domain.promise import Promise, PromiseState, shown_by
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.staff_call import caller_of
from voicebot.domain.ticket import HistoryEntry
from voicebot.service.history import Verb, standing
from voicebot.service.outbox.purpose import is_for_staff
from voicebot.service.queries.case_view import UNTOLD, CaseView
from voicebot.service.wording import names as wording
from voicebot.service.wording import policy as policy_wording
from voicebot.service.wording.history import detail_said
from voicebot.web.console.call_back_rows import call_back_rows

OF_THE_MACHINE = frozenset(
    {
        Verb.ALARM_RAISED,
        Verb.ANSWER_KEPT,
        Verb.CALL_ENDED,
        Verb.COMPLAINANT_WAITED,
        Verb.CONSENT_LOGGED,
        Verb.CONSENT_UNCHANGED,
        Verb.ERASURE_WAITS_FOR_FOLDERS,
        Verb.FILE_STORED,
        Verb.MESSAGE_SETTLED,
        Verb.MESSAGE_WRITTEN,
        Verb.NOTICE_UNTOLD,
        Verb.ORPHAN_TAKEN_UP,
        Verb.PROMISE_MADE,
        Verb.PROMISE_MOVED,
        Verb.PROMISE_SAID,
        Verb.PROMISE_WITHDRAWN,
        Verb.STEP_PASSED_ON,
        Verb.STEP_TAKEN,
        Verb.TEXTS_ASKED_ABOUT,
        Verb.TEXT_ASKED,
        Verb.TEXT_COMPOSED,
        Verb.TEXT_SETTLED,
        Verb.TRANSCRIPT_MISSING,
        Verb.VOICE_BROUGHT_HERE,
        Verb.VOICE_ERASED_IN_FOLDER,
        Verb.WARNING_TAKEN,
        Verb.WINDOWS_OFFERED,
    }
)
"""Lines that nobody did, or whose row stands in the line by itself, such as a text, a call, a promise, an answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What happened, when, and what more there is to say."""

    what: str
    at: str
    away: str = ""
    """How far away it is, where that matters."""
    more: tuple[str, ...] = ()
    words: str = ""
    """Words that somebody said or wrote, to be shown as theirs."""
    is_note: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """Rows under one sentence."""

    key: str
    said: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeLine:
    """The line."""

    rows: tuple[Row, ...]
    folds: tuple[Fold, ...]
    of_the_machine: int
    """How many lines of the machine there are."""
    is_whole: bool
    """Whether they stand in the line."""


Event = tuple[datetime, Row]


def timeline(view: CaseView, instants: Instants, *, is_whole: bool = False) -> TimeLine:
    """Return the line of a case, with the machine's own lines where `is_whole`."""
    machine = [entry for entry in view.history if entry.verb in OF_THE_MACHINE]
    return TimeLine(
        rows=_newest_first(_events(view, instants, is_whole=is_whole)),
        folds=tuple(fold for fold in (_staff_texts(view, instants), _ladder(view, instants)) if fold.rows),
        of_the_machine=len(machine),
        is_whole=is_whole,
    )


def text_row(sms: Sms, view: CaseView, instants: Instants) -> Row:
    """Return a text with its receipt."""
    staff_id = sms.purpose.rpartition(":")[2]
    to = view.names.get(staff_id, "staff") if is_for_staff(sms) else "the complainant"
    since = "" if sms.state_at is None else f", since {instants.exact(sms.state_at)}"
    more = (f"{wording.text_said(sms)}{since}",)
    what = f"{wording.template_said(sms.template).removeprefix('staff ')}, to {to}"
    return Row(what=what, at=instants.said(sms.created_at), more=more, words=sms.body)


def _newest_first(events: Iterable[Event]) -> tuple[Row, ...]:
    """Return the rows by time, of the same instant the one that was written last first."""
    numbered = ((at, number, row) for number, (at, row) in enumerate(events))
    return tuple(row for _at, _number, row in sorted(numbered, key=itemgetter(0, 1), reverse=True))


def _events(view: CaseView, instants: Instants, *, is_whole: bool) -> Iterator[Event]:
    counting = standing(view.history)
    for entry in view.history:
        if is_whole or entry.verb not in OF_THE_MACHINE:
            yield entry.at, _entry(entry, view.names, instants, is_gone=entry not in counting)
    for promise in view.promises:
        yield promise.made_at, _promise(promise, view, instants)
    for sms in view.texts:
        if not is_for_staff(sms):
            yield sms.created_at, text_row(sms, view, instants)
    yield from _calls(view, instants)
    for call, (what, at, how_far) in zip(view.staff_calls, call_back_rows(view, instants), strict=True):
        yield call.ordered_at, Row(what=what, at=at, more=(how_far,))


def _entry(entry: HistoryEntry, names: Mapping[str, str], instants: Instants, *, is_gone: bool) -> Row:
    is_note = entry.verb == Verb.NOTE_WRITTEN
    what = f"{wording.actor_said(entry.actor, names)} {wording.verb_said(entry.verb)}"
    at = instants.exact(entry.at) if entry.verb in OF_THE_MACHINE else instants.said(entry.at)
    more = ("taken back since",) if is_gone else ()
    return Row(what=what, at=at, more=more, words=detail_said(entry, instants, names), is_note=is_note)


def _promise(promise: Promise, view: CaseView, instants: Instants) -> Row:
    more = [policy_wording.target_said(promise.target)]
    if promise.words:
        more.append("the caller confirmed it" if promise.confirmed_by_caller else "the caller did not confirm it")
    else:
        more.append(UNTOLD)
    missed = next((breach for breach in view.breaches if breach.promise_id == promise.id), None)
    if missed is not None:
        more.append(f"missed: the window closed {instants.said(missed.at)} without a talk")
    if promise.state is PromiseState.KEPT and promise.settled_at is not None:
        by = view.names.get(promise.kept_by or "", promise.kept_by)
        late = "late, " if missed is not None else ""
        more.append(
            f"kept {late}{instants.said(promise.settled_at)} by {by}: {promise.kept_reason} ({shown_by(promise)})"
        )
    is_texted = any(sms.body == promise.words for sms in view.texts)
    stretch = instants.stretch(promise.window_opens_at, promise.window_closes_at)
    return Row(
        what=f"Promised a call {stretch}: {wording.promise_said(promise.state)}",
        at=instants.said(promise.made_at),
        more=tuple(more),
        words="" if is_texted else promise.words,
    )


def _calls(view: CaseView, instants: Instants) -> Iterator[Event]:
    connected = {caller_of(call) for call in view.staff_calls if call.was_bridged}
    for call in view.calls:
        said = [wording.consent_said(one.answer) for one in view.consents if one.call_id == call.id]
        notices = [
            f"recording notice ({one.locale}, wording {one.wording_version[:8]}): {what}, {instants.exact(one.at)}"
            for one, what in zip((c for c in view.consents if c.call_id == call.id), said, strict=True)
        ]
        ended = "" if call.ended_at is None else f" {instants.exact(call.ended_at)}"
        number, is_connected = call.caller_number or "number withheld", call.id in connected
        heard = "connected with whoever is responsible" if is_connected else wording.call_heard(call.way)
        more = (f"{number}; {heard}", *notices, f"{wording.call_ended(call.end)}{ended}")
        yield call.started_at, Row(what="The complainant rang", at=instants.said(call.started_at), more=more)


def _staff_texts(view: CaseView, instants: Instants) -> Fold:
    texts = [sms for sms in view.texts if is_for_staff(sms)]
    rows = _newest_first((sms.created_at, text_row(sms, view, instants)) for sms in texts)
    return Fold(key="staff-texts", said=staff_texts_said([sms.state for sms in texts]), rows=rows)


def staff_texts_said(states: Iterable[SmsState]) -> str:
    """Say how the texts to staff stand, such as `11 texts to staff, all delivered`, or how many did not arrive.

    >>> staff_texts_said([SmsState.DELIVERED] * 2), staff_texts_said([SmsState.DELIVERED, SmsState.FAILED])
    ('2 texts to staff, all delivered', '2 texts to staff: 1 delivered, 1 failed')
    """
    found = Counter(wording.text_state_said(state) for state in states)
    counted = f"{found.total()} {'text' if found.total() == 1 else 'texts'} to staff"
    if list(found) == [wording.text_state_said(SmsState.DELIVERED)]:
        return f"{counted}, {'all ' if found.total() > 1 else ''}delivered"
    return f"{counted}: {', '.join(f'{count} {state}' for state, count in found.items())}"


def _ladder(view: CaseView, instants: Instants) -> Fold:
    missed = {breach.id for breach in view.breaches}
    events = []
    for step in view.steps:
        kind = "After a miss" if step.subject_id in missed else "Before the window closed"
        told = ", ".join(view.names.get(staff_id, staff_id) for staff_id in step.told.split(","))
        more = (f"told {told}", f"due {instants.said(step.due_at)}")
        row = Row(what=f"{kind}: {policy_wording.step_said(step.step)}", at=instants.said(step.taken_at), more=more)
        events.append((step.taken_at, row))
    times = "once" if len(events) == 1 else f"{len(events)} times"
    return Fold(key="ladder", said=f"Staff were warned {times}", rows=_newest_first(events))
