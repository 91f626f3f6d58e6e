"""Private numbers as they were said, at the terminal."""

import pytest

from tests.cli.test_ticket import begins_at, run
from tests.service.lines import Line
from voicebot.domain.access import AccessKind

__all__ = ["begins_at"]


def test_who_says_why_sees_it_and_both_the_reason_and_the_look_are_kept(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    told = line.say(line.reach("ask_story"), "pay it to 4242 4242 4242 4242 please")
    ticket = line.ticket(told)
    assert "pay it to [card number] please" in run("show", ticket.case_number)
    shown = run("original", ticket.case_number, "--reason", "they doubt the digits", "--by", "supervisor_1")
    assert "pay it to 4242 4242 4242 4242 please" in shown
    with line.work() as work:
        kinds = [(each.staff_id, each.kind) for each in work.accesses.of_ticket(ticket.id)]
    assert ("supervisor_1", AccessKind.ORIGINAL) in kinds
    history = run("show", ticket.case_number)
    assert "they doubt the digits" in history


def test_who_opened_it_says_that_a_number_is_an_order_and_takes_that_back(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    ticket = line.ticket(line.say(line.reach("ask_story"), "pay it to 4242 4242 4242 4242 please"))
    by, number = ("--by", "supervisor_1"), ("--number", "4242424242424242")
    run("original", ticket.case_number, "--reason", "they doubt the digits", *by)
    assert "shown from now on" in run("unmask", ticket.case_number, *number, "--reason", "an order", *by)
    assert "pay it to 4242 4242 4242 4242 please" in run("show", ticket.case_number)
    assert "Masked again" in run("unmask", ticket.case_number, *number, "--again", "--reason", "a card", *by)
    assert "pay it to [card number] please" in run("show", ticket.case_number)
