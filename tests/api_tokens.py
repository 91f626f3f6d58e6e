"""Builds tokens of other programs."""

from dataclasses import replace
from typing import Any

from tests.builders import MONDAY_TEN
from voicebot.domain.api_token import ApiToken
from voicebot.domain.staff import Role


def a_token(**changes: Any) -> ApiToken:
    """Build the token of the reports."""
    token = ApiToken(
        id="token-1",
        name="Reports",
        role=Role.SUPERVISOR,
        staff_id="token.reports",
        digest="a-digest",
        made_at=MONDAY_TEN,
        made_by="anna",
    )
    return replace(token, **changes)
