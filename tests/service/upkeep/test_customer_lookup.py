"""Who has a case's number is asked once by the worker, kept with its time, and what fails is said and slows nobody."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from structlog.testing import capture_logs

from tests.customers import FakeCustomerSource, a_customer
from tests.service.lines import CALLER, Line, finds
from voicebot.domain.customer import Customer
from voicebot.domain.customer_lookup import MOST_TRIES, Lookup
from voicebot.service.background.sweeps import run_due
from voicebot.service.hotline import Hotline
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.upkeep.customer_lookup import look_up, lookups_due

MARY = a_customer(id=f"@{CALLER}", numbers=(CALLER,))


def asking(line: Line, source: FakeCustomerSource) -> Hotline:
    return replace(line.hotline, customer_source=source)


def verbs(view: CaseView) -> list[str]:
    return [entry.verb for entry in view.history if entry.verb.startswith("customer_")]


@pytest.mark.requirement("S0-15")
def test_a_new_case_is_looked_up_once_and_shows_who_it_is_with_the_time(line_on_both: Line) -> None:
    line, source = line_on_both, FakeCustomerSource(MARY)
    case = line.ticket(line.told_call()).case_number
    with capture_logs() as logs:
        for _ in range(2):
            run_due(asking(line, source))
    assert source.asked == [CALLER]
    view = view_case(line.hotline, case)
    assert [(each.customer, each.imported_at) for each in view.customer.imported] == [(MARY, line.clock.now())]
    assert (view.customer.imported_name, verbs(view)) == ("Mary Ruiz", ["customer_looked_up"])
    assert CALLER not in str(logs)


def test_a_later_case_of_whom_the_books_no_longer_know_has_nobody(line: Line) -> None:
    line.told_call()
    run_due(asking(line, FakeCustomerSource(MARY)))
    line.step(minutes=5)
    case = line.ticket(line.told_call("CA2")).case_number
    run_due(asking(line, FakeCustomerSource()))
    assert view_case(line.hotline, case).customer.imported == ()


@pytest.mark.requirement("S0-15")
def test_what_fails_is_asked_again_by_itself_and_what_was_known_stays(line: Line) -> None:
    first = line.told_call()
    run_due(asking(line, FakeCustomerSource(MARY)))
    case = line.ticket(line.told_call("CA2")).case_number
    source = FakeCustomerSource(why_not="it comes too slowly")
    for _ in range(2):
        run_due(asking(line, source))
    view = view_case(line.hotline, case)
    assert (source.asked, verbs(view)) == ([CALLER], ["customer_not_found_out"])
    assert view.customer.imported_name == "Mary Ruiz"
    assert verbs(view_case(line.hotline, line.ticket(first).case_number)) == ["customer_looked_up"]
    source.why_not = ""
    line.step(minutes=2)
    for _ in range(2):
        run_due(asking(line, source))
    view = view_case(asking(line, source), case)
    assert (len(source.asked), verbs(view)[1:]) == (2, ["customer_looked_up"])
    assert view.customer.lookup == Lookup(ticket_id=view.ticket.id, asked_at=line.clock.now())


def test_nobody_is_asked_for_ever(line: Line) -> None:
    line.told_call()
    away = FakeCustomerSource(why_not="no answer")
    for _ in range(60):
        for each in finds(asking(line, away), lookups_due):
            look_up(asking(line, away), each)
        line.step(minutes=2)
    assert len(away.asked) == MOST_TRIES


def test_nobody_is_asked_without_a_system_or_a_number(line: Line) -> None:
    hidden, source = line.told_call("CA1", "anonymous"), FakeCustomerSource(MARY)
    assert finds(line.hotline, lookups_due) == ()
    look_up(line.hotline, line.ticket(hidden).id)
    look_up(asking(line, source), line.ticket(hidden).id)
    assert (source.asked, finds(asking(line, source), lookups_due)) == ([], ())


@dataclass
class Meanwhile:
    """Says who has a number after something else has happened."""

    happens: Callable[[], object]

    def find(self, number: str) -> Customer:
        """Return Mary."""
        self.happens()
        return MARY


def test_an_answer_for_a_number_that_the_case_no_longer_has_is_not_kept(line: Line) -> None:
    told = line.told_call()
    case = line.ticket(told)
    erased = Meanwhile(lambda: line.change_ticket(told, complainant_number=None))
    look_up(replace(line.hotline, customer_source=erased), case.id)
    with line.work() as work:
        assert (work.customers.of_numbers([CALLER]), work.customers.lookup_of(case.id).asked_at) == ([], None)
    corrected = Meanwhile(lambda: line.change_ticket(told, complainant_number="+12025550149"))
    line.change_ticket(told, complainant_number=CALLER)
    look_up(replace(line.hotline, customer_source=corrected), case.id)
    assert finds(replace(line.hotline, customer_source=corrected), lookups_due) == (case.id,), (
        "the new one is asked for"
    )
