"""The faults of a policy's files. They are those of each file's shape, and of how their parts meet.

Knows: file models, lines. Must not know: what a policy is used for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from voicebot.domain.budget import Budget, Measure
from voicebot.domain.business_calendar import DaySpan, is_known_country
from voicebot.domain.decision_term import AFTER_LATE, STANDARD
from voicebot.domain.escalation import OWNER
from voicebot.domain.notice import FORMER_OWNER, OF_CATEGORY, OFFERED, SENIOR, NoticeEvent
from voicebot.domain.promise import REPEAT_TARGET, STANDARD_TARGET
from voicebot.domain.staff import Role
from voicebot.flow.faults import Issue
from voicebot.flow.policy_announcements import ANNOUNCEMENTS_FILE, AnnouncementsFile
from voicebot.flow.policy_categories import CATEGORIES_FILE, CategoriesFile, Named, category_faults
from voicebot.flow.policy_files import (
    CALENDAR_FILE,
    ESCALATION_FILE,
    NOTICES_FILE,
    RETENTION_FILE,
    ROTA_FILE,
    SERVICE_LEVELS_FILE,
    CalendarFile,
    EscalationFile,
    LateDecisionPart,
    MissedCallPart,
    NoticesFile,
    RetentionFile,
    RotaFile,
    ServiceLevelsFile,
    StepPart,
    WarningPart,
    WindowsPart,
)
from voicebot.flow.policy_watch import WATCH_FILE, WatchFile
from voicebot.flow.yaml_marks import BrokenYaml, MarkedYaml, Path, read_yaml

POLICY_FILES = (CALENDAR_FILE, SERVICE_LEVELS_FILE, ESCALATION_FILE)
OPTIONAL_FILES = (RETENTION_FILE, ROTA_FILE, NOTICES_FILE, WATCH_FILE, CATEGORIES_FILE, ANNOUNCEMENTS_FILE)
"""Without them the defaults hold, so a policy of an earlier release, and one that a call began with, are read as
before.
"""

FilePart = TypeVar("FilePart", bound=BaseModel)

_DAY = timedelta(days=1)

SHORTEST_LIMIT = timedelta(minutes=10)
"""Three minutes of story, one of remedy, and every question asked three times."""


CALLS_OF_ONE_UPSET = 5
"""In a row, in a day, since each of them is a person who wants to be heard."""


class PolicyParts:
    """The files as far as they could be read, and the faults met on the way."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.issues: list[Issue] = []
        self._marked: dict[str, MarkedYaml] = {}
        self._texts = texts
        self.calendar = self._read(CALENDAR_FILE, CalendarFile)
        self.levels = self._read(SERVICE_LEVELS_FILE, ServiceLevelsFile)
        self.escalation = self._read(ESCALATION_FILE, EscalationFile)
        self.retention = self._read(RETENTION_FILE, RetentionFile) if RETENTION_FILE in texts else None
        self.notices = self._read(NOTICES_FILE, NoticesFile) if NOTICES_FILE in texts else None
        self.rota = self._read(ROTA_FILE, RotaFile) if ROTA_FILE in texts else None
        self.watch = self._read(WATCH_FILE, WatchFile) if WATCH_FILE in texts else None
        self.categories = self._read(CATEGORIES_FILE, CategoriesFile) if CATEGORIES_FILE in texts else None
        is_announced = ANNOUNCEMENTS_FILE in texts
        self.announcements = self._read(ANNOUNCEMENTS_FILE, AnnouncementsFile) if is_announced else None

    def issue(self, file: str, path: Iterable[str | int], *, found: str, cure: str) -> Issue:
        """Return an issue that stands at a value of a file."""
        return Issue(file, self._marked[file].line_of(path), found, cure)

    def _read(self, file: str, kind: type[FilePart]) -> FilePart | None:
        if file not in self._texts:
            self.issues.append(Issue(file, 1, "the file is missing", "copy it from flows/policy and adapt it"))
            return None
        try:
            self._marked[file] = read_yaml(self._texts[file])
            return kind.model_validate(self._marked[file].data)
        except BrokenYaml as broken:
            self.issues.append(Issue(file, broken.line, f"not YAML that we read: {broken.found}", "correct this line"))
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                found, cure = _told(error)
                self.issues.append(self.issue(file, error["loc"], found=found, cure=cure))
        return None


def check_parts(parts: PolicyParts) -> Iterator[Issue]:
    """Yield every fault of the files, but what could not be read is not compared with the rest."""
    yield from parts.issues
    if parts.calendar is not None:
        yield from _check_calendar(parts, parts.calendar)
    if parts.levels is not None:
        yield from _check_windows(parts, parts.levels)
        yield from _check_repeat(parts, parts.levels)
        yield from _check_limits(parts, parts.levels)
        yield from _check_budgets(parts, parts.levels)
        yield from _check_decisions(parts, parts.levels)
    if parts.escalation is not None:
        yield from _check_roles(parts, parts.escalation)
        yield from _check_names(parts, parts.escalation)
    if parts.escalation is not None and parts.notices is not None:
        yield from _check_notices(parts, parts.escalation, parts.notices)
    if parts.escalation is not None and parts.watch is not None:
        yield from _check_watch(parts, parts.escalation, parts.watch)
    if parts.retention is not None:
        yield from _check_retention(parts, parts.retention)
    if parts.categories is not None:
        yield from _check_categories(parts, parts.categories)


def _check_calendar(parts: PolicyParts, calendar: CalendarFile) -> Iterator[Issue]:
    if not any(calendar.week.days()):
        found = "no weekday has hours, so nothing can ever be promised"
        yield parts.issue(CALENDAR_FILE, ("week",), found=found, cure="give at least one weekday hours")
    kept = calendar.holidays
    if kept is not None and not is_known_country(kept.country, kept.subdivision):
        found = f"no public holidays are known for {' '.join((kept.country, kept.subdivision)).strip()!r}"
        cure = "write an ISO code like US (and a subdivision like CA), or leave `holidays` out"
        yield parts.issue(CALENDAR_FILE, ("holidays",), found=found, cure=cure)
    for at in _repeated([special.on for special in calendar.special_days]):
        found = f"{calendar.special_days[at].on} stands here a second time"
        yield parts.issue(CALENDAR_FILE, ("special_days", at), found=found, cure="keep one of them")


def _check_windows(parts: PolicyParts, levels: ServiceLevelsFile) -> Iterator[Issue]:
    windows = levels.windows
    if _DAY % windows.grain:
        found = "the grain does not divide the day, so windows would open at other times every day"
        cure = "take one that divides 24 hours, like 1 hour"
        yield parts.issue(SERVICE_LEVELS_FILE, ("windows", "grain"), found=found, cure=cure)
    for name, within in levels.targets.items():
        if within < windows.width:
            found, cure = "the target ends before its first window could", "make it at least as long as a window"
            yield parts.issue(SERVICE_LEVELS_FILE, ("targets", name), found=found, cure=cure)
    calendar = parts.calendar
    if calendar is not None and not any(_holds_window(spans, windows) for spans in calendar.week.days()):
        found = f"no span of {CALENDAR_FILE} holds a window of this width on its grain"
        yield parts.issue(SERVICE_LEVELS_FILE, ("windows", "width"), found=found, cure="take a narrower width")


def _check_repeat(parts: PolicyParts, levels: ServiceLevelsFile) -> Iterator[Issue]:
    usual, repeat = levels.targets.get(STANDARD_TARGET), levels.targets.get(REPEAT_TARGET)
    if usual is not None and repeat is not None and repeat > usual:
        found = f"who calls again would wait longer than by {STANDARD_TARGET!r}"
        cure = f"make it as long as {STANDARD_TARGET!r}, or shorter"
        yield parts.issue(SERVICE_LEVELS_FILE, ("targets", REPEAT_TARGET), found=found, cure=cure)


def _check_limits(parts: PolicyParts, levels: ServiceLevelsFile) -> Iterator[Issue]:
    if levels.limits.longest_call < SHORTEST_LIMIT:
        found, cure = "honest calls last longer, and would be ended in the middle", "make it 10 minutes or more"
        yield parts.issue(SERVICE_LEVELS_FILE, ("limits", "longest_call"), found=found, cure=cure)


def _check_decisions(parts: PolicyParts, levels: ServiceLevelsFile) -> Iterator[Issue]:
    decisions = levels.decisions
    if decisions is None:
        return
    path = ("decisions", "targets")
    if STANDARD not in decisions.targets:
        found, cure = f"no target is called {STANDARD!r}, which every new case gets", "add it"
        yield parts.issue(SERVICE_LEVELS_FILE, path, found=found, cure=cure)
    if AFTER_LATE in decisions.targets:
        found, cure = f"{AFTER_LATE!r} is the term after a late one", "write it beside `targets`, not in it"
        yield parts.issue(SERVICE_LEVELS_FILE, (*path, AFTER_LATE), found=found, cure=cure)
    if decisions.hard_stop < decisions.ceiling:
        found, cure = "the hard stop comes before the ceiling, which then means nothing", "make it as long, or longer"
        yield parts.issue(SERVICE_LEVELS_FILE, ("decisions", "hard_stop"), found=found, cure=cure)


def _check_budgets(parts: PolicyParts, levels: ServiceLevelsFile) -> Iterator[Issue]:
    calls = levels.limits.calls
    limits = calls.limits()
    for name, budget in (("per_number", limits.per_number), ("per_prefix", limits.per_prefix)):
        yield from (
            _budget_issue(parts, name, found=f"it is over the budget in all by {measure.replace('_', ' ')}")
            for measure in _measures_over(budget, limits.in_all)
        )
    counted = (limits.per_number.an_hour, limits.per_number.a_day)
    if any(most is not None and most <= CALLS_OF_ONE_UPSET for most in counted):
        found = f"whoever is upset rings {CALLS_OF_ONE_UPSET} times in a row, and would hear a busy line"
        yield _budget_issue(parts, "per_number", found=found)
    received = levels.limits.texts_received.limits()
    if received.kept_a_day < (received.per_number.a_day or 0):
        found, cure = "texts within the budget would not be kept", "keep at least as many as are answered in a day"
        yield parts.issue(SERVICE_LEVELS_FILE, ("limits", "texts_received", "kept_a_day"), found=found, cure=cure)
    for at in _repeated([part.number for part in calls.named_numbers]):
        path, cure = ("limits", "calls", "named_numbers", at), "keep one of them"
        yield parts.issue(SERVICE_LEVELS_FILE, path, found="this number stands here a second time", cure=cure)


def _measures_over(budget: Budget, whole: Budget) -> Iterator[str]:
    """Yield the measures by which a part may take more than the whole."""
    for measure in Measure:
        part, most = getattr(budget, measure), getattr(whole, measure)
        if part is not None and most is not None and part > most:
            yield measure


def _budget_issue(parts: PolicyParts, name: str, *, found: str) -> Issue:
    cure = "see flows/policy/service_levels.yaml for amounts that fit together"
    return parts.issue(SERVICE_LEVELS_FILE, ("limits", "calls", name), found=found, cure=cure)


def _check_roles(parts: PolicyParts, escalation: EscalationFile) -> Iterator[Issue]:
    named: list[tuple[Path, str]] = [
        *((path, role) for path, step in _ladder_steps(escalation) for role in step.tell),
        (("missed_call", "responsible_after_second_miss"), escalation.missed_call.responsible_after_second_miss),
        (("staff",), Role.HANDLER.value),
    ]
    roles = {member.role for member in escalation.staff}
    for path, role in named:
        if role not in roles and (role != OWNER or path[-1] != "tell"):
            found, cure = f"nobody in `staff` has the role {role!r}", "add somebody, or name another role"
            yield parts.issue(ESCALATION_FILE, path, found=found, cure=cure)


def _ladder_steps(escalation: EscalationFile) -> Iterator[tuple[Path, WarningPart | StepPart]]:
    """Yield the warnings and steps of each ladder, and where it stands whom they tell."""
    for ladder, part in _ladders(escalation):
        yield from (((ladder, "warnings", at, "tell"), warning) for at, warning in enumerate(part.warnings))
        yield from (((ladder, "steps", at, "tell"), step) for at, step in enumerate(part.steps))


def _ladders(escalation: EscalationFile) -> Iterator[tuple[str, MissedCallPart | LateDecisionPart]]:
    yield "missed_call", escalation.missed_call
    if escalation.late_decision is not None:
        yield "late_decision", escalation.late_decision


def _check_names(parts: PolicyParts, escalation: EscalationFile) -> Iterator[Issue]:
    missed = escalation.missed_call
    for ladder, part in _ladders(escalation):
        for at in _repeated([step.name for step in part.steps]):
            found = f"a second step is called {part.steps[at].name!r}, and each is taken once by its name"
            yield parts.issue(ESCALATION_FILE, (ladder, "steps", at), found=found, cure="give it another name")
        for at in _repeated([warning.name for warning in part.warnings]):
            found = f"a second warning is called {part.warnings[at].name!r}, and each is given once by its name"
            yield parts.issue(ESCALATION_FILE, (ladder, "warnings", at), found=found, cure="give it another name")
    for at in _repeated([member.id for member in escalation.staff]):
        found = f"the id {escalation.staff[at].id!r} stands here a second time"
        yield parts.issue(ESCALATION_FILE, ("staff", at), found=found, cure="give everybody an id of their own")
    if parts.levels is not None and missed.apology_target not in parts.levels.targets:
        found = f"{missed.apology_target!r} is no target of {SERVICE_LEVELS_FILE}"
        cure = "add it there, or name one of its targets"
        yield parts.issue(ESCALATION_FILE, ("missed_call", "apology_target"), found=found, cure=cure)


_BESIDE_ROLES = {
    NoticeEvent.OWNER_CHANGED: FORMER_OWNER,
    NoticeEvent.REPEAT_CALL: OFFERED,
    NoticeEvent.ABOUT_SAID: SENIOR,
    NoticeEvent.DANGER_HEARD: SENIOR,
    NoticeEvent.CATEGORY_SET: OF_CATEGORY,
}
"""Whom a notice may name beside roles and the owner."""


def _check_notices(parts: PolicyParts, escalation: EscalationFile, notices: NoticesFile) -> Iterator[Issue]:
    for event, part in notices.parts().items():
        beside = {OWNER, _BESIDE_ROLES.get(event, OWNER)}
        told = [role for role in part.tell if role not in beside]
        yield from _unknown_roles(parts, escalation, NOTICES_FILE, (event.value, "tell"), told)
        if part.when == "at once" and part.bundle is not None:
            found, cure = "what is told at once waits for nothing", "leave `bundle` out, or write `when: working hours`"
            yield parts.issue(NOTICES_FILE, (event.value, "bundle"), found=found, cure=cure)


def _check_watch(parts: PolicyParts, escalation: EscalationFile, watch: WatchFile) -> Iterator[Issue]:
    for name, told in watch.told().items():
        yield from _unknown_roles(parts, escalation, WATCH_FILE, (name, "tell"), told)


def _unknown_roles(
    parts: PolicyParts, escalation: EscalationFile, file: str, path: Path, told: Sequence[str]
) -> Iterator[Issue]:
    roles = {member.role for member in escalation.staff}
    for role in (role for role in told if role not in roles):
        found, cure = f"nobody in `staff` has the role {role!r}", "add somebody, or name another role"
        yield parts.issue(file, path, found=found, cure=cure)


def _check_retention(parts: PolicyParts, retention: RetentionFile) -> Iterator[Issue]:
    if retention.keep_traces_days > retention.keep_words_days:
        found, cure = "traces hold the caller's words and would outlive them", "keep traces no longer than words"
        yield parts.issue(RETENTION_FILE, ("keep_traces_days",), found=found, cure=cure)


def _check_categories(parts: PolicyParts, categories: CategoriesFile) -> Iterator[Issue]:
    levels, escalation = parts.levels, parts.escalation
    named = Named(
        decision_targets=levels.decisions.targets if levels and levels.decisions else None,
        callback_targets=None if levels is None else levels.targets,
        roles=None if escalation is None else {member.role for member in escalation.staff},
        people=() if escalation is None else {member.id for member in escalation.staff},
        management=() if escalation is None else escalation.missed_call.management_roles,
    )
    for path, found, cure in category_faults(categories, named):
        yield parts.issue(CATEGORIES_FILE, path, found=found, cure=cure)


def _repeated(names: Sequence[object]) -> Iterator[int]:
    """Yield the positions of what stood earlier in the list already."""
    return (at for at, name in enumerate(names) if name in names[:at])


def _holds_window(spans: tuple[DaySpan, ...], windows: WindowsPart) -> bool:
    """Tell whether some window on the grain lies within some span of a day (by the wall clock)."""
    minute = timedelta(minutes=1)
    return any(
        -(-(minute * span.opens_minute) // windows.grain) * windows.grain + windows.width <= minute * span.closes_minute
        for span in spans
    )


def _told(error: ErrorDetails) -> tuple[str, str]:
    """Say one fault of shape as what was found and its cure, as our own validators already do around a semicolon."""
    key = error["loc"][-1] if error["loc"] else "the file"
    match error["type"]:
        case "missing":
            return f"the key {key!r} is missing", "add it; flows/policy has an example"
        case "extra_forbidden":
            return f"the key {key!r} is not known here", "correct its spelling, or remove it"
        case "value_error":
            found, _, cure = str(error["ctx"]["error"]).partition("; ")
            return found, cure
        case _:
            return f"{key!r} does not fit: {error['msg']}", "correct it; flows/policy has an example"
