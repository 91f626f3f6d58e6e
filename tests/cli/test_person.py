"""`voicebot person`: everything about one number handed out, then erased so that nothing of it is left in any file."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.case_fields import a_field_entry
from tests.service.lines import CALLER, OTHER, Line
from tests.service.upkeep.test_retention import answered
from voicebot.adapters.audio_store import PathAudioStore
from voicebot.adapters.person_files import write_person
from voicebot.cli import main
from voicebot.domain.case_number import written
from voicebot.domain.customer import Customer
from voicebot.domain.webhook import Detail
from voicebot.service.ticket.actions import write_note
from voicebot.service.upkeep.person import CaseExport, PersonExport
from voicebot.service.upkeep.retention import hold_case
from voicebot.service.webhook.endpoints import add_endpoint
from voicebot.service.webhook.spread import spread
from voicebot.speech.audio import read_wav, silenced, write_wav

pytestmark = pytest.mark.usefixtures("kept_log")
TRACES = (b"2025550143", b"202-555-0143", b"Wilhelmina", b"came broken", b"Dogwood", b"grumbled", b"AB-777")


@pytest.fixture
def begins_at() -> datetime:
    return datetime(2026, 11, 18, 15, tzinfo=UTC)


def run(*command: str, exit_code: int = 0) -> str:
    done = CliRunner().invoke(main, ["person", *command])
    assert done.exit_code == exit_code, done.output
    return done.output


def a_person(line: Line, folder: Path) -> str:
    """Let somebody complain, be called, known by name and in the books, and told of; return the case number."""
    add_endpoint(line.hotline, "https://crm.example.com/", events="", detail=Detail.FULL, actor="admin")
    answer = answered(line)
    case = line.ticket(answer).case_number
    write_note(line.hotline, case, text="they grumbled", actor="owner_1")
    with line.work() as work:
        work.fields.add(a_field_entry(ticket_id=answer.call.ticket_id, value="Wilhelmina"))
        work.customers.keep([a_customer()], line.clock.at)
        work.commit()
    while spread(line.hotline):
        pass
    store = PathAudioStore(str(folder / "audio"))
    for key, voice in line.audio.files.items():
        store.put(key, voice)
    return written(case)


def a_customer() -> Customer:
    return Customer(
        id="c-1",
        numbers=(CALLER,),
        name="Wilhelmina",
        order_number="AB-777",
        contract_date="",
        address="1 Dogwood Lane",
        note="",
    )


def left_in(folder: Path) -> set[bytes]:
    """Return which traces lie in any file."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file() and "policy" not in path.parts]
    return {trace for trace in TRACES for file in files if trace in file}


def test_everything_is_handed_out_with_hashes_and_without_a_pin(line: Line, tmp_path: Path) -> None:
    case, out = a_person(line, tmp_path), tmp_path / "out"
    told = run("export", CALLER, "--reason", "a letter", "--out", str(out))
    assert "about 1 cases" in told
    manifest = json.loads((out / "manifest.json").read_text())
    for file in manifest["files"]:
        body = (out / file["name"]).read_bytes()
        assert (hashlib.sha256(body).hexdigest(), len(body)) == (file["sha256"], file["size_bytes"])
    assert sum(file["name"].endswith(".wav") for file in manifest["files"]) == 2
    data = json.loads((out / "person.json").read_text())
    (of_case,) = data["cases"]
    assert of_case["case"] == case
    assert {"tickets", "answers", "sms", "history", "promises", "consents", "case_fields", "calls"} <= set(of_case)
    assert {"customers", "customer_numbers"} <= set(data["beside"])
    page = (out / "index.html").read_text()
    assert "my parcel came broken" in page
    assert "Wilhelmina" in page
    with line.work() as work:
        (ticket,) = work.tickets.all()
    assert "pin" not in of_case["tickets"][0]
    assert not any(f" {ticket.pin}" in text["body"] for text in of_case["sms"])
    assert "is not empty" in run("export", CALLER, "--reason", "a letter", "--out", str(out), exit_code=1)


def test_voices_of_two_calls_of_a_case_are_both_handed_out(tmp_path: Path) -> None:
    store, keys = PathAudioStore(str(tmp_path / "audio")), ("t/c1/1-talk.wav", "t/c2/1-talk.wav")
    for key in keys:
        store.put(key, key.encode())
    case = CaseExport(case="482-913-756", tables={}, audio_keys=keys)
    at = datetime(2026, 11, 18, tzinfo=UTC)
    export = PersonExport(number=CALLER, made_at=at, cases=(case,), beside={})
    voices = [file.name for file in write_person(export, store, tmp_path / "out") if file.name.endswith(".wav")]
    assert {(tmp_path / "out" / name).read_bytes().decode() for name in voices} == set(keys)


def test_a_damaged_voice_is_named_and_everything_else_is_handed_out(tmp_path: Path) -> None:
    store, keys = PathAudioStore(str(tmp_path / "audio")), ("t/c1/1-talk.wav", "t/c1/2-talk.wav", "t/c1/3-talk.wav")
    voices = {keys[0]: b"RIFF", keys[1]: write_wav(b"\x10" * 16_000), keys[2]: b"RIFF"}
    for key, voice in voices.items():
        store.put(key, voice)
    silent = dict.fromkeys(keys[:2], ((0.5, 1.0),))
    case = CaseExport(case="482-913-756", tables={}, audio_keys=keys, silent=silent)
    at = datetime(2026, 11, 18, tzinfo=UTC)
    out = tmp_path / "out"
    names = [
        file.name
        for file in write_person(PersonExport(number=CALLER, made_at=at, cases=(case,), beside={}), store, out)
    ]
    folder = "files/482-913-756/t-c1-"
    assert names[:2] == [f"{folder}2-talk.wav", f"{folder}3-talk.wav"]
    assert silenced(b"\x10" * 16_000, silent[keys[1]]) == read_wav((out / names[0]).read_bytes())
    page = (out / "index.html").read_text()
    assert f"{folder}1-talk.wav: this file is damaged" in page


def test_an_erased_person_is_in_no_file_any_more_and_the_case_is_counted_still(line: Line, tmp_path: Path) -> None:
    case = a_person(line, tmp_path)
    line.engine.dispose()
    assert left_in(tmp_path) == set(TRACES) - {b"202-555-0143"}
    dry = run("erase", CALLER)
    assert case in dry
    assert "2 voices" in dry
    assert "Nothing was erased" in dry
    assert f"name every case of this number: {case}" in run("erase", CALLER, "--case", "482-913-756", exit_code=1)
    receipt = run("erase", CALLER, "--reason", "letter of 3 May", "--case", case, "--by", "admin")
    assert f'"{case}"' in receipt
    assert left_in(tmp_path) == set()
    assert CALLER not in receipt
    with line.work() as work:
        (ticket,) = work.tickets.all()
        assert written(ticket.case_number) == case
        assert work.tickets.history(ticket.id)[-1].after == "letter of 3 May"
    assert "nothing is kept of this number" in run("erase", CALLER, exit_code=1)


def test_what_cannot_be_erased_is_told_before_anything_is(line: Line, tmp_path: Path) -> None:
    case = a_person(line, tmp_path)
    hold_case(line.hotline, case, reason="a court asks", actor="admin")
    assert "under a hold" in run("erase", CALLER)
    assert f"a hold lies on {case}" in run("erase", CALLER, "--yes", "--reason", "x", exit_code=1)
    line.told_call("CA2", OTHER)
    assert "a call is OWED and would be lost" in run("erase", OTHER)
    assert run("scrub") == "Done.\n"
