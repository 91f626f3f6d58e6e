"""The document of a case that is opened in one transaction is the one that is read of it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.builders import MONDAY_TEN, a_call, a_history_entry, a_ticket, an_answer, an_sms
from tests.case_fields import a_field_entry
from tests.customers import a_customer
from tests.statements import statements_of
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.adapters.store.tables.case_words import case_words

Maker = Callable[[], SqlUnitOfWork]
NUMBER, OTHER = "+12025551020", "+4420712345678"


def begin(work: SqlUnitOfWork) -> None:
    """Open a case with a bit of everything that comes with a call or a text."""
    work.tickets.add(a_ticket(id="new", case_number="482719300", pin="1199", complainant_number=NUMBER))
    work.calls.add(a_call(id="c1", ticket_id="new", caller_number=NUMBER))
    work.tickets.add_answer(an_answer(id="a1", call_id="c1", ticket_id="new", text="parcel, code 8558 or 1199"))
    work.tickets.note(a_history_entry(ticket_id="new", verb="note_written", after="Refund agreed"))
    work.tickets.note(a_history_entry(ticket_id="new", verb="ticket_opened", after="machinery"))
    for number, purpose in enumerate(("call_end:new", "call_end:new", "warning:p:w:owner_1")):
        work.sms.add(an_sms(id=f"s{number}", ticket_id="new", purpose=purpose, body=f"body{number} 1199"))
    work.tickets.save(replace(_new(work), problem="It came broken"))


def _new(work: SqlUnitOfWork) -> Any:
    ticket = work.tickets.get("new")
    assert ticket is not None
    return ticket


def _kept(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(select(case_words.c.words).where(case_words.c.ticket_id == "new")))


def _read_anew(unit_of_work: Maker, engine: Engine) -> str:
    with unit_of_work() as work:
        work.search.index("new")
        work.commit()
    return _kept(engine)


def test_what_was_written_with_a_new_case_is_not_read_for_its_words(unit_of_work: Maker, engine: Engine) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="old", case_number="1", pin="8558", complainant_number=NUMBER, problem=""))
        work.commit()
    with unit_of_work() as work:
        begin(work)
        with statements_of(engine) as sent:
            work.commit()
    assert [statement.split()[2] for statement in sent] == ["history", "case_words"]
    words = _kept(engine)
    assert {"parcel", "refund", "body0", "broken", "§02015552021", "482719300"} <= set(words.split())
    assert not {"8558", "1199", "machinery", "body1", "body2"} & set(words.split())
    assert _read_anew(unit_of_work, engine) == words


def keyed(work: SqlUnitOfWork) -> None:
    work.calls.add(a_call(id="c2", ticket_id="new", carrier_call_id="CA9", caller_number=OTHER))


def written_down(work: SqlUnitOfWork) -> None:
    work.fields.add(a_field_entry(ticket_id="new", value="Maria"))


def renumbered(work: SqlUnitOfWork) -> None:
    work.tickets.save(replace(_new(work), complainant_number=OTHER))


def came_from_another(work: SqlUnitOfWork) -> None:
    work.tickets.add(a_ticket(id="second", case_number="2", complainant_number=None))
    work.tickets.add_answer(an_answer(id="a2", call_id="c2", ticket_id="second", text="kettle"))
    answer = work.tickets.answer("a2")
    assert answer is not None
    work.tickets.save_answer(replace(answer, ticket_id="new"))


def opened_with_another(work: SqlUnitOfWork) -> None:
    work.tickets.add(a_ticket(id="second", case_number="2", pin="8558", complainant_number=NUMBER))


def another_joined_it(work: SqlUnitOfWork) -> None:
    work.tickets.add(a_ticket(id="second", case_number="2", pin="8558", complainant_number=None, merged_into="new"))


def known_from_the_books(work: SqlUnitOfWork) -> None:
    work.customers.keep([a_customer(numbers=(NUMBER,))], MONDAY_TEN)


MORE = (
    keyed,
    written_down,
    renumbered,
    came_from_another,
    opened_with_another,
    another_joined_it,
    known_from_the_books,
)


@pytest.mark.parametrize("more", MORE)
def test_what_its_rows_do_not_say_by_themselves_is_read(
    unit_of_work: Maker, engine: Engine, more: Callable[[SqlUnitOfWork], None]
) -> None:
    with unit_of_work() as work:
        begin(work)
        more(work)
        work.commit()
    written = _kept(engine)
    assert _read_anew(unit_of_work, engine) == written
