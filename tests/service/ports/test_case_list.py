"""What follows from the fields of a line in the case list."""

from typing import Any

import pytest

from tests.builders import MONDAY_TEN
from voicebot.domain.promise import FIND_NUMBER
from voicebot.domain.ticket import Channel, TicketStatus
from voicebot.service.ports import CaseLine


def a_line(**changes: Any) -> CaseLine:
    """Return a case in which nothing is owed."""
    fields: dict[str, Any] = {
        "ticket_id": "ticket-1",
        "case_number": "482719300",
        "status": TicketStatus.OPEN,
        "channel": Channel.PHONE,
        "locale": "en-US",
        "owner_id": "owner_1",
        "opened_at": MONDAY_TEN,
        "problem": "",
        "number_end": "0143",
        "is_listen_first": False,
        "supervisor_asked_at": None,
        "target": None,
        "window_opens_at": None,
        "window_closes_at": None,
        "missed_at": None,
        "told_at": None,
        "called_at": None,
        "decide_by": None,
        "waiting_until": None,
        "closes_at": None,
        "misses": 0,
        "repeats": 0,
    }
    return CaseLine(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "deadline"),
    [
        ({}, ""),
        ({"target": "standard", "window_closes_at": MONDAY_TEN}, "call standard"),
        ({"target": FIND_NUMBER, "window_closes_at": MONDAY_TEN}, "find a number"),
        ({"missed_at": MONDAY_TEN}, "call after a miss"),
        ({"missed_at": MONDAY_TEN, "number_end": ""}, "find a number"),
    ],
)
def test_what_is_owed_and_by_when(changes: dict[str, Any], deadline: str) -> None:
    line = a_line(**changes)
    assert (line.deadline, line.deadline_at) == (deadline, MONDAY_TEN if changes else None)
    assert line.is_missed is ("missed_at" in changes)


def test_a_line_names_its_case_as_people_write_it_and_who_asked_for_a_person() -> None:
    assert (a_line().case, a_line().is_supervisor_asked) == ("482-719-300", False)
    assert a_line(supervisor_asked_at=MONDAY_TEN).is_supervisor_asked


def test_what_is_next_in_a_case_is_the_nearest_of_its_dates() -> None:
    later = MONDAY_TEN.replace(hour=20)
    assert a_line().next_date is None
    found = a_line(window_closes_at=MONDAY_TEN, decide_by=later).next_date
    assert found is not None
    assert found.at == MONDAY_TEN
