"""Which checks are made, in which order, and which are left out once another has failed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.lines import a_policy_dir
from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN
from voicebot.adapters.job_queue import migrate_jobs
from voicebot.adapters.store import migrate, open_engine
from voicebot.bootstrap.examination import Examination
from voicebot.config import Settings
from voicebot.distribution import PROJECT_DIR
from voicebot.service.doctor.examination import examine
from voicebot.service.doctor.finding import Finding, Verdict
from voicebot.simulator import AccountOptions, CarrierOptions, PretendCarrier

NOWHERE = "http://127.0.0.1:1"
HOME = [
    "settings",
    "database",
    "disk",
    "audio",
    "spool",
    "flows",
    "company",
    "ladder",
    "hours",
    "holidays",
    "machine",
    "senders",
]
LATER = ["logins", "second-factor", "owner", "folders", "webhooks", "alarm", "test-call", "worker"]


@pytest.fixture
def carrier() -> Iterator[PretendCarrier]:
    """An account whose number is not set to us."""
    options = CarrierOptions(account=AccountOptions(is_trial=True))
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, NOWHERE, options=options) as opened:
        opened.serve_api()
        yield opened


def settings(folder: Path, **changes: Any) -> Settings:
    """Return settings of a hotline that is not running, on a database that is ready."""
    fields: dict[str, Any] = {
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_phone_number": NUMBER,
        "public_url": NOWHERE,
        "twilio_api_url": NOWHERE,
        "data_dir": folder,
        "model_dir": folder / "no-models",
        "flows_dir": PROJECT_DIR / "flows",
        "policy_dir": a_policy_dir(folder / "policy"),
        "max_recognisers": 1,
        "gate_exceptions": "+1202555",
    }
    made = Settings(_env_file=None, **fields | changes)  # type: ignore[call-arg]
    engine = open_engine(made.resolved_database_url())
    migrate(engine)
    engine.dispose()
    migrate_jobs(made.resolved_database_url())
    return made


def examined(made: Settings, *, is_offline: bool = False) -> tuple[dict[str, list[Finding]], list[str]]:
    """Run all checks; return findings by check, and what was not asked."""
    examination = Examination(made, faults=lambda: (), is_offline=is_offline)
    found: dict[str, list[Finding]] = {}
    for report in examine(examination.checks()):
        found.setdefault(report.check, []).append(report.finding)
    return found, examination.not_asked


def verdict(findings: list[Finding]) -> list[Verdict]:
    return [finding.verdict for finding in findings]


def test_a_proxy_that_nobody_counted_is_a_doubt(tmp_path: Path) -> None:
    changes: dict[str, Any] = {"public_url": "https://hotline.example", "twilio_api_url": ""}
    uncounted, _ = examined(settings(tmp_path, **changes), is_offline=True)
    assert verdict(uncounted["settings"]) == [Verdict.FINE, Verdict.DOUBT]
    counted, _ = examined(settings(tmp_path, **changes, proxy_hops=1), is_offline=True)
    assert verdict(counted["settings"]) == [Verdict.FINE]


def test_offline_nothing_is_asked_through_the_net(tmp_path: Path) -> None:
    found, not_asked = examined(settings(tmp_path), is_offline=True)
    assert list(found) == [*HOME, *LATER, "model"]
    assert not_asked == ["everything that asks Twilio or our public address (--offline)"]
    fine = [name for name, findings in found.items() if verdict(findings) == [Verdict.FINE]]
    assert {"settings", "database", "disk", "audio", "spool", "flows", "ladder", "hours", "holidays"} <= set(fine)
    assert verdict(found["worker"]) == verdict(found["logins"]) == verdict(found["model"]) == [Verdict.BROKEN]


def test_a_second_model_is_looked_at_only_where_one_is_set(tmp_path: Path) -> None:
    found, _ = examined(settings(tmp_path, second_model_dir=tmp_path / "none"), is_offline=True)
    assert list(found)[-2:] == ["model", "second-model"]
    assert verdict(found["second-model"]) == [Verdict.BROKEN]


def test_database_that_is_not_ready_leaves_out_what_lies_in_it(tmp_path: Path) -> None:
    empty = settings(tmp_path, database_url=f"sqlite:///{tmp_path / 'other.db'}").model_copy(
        update={"database_url": f"sqlite:///{tmp_path / 'empty.db'}"}
    )
    found, not_asked = examined(empty, is_offline=True)
    assert verdict(found["database"]) == [Verdict.BROKEN]
    assert not set(LATER) & set(found)
    assert not_asked[0].startswith("logins, second-factor, owner, calendars, folders, webhooks, alarm, test call, ")


def test_account_that_is_not_set_is_told_once(tmp_path: Path) -> None:
    found, not_asked = examined(settings(tmp_path, twilio_auth_token=""))
    assert verdict(found["settings"]) == [Verdict.BROKEN]
    assert "account" not in found
    assert any("account or number is not set" in line for line in not_asked)


def test_wrong_token_is_told_once(tmp_path: Path, carrier: PretendCarrier) -> None:
    found, not_asked = examined(settings(tmp_path, twilio_auth_token="wrong", twilio_api_url=carrier.api_url))
    assert "does not accept the credentials" in found["account"][0].found
    assert not {"clock", "number", "voice-countries"} & set(found)
    assert any("the account could not be read" in line for line in not_asked)


def test_carrier_that_does_not_answer_is_told_once(tmp_path: Path) -> None:
    found, _ = examined(settings(tmp_path))
    assert "Twilio did not answer" in found["account"][0].found
    assert "number" not in found


def test_everything_at_the_carrier_is_asked_of_a_trial_account_too(tmp_path: Path, carrier: PretendCarrier) -> None:
    found, not_asked = examined(settings(tmp_path, twilio_api_url=carrier.api_url))
    assert "on trial" in found["account"][0].found
    asked = list(found)[list(found).index("account") :]
    assert asked == [
        "account",
        "clock",
        "number",
        "fallback",
        "text-group",
        "registration",
        "calls-at-once",
        "voice-countries",
        "text-countries",
        "certificate",
        "address",
        "model",
    ]
    assert verdict(found["clock"]) == [Verdict.FINE]
    assert not_asked == ["identity, socket and round-trip (nobody answers at the public URL)"]


def test_number_of_another_account_leaves_out_what_hangs_on_it(tmp_path: Path, carrier: PretendCarrier) -> None:
    other = settings(tmp_path, twilio_api_url=carrier.api_url, twilio_phone_number="+15035550199")
    found, not_asked = examined(other)
    assert "not this account's" in found["number"][0].found
    assert "fallback" not in found
    assert any("the number could not be read" in line for line in not_asked)


def test_setting_that_cannot_be_used_ends_the_examination(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    made = settings(tmp_path).model_copy(update={"data_dir": tmp_path / "file", "database_url": ""})
    found, _ = examined(made)
    assert (list(found), verdict(found["settings"])) == (["settings"], [Verdict.BROKEN])
