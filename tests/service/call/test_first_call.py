"""The first caller waits no longer than the next, and the rehearsal leaves nothing behind."""

import structlog
from sqlalchemy import Engine, MetaData, func, select
from structlog.testing import capture_logs

from tests.databases import url_of
from tests.fakes import FakeRecognisers
from tests.service.lines import Line
from voicebot.adapters.store import open_engine
from voicebot.service.call.first_call import rehearse_first_call


def _rows(line: Line, url: str) -> dict[str, int]:
    engine, found = open_engine(url), MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        rows = {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in found.tables.items()
        }
    engine.dispose()
    return rows


def test_a_rehearsal_goes_to_the_end_of_a_call_and_keeps_nothing_of_it(
    line_on_both: Line, migrated_engine: Engine
) -> None:
    line, url = line_on_both, url_of(migrated_engine)
    before = _rows(line, url)
    named = structlog.contextvars.get_contextvars()
    with capture_logs() as log:
        rehearse_first_call(line.hotline)
    assert _rows(line, url) == before
    assert (line.jobs_waiting, line.sender.sent, log) == ([], [], [])
    assert [recogniser.is_finished for recogniser in line.recognisers.made] == [True]
    assert (line.recognisers.taken, structlog.contextvars.get_contextvars()) == (0, named)


def test_the_first_caller_after_it_is_answered_as_ever(line: Line) -> None:
    rehearse_first_call(line.hotline)
    answer = line.told_call()
    assert line.ticket(answer).case_number


def test_what_cannot_be_rehearsed_is_no_reason_not_to_start(line: Line) -> None:
    line.recognisers.fails_after_s = 0
    with capture_logs() as log:
        rehearse_first_call(line.hotline)
    assert [entry["event"] for entry in log] == ["not_rehearsed"]


def test_where_no_model_hears_the_language_the_call_alone_is_rehearsed(line: Line) -> None:
    class Deaf(FakeRecognisers):
        def supports(self, locale: str) -> bool:
            return False

    line.use(recognisers=Deaf())
    with capture_logs() as log:
        rehearse_first_call(line.hotline)
    assert (line.recognisers.made, log) == ([], [])
