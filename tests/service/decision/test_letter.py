"""Whom the letter about a late decision reaches, and of whom the owner learns why it does not."""

from dataclasses import replace

import pytest

from tests.service.decision.deciding import DUE, called_case, pass_until, texts
from tests.service.lines import Line
from voicebot.domain.call import CallEnd
from voicebot.service.call.turn import end_call


def why_none(line: Line, ticket_id: str) -> list[str]:
    """Return why no letter could be sent, as the owner reads it."""
    with line.work() as work:
        history = work.tickets.history(ticket_id)
    return [entry.after for entry in history if entry.verb == "text_impossible" and "decision_late" in entry.before]


@pytest.mark.requirement("S2-19")
def test_the_letter_says_sorry_and_names_a_new_date(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE)
    (letter,) = texts(line, case, "sms_decision_late")
    assert "We are sorry" in letter.body
    assert "New date:" in letter.body
    assert case.pin not in letter.body


def test_who_wants_no_texts_gets_none_and_the_owner_reads_why(line: Line) -> None:
    case = called_case(line)
    with line.work() as work:
        work.tickets.save(replace(case, may_text=False))
        work.commit()
    pass_until(line, DUE)
    assert texts(line, case, "sms_decision_late") == []
    assert why_none(line, case.id) == ["no texts: not wanted"]


def test_who_told_us_nothing_is_not_written_to_about_a_decision(line: Line) -> None:
    answer = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    pass_until(line, DUE)
    assert why_none(line, answer.call.ticket_id) == ["nothing was told that could be decided"]
