"""The list of cases as staff read it. It tells what is owed to whom, by when, and who owns it.

Read only and cheap, with one query for the page asked for.
Knows: what a line says. Must not know: tables, colours, how long ago or ahead an instant is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from voicebot.domain.case_number import written
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ports import CaseLine, CaseQuery, LaneQuery
from voicebot.service.queries.category import kinds_called
from voicebot.service.queries.presence import who_is_here
from voicebot.service.queries.today import CALLED, day_of
from voicebot.service.staff.members import member_names

EVERY_CASE = CaseQuery()


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """A stretch of the list."""

    lines: tuple[CaseLine, ...]
    total: int
    """How many there are without limit and offset."""


def list_cases(hotline: Hotline, query: CaseQuery = EVERY_CASE) -> CasePage:
    """Return cases in the order of ports/case_list.py, with calls that can still be kept before missed ones."""
    with hotline.look() as work:
        return CasePage(lines=_lines(context_of(hotline, work), query), total=work.cases.count(query))


def cases_from(hotline: Hotline, query: CaseQuery) -> tuple[CaseLine, ...]:
    """Return the cases of a stretch, and count nothing, since who reads on asks for each stretch anew."""
    with hotline.look() as work:
        return _lines(context_of(hotline, work), query)


def _lines(context: Context, query: CaseQuery) -> tuple[CaseLine, ...]:
    work, policy = context.work, context.policy
    rows = work.cases.page(query, context.now)
    names = member_names(work, policy, {row.owner_id for row in rows})
    called = work.fields.names([row.ticket_id for row in rows])
    kinds = kinds_called(policy.categories, (row.category for row in rows))
    return tuple(
        replace(
            row,
            owner=names[row.owner_id],
            name=called.get(row.ticket_id, ""),
            kind=kinds.get(row.category, ""),
        )
        for row in rows
    )


AMONG_NEXT = 50
"""Cases of each lane, and at the head of the list, among which the next one is looked for."""


def case_after(hotline: Hotline, case: str, *, member_id: str) -> str | None:
    """Return the number of the case to go on with after this one, where the first follows the last.

    First come the calls of the first screen, lane after lane, then the other open cases. Those that a colleague has
    open are left out. None when no other is left.
    """
    calls, taken = _calls(hotline, member_id)
    listed = [line.case for line in list_cases(hotline, CaseQuery(is_open=True, limit=AMONG_NEXT)).lines]
    order = [each for each in dict.fromkeys((*calls, *listed)) if each not in taken or each == case]
    after = order[order.index(case) + 1 :] if case in order else []
    return next((each for each in (*after, *order) if each != case), None)


def _calls(hotline: Hotline, member_id: str) -> tuple[Sequence[str], Collection[str]]:
    """Return the calls of the first screen in their order, and which of them a colleague has open."""
    with hotline.look() as work:
        context = context_of(hotline, work)
        query = LaneQuery(now=context.now, day_ends_at=day_of(context)[1], member_id=member_id, limit=AMONG_NEXT)
        rows = [row for lane in CALLED for row in work.lanes.page(lane, query)]
        here = who_is_here(context, {row.ticket_id for row in rows})
    taken = {written(row.case_number) for row in rows if set(here.get(row.ticket_id, ())) - {member_id}}
    return [written(row.case_number) for row in rows], taken
