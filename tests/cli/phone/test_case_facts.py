"""What the page shows of a call's case, without the code that goes by text alone."""

import shutil
from pathlib import Path

from tests.builders import a_call, a_promise, a_ticket
from voicebot.adapters.store import open_engine, open_store
from voicebot.cli.phone.case_facts import CaseReader
from voicebot.domain.case_number import written


def test_a_case_is_shown_as_it_grows_and_its_code_never(migrated_file: Path, tmp_path: Path) -> None:
    database = tmp_path / "voicebot.db"
    shutil.copy(migrated_file, database)
    url = f"sqlite:///{database}"
    engine = open_engine(url)
    store = open_store(engine, lambda connection: None)
    with CaseReader(url) as reader:
        assert reader.read(a_call().carrier_call_id) is None
        with store() as work:
            work.tickets.add(a_ticket(problem="my kettle leaks", pin="8093"))
            work.calls.add(a_call())
            work.commit()
        opened = reader.read(a_call().carrier_call_id)
        assert opened is not None
        assert (opened.number, opened.problem) == (written(a_ticket().case_number), "my kettle leaks")
        assert (opened.promise, opened.window) == ("", None)
        assert "8093" not in str(opened.told())
        with store() as work:
            work.promises.add(a_promise())
            work.commit()
        promised = reader.read(a_call().carrier_call_id)
        assert promised is not None
        assert promised.promise == a_promise().words
        assert promised.window == (a_promise().window_opens_at.isoformat(), a_promise().window_closes_at.isoformat())
    engine.dispose()


def test_a_database_that_is_not_there_yet_shows_no_case(tmp_path: Path) -> None:
    with CaseReader(f"sqlite:///{tmp_path / 'none.db'}") as reader:
        assert reader.read("CA1") is None
