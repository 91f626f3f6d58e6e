"""What claims of the company's sign-in make of somebody."""

from typing import Any

import pytest

from voicebot.domain.sign_in import MOST_SUBJECT_LENGTH, SignedIn, SignInRules, is_subject, signed_in
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
    assert signed_in(BASE | claims, SignInRules()).email == email


@pytest.mark.parametrize(
    ("said", "groups"), [(["a", "b", 3], ("a", "b")), ("a", ("a",)), (None, ()), ({"a": 1}, ()), ([["a"]], ())]
)
def test_groups_are_words_alone_or_in_a_list(said: object, groups: tuple[str, ...]) -> None:
    assert signed_in(BASE | {"roles": said}, SignInRules(role_claim="roles")).groups == groups


@pytest.mark.parametrize(
    ("subject", "is_one"),
    [
        ("ann-1", True),
        ("x" * MOST_SUBJECT_LENGTH, True),
        ("x" * (MOST_SUBJECT_LENGTH + 1), False),
        ("", False),
        (None, False),
        (7, False),
        (["ann-1"], False),
        ("a\x00b", False),
    ],
)
def test_a_subject_that_names_nobody_or_everybody_is_none(subject: object, is_one: bool) -> None:
    assert is_subject(subject) is is_one


def test_the_first_group_of_the_settings_decides() -> None:
    rules = SignInRules(roles=(("admins", Role.ADMINISTRATOR), ("hotline", Role.HANDLER)))

    def of(*groups: str) -> Role | None:
        return rules.role_of(SignedIn(issuer="i", subject="s", email="", name="", groups=groups))

    assert (of("hotline", "admins"), of("hotline")) == (Role.ADMINISTRATOR, Role.HANDLER)
    assert (of("Admins"), of()) == (None, None)


@pytest.mark.parametrize(
    ("claims", "values", "has"),
    [
        ({}, "mfa", False),
        ({"amr": ["pwd"]}, "mfa", False),
        ({"amr": ["pwd", "mfa"]}, "mfa", True),
        ({"amr": "mfa"}, "mfa", False),
        ({"amr": [["mfa"], None]}, "mfa", False),
        ({"acr": "gold"}, "mfa", False),
        ({"acr": "gold"}, "mfa gold", True),
        ({"acr": "mfa"}, "mfa", True),
        ({"acr": "", "amr": ["", "always"]}, "mfa", False),
        ({"acr": "gold", "amr": ["mfa"]}, "", False),
        ({}, "always", True),
    ],
)
def test_two_factors_were_given_only_where_the_provider_says_so_or_the_settings(
    claims: dict[str, Any], values: str, has: bool
) -> None:
    rules = SignInRules(second_factor=frozenset(values.split()))
    assert signed_in(BASE | claims, rules).has_second_factor is has


def test_nobody_loses_the_administrators_role_to_a_provider_that_makes_no_administrators() -> None:
    admin, handler, auditor = Role.ADMINISTRATOR, Role.HANDLER, Role.AUDITOR
    knows, knows_not = SignInRules(roles=(("a", admin), ("h", handler))), SignInRules(roles=(("h", handler),))
    kept = [
        rules.role_kept(before, given)
        for rules in (knows, knows_not)
        for before, given in ((admin, handler), (admin, None), (auditor, handler), (auditor, None))
    ]
    assert kept == [handler, admin, handler, auditor, admin, admin, handler, auditor]
