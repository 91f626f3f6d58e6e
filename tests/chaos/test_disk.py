"""Disks are full while callers talk: spool, audio store, database. Nothing is lost, and it goes on by itself."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from tests.calls.conftest import OpenHouse
from tests.calls.house import House
from tests.chaos.disk import FileLimit
from tests.chaos.quarters import Quarters
from tests.chaos.report import differing
from voicebot.errors import Unavailable

PACE = 6.0
FULL_FOR_S = 30.0
"""Of line time."""
MOST_PAGES = 1_073_741_823


@contextmanager
def full_database(house: House) -> Iterator[None]:
    """Let SQLite take no further page: it then says `database or disk is full` by itself."""
    limit = {"pages": 1}

    def apply(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {limit['pages']}")

    event.listen(house.engine, "begin", apply)
    yield
    limit["pages"] = MOST_PAGES
    house.engine.dispose()


@contextmanager
def full_audio(house: House) -> Iterator[None]:
    """Let the audio store refuse every voice."""
    audio = house.hotline.audio
    whole = audio.put

    def refuse(key: str, wav: bytes) -> None:
        raise Unavailable("cannot store audio: is the disk full?")

    object.__setattr__(audio, "put", refuse)
    yield
    object.__setattr__(audio, "put", whole)


@contextmanager
def full_spool(house: House) -> Iterator[None]:
    """Let the spool refuse every piece of voice."""
    spool = house.hotline.spool
    whole = spool.append

    def refuse(name: str, frames: bytes) -> None:
        raise Unavailable("storing a caller's audio: the disk refused")

    object.__setattr__(spool, "append", refuse)
    yield
    object.__setattr__(spool, "append", whole)


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("full", [full_database, full_audio], ids=["database", "audio"])
def test_a_full_disk_during_a_story_loses_nobody_and_no_word(open_house: OpenHouse, speech_dir: Path, full) -> None:  # type: ignore[no-untyped-def]
    quarters = _talk_while(open_house(pace=PACE), speech_dir, full)
    assert differing(quarters.settle()) == []


@pytest.mark.requirement("S0-11")
def test_with_a_full_spool_the_question_is_asked_again_and_the_carrier_records(
    open_house: OpenHouse, speech_dir: Path
) -> None:
    house = open_house(pace=PACE)
    quarters = _talk_while(house, speech_dir, full_spool)
    house.work_off()
    assert house.carrier.ledger.recordings == {}, "what the carrier recorded is with us"
    told = [each for each in differing(quarters.settle(patience_s=1)) if "seconds of voice" not in each]
    assert told == [], "but for what was said into a full spool, which was asked again"


def _talk_while(house: House, speech_dir: Path, full) -> Quarters:  # type: ignore[no-untyped-def]
    quarters = Quarters(house, speech_dir, pace=PACE)
    with quarters.worker():
        guests = [quarters.crowd.ring(kind) for kind in ("leaver", "keys")]
        house.wait_for(lambda: "ask_story" in guests[0].call.heard, "the story to be asked")
        with full(house):
            clock = quarters.carrier.clock
            clock.sleep_until(clock.elapsed_s() + FULL_FOR_S)
        quarters.crowd.wait(170)
        house.await_calls_ended()
    return quarters


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
