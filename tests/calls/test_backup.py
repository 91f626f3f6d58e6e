"""The rehearsal of a restore: a hotline saved while it has cases, brought back elsewhere, and going on there."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.builders import at
from tests.databases import postgres_database
from tests.service.lines import CALLER, Line, a_policy_dir
from voicebot.adapters.audio_store import PathAudioStore
from voicebot.adapters.backup_file import check_file, whole_file
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.spool import FolderSpool
from voicebot.adapters.store import is_migrated, migrate, open_engine
from voicebot.adapters.store.dump import snapshot
from voicebot.cli.backup.make import BackupOptions, Installation, write_backup
from voicebot.cli.backup.restore import bring_back, check_is_empty, checked
from voicebot.domain.promise import PromiseState
from voicebot.domain.review import Span
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Refused
from voicebot.service.answer.unheard import voices_unheard
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_words import as_text, words_of_case
from voicebot.service.queries.search import find_cases
from voicebot.service.ticket.review import Reviewed, correct, undo
from voicebot.service.upkeep.after_restore import AfterRestore
from voicebot.service.upkeep.search_index import index_missing

FLOWS_DIR = Path(__file__).resolve().parents[2] / "flows"
WEDNESDAY_TEN = at("Wednesday 18 November 2026 10:00:00")


OpenSite = Callable[..., "Site"]


class Site:
    """A hotline with real files: database, audio store and spool in a folder of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        folder.mkdir(parents=True)
        self.engine: Engine = open_engine(database_url)
        self.audio, self.spool = PathAudioStore(str(folder / "audio")), FolderSpool(folder / "spool")
        flows = FlowFiles(FLOWS_DIR, a_policy_dir(folder / "policy"))
        self.line = Line(self.engine, flows, WEDNESDAY_TEN)
        self.line.use(audio=self.audio, spool=self.spool)
        self.installation = Installation(
            engine=self.engine, audio=self.audio, spool=self.spool, clock=self.line.clock, data_dir=folder
        )

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Read every row of every table."""
        with snapshot(self.engine) as rows:
            return {name: list(rows.rows(name)) for name in rows.names}


@pytest.fixture
def place(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> Iterator[OpenSite]:
    """Open hotlines on empty databases, or on ones that are migrated; each is closed with the test."""
    with ExitStack() as stack:

        def open_one(name: str, kind: str, *, is_migrated: bool = False) -> Site:
            url = f"sqlite:///{tmp_path / name}.db"
            if is_migrated and kind == "sqlite":
                shutil.copy(migrated_file, tmp_path / f"{name}.db")
            if kind == "postgresql":
                url = stack.enter_context(postgres_database(request.getfixturevalue("postgres")))
            site = Site(tmp_path / name, url)
            stack.callback(site.engine.dispose)
            if is_migrated:
                migrate(site.engine)
            return site

        yield open_one


@pytest.fixture(params=["sqlite"])
def site(request: pytest.FixtureRequest, place: OpenSite) -> Site:
    """A hotline with a case that was answered, one that waits, and a caller in the middle of a story."""
    site = place("here", request.param, is_migrated=True)
    line = site.line
    kept = line.told_call("CA1")
    line.settle()
    log_callback(line.hotline, line.ticket(kept).case_number, reason="a new parcel is on its way", actor="owner_1")
    line.told_call("CA2", "+12025550144")
    line.settle()
    line.say(line.go_to(line.ring("+12025550145", "CA3"), "ask_story"), "the driver left it in the rain")
    return site


@pytest.fixture(params=["sqlite"])
def elsewhere(request: pytest.FixtureRequest, place: OpenSite) -> Site:
    """An empty place."""
    return place("there", request.param)


ON_BOTH = pytest.mark.parametrize(
    ("site", "elsewhere"),
    [
        pytest.param("sqlite", "sqlite", marks=pytest.mark.long),
        ("sqlite", "postgresql"),
        ("postgresql", "sqlite"),
        pytest.param("postgresql", "postgresql", marks=pytest.mark.long),
    ],
    indirect=True,
)
"""Each database is read from, and brought back into."""


def of_others(rows: dict[str, list[dict[str, Any]]], ids: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Leave out the rows that have one of these ids anywhere."""
    return {name: [row for row in found if not ids & set(map(str, row.values()))] for name, found in rows.items()}


def without_new_plans(
    after: dict[str, list[dict[str, Any]]], before: dict[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Leave out the warnings planned for promises that were made since: they name their promise, and no case."""
    made = {row["id"] for row in after["promises"]} - {row["id"] for row in before["promises"]}
    return {**after, "climb_plan": [row for row in after["climb_plan"] if row["subject_id"] not in made]}


def unseen(names: Iterable[str], _what: str) -> Iterable[str]:
    """Show nothing."""
    return names


def saved(site: Site, path: Path, **options: bool) -> Path:
    """Write a backup."""
    with whole_file(path) as file:
        write_backup(site.installation, file, options=BackupOptions(**options), count=unseen)
    return path


def restored(site: Site, path: Path) -> AfterRestore:
    """Bring a backup back."""
    manifest = checked(path)
    check_is_empty(site.installation, path)
    return bring_back(site.line.hotline, site.installation, path, manifest=manifest, rest=None, count=unseen)


@ON_BOTH
def test_every_row_and_every_voice_comes_back_on_either_engine(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    before, there = site.rows(), elsewhere.line
    path = saved(site, tmp_path / "all.tar.gz")
    there.clock.at = site.line.clock.at
    report = restored(elsewhere, path)
    assert is_migrated(elsewhere.engine)
    assert len(report.ended) == 1
    # The call that lasted was laid to rest: its rows have changed, and no others.
    (lasted,) = (row for row in before["calls"] if row["carrier_call_id"] == "CA3")
    theirs = {lasted["id"], lasted["ticket_id"]}
    assert of_others(without_new_plans(elsewhere.rows(), before), theirs) == of_others(before, theirs)
    assert sum(map(len, of_others(before, theirs).values())) > 60
    voices = [row["audio_key"] for row in before["answers"] if row["audio_key"]]
    assert len(voices) == 4
    assert all(elsewhere.audio.get(key) == site.audio.get(key) for key in voices)
    assert [elsewhere.spool.read(name) for name in site.spool.names()] == [
        site.spool.read(name) for name in site.spool.names()
    ]


@ON_BOTH
@pytest.mark.requirement("S0-12")
def test_hotline_goes_on_where_it_came_back(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    path = saved(site, tmp_path / "all.tar.gz")
    line = elsewhere.line
    line.clock.at = site.line.clock.at
    line.sender.sent = list(site.line.sender.sent)
    line.ids.skip(5000)
    restored(elsewhere, path)
    used = {row["case_number"] for row in elsewhere.rows()["case_numbers"]}
    sent = len(line.sender.sent)
    line.sweep()
    assert len(line.sender.sent) == sent
    new = line.told_call("CA9", "+12025550199")
    assert line.ticket(new).case_number not in used
    for _ in range(20):
        line.step(minutes=30)
        line.sweep()
    with line.work() as work:
        states = {ticket.id: [p.state for p in work.promises.of_ticket(ticket.id)] for ticket in work.tickets.all()}
        voices = [answer.state for ticket in work.tickets.all() for answer in work.tickets.answers(ticket.id)]
    assert sum(PromiseState.BREACHED in each for each in states.values()) == 3
    assert sum(PromiseState.KEPT in each for each in states.values()) == 1
    assert set(voices) == {AnswerState.DONE}
    assert elsewhere.spool.names() == []


@pytest.mark.parametrize("elsewhere", ["postgresql"], indirect=True)
def test_what_reviewers_did_comes_back_and_is_found_and_taken_back_there(
    site: Site, elsewhere: Site, tmp_path: Path
) -> None:
    line, there = site.line, elsewhere.line
    (case, answer) = told_story(line, "CA2")
    what = Reviewed(answer_id=answer, span=Span(first=1, end=2), actor="owner_1")
    correct(line.hotline, case, what, text="fridge", why="heard twice")
    path = saved(site, tmp_path / "all.tar.gz")
    there.clock.at = line.clock.at
    restored(elsewhere, path)
    there.ids.skip(5000)
    index_missing(there.hotline)
    (found,) = find_cases(there.hotline, "fridge").cases
    assert found.found.case_number == case
    assert "my fridge came broken" in as_text(words_of_case(there.hotline, case))
    assert undo(there.hotline, case, answer_id=answer, number=1, actor="supervisor_1")
    assert "my parcel came broken" in as_text(words_of_case(there.hotline, case))
    with there.work() as work:
        assert voices_unheard(work, found.found.ticket_id) == ()


def told_story(line: Line, carrier_call_id: str) -> tuple[str, str]:
    """Return the number of a call's case and the id of its story."""
    with line.work() as work:
        call = work.calls.by_carrier_id(carrier_call_id)
        assert call is not None
        ticket = work.tickets.get(call.ticket_id)
        assert ticket is not None
        return ticket.case_number, work.tickets.answers(ticket.id)[0].id


def test_backup_without_voices_says_so(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    path = saved(site, tmp_path / "rows.tar.gz", has_audio=False)
    manifest = check_file(path)
    assert not manifest.has_audio
    assert manifest.count("audio/") == 0
    restored(elsewhere, path)
    assert len(elsewhere.rows()["answers"]) == 5


def test_voice_that_retention_deletes_meanwhile_is_noted(site: Site, tmp_path: Path) -> None:
    key = next(row["audio_key"] for row in site.rows()["answers"] if row["audio_key"])
    site.audio.delete(key)
    assert check_file(saved(site, tmp_path / "all.tar")).missing_audio == [key]


def test_voice_that_moved_from_the_spool_meanwhile_is_found_in_the_store(site: Site, tmp_path: Path) -> None:
    class MovingSpool(FolderSpool):
        def names(self) -> list[str]:
            """Let the worker store the voice just before the spool is looked into."""
            site.line.run_jobs()
            return list(super().names())

    moving = MovingSpool(tmp_path / "here" / "spool")
    installation = Installation(
        engine=site.engine, audio=site.audio, spool=moving, clock=site.line.clock, data_dir=tmp_path / "here"
    )
    with whole_file(tmp_path / "all.tar") as file:
        write_backup(installation, file, options=BackupOptions(), count=unseen)
    manifest = check_file(tmp_path / "all.tar")
    assert (manifest.count("audio/"), manifest.count("spool/"), manifest.missing_audio) == (5, 0, [])


def test_place_in_use_is_named_and_left_alone(site: Site, tmp_path: Path) -> None:
    path, before = saved(site, tmp_path / "all.tar"), site.rows()
    with pytest.raises(Refused, match="3 rows in tickets"):
        restored(site, path)
    assert site.rows() == before


def test_other_voices_under_the_same_names_are_left_alone(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    path = saved(site, tmp_path / "all.tar")
    key = next(row["audio_key"] for row in site.rows()["answers"] if row["audio_key"])
    elsewhere.audio.put(key, b"another voice")
    with pytest.raises(Refused, match="VOICEBOT_AUDIO_ROOT"):
        restored(elsewhere, path)
    elsewhere.audio.delete(key)
    elsewhere.spool.append("call-9-1.ulaw", b"\xff")
    with pytest.raises(Refused, match="VOICEBOT_DATA_DIR"):
        restored(elsewhere, path)
    assert elsewhere.audio.get(key) is None if elsewhere.audio.exists(key) else True


def test_restore_that_died_with_the_voices_half_there_can_be_run_again(
    site: Site, elsewhere: Site, tmp_path: Path
) -> None:
    path = saved(site, tmp_path / "all.tar")
    elsewhere.line.clock.at = site.line.clock.at

    def die(_names: Iterable[str], what: str) -> Iterable[str]:
        if what == "tables":
            raise KeyboardInterrupt
        return _names

    manifest = checked(path)
    with pytest.raises(KeyboardInterrupt):
        bring_back(elsewhere.line.hotline, elsewhere.installation, path, manifest=manifest, rest=None, count=die)
    restored(elsewhere, path)
    assert len(elsewhere.rows()["tickets"]) == 3


def test_key_that_passwords_need_comes_along_for_its_owner_alone(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    (tmp_path / "here" / "secret_key").write_text("a key of forty letters or so, kept by one")
    restored(elsewhere, saved(site, tmp_path / "all.tar"))
    key = tmp_path / "there" / "secret_key"
    assert key.read_text() == "a key of forty letters or so, kept by one"
    assert key.stat().st_mode & 0o777 == 0o600


RINGS_BEFORE_EACH = 6
"""Somebody rings before the first table, and before each sixth after it: with each, the calls took longest."""


def test_backup_of_a_line_that_talks_meanwhile_is_whole(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    def ring_meanwhile(names: Iterable[str], what: str) -> Iterator[str]:
        for number, name in enumerate(names):
            if what == "tables" and number % RINGS_BEFORE_EACH == 0:
                site.line.told_call(f"CB{number}", CALLER)
            yield name

    with whole_file(tmp_path / "all.tar") as file:
        write_backup(site.installation, file, options=BackupOptions(), count=ring_meanwhile)
    elsewhere.line.clock.at = site.line.clock.at
    restored(elsewhere, tmp_path / "all.tar")
    rows = elsewhere.rows()
    assert len(rows["tickets"]) == len(rows["case_numbers"]) == 3
    assert {row["ticket_id"] for row in rows["calls"]} == {row["id"] for row in rows["tickets"]}
