"""Where the pages of a long list lead to."""

from collections.abc import Sequence

import pytest

from tests.service.lines import Line
from voicebot.domain.instants import Instants
from voicebot.domain.staff import StaffMember
from voicebot.service.ports import CaseLine
from voicebot.service.queries.case_list import CasePage, list_cases
from voicebot.web.console.case_list import PER_PAGE, ListPage, PlaceInList, Show, list_page, query_of

OLIVE = StaffMember(id="owner_1", name="Olive", role="handler")


def page(line: Line, lines: Sequence[CaseLine], number: int) -> ListPage:
    return list_page(
        CasePage(lines=tuple(lines), total=20 * PER_PAGE),
        show=Show.ALL,
        number=number,
        member=OLIVE,
        instants=Instants(zone="America/New_York", now=line.clock.now()),
        has_any=True,
        own_number="",
    )


@pytest.mark.parametrize(
    ("number", "is_beside_first", "is_beside_last"), [(1, False, False), (10, False, True), (11, True, True)]
)
def test_far_pages_lead_on_beside_their_first_and_last_case(
    line: Line, number: int, *, is_beside_first: bool, is_beside_last: bool
) -> None:
    line.told_call()
    line.told_call("CA2", "+12025550177")
    lines = list_cases(line.hotline).lines
    shown = page(line, lines, number)
    assert shown.first == (lines[0].case if is_beside_first else None)
    assert shown.last == (lines[1].case if is_beside_last else None)
    nothing = page(line, (), 11)
    assert (nothing.first, nothing.last) == (None, None)


def test_a_case_beside_which_a_page_stands_is_read_as_people_write_it_and_else_left_alone() -> None:
    place = PlaceInList(page=12, behind="482-719-300", before="<b>")
    query = query_of(Show.ALL, kind="", place=place, member=OLIVE)
    assert (query.behind, query.before, query.offset) == ("482719300", None, 11 * PER_PAGE)
