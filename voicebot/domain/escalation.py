"""The ladder a missed promise climbs. It has ordered steps, says when each is due, and what stops the climb.

Warnings come before the window closes, as shares of it. Steps come after the breach, in working time, each taken once
per breach. Acknowledging quiets the climb for a while and then it goes on. Only a logged contact ends it. The second
miss of a case promises no third window. From then on somebody with authority is responsible.

Knows: steps, roles, working time. Must not know: SMS, tickets' texts, how a step is carried out.
Source: script.md 7, "ladder, missed call" and "acknowledge" and complaints.md S0-12, S4-15 and section 3.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.callback_window import CallbackWindow
from voicebot.domain.staff import Role, StaffMember

OWNER = "owner"
"""In a step's `tell`, it means whoever owns the ticket, whatever their role."""

NOBODY = "nobody"
"""What `StepTaken.told` holds when the ladder names nobody who can be reached."""

OFF_DUTY = "nobody on duty"
"""What it holds for a step that was skipped, for somebody of a later one was on duty."""

NOT_KNOWN = "not known"
"""What it holds for a step that fell due before a restore, since the hotline that is lost may have taken it."""


class StepAction(StrEnum):
    """What a step does beside telling the staff it names."""

    TELL_STAFF = "tell_staff"
    APOLOGISE = "apologise"
    """Also text the complainant. They get an apology with a new window, or after the second miss who is responsible
    now.

    Of a late decision, it is the letter with its new date and the outside body.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class WarningStep:
    """Somebody is told while the window still stands open."""

    name: str
    at_percent: int
    """Share of the window that has passed, which is above 0, below 100."""
    tell: tuple[str, ...]
    """Roles, in the order they are told. `owner` is the ticket's owner."""
    rings: bool = False
    """Whether telephones ring, beside the other channels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationStep:
    """Somebody is told after the window closed without a logged call."""

    name: str
    after: timedelta
    """Working time since the breach. Zero means at once, whatever the hour."""
    tell: tuple[str, ...]
    action: StepAction = StepAction.TELL_STAFF
    rings: bool = True
    """Whether telephones ring, beside the other channels."""
    at_once_from_miss: int | None = None
    """From this miss of one case on, the step no longer waits (2 means at the second miss)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """The policy of one kind of miss. Warnings and steps in the order they are due."""

    warnings: tuple[WarningStep, ...]
    steps: tuple[EscalationStep, ...]

    def tells_by_letter(self, roles: frozenset[str]) -> bool:
        """Whether one of these roles is told no later than the complainant is written to, if that is done at all."""
        letters = [step.after for step in self.steps if step.action is StepAction.APOLOGISE]
        told = [step.after for step in self.steps if roles.intersection(step.tell)]
        return not letters or any(after <= min(letters) for after in told)


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionLadder(Ladder):
    """The ladder of a late decision. By default its owner is told, and the complainant."""

    warnings: tuple[WarningStep, ...] = (WarningStep(name="half_gone", at_percent=50, tell=(OWNER,)),)
    steps: tuple[EscalationStep, ...] = (
        EscalationStep(name="late", after=timedelta(0), tell=(OWNER,), action=StepAction.APOLOGISE),
    )
    told_at_most: int = 3
    """So often in a row a case that is late again is climbed for, and its complainant written to."""
    outside_body: str = ""
    """Whom the complainant may turn to besides us, as the letter names it. Empty when there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationLadder(Ladder):
    """The ladder of a missed call."""

    quiet_for: timedelta
    """Working time for which acknowledging quiets the climb."""
    apology_target: str
    """Name of the service-level target of the window offered with the apology."""
    management_roles: frozenset[str]
    """Roles that are meant when our words say "a manager is told"."""
    responsible_after_second_miss: str
    """Role that answers for a case from its second miss on, whose spoken role goes into the text."""

    @property
    def management(self) -> tuple[str, ...]:
        """The roles of management, in the order in which the ladder climbs to them."""
        climbed = (role for step in self.steps for role in step.tell)
        roles = tuple(dict.fromkeys(role for role in climbed if role in self.management_roles))
        return roles or tuple(sorted(self.management_roles))

    @property
    def tells_management(self) -> bool:
        """Whether "a manager is told" may be said. It may when some step after the breach tells one."""
        return any(self.management_roles.intersection(step.tell) for step in self.steps)

    @property
    def texts_complainant(self) -> bool:
        """Whether "we text you" may be said. It may when some step after the breach texts them."""
        return any(step.action is StepAction.APOLOGISE for step in self.steps)


@dataclass(frozen=True, kw_only=True, slots=True)
class DueStep:
    """The next thing a ladder asks for, and when."""

    name: str
    due_at: datetime
    tell: tuple[str, ...]
    action: StepAction = StepAction.TELL_STAFF
    rings: bool = False
    """Whether telephones ring. False of what was planned before steps said so."""
    is_skipped: bool = False
    """Tells nobody, because none of its people is on duty, and somebody of a later step is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepTaken:
    """A step that was climbed. It is unique on (subject, step), never on a date.

    `subject_id` is the breach, or the promise for warnings before its window closes.
    """

    subject_id: str
    ticket_id: str
    step: str
    due_at: datetime
    taken_at: datetime
    told: str
    """Comma-separated StaffMember.ids. `nobody` when none can be reached, `nobody on duty` when skipped, and
    `not known` after a restore.
    """


class Climb(Protocol):
    """What a ladder is climbed for. That is the miss of a promise, or a decision that is late."""

    @property
    def id(self) -> str:
        """Whose steps these are, as `StepTaken.subject_id`."""
        ...

    @property
    def ticket_id(self) -> str: ...

    @property
    def quiet_until(self) -> datetime | None:
        """Somebody acknowledged, so there is no step before this instant."""
        ...

    @property
    def ended_at(self) -> datetime | None:
        """When the climb was over."""
        ...


def warning_times(ladder: EscalationLadder, window: CallbackWindow) -> tuple[DueStep, ...]:
    """Return every warning of a window, earliest first."""
    width = window.closes_at - window.opens_at
    warnings = (
        DueStep(
            name=warning.name,
            due_at=window.opens_at + width * warning.at_percent / 100,
            tell=warning.tell,
            rings=warning.rings,
        )
        for warning in ladder.warnings
    )
    return tuple(sorted(warnings, key=lambda warning: warning.due_at))


def climb_steps(
    ladder: Ladder, missed_at: datetime, *, calendar: BusinessCalendar, miss: int = 1
) -> tuple[DueStep, ...]:
    """Return every step after a miss at that instant with its own, in the ladder's order. That is what a climb is
    frozen to.

    `miss` counts the breaches of the case up to this one. Raises: NeverOpens.
    """
    return tuple(_due(step, missed_at, calendar=calendar, miss=miss) for step in ladder.steps)


def next_warning(warnings: Sequence[DueStep], *, taken: Collection[str]) -> DueStep | None:
    """Return the first warning not given yet, or None when none is left. `taken` holds names of warnings given."""
    return next((warning for warning in warnings if warning.name not in taken), None)


def next_step(steps: Sequence[DueStep], climb: Climb, *, taken: Collection[str]) -> DueStep | None:
    """Return the first step not taken yet and when it is due, or None when the climb is over.

    `taken` holds the names of the steps taken in this climb. A step that falls into the quiet after an
    acknowledgement is due when the quiet ends.
    """
    if climb.ended_at is not None:
        return None
    left = [_after_quiet(step, climb) for step in steps if step.name not in taken]
    return min(left, key=lambda step: step.due_at, default=None)


def quiet_until(ladder: EscalationLadder, calendar: BusinessCalendar, acknowledged_at: datetime) -> datetime:
    """Return the instant at which the climb goes on after an acknowledgement."""
    return calendar.add_working_time(acknowledged_at, ladder.quiet_for)


def steps_of(subject_id: str, taken: Iterable[StepTaken]) -> tuple[StepTaken, ...]:
    """Return the steps of one climb, or the warnings about one promise or decision, among those of its case."""
    return tuple(step for step in taken if step.subject_id == subject_id)


def people_to_tell(
    tell: Sequence[str], staff: Iterable[StaffMember], *, owner_id: str, is_reachable: Callable[[StaffMember], bool]
) -> tuple[StaffMember, ...]:
    """Return the staff whom a step names, each once, in the step's order. Whoever cannot be reached is among them.

    For an owner who cannot be reached (an account beside the policy, too) the first handler who can be is told as well.
    """
    members = tuple(staff)
    named = (member for role in tell for member in _named(role, members, owner_id, is_reachable))
    return tuple({member.id: member for member in named}.values())


def _named(
    role: str, staff: tuple[StaffMember, ...], owner_id: str, is_reachable: Callable[[StaffMember], bool]
) -> list[StaffMember]:
    if role != OWNER:
        return [member for member in staff if member.role == role]
    owner = [member for member in staff if member.id == owner_id or member.role == OWNER]
    if any(is_reachable(member) for member in owner):
        return owner
    handlers = [member for member in staff if member.role == Role.HANDLER]
    return owner + (list(filter(is_reachable, handlers)) or handlers)[:1]


def _due(step: EscalationStep, missed_at: datetime, *, calendar: BusinessCalendar, miss: int) -> DueStep:
    is_at_once = step.at_once_from_miss is not None and miss >= step.at_once_from_miss
    due_at = missed_at if is_at_once else calendar.add_working_time(missed_at, step.after)
    return DueStep(name=step.name, due_at=due_at, tell=step.tell, action=step.action, rings=step.rings)


def _after_quiet(step: DueStep, climb: Climb) -> DueStep:
    if climb.quiet_until is None:
        return step
    return replace(step, due_at=max(step.due_at, climb.quiet_until))
