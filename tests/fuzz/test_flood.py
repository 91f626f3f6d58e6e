"""A flood of unsigned requests while people ring: they notice nothing, and the flood gets nothing but refusals."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.calls.conftest import StartService, start_service
from tests.calls.people import silent_presser
from tests.calls.service import Service
from tests.service.lines import a_policy_dir
from voicebot.distribution import PROJECT_DIR

pytestmark = pytest.mark.heavy

__all__ = ["start_service"]

BYTES_OF_A_LINE = 100


@dataclass(frozen=True)
class Weather:
    """How much rains down on the hotline, and how fast its callers' time goes by meanwhile."""

    rate: int
    """Requests a second."""
    seconds: int
    pace: float

    @property
    def least_requests(self) -> int:
        """Return how many it must be: a slow machine slows the flood too; below this it would have been none."""
        return self.seconds * self.rate // 10


SHOWER = Weather(rate=250, seconds=20, pace=4.0)
FLOOD = Weather(rate=1_000, seconds=45, pace=1.0)
"""In real time: the carrier's patience and ours are then in proportion, however slow the machine."""


@pytest.fixture(params=[SHOWER, pytest.param(FLOOD, marks=pytest.mark.long)], ids=["shower", "flood"])
def weather(request: pytest.FixtureRequest) -> Weather:
    return request.param


@pytest.fixture
def service(start_service: StartService, weather: Weather, tmp_path: Path) -> Service:
    """A hotline as real processes, logging as in service."""
    return start_service(pace=weather.pace, log_level="INFO", policy_dir=a_policy_dir(tmp_path / "policy"))


@pytest.fixture
def flood(service: Service, weather: Weather) -> Iterator[subprocess.Popen[str]]:
    """Unsigned requests from a process of their own."""
    port = service.url.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.fuzz.flood", port, str(weather.rate), str(weather.seconds)]
    with subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.timeout(400)
def test_a_flood_of_unsigned_requests_leaves_callers_unharmed(
    service: Service, flood: subprocess.Popen[str], weather: Weather
) -> None:
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
    assert sum(answers.values()) > weather.least_requests
    assert service.log.stat().st_size < BYTES_OF_A_LINE * sum(answers.values()) / 10, "the log grew with the flood"
