"""Customer fields at the terminal."""

import json

import pytest
from click.testing import CliRunner

from tests.cli.test_ticket import begins_at, run
from tests.customers import a_customer
from tests.service.lines import Line
from voicebot.cli.ticket import tickets
from voicebot.errors import Refused

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


@pytest.mark.requirement("S4-05")
def test_a_kind_of_complaint_and_its_fields_are_written_down_at_the_terminal(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    with pytest.raises(Refused, match="say first what kind"):
        run("fields", case, "--set", "days_charged=10")
    assert run("category", case, "charged_after_cancellation", "--by", "owner_1").startswith("Noted")
    assert "for example days_late=10" in CliRunner().invoke(tickets, ["fields", case, "--set", "days_charged"]).output
    assert run("fields", case, "--set", "days_charged=10", "--by", "owner_1") == "Kept: days charged after it.\n"
    assert "10 days" in run("fields", case)
    assert "Charged after cancellation" in run("show", case)
    kept = json.loads(run("show", case, "--json"))["category"]
    assert (kept["id"], kept["entries"][0]["value"]) == ("charged_after_cancellation", "10")


def test_the_list_is_narrowed_to_a_kind_of_complaint(line: Line) -> None:
    line.change_ticket(line.told_call(), category="warranty")
    assert "Warranty" in " ".join(run().split())
    assert len(json.loads(run("--json", "--category", "warranty"))) == 1
    assert json.loads(run("--json", "--category", "")) == []
    assert run("--category", "price_rise") == "No case is of this kind of complaint.\n"


def test_who_has_a_number_is_asked_anew_from_the_terminal(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    with pytest.raises(Refused, match="VOICEBOT_CUSTOMER_LOOKUP_URL"):
        run("look-up", case)
    named = {"VOICEBOT_CUSTOMER_LOOKUP_URL": "https://books.example/who?number={number}"}
    asked = CliRunner().invoke(tickets, ["look-up", case], env=named, catch_exceptions=False)
    assert (asked.exit_code, "The worker asks within seconds" in asked.output) == (0, True)
