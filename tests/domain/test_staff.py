"""Staff as the policy names them, what a role allows, and what a login looks like."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from voicebot.domain.staff import (
    Role,
    StaffAccount,
    StaffMember,
    is_mailbox,
    is_same_address,
    normal_email,
    password_fault,
)


def test_somebody_without_a_phone_is_still_somebody() -> None:
    member = StaffMember(id="owner_1", name="Olive", role="handler")
    assert (member.phone, member.spoken_role) == ("", "")


def test_a_fact_that_nobody_reads_is_refused() -> None:
    with pytest.raises(ValidationError):
        StaffMember(id="owner_1", name="Olive", role="handler", salary="none")  # type: ignore[call-arg]


def test_an_account_acts_under_its_name_in_histories_and_without_its_secrets() -> None:
    account = StaffAccount(
        id="a1",
        email="olive@firm.example",
        name="Olive",
        role=Role.SUPERVISOR,
        staff_id="owner_1",
        is_active=True,
        password_hash="secret hash",
        session_key="secret key",
        added_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert account.as_member() == StaffMember(id="owner_1", name="Olive", role="supervisor")
    assert "secret" not in repr(account)
    assert "olive@" not in repr(account)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Anna@Firm.EXAMPLE\n", "anna@firm.example"),
        ("anna@intranet", "anna@intranet"),
        ("u\u0308te@firm.example", "üte@firm.example"),
        ("a" * 242 + "@firm.example", None),
        ("anna", None),
        ("anna@", None),
        ("@firm.example", None),
        ("anna @firm.example", None),
        ("anna@firm@example", None),
        ("anna\x00@firm.example", None),
        ("", None),
    ],
)
def test_an_e_mail_has_one_form(written: str, normal: str | None) -> None:
    assert normal_email(written) == normal


@pytest.mark.parametrize(("length", "is_fine"), [(0, False), (9, False), (10, True), (200, True), (201, False)])
def test_a_password_is_held_to_its_length_alone(length: int, is_fine: bool) -> None:
    assert (password_fault("a" * length) == "") is is_fine


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("olive@firm.example", True),
        ("Olive <olive@firm.example>", False),
        ("olive@firm.example (office)", False),
        ("ölive@firm.example", False),
        ("a" * 250 + "@firm.example", False),
        ("", False),
    ],
)
def test_a_mail_is_addressed_to_one_plain_mailbox(written: str, is_one: bool) -> None:
    assert is_mailbox(written) is is_one


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.HANDLER, "a handler"),
        (Role.AUDITOR, "an auditor"),
        (Role.QUALITY, "somebody of quality"),
        (Role.MANAGEMENT, "somebody of management"),
    ],
)
def test_a_role_is_named_as_people_say_it(role: Role, said: str) -> None:
    assert role.said == said


@pytest.mark.parametrize(
    ("said", "is_same"),
    [(" Anna@Strasse.example ", True), ("anna@straße.example", False), ("anna@firm.example", False)],
)
def test_another_domain_that_folds_alike_is_another_address(said: str, is_same: bool) -> None:
    assert is_same_address(said, "anna@strasse.example") is is_same
