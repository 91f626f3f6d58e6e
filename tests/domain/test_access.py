"""What counts as one access."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.domain.access import COUNTED_APART, AccessKind, CaseAccess, is_same

SEEN = CaseAccess(
    ticket_id="t", at=datetime(2026, 11, 18, 15, tzinfo=UTC), staff_id="anna", kind=AccessKind.VOICE, answer_id="a"
)


def test_the_same_again_within_the_hour_is_one_access_whichever_came_first() -> None:
    again = replace(SEEN, at=SEEN.at + COUNTED_APART - timedelta(seconds=1))
    assert is_same(SEEN, again)
    assert is_same(again, SEEN)
    assert not is_same(SEEN, replace(SEEN, at=SEEN.at + COUNTED_APART))


@pytest.mark.parametrize(
    "change", [{"ticket_id": "u"}, {"staff_id": "bela"}, {"kind": AccessKind.PAGE}, {"answer_id": "b"}]
)
def test_another_case_member_kind_or_answer_is_another_access(change: dict[str, object]) -> None:
    assert not is_same(SEEN, replace(SEEN, **change))  # type: ignore[arg-type]
