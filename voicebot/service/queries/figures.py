"""Figures for management. They tell how promises are kept, and what lies with whom.

A week begins on Monday, by the company's clock. Read only.
Knows: weeks of a zone, names of people. Must not know: SQL, pages.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voicebot.domain.instants import length, written_day
from voicebot.domain.sheet import harmless
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import EndingLine, FigureLine, GroupBy, LoadLine, Period, UnitOfWork
from voicebot.service.staff.members import member_names

WEEKS = 8
"""Weeks that are shown unless others are asked for."""
MOST_WEEKS = 53
_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedLine:
    """The figures of one group, with its name for people."""

    name: str
    figures: FigureLine
    endings: EndingLine = field(default_factory=EndingLine)


@dataclass(frozen=True, kw_only=True, slots=True)
class FiguresView:
    """Everything on the page of figures."""

    zone: str
    period: Period
    by: GroupBy
    total: FigureLine
    lines: tuple[NamedLine, ...]
    """Weeks in order, the empty ones too. All else by name."""
    steps: Mapping[str, int]
    """Misses by the step reached, in the order of the ladder. `none` where none was taken."""
    loads: tuple[LoadLine, ...]
    total_endings: EndingLine = field(default_factory=EndingLine)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all has happened in these weeks, and nothing is open."""
        return self.total == FigureLine() and self.total_endings == EndingLine() and not self.loads


def view_figures(hotline: Hotline, *, weeks: int = WEEKS, by: GroupBy = GroupBy.WEEK) -> FiguresView:
    """Return the figures of the last weeks, the running one among them. Raises: Refused for too many weeks or none."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(f"figures are shown of 1 to {MOST_WEEKS} weeks", code="weeks")
    with hotline.look() as work:
        context = context_of(hotline, work)
        policy, now = context.policy, context.now
        period = last_weeks(now, policy.calendar.zone, weeks=weeks)
        total, found = work.figures.lines(period, by, now)
        return FiguresView(
            zone=policy.calendar.zone,
            period=period,
            by=by,
            total=total,
            total_endings=work.figures.endings(period, GroupBy.ALL).get(GroupBy.ALL, EndingLine()),
            lines=_lines(work, policy, period, by=by, found=found),
            steps=_steps(policy, work.figures.steps_reached(period)),
            loads=_loads(work, policy),
        )


def _loads(work: UnitOfWork, policy: Policy) -> tuple[LoadLine, ...]:
    loads = work.figures.loads()
    names = member_names(work, policy, [load.owner_id for load in loads])
    return tuple(replace(load, owner=names[load.owner_id]) for load in loads)


def last_weeks(now: datetime, zone: str, *, weeks: int) -> Period:
    """Return so many weeks up to the end of the one that runs."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    monday = today - timedelta(days=today.weekday())
    days = (monday - _WEEK * back for back in range(weeks - 1, -2, -1))
    return Period(edges=tuple(datetime.combine(day, time(), place).astimezone(UTC) for day in days))


def _lines(
    work: UnitOfWork, policy: Policy, period: Period, *, by: GroupBy, found: Mapping[str, FigureLine]
) -> tuple[NamedLine, ...]:
    ended = work.figures.endings(period, by)

    def line(group: str, name: str) -> NamedLine:
        return NamedLine(name=name, figures=found.get(group, FigureLine()), endings=ended.get(group, EndingLine()))

    if by is GroupBy.WEEK:
        weeks = enumerate(period.edges[:-1])
        return tuple(line(str(n), _week(edge, policy.calendar.zone)) for n, edge in weeks)
    groups = found.keys() | ended.keys()
    names = member_names(work, policy, groups) if by is GroupBy.OWNER else {group: group for group in groups}
    return tuple(line(group, names[group]) for group in sorted(groups, key=names.__getitem__))


def _week(begins_at: datetime, zone: str) -> str:
    return f"from {written_day(begins_at.astimezone(ZoneInfo(zone)).date())}"


def _steps(policy: Policy, counted: Mapping[str, int]) -> Mapping[str, int]:
    """Order by the ladder. A step that an earlier policy had comes last."""
    order = ["none", *(step.name for step in policy.ladder.steps)]
    known = {name: counted[name] for name in order if name in counted}
    return known | {name: count for name, count in sorted(counted.items()) if name not in known}


def exported(view: FiguresView) -> list[dict[str, object]]:
    """Return the figures as rows for programs, the total last. Shares from 0 to 1, times in seconds."""
    named = (*view.lines, NamedLine(name="all", figures=view.total, endings=view.total_endings))
    return [{view.by.value: each.name} | _row(each.figures) | _endings_row(each.endings) for each in named]


def exported_loads(view: FiguresView) -> list[dict[str, object]]:
    """Return what lies with each person as rows for programs."""
    return [asdict(load) for load in view.loads]


def csv_text(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as CSV (RFC 4180). A name that a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0] if rows else ()), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def said_share(share: float | None) -> str:
    """Say a share, like `87 %`. A dash where there is nothing to share."""
    return "–" if share is None else f"{share * 100:.0f} %"


def said_time(seconds: float | None) -> str:
    """Say a time: `42 s`, `3 h 20 min`. A dash where there is none."""
    if seconds is None:
        return "–"
    return f"{seconds:.0f} s" if seconds < 59.5 else length(timedelta(seconds=round(seconds)))


def said_count(count: float | None) -> str:
    """Say a median of a count: `3`, `2.5`. A dash where there is none."""
    return "–" if count is None else f"{count:g}"


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value


def _endings_row(line: EndingLine) -> dict[str, object]:
    ends = {f"ended_{name}": count for name, count in asdict(line).items()}
    return ends | {"solved_share": line.solved_share}


def _row(line: FigureLine) -> dict[str, object]:
    shares = ("kept_rate", "attested_share", "moved_by_us_share", "golden_share", "abandoned_share")
    return asdict(line) | {name: getattr(line, name) for name in shares}
