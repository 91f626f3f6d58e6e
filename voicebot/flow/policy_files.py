"""The language of the policy files, as models, where every number is written with its unit, as people write it.

Knows: keys. Must not know: how values are spelled (policy_values.py), lines, how the parts meet (policy.py).
"""

from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from voicebot.domain.business_calendar import DaySpan
from voicebot.domain.callback_rules import USUAL_HOURS, CallbackRules
from voicebot.domain.case_task import TaskRules
from voicebot.domain.decision_term import DecisionRules
from voicebot.domain.ending import EndingRules
from voicebot.domain.escalation import DecisionLadder, StepAction
from voicebot.domain.notice import SENIOR, NoticeEvent, NoticeRule
from voicebot.domain.retention import CardNumbers
from voicebot.domain.ring_hours import RingHours
from voicebot.domain.rota import RotaRules
from voicebot.domain.staff import ChannelName
from voicebot.flow.policy_limits import LimitsPart
from voicebot.flow.policy_values import (
    Amount,
    CalendarDays,
    ClockTime,
    Days,
    Delay,
    FilePart,
    Hours,
    Lead,
    Name,
    Percent,
    Spec,
    WorkingDays,
    WorkingTime,
    read_chat,
    read_mailbox,
    read_phone,
    read_zone,
)

CALENDAR_FILE = "calendar.yaml"
SERVICE_LEVELS_FILE = "service_levels.yaml"
ESCALATION_FILE = "escalation.yaml"
RETENTION_FILE = "retention.yaml"
NOTICES_FILE = "notices.yaml"
ROTA_FILE = "rota.yaml"

LEAST_BETWEEN_FETCHES = timedelta(minutes=5)
"""Other people's servers turn away who asks for a calendar more often."""


class WeekPart(FilePart):
    """Hours of each weekday, where a closed one is said, not left out."""

    monday: Hours
    tuesday: Hours
    wednesday: Hours
    thursday: Hours
    friday: Hours
    saturday: Hours
    sunday: Hours

    def days(self) -> tuple[tuple[DaySpan, ...], ...]:
        """Return the seven days, Monday first."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


class SpecialDayPart(FilePart):
    """A day with hours of its own."""

    on: date
    hours: Hours
    note: str = ""


class HolidaysPart(FilePart):
    """Whose public holidays are kept."""

    country: str
    subdivision: str = ""


class CalendarFile(FilePart):
    """`calendar.yaml`."""

    spec: Spec
    zone: Annotated[str, BeforeValidator(read_zone)]
    week: WeekPart
    holidays: HolidaysPart | None = None
    special_days: tuple[SpecialDayPart, ...] = ()


class WindowsPart(FilePart):
    """What an offered window looks like."""

    width: ClockTime
    grain: ClockTime
    lead: Lead
    callbacks_per_window: Annotated[int, Field(ge=1)]
    fill: Percent
    silent_share: Percent = 10


class DecisionsPart(FilePart):
    """By when a complaint is decided. What is left out is as `domain/decision_term.py` has it."""

    targets: Annotated[dict[Name, WorkingDays], Field(min_length=1)]
    ceiling: CalendarDays = DecisionRules().ceiling
    hard_stop: CalendarDays = DecisionRules().hard_stop
    after_late: WorkingDays = DecisionRules().after_late

    def rules(self) -> DecisionRules:
        """Return them as the domain knows them."""
        return DecisionRules(
            targets=MappingProxyType(dict(self.targets)),
            ceiling=self.ceiling,
            hard_stop=self.hard_stop,
            after_late=self.after_late,
        )


class CallbacksPart(FilePart):
    """Calling back from the product. What is left out is as `domain/callback_rules.py` has it."""

    at_opening: bool = CallbackRules().at_opening
    tries_per_window: Amount = CallbackRules().tries_per_window
    between_tries: ClockTime = CallbackRules().between_tries
    text_before: Lead = CallbackRules().text_before
    windows: Amount = CallbackRules().windows
    windows_over: WorkingDays = CallbackRules().windows_over_days
    human_talk: ClockTime = CallbackRules().human_talk
    ring_for: ClockTime = CallbackRules().ring_for
    longest_talk: ClockTime = CallbackRules().longest_talk
    ring_hours: WeekPart | None = None
    offer_for: ClockTime | Literal["never"] = "never"
    person_for: ClockTime | Literal["never"] = "never"
    person_rings_a_day: Amount = CallbackRules().person_rings_a_day
    ladder_rings_after: ClockTime | Literal["never"] = "never"
    survey_after: ClockTime | Literal["never"] = "never"
    ladder_calls_an_hour: Amount = CallbackRules().ladder_calls_an_hour
    whisper_demand: bool = CallbackRules().whisper_demand
    record_talks: bool = CallbackRules().record_talks

    def rules(self) -> CallbackRules:
        """Return them as the domain knows them."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        given["windows_over_days"] = given.pop("windows_over")
        for name in ("offer_for", "person_for", "ladder_rings_after", "survey_after"):
            given[name] = None if given[name] == "never" else given[name]
        given["ring_hours"] = USUAL_HOURS if self.ring_hours is None else RingHours(week=self.ring_hours.days())
        return CallbackRules(**given)


class EndingsPart(FilePart):
    """How a case may end without the complainant's yes. What is left out is as `domain/ending.py` has it."""

    answer_waits: WorkingDays = EndingRules().answer_waits_days
    tries: Amount = EndingRules().tries
    tries_over: WorkingDays = EndingRules().tries_over_days
    reopens_within: CalendarDays = EndingRules().reopens_within_days

    def rules(self) -> EndingRules:
        """Return them as the domain knows them."""
        return EndingRules(
            answer_waits_days=self.answer_waits,
            tries=self.tries,
            tries_over_days=self.tries_over,
            reopens_within_days=self.reopens_within,
        )


class TasksPart(FilePart):
    """Tasks on cases. What is left out is as `domain/case_task.py` has it."""

    within: WorkingTime = TaskRules().within
    remedy_within: WorkingDays = TaskRules().remedy_days
    authority: dict[Name, Amount] = {}

    def rules(self) -> TaskRules:
        """Return them as the domain knows them."""
        return TaskRules(
            within=self.within,
            remedy_days=self.remedy_within,
            authority=MappingProxyType(dict(self.authority)),
        )


class ServiceLevelsFile(FilePart):
    """`service_levels.yaml`, where policies kept from before have no limits, terms of decisions, callbacks or
    endings.
    """

    spec: Spec
    targets: Annotated[dict[Name, WorkingTime], Field(min_length=1)]
    windows: WindowsPart
    limits: LimitsPart = LimitsPart()
    decisions: DecisionsPart | None = None
    callbacks: CallbacksPart = CallbacksPart()
    endings: EndingsPart = EndingsPart()
    tasks: TasksPart = TasksPart()


class WarningPart(FilePart):
    """Before the window closes."""

    name: Name
    at: Percent
    tell: Annotated[tuple[Name, ...], Field(min_length=1)]
    ring: bool = False


class StepPart(FilePart):
    """After the window closed without a call."""

    name: Name
    after: Delay
    tell: Annotated[tuple[Name, ...], Field(min_length=1)]
    do: StepAction = StepAction.TELL_STAFF
    ring: bool = True
    at_once_from_miss: Annotated[int, Field(ge=2)] | None = None


class MissedCallPart(FilePart):
    """The ladder of a missed call."""

    warnings: tuple[WarningPart, ...] = ()
    steps: Annotated[tuple[StepPart, ...], Field(min_length=1)]
    quiet_after_acknowledging: WorkingTime
    apology_target: Name
    management_roles: Annotated[tuple[Name, ...], Field(min_length=1)]
    responsible_after_second_miss: Name


class LateDecisionPart(FilePart):
    """The ladder of a decision that is late."""

    warnings: tuple[WarningPart, ...] = ()
    steps: Annotated[tuple[StepPart, ...], Field(min_length=1)]
    told_at_most: Amount = DecisionLadder().told_at_most
    outside_body: str = ""


class StaffPart(FilePart):
    """Somebody who can own a case or stand on the ladder."""

    id: Name
    name: Annotated[str, Field(min_length=1)]
    role: Name
    spoken_role: str = ""
    phone: Annotated[str, BeforeValidator(read_phone)] = ""
    email: Annotated[str, BeforeValidator(read_mailbox)] = ""
    chat: Annotated[str, BeforeValidator(read_chat)] = ""
    tell_by: tuple[ChannelName, ...] = ()


class EscalationFile(FilePart):
    """`escalation.yaml`."""

    spec: Spec
    missed_call: MissedCallPart
    late_decision: LateDecisionPart | None = None
    staff: Annotated[tuple[StaffPart, ...], Field(min_length=1)]


class RetentionFile(FilePart):
    """`retention.yaml`."""

    spec: Spec
    keep_audio_days: Days
    keep_words_days: Days
    keep_numbers_days: Days
    keep_texts_days: Days
    keep_traces_days: Days
    keep_refused_days: Days
    keep_unanswered_days: Days
    unanswered_after_days: Days
    card_numbers: CardNumbers = CardNumbers.MASK


class NoticePart(FilePart):
    """Who is told of one event, and when."""

    tell: Annotated[tuple[Name, ...], Field(min_length=1)]
    when: Literal["at once", "working hours"]
    bundle: ClockTime | None = None

    def rule(self) -> NoticeRule:
        """Return the rule."""
        return NoticeRule(tell=self.tell, is_at_once=self.when == "at once", bundle_for=self.bundle or timedelta(0))


class NoticesFile(FilePart):
    """`notices.yaml`. An event that is left out is told to nobody."""

    spec: Spec
    new_case: NoticePart | None = None
    supervisor_wanted: NoticePart | None = None
    danger_heard: NoticePart = NoticePart(tell=(SENIOR,), when="at once")
    """Told also where it is left out, since a caller hears that somebody is told."""
    new_words: NoticePart | None = None
    repeat_call: NoticePart | None = None
    owner_changed: NoticePart | None = None
    about_said: NoticePart = NoticePart(tell=(SENIOR,), when="at once")
    """Told also where it is left out, so that nobody hides a case from one of the staff unseen."""
    category_set: NoticePart | None = None
    warning: NoticePart | None = None
    miss: NoticePart | None = None
    decision_due: NoticePart | None = None

    def parts(self) -> dict[NoticeEvent, NoticePart]:
        """Return the events that somebody is told of."""
        found = {event: getattr(self, event.value) for event in NoticeEvent}
        return {event: part for event, part in found.items() if part is not None}


class RotaFile(FilePart):
    """`rota.yaml`."""

    spec: Spec
    calls_an_hour: Annotated[int, Field(ge=1, le=60)]
    load_cap: Annotated[int, Field(ge=1)]
    most_hand_offs: Annotated[int, Field(ge=1)]
    fetch_calendars_every: Annotated[ClockTime, Field(ge=LEAST_BETWEEN_FETCHES)] = RotaRules().fetch_calendars_every
    calendars_stale_after: ClockTime = RotaRules().calendars_stale_after

    def rules(self) -> RotaRules:
        """Return the rules."""
        return RotaRules(**self.model_dump(exclude={"spec"}))
