"""Whose account it is when the company's own sign-in vouches for somebody. The whole way is in tests/web/console."""

import pytest

from tests.service.lines import Line
from voicebot.domain.account_event import AccountVerb
from voicebot.domain.sign_in import SignedIn, SignInRules
from voicebot.domain.staff import Role, StaffAccount
from voicebot.errors import Refused
from voicebot.service.staff.accounts import NewAccount, add_account, disable_account, find_account, history_of
from voicebot.service.staff.provider_sign_in import account_for, unlink

EMAIL = "anna@firm.example"
ADMINS = SignInRules(roles=(("admins", Role.ADMINISTRATOR),))


def person(subject: str = "s-1", email: str = EMAIL, groups: tuple[str, ...] = ()) -> SignedIn:
    """Return somebody whom the provider vouches for."""
    return SignedIn(issuer="https://login.example", subject=subject, email=email, name="Anna R", groups=groups)


@pytest.fixture
def anna(line: Line) -> StaffAccount:
    return add_account(line.hotline, NewAccount(email=EMAIL, name="Anna Ruiz", role=Role.HANDLER), "a-hash")


def code_of(line: Line, who: SignedIn, rules: SignInRules = ADMINS) -> str:
    """Return why somebody is refused."""
    with pytest.raises(Refused) as refusal:
        account_for(line.hotline, who, rules, unusable_hash="x")
    return refusal.value.code


def test_who_is_linked_stays_so_and_nobody_else_is(line: Line, anna: StaffAccount) -> None:
    free = SignInRules()
    assert account_for(line.hotline, person(), free, unusable_hash="x") == anna
    assert account_for(line.hotline, person(email=""), free, unusable_hash="x") == anna
    assert code_of(line, person("s-2"), free) == "sign-in-other"
    assert code_of(line, person("s-3", "b@firm.example"), free) == "sign-in-unknown"
    assert code_of(line, person("s-3", ""), SignInRules(makes_accounts=True)) == "sign-in-unknown"
    disable_account(line.hotline, EMAIL)
    assert code_of(line, person(), free) == "sign-in-disabled"


@pytest.mark.parametrize(
    ("kept", "said", "is_theirs"),
    [
        ("boss@strasse.example", "boss@straße.example", False),
        ("boss@firm.example", "boſs@firm.example", False),
        ("boss@firm.example", "boss@ﬁrm.example", False),
        ("boss@firm.example", " BOSS@Firm.example", True),
        ("jürgen@firm.example", "JU\u0308RGEN@firm.example", True),
    ],
)
def test_an_address_that_only_looks_alike_is_nobodys(line: Line, kept: str, said: str, is_theirs: bool) -> None:
    add_account(line.hotline, NewAccount(email=kept, name="Boss", role=Role.ADMINISTRATOR), "a-hash")
    if is_theirs:
        assert account_for(line.hotline, person(email=said), SignInRules(), unusable_hash="x").email == kept
    else:
        assert code_of(line, person(email=said), SignInRules()) == "sign-in-unknown"


def test_who_is_disabled_is_not_linked(line: Line, anna: StaffAccount) -> None:
    disable_account(line.hotline, EMAIL)
    assert code_of(line, person(), SignInRules()) == "sign-in-disabled"
    assert history_of(line.hotline, EMAIL) == ()


def test_a_group_gives_the_role_and_none_lets_nobody_in(line: Line, anna: StaffAccount) -> None:
    assert code_of(line, person()) == "sign-in-role"
    changed = account_for(line.hotline, person(groups=("admins",)), ADMINS, unusable_hash="x")
    assert changed.role is Role.ADMINISTRATOR
    assert changed.session_key != anna.session_key
    assert find_account(line.hotline, EMAIL) == changed
    assert account_for(line.hotline, person(groups=("admins",)), ADMINS, unusable_hash="x") == changed


def test_a_link_is_forgotten_with_the_sessions(line: Line, anna: StaffAccount) -> None:
    account_for(line.hotline, person(), SignInRules(), unusable_hash="x")
    assert unlink(line.hotline, EMAIL).session_key != anna.session_key
    account_for(line.hotline, person("s-2"), SignInRules(), unusable_hash="x")
    verbs = [event.verb for event in history_of(line.hotline, EMAIL)]
    assert verbs == [AccountVerb.LINKED, AccountVerb.UNLINKED, AccountVerb.LINKED]


def test_somebody_new_has_an_account_where_the_company_wants_that(line: Line) -> None:
    rules = SignInRules(makes_accounts=True)
    made = account_for(line.hotline, person(email="new@firm.example"), rules, unusable_hash="x")
    assert (made.email, made.name, made.role) == ("new@firm.example", "Anna R", Role.HANDLER)
    assert account_for(line.hotline, person(email="new@firm.example"), rules, unusable_hash="x").id == made.id
