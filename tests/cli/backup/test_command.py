"""`voicebot backup` and `voicebot restore`, as one types them."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.adapters.store.samples import sample_of
from tests.builders import a_picture, a_ticket
from tests.fakes import FakeJobs
from voicebot.adapters.backup_file import check_file
from voicebot.adapters.store import migrate, open_engine, open_store
from voicebot.bootstrap import build_hotline
from voicebot.cli import main
from voicebot.cli.ticket import tickets
from voicebot.config import read_settings
from voicebot.domain.call import CallStatus, Way
from voicebot.domain.picture import PictureState
from voicebot.domain.sms import SmsState
from voicebot.flow.engine import start_session
from voicebot.flow.events import CallAnswered
from voicebot.flow.instructions import HangUp
from voicebot.service.call.incoming import IncomingCall, facts_of, open_call
from voicebot.service.call.stored_turn import store_turn
from voicebot.service.hotline import context_of
from voicebot.service.queries.search import find_cases
from voicebot.service.upkeep.search_index import index_missing

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old sample, brought forward, to copy."""
    file = tmp_path_factory.mktemp("sample") / "voicebot.db"
    engine = sample_of("0001", f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def run(upgraded_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command line on an installation with the six cases of the old sample."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(upgraded_file, home / "voicebot.db")
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(home))
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", "")
    monkeypatch.setenv("VOICEBOT_AUDIO_ROOT", "")
    monkeypatch.setenv("TWILIO_PHONE_NUMBER", "+12025550100")
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def the_backup(folder: Path) -> Path:
    """Return the only backup in a folder."""
    (path,) = folder.glob("voicebot-*.tar*")
    return path


def test_backup_is_named_by_its_instant_checked_and_told(run: Run, tmp_path: Path) -> None:
    said = run("backup", "--to", tmp_path)
    path = the_backup(tmp_path)
    assert said.exit_code == 0, said.output
    assert said.output.startswith(f"{path}: whole, ")
    assert "6 cases, 0 voices, 0 in the spool; 6 voices named by rows and not there." in said.output
    assert path.name.endswith("Z.tar.gz")
    again = run("backup", "--check", path)
    assert again.output == said.output


def test_backup_goes_to_a_name_or_to_standard_output(run: Run, tmp_path: Path) -> None:
    assert run("backup", "--to", tmp_path / "mine.tar", "--plain").exit_code == 0
    assert check_file(tmp_path / "mine.tar").tables["tickets"] == 6
    said = run("backup", "--to", "-", "--without-audio")
    assert said.exit_code == 0
    (tmp_path / "piped").write_bytes(said.stdout_bytes)
    assert not check_file(tmp_path / "piped").has_audio
    assert "--check" in said.stderr


def test_only_the_newest_backups_are_kept_and_other_files_stay(run: Run, tmp_path: Path) -> None:
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        (tmp_path / f"voicebot-{day}T03-00-00Z.tar.gz").touch()
    (tmp_path / "voicebot-notes.tar").touch()
    said = run("backup", "--to", tmp_path, "--keep", 2)
    assert said.output.count("Deleted") == 2
    left = sorted(path.name for path in tmp_path.glob("voicebot-*"))
    assert left[0] == "voicebot-2026-03-03T03-00-00Z.tar.gz"
    assert len(left) == 3
    assert left[-1] == "voicebot-notes.tar"


def test_rehearsal_brings_everything_back_beside_the_installation(run: Run, tmp_path: Path) -> None:
    run("backup", "--to", tmp_path)
    there = tmp_path / "rehearsal"
    said = run("restore", the_backup(tmp_path), "--into", there)
    assert said.exit_code == 0, said.output
    assert "Restored: 6 cases" in said.output
    assert "voicebot tickets called CASE" in said.output
    assert "start no worker on it" in said.output
    listed = CliRunner().invoke(tickets, ["--json"], env={"VOICEBOT_DATA_DIR": str(there)})
    assert listed.output.count('"case"') == 6


def test_a_picture_that_came_with_a_text_is_in_the_backup_and_comes_back(run: Run, tmp_path: Path) -> None:
    hotline = build_hotline(read_settings())
    with hotline.unit_of_work() as work:
        ticket = work.tickets.all()[0]
        picture = a_picture(ticket_id=ticket.id, state=PictureState.STORED, media_sid=None, file_key="pictures/SM1-0")
        work.pictures.add(picture)
        work.commit()
    hotline.audio.put("pictures/SM1-0", b"a picture")
    run("backup", "--to", tmp_path)
    assert run("restore", the_backup(tmp_path), "--into", tmp_path / "there").exit_code == 0
    assert (tmp_path / "there/audio/pictures/SM1-0").read_bytes() == b"a picture"


def test_restore_into_settings_says_what_to_do_next(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", "--to", tmp_path)
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "new"))
    said = run("restore", the_backup(tmp_path), "--rest-hours", 2)
    assert said.exit_code == 0, said.output
    assert "voicebot twilio reconcile" in said.output
    assert run("database", "status").exit_code == 0
    twice = run("restore", the_backup(tmp_path))
    assert twice.exit_code == 1
    assert "6 rows in tickets" in twice.output


def ring() -> None:
    """Let a call be on the line, from a number that gets a promise and a text."""
    hotline = build_hotline(read_settings())
    incoming = IncomingCall(carrier_call_id="CA9", caller="+12125314567", called="+12025550100")
    with hotline.unit_of_work() as work:
        scene = open_call(context_of(hotline, work), incoming, way=Way.RECORD)
        session = start_session(scene.flow, scene.call.locale, facts_of(scene))
        store_turn(scene, CallAnswered(), session=session, instructions=(HangUp(),))
        work.commit()


def test_a_call_on_the_line_while_the_backup_was_made_is_over_after_the_restore(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    ring()
    run("backup", "--to", tmp_path)
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", database_url)
    command = [sys.executable, "-m", "voicebot", "restore", str(the_backup(tmp_path))]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    engine = open_engine(database_url)
    with open_store(engine, FakeJobs().on)() as work:
        call = work.calls.by_carrier_id("CA9")
        assert call is not None
        assert call.status is CallStatus.ENDED
        assert work.promises.open_of_ticket(call.ticket_id) is not None
        assert [sms.state for sms in work.sms.of_ticket(call.ticket_id)] == [SmsState.UNKNOWN]
    engine.dispose()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("backup",), "name one of --to and --check"),
        (("backup", "--to", "x", "--check", "y"), "name one of --to and --check"),
        (("backup", "--to", "/no/such/place/x.tar"), "no folder /no/such/place"),
        (("backup", "--check", "nothing.tar"), "no file nothing.tar"),
        (("restore", "nothing.tar"), "no file nothing.tar"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run: Run, words: tuple[str, ...], found: str) -> None:
    said = run(*words)
    assert said.exit_code != 0
    assert found in said.output
    assert "Traceback" not in said.output


def test_settings_that_are_missing_are_told_before_anything_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", "--to", tmp_path)
    monkeypatch.setenv("TWILIO_PHONE_NUMBER", "")
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "new"))
    said = run("restore", the_backup(tmp_path))
    assert said.exit_code == 1
    assert "TWILIO_PHONE_NUMBER" in said.output
    assert "empty" in run("database", "status").output


def test_rehearsal_takes_an_empty_folder_only(run: Run, tmp_path: Path) -> None:
    run("backup", "--to", tmp_path)
    said = run("restore", the_backup(tmp_path), "--into", tmp_path)
    assert said.exit_code == 1
    assert "not an empty folder" in said.output


def test_installation_that_never_ran_has_nothing_to_save(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "new"))
    said = run("backup", "--to", tmp_path)
    assert said.exit_code == 1
    assert "nothing was ever stored" in said.output
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob("voicebot-*")) == []


@pytest.mark.parametrize("words", [("backup", "--to", "-"), ("restore", "{backup}", "--into", "{file}/below")])
def test_a_folder_that_cannot_be_made_is_named_instead_of_a_trace(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    run("backup", "--to", tmp_path)
    file = tmp_path / "file"
    file.write_text("no folder")
    names = {"backup": the_backup(tmp_path), "file": file}
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(file / "below"))
    said = run(*(word.format_map(names) for word in words))
    assert (said.exit_code, f"cannot make {file / 'below'}" in said.stderr) == (1, True), said.exception


def test_a_standard_output_that_takes_no_more_is_told_in_one_sentence(run: Run, tmp_path: Path) -> None:
    run("backup", "--to", tmp_path)
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "voicebot", "backup", "--to", "-", "--plain"]
        said = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert said.returncode == 1
    assert said.stderr.startswith("voicebot: writing the backup to standard output: No space left on device")


def test_a_rehearsal_is_looked_at_with_nothing_of_the_real_one(run: Run, tmp_path: Path) -> None:
    run("backup", "--to", tmp_path)
    told = run("restore", the_backup(tmp_path), "--into", tmp_path / "there").output
    assert (
        f"VOICEBOT_DATA_DIR={tmp_path / 'there'} VOICEBOT_DATABASE_URL= VOICEBOT_AUDIO_ROOT= voicebot tickets" in told
    )


def test_a_restored_database_is_searched_like_the_one_that_was_saved(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    """Half of its cases had their words when it was saved, as when the task was killed midway."""
    hotline = build_hotline(read_settings())
    with hotline.unit_of_work() as work:
        missing = work.search.missing(9)
        for ticket_id in missing[:3]:
            work.search.index(ticket_id)
        work.commit()
        numbers = [ticket.case_number for ticket in work.tickets.all()]
    run("backup", "--to", tmp_path)
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", database_url)
    command = [sys.executable, "-m", "voicebot", "restore", str(the_backup(tmp_path))]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    engine = open_engine(database_url)
    store = open_store(engine, FakeJobs().on)
    there = replace(build_hotline(read_settings()), unit_of_work=store, look=store)
    with store() as work:
        work.tickets.add(a_ticket(id="new", case_number="482719300", problem="after the restore"))
        work.commit()
    assert (len(missing), index_missing(there) > 0, index_missing(there)) == (6, True, 0)
    assert [len(find_cases(there, number[:6]).cases) for number in numbers] == [1] * 6
    assert [each.found.ticket_id for each in find_cases(there, "after restore").cases] == ["new"]
    engine.dispose()
