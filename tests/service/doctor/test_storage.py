"""Database, disks, audio store and spool: fine, tight, broken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN
from tests.fakes import FakeSpool
from tests.fakes_doctor import FakeInspection, FakeMachine
from tests.fakes_outside import FakeAudioStore, FakeIds
from tests.service.doctor.verdicts import BROKEN, DOUBT, FINE, only, verdicts
from tests.service.lines import Line
from voicebot.errors import Unavailable
from voicebot.service.doctor import storage
from voicebot.service.ports import HeldThere


def test_ready_database_takes_a_write_and_keeps_nothing_of_it(line_on_both: Line) -> None:
    line = line_on_both
    verdict, words = only(storage.database(FakeInspection(), line.hotline.unit_of_work))
    assert (verdict, "takes writes" in words) == (FINE, True)
    with line.work() as work:
        assert work.definitions.get(storage.PROBE_DIGEST) is None


@pytest.mark.parametrize(
    ("changes", "verdict", "cure"),
    [
        ({"migration": ""}, BROKEN, "voicebot release"),
        ({"migration": "0001"}, BROKEN, "voicebot release"),
        ({"has_job_tables": False}, BROKEN, "voicebot database migrate"),
        ({"journal_mode": "delete"}, DOUBT, "local disk"),
        ({"kind": "PostgreSQL", "journal_mode": ""}, FINE, "takes writes"),
    ],
)
def test_database_that_is_not_ready_is_told_with_its_cure(
    line: Line, changes: dict[str, object], verdict: str, cure: str
) -> None:
    found, words = only(storage.database(FakeInspection(**changes), line.hotline.unit_of_work))
    assert (found, cure in words) == (verdict, True), words


def test_database_that_takes_no_write_is_broken() -> None:
    def locked() -> None:
        raise Unavailable("the database did not answer: it is away, locked or full")

    verdict, words = only(storage.database(FakeInspection(), locked))  # type: ignore[arg-type]
    assert (verdict, "cannot be written" in words) == (BROKEN, True)


def test_disks_are_judged_by_the_room_left() -> None:
    assert only(storage.disk(FakeMachine(free_gb=(50.0, 20.0)))) == (
        FINE,
        "20.0 GB free for thing 1, and no less elsewhere",
    )
    assert verdicts(storage.disk(FakeMachine(free_gb=(50.0, 1.0, 0.1)))) == [DOUBT, BROKEN]
    assert only(storage.disk(FakeMachine(free_gb=(0.1,))))[1].startswith("only 0.1 GB free for thing 0 (/disk0)")
    assert verdicts(storage.disk(FakeMachine(free_gb=()))) == [FINE]


def test_audio_store_keeps_a_probe_and_nothing_stays_behind() -> None:
    store = FakeAudioStore()
    assert verdicts(storage.audio(store, FakeIds())) == [FINE]
    assert store.files == {}


def test_audio_store_that_refuses_or_changes_what_it_gets_is_broken() -> None:
    class Full(FakeAudioStore):
        def put(self, key: str, wav: bytes) -> None:
            raise Unavailable("cannot store audio: is the disk full?")

    class Torn(FakeAudioStore):
        def get(self, key: str) -> bytes:
            return super().get(key)[:10]

    assert "is the disk full" in only(storage.audio(Full(), FakeIds()))[1]
    torn = Torn()
    assert only(storage.audio(torn, FakeIds()))[0] == BROKEN
    assert torn.files == {}


def test_spool_keeps_a_probe_and_nothing_stays_behind() -> None:
    spool = FakeSpool()
    assert verdicts(storage.spool(spool, FakeIds())) == [FINE]
    assert spool.files == {}


def test_spool_that_refuses_or_loses_is_broken() -> None:
    class Full(FakeSpool):
        def append(self, name: str, frames: bytes) -> None:
            raise Unavailable("the disk refused")

    class Forgetful(FakeSpool):
        def append(self, name: str, frames: bytes) -> None:
            self.files[name] = frames

    assert only(storage.spool(Full(), FakeIds()))[0] == BROKEN
    assert "came back changed" in only(storage.spool(Forgetful(), FakeIds()))[1]


def test_a_machine_that_is_away_with_voices_is_named() -> None:
    holding = HeldThere(folder_id="b", host="second", seen_at=MONDAY_TEN, voices=3, calls=1, erasures=0)
    later = MONDAY_TEN + storage.AWAY_AFTER + timedelta(seconds=1)
    assert verdicts(storage.folders([holding], own="a", now=MONDAY_TEN)) == [FINE]
    assert verdicts(storage.folders([holding], own="b", now=later)) == [FINE]
    empty = replace(holding, voices=0, calls=0)
    assert verdicts(storage.folders([empty], own="a", now=later)) == [FINE]
    verdict, found = only(storage.folders([holding], own="a", now=later))[:2]
    assert (verdict, "on second" in found, "3 voices" in found) == (DOUBT, True, True)
    never = only(storage.folders([replace(holding, folder_id="", seen_at=None)], own="a", now=later))
    assert "unnamed (never seen)" in never[1]
