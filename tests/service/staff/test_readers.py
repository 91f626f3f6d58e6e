"""Who may see which kinds, by account, by the policy and by token, and who has nothing to do with a case."""

from pathlib import Path

import pytest

from tests.api_tokens import a_token
from tests.builders import a_ticket
from tests.service.lines import Line
from tests.service.ticket.kinds import with_kinds
from voicebot.domain.about import Reader
from voicebot.domain.staff import Role
from voicebot.service.hotline import context_of
from voicebot.service.queries.case_list import list_cases
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.service.staff.readers import barred, may_have, reader_of, seen_by, seen_by_token, those_who_may

pytestmark = pytest.mark.requirement("S3-09")
CLOSED = frozenset({"price_rise"})


@pytest.fixture
def restricted(line: Line, tmp_path: Path) -> Line:
    """Price rises are for supervisors and the auditor alone."""
    with_kinds(line, tmp_path, price_rise={"seen_by": ["supervisor", "auditor"]})
    an_account(line, Role.HANDLER, "supervisor_1")
    return line


def an_account(line: Line, role: Role, member_id: str | None = None) -> str:
    new = NewAccount(email=f"{role}@firm.example", name=f"An {role}", role=role, member_id=member_id)
    return add_account(line.hotline, new, "a-hash").staff_id


@pytest.mark.parametrize(
    ("who", "closed"),
    [
        ("owner_1", CLOSED),
        ("supervisor_1", frozenset()),
        ("executive_1", frozenset()),
        ("deputy_1", CLOSED),
        ("nobody-here", frozenset()),
        ("", frozenset()),
        (Role.AUDITOR, frozenset()),
        (Role.QUALITY, CLOSED),
    ],
)
def test_a_kind_is_closed_by_account_and_policy(restricted: Line, who: str, closed: frozenset[str]) -> None:
    staff_id = an_account(restricted, who) if isinstance(who, Role) else who
    with restricted.work() as work:
        assert reader_of(work, restricted.policy, staff_id) == Reader(staff_id, closed)


def test_a_token_sees_the_kinds_that_its_role_and_its_maker_may_see(restricted: Line) -> None:
    restricted.change_ticket(restricted.told_call(), category="price_rise")
    a = an_account(restricted, Role.AUDITOR)
    for role, maker, cases in ((Role.HANDLER, a, 0), (Role.AUDITOR, a, 1), (Role.AUDITOR, "owner_1", 0)):
        token = a_token(role=role, made_by=maker)
        assert list_cases(seen_by_token(restricted.hotline, lambda each=token: each)).total == cases


def test_whoever_may_not_see_a_case_has_nothing_to_do_with_it(restricted: Line) -> None:
    ticket = a_ticket(category="price_rise", about_id="supervisor_1")
    auditor, quality = an_account(restricted, Role.AUDITOR), an_account(restricted, Role.QUALITY)
    with restricted.work() as work:
        context = context_of(restricted.hotline, work)
        out = barred(context, ticket)
        assert {"owner_1", "deputy_1", "supervisor_1", quality} <= out
        assert out.isdisjoint({"supervisor_2", "executive_1", auditor})
        assert not may_have(context, ticket, "owner_1")
        assert barred(context, a_ticket(category="warranty")) == frozenset()
    people = those_who_may(restricted.hotline, ticket, restricted.policy.staff)
    assert {each.id for each in people} == {each.id for each in restricted.policy.staff} - out


def test_the_hotline_is_seen_without_cases_of_closed_kinds(restricted: Line, line: Line) -> None:
    restricted.change_ticket(restricted.told_call(), category="price_rise")
    readers = ("owner_1", "supervisor_1", "")
    assert [list_cases(seen_by(restricted.hotline, lambda who=who: who)).total for who in readers] == [0, 1, 1]


def test_where_no_kind_is_closed_a_reader_is_whoever_they_are(line: Line) -> None:
    line.change_ticket(line.told_call(), about_id="owner_1")
    assert [list_cases(seen_by(line.hotline, lambda who=who: who)).total for who in ("owner_1", "deputy_1")] == [0, 1]
