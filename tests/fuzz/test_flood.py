"""A flood of unsigned requests while people ring: they notice nothing, and the flood gets nothing but refusals."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calls.conftest import StartService, start_service
from tests.calls.people import silent_presser
from tests.calls.service import Service
from tests.service.lines import a_policy_dir
from voicebot.distribution import PROJECT_DIR

__all__ = ["start_service"]

RATE = 1_000
SECONDS = 45
PACE = 1.0
"""Real time: the carrier's patience and ours are then in proportion, however slow the machine."""
BYTES_OF_A_LINE = 100
LEAST_REQUESTS = SECONDS * RATE // 10
"""A slow machine slows the flood too; below this it would have been none."""


@pytest.fixture
def service(start_service: StartService, tmp_path: Path) -> Service:
    """A hotline as real processes, logging as in service."""
    return start_service(pace=PACE, log_level="INFO", policy_dir=a_policy_dir(tmp_path / "policy"))


@pytest.fixture
def flood(service: Service) -> Iterator[subprocess.Popen[str]]:
    """Unsigned requests from a process of their own."""
    port = service.url.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.fuzz.flood", port, str(RATE), str(SECONDS)]
    with subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.timeout(400)
def test_a_flood_of_unsigned_requests_leaves_callers_unharmed(service: Service, flood: subprocess.Popen[str]) -> None:
    numbers = [f"+1202555015{number}" for number in range(3)]
    calls = [service.carrier.ring(number, silent_presser()) for number in numbers]
    for call in calls:
        call.wait(150)
    assert [call.errors for call in calls] == [(), (), ()]
    assert [call.heard for call in calls if "say_goodbye" not in call.heard] == []
    service.wait_for(lambda: all(service.confirmations(number) for number in numbers), "a text to each")
    assert [len(service.confirmations(number)) for number in numbers] == [1, 1, 1]
    assert len(service.tickets()) == len(numbers)
    answers = json.loads(flood.communicate(timeout=120)[0])
    assert answers.keys() == {"403", "404"}
    assert sum(answers.values()) > LEAST_REQUESTS
    assert service.log.stat().st_size < BYTES_OF_A_LINE * sum(answers.values()) / 10, "the log grew with the flood"
