"""The doctor on a hotline that runs (real processes, sockets, the pretend carrier), whole and then damaged."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.calls.conftest import StartService
from tests.calls.service import Service
from voicebot.cli import main
from voicebot.simulator.ledger import MessagingService

pytestmark = pytest.mark.heavy


@pytest.fixture
def service(start_service: StartService) -> Service:
    """A hotline with a login and a registered number."""
    service = start_service(recognisers=1)
    registered = MessagingService(uses_number_webhook=True, campaign_states=("VERIFIED",))
    service.carrier.ledger.services[registered.sid] = registered
    account = ["olive@company.example", "--name", "Olive", "--role", "administrator", "--member", "owner_1"]
    password = "a long enough sentence\n" * 2
    added = CliRunner().invoke(main, ["staff", "add", *account], input=password, env=service.environment)
    assert added.exit_code == 0, added.output
    return service


def examined(service: Service, **changes: str) -> tuple[dict[str, list[tuple[str, str]]], int]:
    """Run the doctor's command; return (verdict, words) by check, and the exit code."""
    run = CliRunner().invoke(main, ["doctor", "--json"], env=service.environment | changes)
    found: dict[str, list[tuple[str, str]]] = {}
    for check in json.loads(run.stdout)["checks"]:
        found.setdefault(check["check"], []).append((check["verdict"], check["found"]))
    return found, run.exit_code


def broken(found: dict[str, list[tuple[str, str]]]) -> set[str]:
    return {name for name, lines in found.items() if any(verdict == "broken" for verdict, _ in lines)}


def test_running_hotline_is_found_fit_and_each_damage_is_found(service: Service, tmp_path: Path) -> None:
    found, code = examined(service)
    assert (broken(found), code) == (set(), 0), found
    doubts = {name for name, lines in found.items() if any(verdict == "doubt" for verdict, _ in lines)}
    assert doubts <= {"alarm", "test-call", "holidays", "fallback", "disk", "model", "second-factor"}
    assert [verdict for name in ("identity", "socket", "round-trip") for verdict, _ in found[name]] == ["fine"] * 3

    service.carrier.ledger.change_settings(sms_url="https://elsewhere.example/sms", voice_fallback_url="")
    found, code = examined(service, TWILIO_PHONE_NUMBER=service.environment["TWILIO_PHONE_NUMBER"])
    assert (broken(found), code) == ({"number", "fallback"}, 1)

    found, _ = examined(service, TWILIO_AUTH_TOKEN="another token")
    assert {"account", "identity", "socket", "round-trip"} <= broken(found)
    assert "another voicebot answers there" in found["identity"][0][1]
