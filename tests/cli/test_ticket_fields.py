"""Customer fields at the terminal."""

import json

import pytest

from tests.cli.test_ticket import begins_at, run
from tests.customers import a_customer
from tests.service.lines import Line

__all__ = ["begins_at"]


@pytest.mark.requirement("S0-15")
def test_fields_are_written_down_corrected_and_shown_with_who_and_when(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    assert "Nothing is written down" in run("fields", case)
    assert run("fields", case, "--name", "Mary", "--contract-date", "2025-11-05", "--by", "owner_1") == (
        "Kept: name, contract date.\n"
    )
    assert "so already" in run("fields", case, "--name", "Mary", "--by", "deputy_1")
    run("fields", case, "--name", "Ma\u202eria", "--by", "deputy_1")
    shown = run("fields", case)
    for words in ("Mary (earlier)", "Ma[U+202E]ria", "5 Nov 2025", "First handler"):
        assert words in shown
    whole = run("show", case)
    assert ("Mary" in whole, "Ma[U+202E]ria" in whole) == (False, True)
    entries = json.loads(run("show", case, "--json"))["customer"]["entries"]
    assert [(entry["field"], entry["value"]) for entry in entries][::2] == [("name", "Mary"), ("name", "Ma\u202eria")]
    with line.work() as work:
        work.customers.keep([a_customer(name="M\u202eRuiz", order_number="")], line.clock.now())
        work.commit()
    shown = run("fields", case)
    assert ("M[U+202E]Ruiz" in shown, "the books (imported)" in shown) == (True, True)
