"""Disks are full while callers talk: spool, audio store, database. Nothing is lost, and it goes on by itself."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import Connection, Engine, ExceptionContext, event

from tests.calls.conftest import OpenHouse
from tests.calls.house import House
from tests.chaos.crowd import Guest
from tests.chaos.disk import FileLimit
from tests.chaos.fitted_ports import with_filling_disks
from tests.chaos.quarters import Quarters, open_quarters
from tests.chaos.report import differing
from voicebot.simulator.line import Happening

pytestmark = pytest.mark.heavy

MOST_PAGES = 1_073_741_823


class Filling(Protocol):
    """What can be full."""

    is_full: bool
    refused: int
    """How often it was asked while full."""


class FillingDatabase:
    """SQLite that takes no further page while full: it then says `database or disk is full` by itself."""

    def __init__(self, engine: Engine) -> None:
        self.is_full = False
        self.refused = 0
        event.listen(engine, "begin", self._limit)
        event.listen(engine, "handle_error", self._count)

    def _limit(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if self.is_full else MOST_PAGES}")

    def _count(self, context: ExceptionContext) -> None:
        self.refused += "disk is full" in str(context.original_exception)


def the_database(house: House) -> Filling:
    """Return the house's database, which can be full from now on."""
    return FillingDatabase(house.engine)


def the_audio_store(house: House) -> Any:
    """Return the house's audio store, fitted to be full."""
    return house.hotline.audio


@contextmanager
def full(disk: Filling) -> Iterator[None]:
    """Let it be full."""
    disk.is_full = True
    try:
        yield
    finally:
        disk.is_full = False


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("disk_of", [the_database, the_audio_store], ids=["database", "audio"])
def test_a_full_disk_during_a_story_loses_nobody_and_no_word(
    open_house: OpenHouse, speech_dir: Path, disk_of: Callable[[House], Filling]
) -> None:
    quarters = open_quarters(open_house, speech_dir, fitted=with_filling_disks)
    _talk_while_full(quarters, disk_of(quarters.house), ("leaver", "keys"))
    assert differing(quarters.settle()) == []


@pytest.mark.requirement("S0-11")
def test_with_a_full_spool_the_question_is_asked_again_and_the_carrier_records(
    open_house: OpenHouse, speech_dir: Path
) -> None:
    quarters = open_quarters(open_house, speech_dir, fitted=with_filling_disks)
    *_, teller = _talk_while_full(quarters, quarters.house.hotline.spool, ("leaver", "keys", "teller"))
    assert teller.begun.count("ask_story") > 1
    assert Happening.RECORDED in {each.kind for each in teller.call.transcript}
    told = differing(quarters.settle(but_for="seconds of voice heard and kept"))
    assert told == [], "but for what was said into a full spool, which was asked again"


def _talk_while_full(quarters: Quarters, disk: Filling, kinds: tuple[str, ...]) -> list[Guest]:
    """Let the disk be full from the question for the first caller's story until the end of that call was told."""
    house = quarters.house
    with quarters.worker():
        guests = [quarters.crowd.ring(kind) for kind in kinds]
        house.wait_for(lambda: "ask_story" in guests[0].begun, "the story to be asked")
        with full(disk):
            house.wait_for(lambda: disk.refused > 0 and _is_end_told(quarters, guests[0]), "a story to be refused")
        quarters.crowd.wait(120)
        house.await_calls_ended()
    return guests


def _is_end_told(quarters: Quarters, guest: Guest) -> bool:
    return any(delivery.subject == guest.call.sid for delivery in quarters.carrier.callbacks)


def test_where_no_disk_may_be_mounted_a_limit_on_files_stands_in_and_is_lifted_again(tmp_path: Path) -> None:
    code = (
        "import sys\nfor path in sys.stdin:\n"
        "    try: print(open(path.strip(), 'wb', buffering=0).write(b'x' * 10_000), flush=True)\n"
        "    except OSError: print('refused', flush=True)\n"
    )
    command = (sys.executable, "-c", code)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        took = []
        for name, change in (("a", None), ("b", FileLimit().fill), ("c", FileLimit().free)):
            if change is not None:
                change([process.pid])
            print(tmp_path / name, file=process.stdin, flush=True)
            took.append(process.stdout.readline().strip())
        process.stdin.close()
    assert took == ["10000", "4096", "10000"], "a full disk takes a part, and what follows nothing"
