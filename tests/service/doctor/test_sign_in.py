"""The doctor on what lets administrators in."""

from datetime import UTC, datetime

import pytest

from voicebot.domain.staff import Role, StaffAccount
from voicebot.service.doctor.finding import Verdict
from voicebot.service.doctor.sign_in import provider, second_factors

AT = datetime(2026, 11, 18, tzinfo=UTC)


def an_account(*, has_factor: bool, role: Role = Role.ADMINISTRATOR, is_active: bool = True) -> StaffAccount:
    """Return somebody's account."""
    return StaffAccount(
        id="a",
        email="anna@firm.example",
        name="Anna",
        role=role,
        staff_id="anna",
        is_active=is_active,
        password_hash="",
        session_key="",
        added_at=AT,
        second_factor_at=AT if has_factor else None,
    )


@pytest.mark.parametrize(
    ("must_have", "account", "verdict"),
    [
        (set(), an_account(has_factor=True), Verdict.DOUBT),
        ({Role.ADMINISTRATOR}, an_account(has_factor=False), Verdict.DOUBT),
        ({Role.ADMINISTRATOR}, an_account(has_factor=True), Verdict.FINE),
        ({Role.ADMINISTRATOR}, an_account(has_factor=False, is_active=False), Verdict.FINE),
        ({Role.ADMINISTRATOR}, an_account(has_factor=False, role=Role.HANDLER), Verdict.FINE),
    ],
)
def test_a_password_alone_is_a_doubt(must_have: set[Role], account: StaffAccount, verdict: Verdict) -> None:
    (finding,) = second_factors([account], frozenset(must_have))
    assert finding.verdict is verdict


def test_a_provider_that_answers_is_fine() -> None:
    asked: list[bool] = []
    (finding,) = provider(lambda: asked.append(True))
    assert (finding.verdict, asked) == (Verdict.FINE, [True])
