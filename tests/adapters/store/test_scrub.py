"""What was erased is taken out of the files, on both databases, and what stays is still there."""

from collections.abc import Callable

from sqlalchemy import Engine

from tests.adapters.store.test_case_words import found
from tests.builders import a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.adapters.store.scrub import scrub


def test_what_stays_is_found_after_it(engine: Engine, unit_of_work: Callable[[], SqlUnitOfWork]) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(problem="the kettle whistles"))
        work.commit()
    scrub(engine)
    assert found(unit_of_work, "whistles") == ["ticket-1"]
