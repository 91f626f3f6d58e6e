"""The list of cases as staff read it: what is owed to whom, by when, and who owns it.

Read only and cheap: one query for the page asked for.
Knows: what a line says. Must not know: tables, colours, how long ago or ahead an instant is.
"""

from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.case_number import written
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CaseQuery, CaseRow
from voicebot.service.queries.case_view import owed
from voicebot.service.staff.members import member_name

EVERY_CASE = CaseQuery()


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """A case in the list."""

    case: str
    status: str
    channel: str
    locale: str
    owner: str
    owner_id: str
    opened_at: datetime
    problem: str
    """The first words of it."""
    deadline: str
    """The call that is owed: `call standard`, `call after a miss`; empty when none is."""
    deadline_at: datetime | None
    """When its window closes; after a miss, when the window closed that was missed."""
    window_opens_at: datetime | None
    """When the window of the open promise opens."""
    is_missed: bool
    """True from a miss until the complainant has been reached."""
    told_at: datetime | None
    """When somebody is told next, by a warning or a step of the ladder."""
    called_at: datetime | None
    """When a promise was last kept."""
    is_supervisor_asked: bool
    is_listen_first: bool
    misses: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """A stretch of the list."""

    lines: tuple[CaseLine, ...]
    total: int
    """How many there are without limit and offset."""


def list_cases(hotline: Hotline, query: CaseQuery = EVERY_CASE) -> CasePage:
    """Return cases by what can be done for them: calls that can still be kept before missed ones (ports/cases.py)."""
    policy = hotline.flows.current_policy()
    with hotline.look() as work:
        rows, total = work.cases.page(query, hotline.clock.now()), work.cases.count(query)
        owners = {row.owner_id for row in rows}
        names = {owner: member_name(work, policy, owner) for owner in owners}
    return CasePage(lines=tuple(_line(row, owner=names[row.owner_id]) for row in rows), total=total)


def _line(row: CaseRow, *, owner: str) -> CaseLine:
    return CaseLine(
        case=written(row.case_number),
        status=row.status,
        channel=row.channel,
        locale=row.locale,
        owner=owner,
        owner_id=row.owner_id,
        opened_at=row.opened_at,
        problem=row.problem,
        deadline=_owed(row),
        deadline_at=row.missed_at or row.window_closes_at,
        window_opens_at=row.window_opens_at,
        is_missed=row.missed_at is not None,
        told_at=row.told_at,
        called_at=row.called_at,
        is_supervisor_asked=row.supervisor_asked_at is not None,
        is_listen_first=row.is_listen_first,
        misses=row.misses,
    )


def _owed(row: CaseRow) -> str:
    if row.missed_at is not None:
        return "call after a miss" if row.has_number else "find a number"
    return "" if row.target is None else owed(row.target)
