"""What Prometheus reads: the right figures, in its format, only for who holds the token, and nothing of anybody."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.service.lines import CALLER
from tests.web.desk import Desk
from voicebot.adapters.decode_meter import DECODE_RATIO
from voicebot.distribution import PROJECT_DIR
from voicebot.errors import Unavailable
from voicebot.service.background.health import show_sign_of_life
from voicebot.service.ports import Figures, VitalSigns
from voicebot.web.status.metrics import MetricsRoute

TOKEN = "a long random word for the one who measures"
PAGE = (PROJECT_DIR / "docs/watching.md").read_text()


@pytest.fixture
def measured(line: object, tmp_path: Path) -> Desk:
    """The application with a token for metrics."""
    return Desk(line, tmp_path / "clips", metrics_token=TOKEN, max_calls=7)  # type: ignore[arg-type]


def values(desk: Desk) -> dict[str, float]:
    """Return every sample as `name{label}` without our prefix."""
    response = desk.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (response.status_code, response.mimetype) == (200, "text/plain")
    samples = [each for family in text_string_to_metric_families(response.text) for each in family.samples]
    return {_short(sample.name, sample.labels): sample.value for sample in samples}


def _short(name: str, labels: dict[str, str]) -> str:
    return name.removeprefix("voicebot_") + "".join(f"[{value}]" for value in labels.values())


def test_figures_of_the_house_come_from_its_rows(measured: Desk) -> None:
    line = measured.line
    line.told_call()
    line.settle()
    line.ring(carrier_call_id="CA2")
    show_sign_of_life(line.hotline, "worker-1", swept_at=line.clock.now())
    line.step(seconds=12)
    found = values(measured)
    assert found["database_up"] == 1
    assert (found["live_calls"], found["calls_total[caller_hung_up]"], found["calls_total[lost]"]) == (1, 1, 0)
    assert (found["open_promises"], found["promises_total[missed]"]) == (1, 0)
    assert (found["sms[queued]"], found["sms[waiting]"]) == (1, 0)
    assert (found["worker_beat_age_seconds"], found["worker_sweep_age_seconds"]) == (12, 12)
    assert found["queue_age_seconds[text]"] == 0
    assert found["overdue[promise]"] == 0
    assert (found["live_recognisers"], found["recognisers_limit"], found["calls_limit"]) == (0, 8, 7)
    assert found["listening_behind_seconds"] == 0


def test_what_is_overdue_waits_and_was_missed_shows(measured: Desk) -> None:
    line = measured.line
    answer = line.told_call()
    line.clock.at = line.promise(answer.call.ticket_id).window_closes_at
    line.step(minutes=6)
    found = values(measured)
    assert (found["overdue[promise]"], found["promises_total[missed]"]) == (1, 0)
    line.sweep()
    later = values(freshly_measured(measured))
    assert (later["overdue[promise]"], later["promises_total[missed]"], later["open_promises"]) == (0, 1, 1)


def test_figures_are_read_at_most_once_in_five_seconds(measured: Desk) -> None:
    assert values(measured)["live_calls"] == 0
    measured.line.ring()
    assert values(measured)["live_calls"] == 0
    later = values(freshly_measured(measured))
    assert (later["live_calls"], later["listening_behind_seconds"]) == (1, 1.5)


def freshly_measured(desk: Desk) -> Desk:
    """Let the application forget what it has read."""
    route = MetricsRoute(desk.line.hotline, max_calls=7, behind_s=lambda: 1.5)
    desk.app.view_functions["metrics"] = route.metrics
    return desk


def test_a_turn_is_timed_by_how_it_was_heard(measured: Desk) -> None:
    measured.line.recognisers.limit = 0
    twiml = measured.twiml("/twilio/voice")
    before = values(measured).get("turn_seconds_count[record]", 0)
    target = re.findall(r"<Redirect[^>]*>https://hotline.example([^<#]*)", twiml)[0]
    measured.twiml(target)
    assert values(measured)["turn_seconds_count[record]"] == before + 1


def test_while_the_database_is_away_the_process_still_tells_its_own(measured: Desk) -> None:
    hotline = replace(measured.line.hotline, vitals=AwayVitals())
    measured.app.view_functions["metrics"] = MetricsRoute(hotline, max_calls=7, behind_s=float).metrics
    found = values(measured)
    assert found["database_up"] == 0
    assert "open_promises" not in found
    assert found["recognisers_limit"] == 8


class AwayVitals:
    """A database that is away."""

    def signs(self, *, now: datetime, overdue_before: datetime, silent_before: datetime) -> VitalSigns:
        raise Unavailable("away as it was told to")

    def figures(self, *, now: datetime) -> Figures:
        raise Unavailable("away as it was told to")


@pytest.mark.parametrize(
    ("shown", "status"),
    [("", 401), ("Bearer", 401), (f"Basic {TOKEN}", 401), (f"Bearer {TOKEN}x", 401), ("Bearer é", 401)],
)
def test_who_does_not_hold_the_token_is_told_nothing(measured: Desk, shown: str, status: int) -> None:
    response = measured.client.get("/metrics", headers={"Authorization": shown} if shown else {})
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (status, "Bearer")
    assert "voicebot_calls" not in response.text


def test_without_a_token_the_answer_names_the_cure(desk: Desk) -> None:
    response = desk.client.get("/metrics", headers={"Authorization": "Bearer "})
    assert (response.status_code, response.mimetype) == (403, "text/plain")
    assert "VOICEBOT_METRICS_TOKEN" in response.text


def test_no_sample_names_a_number_a_call_or_a_case(measured: Desk) -> None:
    answer = measured.line.told_call()
    text = measured.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    ticket = measured.line.ticket(answer)
    for secret in (CALLER[-7:], answer.call.id, ticket.case_number, ticket.id):
        assert secret not in text


def test_every_metric_of_ours_is_explained_on_its_page(measured: Desk) -> None:
    show_sign_of_life(measured.line.hotline, "worker-1", swept_at=measured.line.clock.now())
    text = measured.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    ours = set(re.findall(r"^# TYPE (voicebot_\w+) ", text, re.MULTILINE))
    explained = set(re.findall(r"^\| `(voicebot_\w+)", PAGE, re.MULTILINE))
    (decoding,) = (family.name for family in DECODE_RATIO.collect())
    assert decoding in ours, "what recognisers count is on the page too"
    assert ours == explained
