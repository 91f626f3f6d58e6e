"""`voicebot twilio` on a terminal, over a real database and the pretend carrier's API."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.adapters.twilio_rest.books import ACCOUNT, NUMBER, TOKEN, rang
from tests.service.lines import a_policy_dir
from voicebot.cli import main
from voicebot.cli.twilio import book_lines
from voicebot.service.upkeep.reconcile import Books
from voicebot.simulator import NumberSettings, PacedClock, PretendCarrier, Trouble
from voicebot.simulator.ledger import MessagingService

HERE = "http://127.0.0.1:9"


@pytest.fixture
def carrier(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendCarrier]:
    """A carrier whose number is not connected; the settings name it."""
    settings = NumberSettings(voice_url="https://demo.example/voice")
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, HERE, clock=PacedClock(), settings=settings) as carrier:
        for name, value in {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_PHONE_NUMBER": NUMBER,
            "VOICEBOT_PUBLIC_URL": HERE,
            "VOICEBOT_TWILIO_API_URL": carrier.serve_api(),
            "VOICEBOT_DATA_DIR": tmp_path,
            "VOICEBOT_POLICY_DIR": a_policy_dir(tmp_path / "policy"),
            "COLUMNS": 200,
        }.items():
            monkeypatch.setenv(name, str(value))
        monkeypatch.chdir(tmp_path)
        shutil.copy(migrated_file, tmp_path / "voicebot.db")
        yield carrier


def run(*words: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["twilio", *words], input=answer)


def out(*words: str, answer: str = "") -> str:
    result = run(*words, answer=answer)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_dry_run_shows_the_difference_and_changes_nothing(carrier: PretendCarrier) -> None:
    before = carrier.ledger.settings
    shown = out("connect", "--dry-run")
    for words in ("voice_url", "https://demo.example/voice", f"{HERE}/twilio/voice#ct=2000", "(not set)", NUMBER):
        assert words in shown
    assert "Nothing was changed." in shown
    assert carrier.ledger.settings == before


@pytest.mark.parametrize("answer", ["", "n\n", "\n"])
def test_without_a_yes_nothing_is_changed(carrier: PretendCarrier, answer: str) -> None:
    before = carrier.ledger.settings
    assert "now? [y/N]" in run("connect", answer=answer).output
    assert carrier.ledger.settings == before


def test_connecting_twice_and_undoing_twice(carrier: PretendCarrier) -> None:
    before = carrier.ledger.settings
    assert "Connected: 5 settings changed and read back." in out("connect", answer="y\n")
    assert carrier.ledger.settings.voice_url.startswith(f"{HERE}/twilio/voice#")
    assert "Already connected: nothing to change." in out("connect")
    assert "Put back: 5 settings." in out("connect", "--undo", "--yes")
    assert carrier.ledger.settings == before
    again = run("connect", "--undo", "--yes")
    assert (again.exit_code, "nothing is kept of this number" in again.output) == (1, True)


def test_hints_say_what_would_make_it_safer(carrier: PretendCarrier) -> None:
    carrier.ledger.takes_texts = False
    shown = out("connect", "--yes")
    assert "takes no texts" in shown
    assert "The fallback lies on the same host" in shown
    assert "same host" not in out("connect", "--yes", "--fallback-url", "https://elsewhere.example/copy")


def test_a_messaging_service_is_named_as_such(carrier: PretendCarrier) -> None:
    service = MessagingService()
    carrier.ledger.services[service.sid] = service
    shown = out("connect", "--yes")
    assert "use_inbound_webhook_on_number" in shown
    assert "(messaging service)" in shown
    assert service.uses_number_webhook


def test_a_trunk_is_named_and_cleared_only_when_told(carrier: PretendCarrier) -> None:
    carrier.ledger.change_settings(trunk_sid="TK" + "1" * 32)
    refused = run("connect", "--yes")
    assert (refused.exit_code, "--detach" in refused.output) == (1, True)
    out("connect", "--yes", "--detach")
    assert carrier.ledger.settings.trunk_sid == ""


def test_a_number_of_another_account_is_refused_with_those_there_are(
    carrier: PretendCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_PHONE_NUMBER", "+15035550199")
    result = run("connect")
    assert result.exit_code == 1
    assert f"  {NUMBER}" in result.stdout
    assert "TWILIO_PHONE_NUMBER is none of the account's" in result.stderr
    assert "+1503" not in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("TWILIO_AUTH_TOKEN", "", "TWILIO_AUTH_TOKEN not set"),
        ("TWILIO_AUTH_TOKEN", "wrong", "HTTP 401; check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"),
        ("VOICEBOT_TWILIO_API_URL", "", "must be https://host without a port"),
        ("VOICEBOT_TWILIO_API_URL", HERE, "at the carrier: ConnectionError"),
    ],
)
@pytest.mark.parametrize("command", ["connect", "reconcile"])
def test_what_cannot_work_is_one_sentence_with_its_cure(
    carrier: PretendCarrier, monkeypatch: pytest.MonkeyPatch, *, command: str, name: str, value: str, cure: str
) -> None:
    monkeypatch.setenv(name, value)
    result = run(command)
    assert result.exit_code == 1
    assert cure in result.stderr
    assert "Traceback" not in result.output


def test_a_carrier_that_fails_in_the_middle_leaves_a_sentence_and_a_way_on(carrier: PretendCarrier) -> None:
    real = carrier.ledger.change_settings

    def fail_once(**changes: str) -> None:
        carrier.ledger.troubles.append(Trouble.SERVER_ERROR)
        carrier.ledger.change_settings = real  # type: ignore[method-assign]
        real(**changes)

    # The change is made; looking at it afterwards fails.
    carrier.ledger.change_settings = fail_once  # type: ignore[method-assign]
    result = run("connect", "--yes")
    assert result.exit_code == 1
    assert "HTTP 500" in result.stderr
    assert "Already connected" in out("connect")
    assert "Put back: 5 settings." in out("connect", "--undo", "--yes")


def test_reconciling_tells_what_it_saw_and_did(carrier: PretendCarrier) -> None:
    assert "The number's calls" not in out("connect", "--yes")
    for ago in (20, 10):
        rang(carrier, carrier.clock.now() + timedelta(seconds=ago), status="failed")
    told = out("reconcile")
    assert "2 calls seen since" in told
    assert "1 got a case, 1 joined an open case." in told
    assert "0 recordings seen, nothing to do." in told
    assert "2 calls seen since" in (again := out("reconcile"))
    assert "nothing to do." in again


def test_reconciling_a_number_that_is_not_connected_says_what_to_do(carrier: PretendCarrier) -> None:
    rang(carrier, carrier.clock.now())
    told = out("reconcile")
    assert "Run `voicebot twilio connect` first." in told
    assert "calls seen" not in told


@pytest.mark.parametrize("days", ["0", "31", "x"])
def test_days_out_of_bounds_are_refused(carrier: PretendCarrier, days: str) -> None:
    assert run("reconcile", "--days", days).exit_code == 2


def test_the_summary_names_every_figure(carrier: PretendCarrier) -> None:
    books = Books(
        since=carrier.clock.now(),
        calls_seen=9,
        cases_opened=1,
        calls_joined=2,
        calls_ended=3,
        calls_going_on=4,
        recordings_seen=5,
        recordings_stored=6,
        recordings_deleted=7,
        recordings_foreign=8,
        recordings_left=10,
    )
    books.texts.seen, books.texts.taken_up = 12, 11
    calls, texts, recordings = book_lines(books, "Etc/UTC")
    assert calls.endswith("1 got a case, 2 joined an open case, 3 had ended unnoticed, 4 still going on.")
    assert texts == "12 texts seen, 11 taken up that never reached us."
    assert recordings.startswith("5 recordings seen, 6 stored, 7 deleted there, 8 of other calls left alone, 10 still")
