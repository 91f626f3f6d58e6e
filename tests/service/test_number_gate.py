"""The gate as use cases ask it."""

import pytest

from tests.service.lines import CALLER, OTHER, OWN, OWNER, Line
from voicebot.service.number_gate import callable_number, may_text_staff, text_number


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (CALLER, CALLER),
        ("(202) 555-0177", OTHER),
        ("anonymous", None),
        (OWN, None),
        (OWNER, None),
        ("+385911234567", None),
    ],
)
def test_only_complainants_numbers_in_our_countries_are_called(line: Line, raw: str, number: str | None) -> None:
    assert callable_number(line.hotline.rules, raw, line.policy) == number


def test_texts_go_to_the_phone_that_rang(line: Line) -> None:
    answer = line.ring()
    line.change_ticket(answer, complainant_number=OTHER)
    ticket = line.ticket(answer)
    with line.work() as work:
        assert text_number(work, line.hotline.rules, ticket=ticket, policy=line.policy) == CALLER


def test_a_withheld_caller_is_texted_nowhere_whatever_was_keyed(line: Line) -> None:
    answer = line.ring("anonymous")
    line.change_ticket(answer, complainant_number=OTHER)
    ticket = line.ticket(answer)
    with line.work() as work:
        assert text_number(work, line.hotline.rules, ticket=ticket, policy=line.policy) is None


def test_staff_are_texted_at_a_real_number_that_is_not_ours(line: Line) -> None:
    assert may_text_staff(line.hotline.rules, OWNER)
    assert not may_text_staff(line.hotline.rules, OWN)
    assert not may_text_staff(line.hotline.rules, "")
