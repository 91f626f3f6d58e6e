"""What was agreed with a complainant, at the terminal."""

import pytest

from tests.cli.test_ticket import begins_at, run
from tests.service.lines import Line

__all__ = ["begins_at"]


@pytest.mark.requirement("V-05")
def test_it_is_kept_with_a_consent_shown_before_anybody_dials_and_deleted(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    assert run("adjustments", case) == "Nothing was agreed.\n"
    words = ("adjust", case, "interpreter", "--detail", "Po\x1blish", "--consent-by", "Mary", "--by", "owner_1")
    assert run(*words) == "Kept: interpreter: Po[U+001B]lish.\n"
    assert "interpreter: Po[U+001B]lish: Mary said yes on " in run("adjustments", case)
    assert "interpreter: Po[U+001B]lish" in run("show", case)
    assert run("unadjust", case, "interpreter", "--by", "owner_1") == "Deleted.\n"
    assert run("adjustments", case) == "Nothing was agreed.\n"
