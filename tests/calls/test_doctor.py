"""The doctor on a hotline that runs (real processes, sockets, the pretend carrier), whole and then damaged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.calls.conftest import StartService
from tests.calls.service import Service
from voicebot.simulator.ledger import MessagingService


@pytest.fixture
def service(start_service: StartService) -> Service:
    """A hotline with a login and a registered number."""
    service = start_service(recognisers=1)
    registered = MessagingService(uses_number_webhook=True, campaign_states=("VERIFIED",))
    service.carrier.ledger.services[registered.sid] = registered
    command = [sys.executable, "-m", "voicebot", "staff", "add", "olive@company.example", "--name", "Olive"]
    more = ["--role", "administrator", "--member", "owner_1"]
    subprocess.run(
        [*command, *more],
        env=service.environment,
        cwd=service.folder,
        input="a long enough sentence\n" * 2,
        text=True,
        check=True,
        capture_output=True,
    )
    return service


def examined(service: Service, **changes: str) -> tuple[dict[str, list[tuple[str, str]]], int]:
    """Run the doctor as a command; return (verdict, words) by check, and the exit code."""
    run = subprocess.run(
        [sys.executable, "-m", "voicebot", "doctor", "--json"],
        env=service.environment | changes,
        cwd=service.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for check in json.loads(run.stdout)["checks"]:
        found.setdefault(check["check"], []).append((check["verdict"], check["found"]))
    return found, run.returncode


def broken(found: dict[str, list[tuple[str, str]]]) -> set[str]:
    return {name for name, lines in found.items() if any(verdict == "broken" for verdict, _ in lines)}


def test_running_hotline_is_found_fit_and_each_damage_is_found(service: Service, tmp_path: Path) -> None:
    found, code = examined(service)
    assert (broken(found), code) == (set(), 0), found
    doubts = {name for name, lines in found.items() if any(verdict == "doubt" for verdict, _ in lines)}
    assert doubts <= {"alarm", "holidays", "fallback", "disk", "model"}
    assert [verdict for name in ("identity", "socket", "round-trip") for verdict, _ in found[name]] == ["fine"] * 3

    service.carrier.ledger.change_settings(sms_url="https://elsewhere.example/sms", voice_fallback_url="")
    found, code = examined(service, TWILIO_PHONE_NUMBER=service.environment["TWILIO_PHONE_NUMBER"])
    assert (broken(found), code) == ({"number", "fallback"}, 1)

    found, _ = examined(service, TWILIO_AUTH_TOKEN="another token")
    assert {"account", "identity", "socket", "round-trip"} <= broken(found)
    assert "another voicebot answers there" in found["identity"][0][1]
