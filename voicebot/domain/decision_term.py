"""The decision clock. It says by when a complaint is decided, paused only while we wait for the complainant.

It runs beside the contact clock (promise.py). A case has one term at a time. A term that passes without a decision is
late, is climbed for, and a new one follows at once, so that a case that goes on never lacks a date.

A due instant is never moved. It is found anew from the start of the term, the amounts that held then and every pause
since, whenever one of them changes. So no change of policy, category or hands loses a pause.

Knows: terms, pauses, working days. Must not know: how pauses are written down, who is told.
Source: complaints.md S0-12 (two clocks), D-02, section 3 (pauses from history, sums on instants); script.md 7.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from voicebot.domain.business_calendar import OUTSIDE_HOURS, BusinessCalendar
from voicebot.domain.callback_window import ClosedTime
from voicebot.domain.instants import exact_instant, written_instant
from voicebot.errors import Refused

STANDARD = "standard"
"""The target of a case about whose kind nobody has said anything. Every policy has it."""
AFTER_LATE = "after_late"
"""The target of the term that follows a late one. Its days stand in `DecisionRules.after_late`."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionRules:
    """Policy on how long a decision may take."""

    targets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({STANDARD: 10}))
    """Working days by the name of a target."""
    ceiling: int = 14
    """Calendar days that no target goes beyond."""
    hard_stop: int = 30
    """Calendar days after which the term ends whatever happened. No pause moves it."""
    after_late: int = 5
    """Working days of the term that follows a late one."""

    def working_days(self, target: str) -> int:
        """Return the working days of a target, where one that the policy no longer has counts as the standard one."""
        return self.after_late if target == AFTER_LATE else self.targets.get(target, self.targets[STANDARD])


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """A time in which we waited for the complainant, and `ends_at` is None while it lasts."""

    begins_at: datetime
    ends_at: datetime | None = None


class PausedTime(BaseModel):
    """A pause that is over, as a reason keeps it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins_at: datetime
    ends_at: datetime


class DecisionReason(BaseModel):
    """How a due instant was found. It is kept with the term, told to whoever asks "why this instant"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str
    started_at: datetime
    learned_at: datetime | None = None
    """When somebody said what kind of case it is, after the clock had started."""
    target: str
    working_days: int
    ceiling: int
    hard_stop: int
    pauses: tuple[PausedTime, ...] = ()
    closed: tuple[ClosedTime, ...] = ()
    """Whole days without work."""
    by_working_days: datetime
    by_ceiling: datetime
    by_hard_stop: datetime
    due_at: datetime

    def lines(self) -> tuple[str, ...]:
        """Return the explanation in plain words, one fact a line, in the calendar's zone."""
        return (
            f"the clock started {self._said(self.started_at)}",
            f"target {self.target}: decided within {_days(self.working_days, 'working day')}",
            *([] if self.learned_at is None else [self._learned_line(self.learned_at)]),
            *(f"closed {self._said(c.begins_at)} to {self._said(c.ends_at)}: {c.why}" for c in self.closed),
            *(f"waited for the complainant {self._said(p.begins_at)} to {self._said(p.ends_at)}" for p in self.pauses),
            f"by working days it is due {self._said(self.by_working_days)}",
            f"no later than {_days(self.ceiling, 'calendar day')}: {self._said(self.by_ceiling)}",
            f"and no pause moves it beyond {_days(self.hard_stop, 'calendar day')}: {self._said(self.by_hard_stop)}",
            f"so it is due {self._said(self.due_at)}",
        )

    def _learned_line(self, learned_at: datetime) -> str:
        return f"known to be that since {self._said(learned_at)}: not due before the end of the working day after it"

    def _said(self, at: datetime) -> str:
        return exact_instant(at, self.zone) if at.second else written_instant(at, self.zone)


class TermState(StrEnum):
    """A term runs or waits until it is decided, late or dropped."""

    RUNNING = "running"
    WAITING = "waiting"
    """We wait for the complainant, and nobody is late meanwhile."""
    LATE = "late"
    """It passed without a decision. Its climb may go on."""
    DECIDED = "decided"
    """A decision was told in time, or the case found another end."""


CURRENT_STATES = (TermState.RUNNING, TermState.WAITING)
"""A case that goes on has one term in one of these."""

TERM_TRANSITIONS: dict[TermState, frozenset[TermState]] = {
    TermState.RUNNING: frozenset({TermState.WAITING, TermState.LATE, TermState.DECIDED}),
    TermState.WAITING: frozenset({TermState.RUNNING, TermState.DECIDED}),
    TermState.LATE: frozenset(),
    TermState.DECIDED: frozenset(),
}
"""While we wait for the complainant nobody is late. What was late stays late, a decision only ends its climb."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionTerm:
    """One term of one case. It is what a late decision's ladder is climbed for, too."""

    id: str
    ticket_id: str
    attempt: int
    """1 for the first of a case, one more for each that follows a late one."""
    target: str
    state: TermState
    started_at: datetime
    due_at: datetime | None = None
    """None while we wait, and before it was first looked at."""
    why_json: str = "{}"
    """`DecisionReason` of the due instant. While we wait, of the one before."""
    waiting_until: datetime | None = None
    """When the case comes back to staff, whether the complainant has answered or not."""
    settled_at: datetime | None = None
    """When it was decided, or was late."""
    quiet_until: datetime | None = None
    """No step of its climb before this instant."""
    ended_at: datetime | None = None
    """When its climb was over."""
    next_step_at: datetime | None = None
    """When the worker looks at it next. None when nothing is left to do."""


def find_due(
    calendar: BusinessCalendar,
    rules: DecisionRules,
    *,
    target: str,
    started_at: datetime,
    pauses: Sequence[Pause] = (),
    learned_at: datetime | None = None,
) -> DecisionReason:
    """Return when a decision is due, and why. A pause that lasts is not summed yet.

    With `learned_at` nobody is late at once because a case turns out to be urgent. Raises: NeverOpens.
    """
    days = rules.working_days(target)
    over = [_over(pause, started_at) for pause in pauses if pause.ends_at is not None and pause.ends_at > started_at]
    amount = calendar.working_time_between(started_at, calendar.add_working_days(started_at, days))
    by_working_days = _after_pauses(calendar, started_at, amount, over)
    by_ceiling = _clock_after_pauses(started_at + rules.ceiling * _DAY, over)
    by_hard_stop = started_at + rules.hard_stop * _DAY
    due_at = min(by_working_days, by_ceiling)
    if learned_at is not None:
        due_at = max(due_at, calendar.add_working_days(learned_at, 1))
    due_at = min(due_at, by_hard_stop)
    return DecisionReason(
        zone=calendar.zone,
        started_at=started_at,
        learned_at=learned_at,
        target=target,
        working_days=days,
        ceiling=rules.ceiling,
        hard_stop=rules.hard_stop,
        pauses=tuple(over),
        closed=tuple(_closed_days(calendar, started_at, due_at)),
        by_working_days=by_working_days,
        by_ceiling=by_ceiling,
        by_hard_stop=by_hard_stop,
        due_at=due_at,
    )


def share_passed(calendar: BusinessCalendar, reason: DecisionReason, percent: int) -> datetime:
    """Return the instant by which a share of the working time to decide has passed, pauses left out."""
    whole = calendar.working_time_between(reason.started_at, reason.due_at) - sum(
        (calendar.working_time_between(p.begins_at, min(p.ends_at, reason.due_at)) for p in reason.pauses), timedelta(0)
    )
    return _after_pauses(calendar, reason.started_at, whole * percent / 100, reason.pauses)


def pauses_in(lines: Iterable[tuple[datetime, bool]], since: datetime) -> tuple[Pause, ...]:
    """Return the pauses that some lines of a history tell of, in their order, as (instant, whether one begins).

    What ended before `since` belongs to an earlier term.
    """
    found: list[Pause] = []
    for at, begins in lines:
        if begins:
            found.append(Pause(begins_at=at))
        elif found and found[-1].ends_at is None:
            found[-1] = replace(found[-1], ends_at=at)
    return tuple(pause for pause in found if pause.ends_at is None or pause.ends_at > since)


def kept_rules(rules: DecisionRules, why_json: str, target: str) -> DecisionRules:
    """Return the rules that a term goes by. They are those it began with, unless it gets another target now."""
    if why_json == "{}":
        return rules
    kept = DecisionReason.model_validate_json(why_json)
    if kept.target != target:
        return rules
    return replace(
        rules, targets={**rules.targets, target: kept.working_days}, ceiling=kept.ceiling, hard_stop=kept.hard_stop
    )


def is_term_over(term: DecisionTerm, now: datetime) -> bool:
    """Tell whether a running term has passed without a decision."""
    return term.state is TermState.RUNNING and term.due_at is not None and term.due_at <= now


def settle_term(term: DecisionTerm, state: TermState, at: datetime) -> DecisionTerm:
    """Return the term decided or late. Raises: Refused, with nothing changed, when the table rules it out."""
    _check(term, state)
    return replace(term, state=state, settled_at=at, waiting_until=None, next_step_at=None)


def hard_stop_of(term: DecisionTerm) -> datetime | None:
    """Return the instant beyond which no pause moves a term, or None before it was first looked at."""
    return None if term.why_json == "{}" else DecisionReason.model_validate_json(term.why_json).by_hard_stop


def wait(term: DecisionTerm, until: datetime) -> DecisionTerm:
    """Return the term waiting for the complainant until an instant.

    Raises: Refused when it does not run, or would wait beyond its hard stop.
    """
    _check(term, TermState.WAITING)
    last = hard_stop_of(term)
    if last is not None and until > last:
        raise Refused(
            f"no wait goes beyond {last:%d %b %Y}, when the complainant is told of the outside body whatever happened: "
            "take an earlier day",
            code="wait-too-long",
        )
    return replace(term, state=TermState.WAITING, due_at=None, waiting_until=until, next_step_at=until)


def run_again(term: DecisionTerm) -> DecisionTerm:
    """Return the term running again, with its due instant to be found anew. Raises: Refused when it did not wait."""
    _check(term, TermState.RUNNING)
    return replace(term, state=TermState.RUNNING, waiting_until=None)


def _check(term: DecisionTerm, state: TermState) -> None:
    if state not in TERM_TRANSITIONS[term.state]:
        raise Refused(f"the decision's term is {term.state} and cannot become {state}", code="term-transition")


def _over(pause: Pause, started_at: datetime) -> PausedTime:
    assert pause.ends_at is not None, "only pauses that are over are summed"
    return PausedTime(begins_at=max(pause.begins_at, started_at), ends_at=pause.ends_at)


def _after_pauses(
    calendar: BusinessCalendar, started_at: datetime, left: timedelta, pauses: Iterable[PausedTime]
) -> datetime:
    """Return the instant by which so much working time has passed outside the pauses."""
    at = started_at
    for pause in pauses:
        worked = calendar.working_time_between(at, pause.begins_at)
        if worked >= left:
            break
        left, at = left - worked, pause.ends_at
    return calendar.add_working_time(at, left)


def _clock_after_pauses(due_at: datetime, pauses: Iterable[PausedTime]) -> datetime:
    """Return the instant later by every pause that begins before it."""
    for pause in pauses:
        if pause.begins_at >= due_at:
            break
        due_at += pause.ends_at - pause.begins_at
    return due_at


def _closed_days(calendar: BusinessCalendar, begins_at: datetime, ends_at: datetime) -> Iterable[ClosedTime]:
    for stretch in calendar.closed_stretches(begins_at, ends_at):
        if stretch.why != OUTSIDE_HOURS:
            yield ClosedTime(begins_at=stretch.begins_at, ends_at=stretch.ends_at, why=stretch.why)


def _days(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
