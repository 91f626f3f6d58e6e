"""Tokens are made, used and revoked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.service.lines import Line
from tests.service.staff.people import add_somebody
from voicebot.domain.api_token import ApiToken
from voicebot.domain.permission import NOBODY, PERMISSIONS, Permission
from voicebot.domain.staff import Role
from voicebot.errors import Refused, Unavailable
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.accounts import disable_account, set_password
from voicebot.service.staff.members import has_say, member_name
from voicebot.service.staff.tokens import (
    USE_NOTED_EVERY,
    NewToken,
    all_tokens,
    make_token,
    revoke_token,
    tokens_without_maker,
    use_token,
)

HOUR = timedelta(hours=1)


def made(
    line: Line,
    name: str = "Reports",
    *,
    role: Role = Role.HANDLER,
    lasts: timedelta | None = None,
    by: str = "anna",
) -> str:
    """Make a token and return its text."""
    ends_at = None if lasts is None else line.clock.now() + lasts
    return make_token(line.hotline, NewToken(name=name, role=role, made_by=by, expires_at=ends_at))[1]


def may(line: Line, text: str) -> frozenset[Permission]:
    """Return what a token may do now, nothing where it opens nothing."""
    found = use_token(line.hotline, text)
    return NOBODY if found is None else found.may


def used(line: Line, text: str) -> ApiToken | None:
    """Show a token."""
    found = use_token(line.hotline, text)
    return None if found is None else found.token


def test_the_page_takes_back_the_token_it_names_whatever_another_one_is_called(line: Line) -> None:
    """The page names tokens by their ids, and somebody may have called another one so."""
    other, wanted = made(line, "token.weekly_report"), made(line, "Weekly report")
    token = used(line, wanted)
    assert token is not None
    revoke_token(line.hotline, token.staff_id, by="ada")
    assert used(line, wanted) is None
    assert used(line, other) is not None


def test_a_token_opens_until_it_is_revoked(line: Line) -> None:
    text = made(line)
    token = used(line, text)
    assert token is not None
    assert (token.name, token.staff_id, token.made_by) == ("Reports", "token.reports", "anna")
    revoke_token(line.hotline, "Reports", by="anna")
    assert used(line, text) is None
    revoked_at = all_tokens(line.hotline)[0].revoked_at
    line.clock.step(HOUR)
    assert revoke_token(line.hotline, "token.reports", by="bela").revoked_at == revoked_at


def test_a_token_ends_by_itself(line: Line) -> None:
    text = made(line, lasts=HOUR)
    line.clock.step(HOUR - timedelta(seconds=1))
    assert used(line, text) is not None
    line.clock.step(timedelta(seconds=1))
    assert used(line, text) is None


def test_a_wrong_token_opens_nothing(line: Line) -> None:
    text = made(line)
    assert used(line, text.replace("vbt_", "vbt-")) is None
    assert used(line, "vbt_" + "0" * 51) is None


def test_the_last_use_is_written_every_few_minutes_and_never_takes_a_revocation_back(line: Line) -> None:
    text, first_at = made(line), line.clock.now()
    for wait, noted_at in ((0, first_at), (60, first_at), (240, first_at + USE_NOTED_EVERY)):
        line.clock.step(timedelta(seconds=wait))
        assert used(line, text) is not None
        assert all_tokens(line.hotline)[0].last_used_at == noted_at


@pytest.mark.parametrize(
    ("name", "code"), [("", "account-refused"), ("Reports", "token-taken"), ("réports!", "token-taken")]
)
def test_a_name_is_needed_and_taken_once(line: Line, name: str, code: str) -> None:
    made(line)
    with pytest.raises(Refused) as refusal:
        made(line, name)
    assert refusal.value.code == code


def test_a_token_that_has_ended_already_or_is_not_there_is_refused(line: Line) -> None:
    with pytest.raises(Refused, match="lies ahead"):
        made(line, lasts=-HOUR)
    with pytest.raises(Refused, match="none has this name"):
        revoke_token(line.hotline, "Reports", by="anna")


@pytest.mark.parametrize(("role", "has"), [(Role.HANDLER, False), (Role.SUPERVISOR, True)])
def test_what_a_token_does_counts_by_its_role(line: Line, role: Role, has: bool) -> None:
    """Who is unknown has a say, as at the terminal: a token of a handler must not be taken for that."""
    made(line, role=role)
    policy = line.hotline.flows.current_policy()
    with line.hotline.look() as work:
        assert has_say(work, policy, "token.reports") is has
        assert member_name(work, policy, "token.reports") == "Reports (token)"


def test_a_database_that_takes_no_writes_stops_no_reader(line: Line) -> None:
    text = made(line)

    def full() -> UnitOfWork:
        raise Unavailable("the disk is full")

    line.use(unit_of_work=full)
    assert used(line, text) is not None
    assert all_tokens(line.hotline)[0].last_used_at is None


@pytest.mark.parametrize("maker", list(Role))
def test_a_token_may_what_its_role_and_its_maker_may_today_and_nothing_without_their_login(
    line: Line, maker: Role
) -> None:
    anna = add_somebody(line)
    texts = {role: made(line, role.value, role=role, by=anna.staff_id) for role in Role}
    with line.work() as work:
        work.staff.save(replace(anna, role=maker))
        work.commit()
    assert {role: may(line, text) for role, text in texts.items()} == {
        role: PERMISSIONS[role] & PERMISSIONS[maker] for role in Role
    }
    with line.work() as work:
        has = {role: has_say(work, line.policy, f"token.{role.value}") for role in Role}
    assert has == {role: Permission.OVERRULE in PERMISSIONS[role] & PERMISSIONS[maker] for role in Role}
    disable_account(line.hotline, anna.email)
    assert not any(may(line, text) for text in texts.values())
    assert tokens_without_maker(line.hotline) == {token.id for token in all_tokens(line.hotline)}
    set_password(line.hotline, anna.email, "a-hash")
    assert may(line, texts[maker]) == PERMISSIONS[maker], "what is given back opens again"


def test_a_token_that_another_one_made_goes_by_that_ones_role_and_by_no_circle(line: Line) -> None:
    text = made(line, role=Role.SUPERVISOR, by="token.reports")
    assert may(line, text) == PERMISSIONS[Role.SUPERVISOR]
