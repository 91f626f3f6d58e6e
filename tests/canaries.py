"""Test calls of the hotline, built for tests."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MONDAY_TEN
from voicebot.domain.canary import Canary


def a_canary(**changes: Any) -> Canary:
    """Build the test call of that Monday, not placed yet."""
    ends_at = MONDAY_TEN + timedelta(minutes=10)
    return replace(Canary(id="2026-03-02", is_daily=True, began_at=MONDAY_TEN, ends_at=ends_at), **changes)
