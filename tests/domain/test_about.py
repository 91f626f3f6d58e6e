"""Who may see a case that complains about one of the staff, or is of a kind that is for some."""

from dataclasses import replace

from tests.builders import a_ticket
from voicebot.domain.about import THE_MACHINE, Reader, closed_to, may_see
from voicebot.domain.category import Category
from voicebot.domain.staff import Role

OPEN = Category(id="fee", names={"en": "Fee"}, decision_target="standard")
CLOSED = replace(OPEN, id="conduct", seen_by=frozenset({Role.QUALITY, Role.MANAGEMENT}))


def test_everybody_sees_a_case_but_whom_it_is_about() -> None:
    readers = (Reader("owner_1"), Reader("owner_2"), THE_MACHINE)
    assert [may_see(a_ticket(about_id="owner_1"), reader) for reader in readers] == [False, True, True]
    assert all(may_see(a_ticket(), reader) for reader in readers)


def test_a_kind_is_closed_to_those_none_of_whose_roles_may_see_it() -> None:
    kinds = {each.id: each for each in (OPEN, CLOSED)}
    assert closed_to({Role.HANDLER, Role.SUPERVISOR}, kinds) == {"conduct"}
    assert closed_to({Role.HANDLER, Role.QUALITY}, kinds) == frozenset()
    handler = Reader("owner_1", closed_to({Role.HANDLER}, kinds))
    assert not may_see(a_ticket(category="conduct"), handler)
    assert may_see(a_ticket(category="fee"), handler)
    assert may_see(a_ticket(category="conduct"), THE_MACHINE)
