"""What claims of the company's sign-in make of somebody."""

from typing import Any

import pytest

from voicebot.domain.sign_in import SignedIn, SignInRules, signed_in
from voicebot.domain.staff import Role

BASE = {"iss": "https://login.example", "sub": "s-1", "email": "anna@firm.example", "email_verified": True}


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({}, "anna@firm.example"),
        ({"email_verified": "true"}, "anna@firm.example"),
        ({"email_verified": False}, ""),
        ({"email_verified": "false"}, ""),
        ({"email_verified": None}, ""),
        ({"email": None}, ""),
        ({"email": 7}, ""),
    ],
)
def test_only_an_e_mail_that_is_verified_counts(claims: dict[str, Any], email: str) -> None:
    assert signed_in(BASE | claims, role_claim="groups").email == email


@pytest.mark.parametrize(
    ("said", "groups"), [(["a", "b", 3], ("a", "b")), ("a", ("a",)), (None, ()), ({"a": 1}, ()), ([["a"]], ())]
)
def test_groups_are_words_alone_or_in_a_list(said: object, groups: tuple[str, ...]) -> None:
    assert signed_in(BASE | {"roles": said}, role_claim="roles").groups == groups


def test_the_first_group_of_the_settings_decides() -> None:
    rules = SignInRules(roles=(("admins", Role.ADMINISTRATOR), ("hotline", Role.HANDLER)))

    def of(*groups: str) -> Role | None:
        return rules.role_of(SignedIn(issuer="i", subject="s", email="", name="", groups=groups))

    assert (of("hotline", "admins"), of("hotline")) == (Role.ADMINISTRATOR, Role.HANDLER)
    assert (of("Admins"), of()) == (None, None)
