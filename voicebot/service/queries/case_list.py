"""The list of cases as staff read it. It tells what is owed to whom, by when, and who owns it.

Read only and cheap, with one query for the page asked for.
Knows: what a line says. Must not know: tables, colours, how long ago or ahead an instant is.
"""

from dataclasses import dataclass, replace

from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import CaseLine, CaseQuery
from voicebot.service.staff.members import member_name

EVERY_CASE = CaseQuery()


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """A stretch of the list."""

    lines: tuple[CaseLine, ...]
    total: int
    """How many there are without limit and offset."""


def list_cases(hotline: Hotline, query: CaseQuery = EVERY_CASE) -> CasePage:
    """Return cases in the order of ports/case_list.py, with calls that can still be kept before missed ones."""
    policy = hotline.flows.current_policy()
    with hotline.look() as work:
        rows, total = work.cases.page(query, context_of(hotline, work).now), work.cases.count(query)
        owners = {row.owner_id for row in rows}
        names = {owner: member_name(work, policy, owner) for owner in owners}
    return CasePage(lines=tuple(replace(row, owner=names[row.owner_id]) for row in rows), total=total)


AMONG_NEXT = 50
"""Cases at the head of the list among which the next one is looked for."""


def case_after(hotline: Hotline, case: str) -> str | None:
    """Return the number of the open case that stands after this one in the list, where the first follows the last.

    None when no other is open.
    """
    open_cases = [line.case for line in list_cases(hotline, CaseQuery(is_open=True, limit=AMONG_NEXT)).lines]
    after = open_cases[open_cases.index(case) + 1 :] if case in open_cases else []
    return next((each for each in (*after, *open_cases) if each != case), None)
