"""What was erased is taken out of the files, on both databases, and what stays is still there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import sleep

from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.adapters.store.conftest import NoJobs
from tests.adapters.store.test_case_words import found
from tests.builders import MONDAY_TEN, a_ticket
from tests.databases import copy_of
from voicebot.adapters.store import SqlUnitOfWork, open_engine, open_reader, open_store
from voicebot.adapters.store.scrub import clear_erased, scrub
from voicebot.domain.retention import RetentionClass


def test_what_stays_is_found_after_it(engine: Engine, unit_of_work: Callable[[], SqlUnitOfWork]) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(problem="the kettle whistles"))
        work.commit()
    clear_erased(engine)
    scrub(engine)
    assert found(unit_of_work, "whistles") == ["ticket-1"]


WORDS = (b"zanzibar", b"quokkas", b"2025550199")


def _left_in(folder: Path) -> dict[str, set[bytes]]:
    files = [path for path in folder.iterdir() if path.name.startswith("erased.db")]
    return {path.name: {word for word in WORDS if word in path.read_bytes().lower()} for path in files}


def test_what_was_erased_lies_in_no_file_of_the_database_while_it_is_in_use(
    migrated_file: Path, tmp_path: Path
) -> None:
    """Words of many cases, so that their rows fill pages of their own, and are erased one after the other."""
    engine = copy_of(migrated_file, tmp_path / "erased.db")
    made, story = open_store(engine, NoJobs), "my quokkas from zanzibar " * 40
    with made() as work:
        for number in range(40):
            of_one = a_ticket(id=f"t{number}", case_number=f"{number:09}", problem=story)
            work.tickets.add(replace(of_one, complainant_number="+12025550199"))
        work.commit()
    assert set().union(*_left_in(tmp_path).values()) == set(WORDS)
    for number in range(40):
        with made() as work:
            for kind in RetentionClass:
                work.retention.erase(f"t{number}", kind, MONDAY_TEN)
            work.commit()
    serving = engine.raw_connection()
    clear_erased(engine)
    left = _left_in(tmp_path)
    serving.close()
    assert not any(left.values()), left
    assert len(left) > 1, "the engine is open, with its log beside it"
    with made() as work:
        assert work.tickets.by_case_number("000000007") is not None, "cases are counted still"
    engine.dispose()


def test_it_is_put_off_while_a_reader_keeps_the_log_and_done_after_the_next_erasure(
    migrated_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "erased.db"
    engine, reader = copy_of(migrated_file, path), open_reader(f"sqlite:///{path}")
    with reader.connect() as looking, capture_logs() as lines:
        looking.exec_driver_sql("SELECT count(*) FROM tickets").scalar()
        with open_store(engine, NoJobs)() as work:
            work.tickets.add(a_ticket(problem="quokkas"))
            work.commit()
        clear_erased(engine)
        assert [line["event"] for line in lines] == ["erased_data_left_in_files"]
    clear_erased(engine)
    assert (tmp_path / "erased.db-wal").stat().st_size == 0
    engine.dispose()
    reader.dispose()


def test_nobody_who_writes_waits_for_those_who_read_the_log(migrated_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "erased.db"
    engine, reader = copy_of(migrated_file, path), open_reader(f"sqlite:///{path}")
    hasty, number = open_engine(f"sqlite:///{path}", busy_timeout_ms=500), 0
    with reader.connect() as looking, ThreadPoolExecutor() as beside:
        looking.exec_driver_sql("SELECT count(*) FROM tickets").scalar()
        clearing = None
        while clearing is None or not clearing.done():
            with open_store(hasty, NoJobs)() as work:
                work.tickets.add(a_ticket(id=f"t{number}", case_number=f"{number:09}"))
                work.commit()
            clearing, number = clearing or beside.submit(clear_erased, engine), number + 1
            sleep(0.05)
    for each in (engine, reader, hasty):
        each.dispose()
