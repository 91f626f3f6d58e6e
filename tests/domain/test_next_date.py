"""The earliest of a case's dates is its next one."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN
from voicebot.domain.next_date import DateKind, NextDate, next_date

LATER = MONDAY_TEN + timedelta(days=1)


@pytest.mark.requirement("D-02")
def test_the_earliest_is_named_whichever_it_is() -> None:
    names = {
        "call_by": DateKind.CALL,
        "decide_by": DateKind.DECISION,
        "waiting_until": DateKind.COMPLAINANT,
        "closes_at": DateKind.CLOSING,
    }
    for name, kind in names.items():
        others = dict.fromkeys(set(names) - {name}, LATER)
        assert next_date(**{name: MONDAY_TEN}, **others) == NextDate(kind=kind, at=MONDAY_TEN)
        assert next_date(**{name: MONDAY_TEN}) == NextDate(kind=kind, at=MONDAY_TEN)


def test_of_two_at_one_instant_the_call_is_named_and_without_any_there_is_none() -> None:
    assert next_date(call_by=LATER, decide_by=LATER) == NextDate(kind=DateKind.CALL, at=LATER)
    assert next_date() is None
