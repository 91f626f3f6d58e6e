"""What was written before a field was restricted is found by nobody any more, and what was opened is found again."""

from pathlib import Path

import pytest

from tests.service.lines import Line
from tests.service.ticket.kinds import with_kinds
from voicebot.service.queries.search import find_cases
from voicebot.service.staff.decision import act
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.upkeep.restricted_fields import mark_restricted

FIELD = {"name": {"en": "Who it was"}, "longest": 40}


def found(line: Line, word: str) -> int:
    return len(find_cases(line.hotline, word).cases)


@pytest.mark.requirement("S3-09")
def test_the_search_follows_the_policy(line_on_both: Line, tmp_path: Path) -> None:
    line = line_on_both
    with_kinds(line, tmp_path / "open", price_rise={"fields": {"who": FIELD}})
    case = line.ticket(line.told_call()).case_number
    act(line.hotline, case, categorising("price_rise", actor="owner_1"))
    keep_fields(line.hotline, case, {"who": "Drakeson", "name": "Wilma"}, actor="owner_1")
    assert (mark_restricted(line.hotline), found(line, "drakeson")) == (0, 1)
    with_kinds(line, tmp_path / "closed", price_rise={"fields": {"who": FIELD | {"seen_by": ["auditor"]}}})
    assert (mark_restricted(line.hotline), found(line, "drakeson"), found(line, "wilma")) == (1, 0, 1)
    with_kinds(line, tmp_path / "gone", price_rise={"fields": {}})
    assert (mark_restricted(line.hotline), found(line, "drakeson")) == (0, 0)
    with_kinds(line, tmp_path / "again", price_rise={"fields": {"who": FIELD}})
    assert (mark_restricted(line.hotline), found(line, "drakeson")) == (1, 1)


def test_many_entries_are_marked_a_few_at_a_time(line: Line, tmp_path: Path) -> None:
    with_kinds(line, tmp_path / "open", price_rise={"fields": {"who": FIELD}})
    case = line.ticket(line.told_call()).case_number
    act(line.hotline, case, categorising("price_rise", actor="owner_1"))
    for at in range(3):
        keep_fields(line.hotline, case, {"who": f"Drake {at}"}, actor="owner_1")
    with_kinds(line, tmp_path / "closed", price_rise={"fields": {"who": FIELD | {"seen_by": ["auditor"]}}})
    assert mark_restricted(line.hotline, at_once=2) == 3
