"""The company's customers as rows, on both databases: found by their numbers, and cases are found by their names."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.adapters.store.test_case_words import found
from tests.builders import MONDAY_TEN, a_call, a_promise, a_ticket
from tests.customers import a_customer
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.customer_lookup import Lookup
from voicebot.domain.promise import PromiseState
from voicebot.domain.retention import RetentionClass
from voicebot.service.ports import ImportedCustomer

Works = Callable[[], SqlUnitOfWork]
HOME, MOBILE = "+12025550143", "+12025550177"
MARY = a_customer(numbers=(HOME, MOBILE))
OLGA = a_customer(id="#CD-9", name="Olga Lamm", order_number="CD-9", numbers=(MOBILE,))
LATER = MONDAY_TEN + timedelta(days=1)


@pytest.mark.requirement("S0-15")
def test_a_number_leads_to_each_of_its_customers_as_they_are_now(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.customers.keep([MARY, OLGA], MONDAY_TEN)
        work.commit()
    with unit_of_work() as work:
        assert list(work.customers.of_numbers([HOME])) == [ImportedCustomer(customer=MARY, imported_at=MONDAY_TEN)]
        assert [each.customer for each in work.customers.of_numbers([HOME, MOBILE])] == [MARY, OLGA]
        assert work.customers.some(["#CD-9", "#none"]) == {"#CD-9": OLGA}
        maria = a_customer(name="Maria Ruiz")
        work.customers.keep([maria], LATER)
        assert [each.customer for each in work.customers.of_numbers([MOBILE])] == [OLGA]
        assert list(work.customers.of_numbers([HOME])) == [ImportedCustomer(customer=maria, imported_at=LATER)]
        assert list(work.customers.of_numbers([])) == []


@pytest.mark.requirement("S1-01")
def test_a_case_is_found_by_what_the_books_say_of_its_numbers_until_they_or_it_are_gone(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(complainant_number=MOBILE))
        work.calls.add(a_call(ticket_id="ticket-1", caller_number=HOME))
        work.commit()
    assert found(unit_of_work, "mary") == []
    with unit_of_work() as work:
        work.customers.keep([MARY, OLGA], MONDAY_TEN)
        work.commit()
    assert found(unit_of_work, "mary ab-17") == found(unit_of_work, "olga cd-9") == ["ticket-1"]
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="ticket-2", case_number="482913764", complainant_number=HOME))
        work.commit()
    assert found(unit_of_work, "ruiz") == ["ticket-2", "ticket-1"], "a case that is opened later is found, too"
    with unit_of_work() as work:
        work.customers.keep([a_customer(name="Maria")], LATER)
        work.retention.erase("ticket-2", RetentionClass.NUMBERS, LATER)
        work.commit()
    assert (found(unit_of_work, "mary"), found(unit_of_work, "maria")) == ([], ["ticket-1"])
    with unit_of_work() as work:
        assert work.customers.forget_numbers([HOME]) == 1
        work.commit()
    assert (found(unit_of_work, "maria"), found(unit_of_work, "olga")) == ([], ["ticket-1"])


def test_customers_whom_no_import_names_any_more_go(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.customers.keep([MARY, OLGA], MONDAY_TEN)
        work.customers.seen(["#CD-9"], LATER)
        assert work.customers.count_before(LATER) == 1
        assert (work.customers.forget_before(LATER, 10), work.customers.forget_before(LATER, 10)) == (1, 0)
        assert [each.customer for each in work.customers.of_numbers([HOME, MOBILE])] == [OLGA]


@pytest.mark.requirement("S0-15")
def test_due_is_what_somebody_waits_for_what_is_new_and_what_is_old_before_a_call(unit_of_work: Works) -> None:
    now, long_ago = MONDAY_TEN, MONDAY_TEN - timedelta(days=3)
    old = {"opened_at": long_ago, "complainant_number": HOME}
    cases = {
        "waits": old,
        "new": {"opened_at": now - timedelta(minutes=59), "complainant_number": HOME},
        "no-number": {"opened_at": now, "complainant_number": None},
        "joined": {"opened_at": now, "complainant_number": HOME, "merged_into": "new"},
        "asked": {"opened_at": now, "complainant_number": HOME},
        "long-over": old,
        **dict.fromkeys(("call-soon", "call-soon-fresh", "call-soon-waits", "call-later", "call-kept"), old),
    }
    soon = {"window_opens_at": now + timedelta(minutes=15), "window_closes_at": now + timedelta(hours=2)}
    later = soon | {"window_opens_at": now + timedelta(minutes=16)}
    with unit_of_work() as work:
        for at, (name, changes) in enumerate(cases.items()):
            work.tickets.add(a_ticket(id=name, case_number=f"{482913700 + at}", **changes))
        for name in ("call-soon", "call-soon-fresh", "call-soon-waits"):
            work.promises.add(a_promise(id=name, ticket_id=name, **soon))
        work.promises.add(a_promise(id="later", ticket_id="call-later", **later))
        work.promises.add(a_promise(id="kept", ticket_id="call-kept", state=PromiseState.KEPT, **soon))
        for name in ("asked", "call-soon", "call-soon-fresh"):
            work.customers.keep_lookup(Lookup(ticket_id=name).answered(now - timedelta(days=1)))
        work.customers.keep_lookup(Lookup(ticket_id="call-soon-fresh").answered(now))
        work.customers.keep_lookup(Lookup(ticket_id="call-soon-waits").failed(now))
        work.customers.keep_lookup(Lookup(ticket_id="waits").wanted(now))
        work.commit()
    with unit_of_work() as work:
        assert list(work.customers.to_look_up(now, 10)) == ["call-soon", "waits", "new"]
        assert list(work.customers.to_look_up(now, 1)) == ["call-soon"]
        assert work.customers.lookup_of("call-soon-waits") == Lookup(ticket_id="call-soon-waits").failed(now)
        assert work.customers.lookup_of("new") == Lookup(ticket_id="new")
