"""What the company promises. It has the calendar, service-level targets, escalation ladder, retention, read from their
files.

Text in, one frozen value out. Every fault of every file is told at once, with file, line and cure. A running call keeps
the policy it began with, by digest, so the value can give its texts back (`body`) and be read again.

Knows: the files and what they become. Must not know: folders, which call uses it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from types import MappingProxyType

from voicebot.domain.announcement import EMERGENCY_NUMBER, Announcement
from voicebot.domain.business_calendar import BusinessCalendar, SpecialDay
from voicebot.domain.callback_rules import CallbackRules
from voicebot.domain.case_task import TaskRules
from voicebot.domain.category import Categories
from voicebot.domain.decision_term import DecisionRules
from voicebot.domain.ending import EndingRules
from voicebot.domain.escalation import DecisionLadder, EscalationLadder, EscalationStep, WarningStep
from voicebot.domain.limits import Limits, TextLimits
from voicebot.domain.notice import DEFAULT_RULES, NoticeEvent, NoticeRule
from voicebot.domain.promise import ServiceLevelTarget, WindowRules
from voicebot.domain.retention import RetentionClass, RetentionRules
from voicebot.domain.rota import RotaRules
from voicebot.domain.staff import StaffMember
from voicebot.domain.watch_rules import WatchRules
from voicebot.errors import FlowFault
from voicebot.flow.faults import refuse
from voicebot.flow.policy_check import OPTIONAL_FILES, POLICY_FILES, PolicyParts, check_parts
from voicebot.flow.policy_files import (
    SERVICE_LEVELS_FILE,
    CalendarFile,
    EscalationFile,
    LateDecisionPart,
    NoticesFile,
    RetentionFile,
    ServiceLevelsFile,
    StepPart,
    WarningPart,
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Everything the company promises, checked."""

    calendar: BusinessCalendar
    targets: Mapping[str, ServiceLevelTarget]
    """By name, as what a flow's promises refer to."""
    windows: WindowRules
    limits: Limits
    decisions: DecisionRules
    callbacks: CallbackRules
    endings: EndingRules
    tasks: TaskRules
    ladder: EscalationLadder
    """Of a missed call."""
    late_decision: DecisionLadder
    staff: tuple[StaffMember, ...]
    """In the order of the file, with at least one handler."""
    retention: RetentionRules
    rota: RotaRules
    notices: Mapping[NoticeEvent, NoticeRule]
    """Whom to tell of what, where an event that is left out is told to nobody."""
    watch: WatchRules
    categories: Categories
    """What kinds of complaint there are. Empty where the policy has none."""
    announcements: tuple[Announcement, ...]
    """Notices of the day."""
    emergency_number: str
    """What is named to callers in danger, digits."""
    texts: tuple[tuple[str, str], ...]
    """File name and text, as read."""

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the texts, in hexadecimal."""
        return hashlib.sha256(self.body().encode()).hexdigest()

    @property
    def tells_supervisor(self) -> bool:
        """Whether "a supervisor will call you" may be said.

        It may when somebody of management is told at once of the wish.
        """
        rule = self.notices.get(NoticeEvent.SUPERVISOR_WANTED)
        told = {member.role for member in self.staff} & self.ladder.management_roles
        return rule is not None and rule.is_at_once and bool(told.intersection(rule.tell))

    @property
    def management(self) -> tuple[str, ...]:
        """The roles of management, in the order in which the ladder climbs to them."""
        return self.ladder.management

    def body(self) -> str:
        """Return the texts as JSON, from which `policy_from_body` makes the same policy."""
        return json.dumps(dict(self.texts), ensure_ascii=False, sort_keys=True)

    def target(self, name: str) -> ServiceLevelTarget:
        """Return a target by name.

        Raises: FlowFault when the policy has none of that name.
        """
        if name not in self.targets:
            known = ", ".join(sorted(self.targets))
            raise FlowFault(
                f"{SERVICE_LEVELS_FILE}: promising by the target {name!r}, which is not there; "
                f"add it, or name one of {known}",
                code="policy-target",
            )
        return self.targets[name]


def read_policy(texts: Mapping[str, str]) -> Policy:
    """Read the files, given as file name and text, while other files are ignored.

    Without `retention.yaml`, `rota.yaml`, `notices.yaml` or `watch.yaml` its defaults hold, without `categories.yaml`
    there are no categories.
    Raises: FlowFault with every fault of every file, each with file, line and cure.
    """
    parts = PolicyParts(texts)
    refuse(check_parts(parts))
    calendar, levels, escalation = parts.calendar, parts.levels, parts.escalation
    assert calendar is not None, "a policy without a readable calendar is refused above"
    assert levels is not None, "a policy without readable targets is refused above"
    assert escalation is not None, "a policy without a readable ladder is refused above"
    return Policy(
        calendar=_calendar_of(calendar),
        targets=_targets_of(levels),
        windows=_rules_of(levels),
        limits=_limits_of(levels),
        decisions=DecisionRules() if levels.decisions is None else levels.decisions.rules(),
        callbacks=levels.callbacks.rules(),
        endings=levels.endings.rules(),
        tasks=levels.tasks.rules(),
        ladder=(ladder := _ladder_of(escalation)),
        late_decision=_late_decision_of(escalation.late_decision, ladder),
        staff=tuple(StaffMember(**part.model_dump()) for part in escalation.staff),
        retention=RetentionRules() if parts.retention is None else _retention_of(parts.retention),
        notices=DEFAULT_RULES if parts.notices is None else _notices_of(parts.notices),
        rota=RotaRules() if parts.rota is None else parts.rota.rules(),
        watch=WatchRules() if parts.watch is None else parts.watch.rules(),
        announcements=_announcements_of(parts, calendar.zone),
        emergency_number=EMERGENCY_NUMBER if parts.announcements is None else parts.announcements.emergency_number,
        categories=MappingProxyType({}) if parts.categories is None else parts.categories.by_id(),
        texts=tuple((name, texts[name]) for name in (*POLICY_FILES, *OPTIONAL_FILES) if name in texts),
    )


def policy_from_body(body: str) -> Policy:
    """Make the policy of a running call again from what `Policy.body` gave. Raises: FlowFault."""
    return read_policy(json.loads(body))


def _announcements_of(parts: PolicyParts, zone: str) -> tuple[Announcement, ...]:
    file = parts.announcements
    return () if file is None else tuple(part.announcement(zone) for part in file.announcements)


def _calendar_of(part: CalendarFile) -> BusinessCalendar:
    return BusinessCalendar(
        zone=part.zone,
        week=part.week.days(),
        country=part.holidays.country if part.holidays else "",
        subdivision=part.holidays.subdivision if part.holidays else "",
        special_days=tuple(SpecialDay(on=day.on, spans=day.hours, note=day.note) for day in part.special_days),
    )


def _targets_of(part: ServiceLevelsFile) -> Mapping[str, ServiceLevelTarget]:
    targets = {name: ServiceLevelTarget(name=name, within=within) for name, within in part.targets.items()}
    return MappingProxyType(targets)


def _rules_of(part: ServiceLevelsFile) -> WindowRules:
    windows = part.windows
    return WindowRules(
        width=windows.width,
        grain=windows.grain,
        lead=windows.lead,
        callbacks_per_window=windows.callbacks_per_window,
        fill_percent=windows.fill,
        silent_percent=windows.silent_share,
    )


def _limits_of(part: ServiceLevelsFile) -> Limits:
    limits = part.limits
    return Limits(
        texts=TextLimits(**limits.texts_a_day.model_dump()),
        calls=limits.calls.limits(),
        texts_received=limits.texts_received.limits(),
        codes=limits.codes.limits(),
        longest_call=limits.longest_call,
    )


def _ladder_of(part: EscalationFile) -> EscalationLadder:
    missed = part.missed_call
    return EscalationLadder(
        warnings=_warnings_of(missed.warnings),
        steps=_steps_of(missed.steps),
        quiet_for=missed.quiet_after_acknowledging,
        apology_target=missed.apology_target,
        management_roles=frozenset(missed.management_roles),
        responsible_after_second_miss=missed.responsible_after_second_miss,
    )


def _late_decision_of(part: LateDecisionPart | None, missed: EscalationLadder) -> DecisionLadder:
    """Return the ladder. Where the file has none, the manager who learns of a missed call first is told, too."""
    if part is None:
        (late,) = DecisionLadder().steps
        return DecisionLadder(steps=(replace(late, tell=(*late.tell, *missed.management[:1])),))
    return DecisionLadder(
        warnings=_warnings_of(part.warnings),
        steps=_steps_of(part.steps),
        told_at_most=part.told_at_most,
        outside_body=part.outside_body.strip(),
    )


def _warnings_of(parts: tuple[WarningPart, ...]) -> tuple[WarningStep, ...]:
    return tuple(WarningStep(name=part.name, at_percent=part.at, tell=part.tell, rings=part.ring) for part in parts)


def _steps_of(parts: tuple[StepPart, ...]) -> tuple[EscalationStep, ...]:
    return tuple(
        EscalationStep(
            name=part.name,
            after=part.after,
            tell=part.tell,
            action=part.do,
            rings=part.ring,
            at_once_from_miss=part.at_once_from_miss,
        )
        for part in parts
    )


def _retention_of(part: RetentionFile) -> RetentionRules:
    days = {
        RetentionClass.AUDIO: part.keep_audio_days,
        RetentionClass.WORDS: part.keep_words_days,
        RetentionClass.NUMBERS: part.keep_numbers_days,
        RetentionClass.TEXTS: part.keep_texts_days,
        RetentionClass.TRACES: part.keep_traces_days,
    }
    return RetentionRules(
        keep=MappingProxyType({kind: timedelta(days=count) for kind, count in days.items()}),
        keep_refused=timedelta(days=part.keep_refused_days),
        keep_unanswered=timedelta(days=part.keep_unanswered_days),
        unanswered_after=timedelta(days=part.unanswered_after_days),
        card_numbers=part.card_numbers,
    )


def _notices_of(part: NoticesFile) -> Mapping[NoticeEvent, NoticeRule]:
    return MappingProxyType({event: each.rule() for event, each in part.parts().items()})
