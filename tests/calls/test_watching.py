"""Whoever runs it sees it run: a killed worker turns /healthz red, and a call's life is told without its words."""

import signal
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.calls.conftest import StartService
from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import STORY_WORDS, story_teller
from voicebot.cli.call import WIDTH, life_page
from voicebot.service.queries.call_timeline import view_calls
from voicebot.simulator.caller import press

TOKEN = "a token for the one who measures"


@pytest.mark.heavy
def test_health_turns_red_when_the_worker_is_stopped_and_green_with_the_next_one(start_service: StartService) -> None:
    service = start_service(
        settings={"VOICEBOT_WORKER_SILENT_S": "3", "VOICEBOT_METRICS_TOKEN": TOKEN, "VOICEBOT_MAX_CALLS": "7"}
    )

    def health() -> tuple[int, str]:
        answer = requests.get(f"{service.url}/healthz", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=2)
        return answer.status_code, answer.text

    service.wait_for(lambda: health() == (200, "ok\n"), "a well house")
    assert service.kill("voicebot worker", signal.SIGSTOP) == 1
    service.wait_for(lambda: health()[0] == 503, "the worker to be missed", patience_s=15)
    assert health()[1].startswith("worker dead: no sign of life for ")
    assert requests.get(f"{service.url}/readyz", timeout=2).text == "ready\n", "callers are answered all the same"
    assert service.kill("voicebot worker") == 1
    service.wait_for(lambda: health() == (200, "ok\n"), "the next worker", patience_s=30)

    assert requests.get(f"{service.url}/metrics", timeout=5).status_code == 401
    told = requests.get(f"{service.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
    families = text_string_to_metric_families(told.text)
    values = {sample.name: sample.value for family in families for sample in family.samples}
    assert (values["voicebot_database_up"], values["voicebot_calls_limit"]) == (1, 7)
    assert values["voicebot_worker_beat_age_seconds"] < 3


def test_the_life_of_a_call_is_told_from_all_parts_without_its_words(house: House, speech_dir: Path) -> None:
    house.ring(story_teller(speech_dir).during("ask_remedy", 0.5, press("5")))
    house.wait_for(lambda: {"stream_closed", "receipt"} <= set(_whats(house)), "everybody to have told their part")
    house.step(hours=8)
    ticket = house.the_ticket()
    page = list(life_page(view_calls(house.hotline, ticket.case_number)))
    told = "\n".join(page)
    _assert_in_order(
        _whats(house),
        "call_received",
        "stream_opened",
        "prompts_played",
        "consent_logged",
        "utterance_heard",
        "keys_pressed",
        "answer_kept",
        "call_ended",
        "promise_made",
        "text_composed",
        "text_handed_over",
        "promise_broken",
        "step_taken",
    )
    # The key and the cut that it made are of one instant: on a line 40 times as fast either may be told first.
    _assert_in_order(_whats(house), "utterance_heard", "prompt_cut", "call_ended", "promise_broken")
    assert "voice_stored      story, " in told
    assert max(map(len, page)) <= WIDTH
    for secret in (STORY_WORDS, CALLER_NUMBER[-7:], ticket.pin, "gold"):
        assert secret not in told.replace(ticket.case_number, "")


def _whats(house: House) -> list[str]:
    (call,) = view_calls(house.hotline, house.the_ticket().case_number).calls
    return [line.what for line in call.lines]


def _assert_in_order(found: list[str], *wanted: str) -> None:
    """Fail unless the wanted ones are among the found ones in this order, others in between."""
    rest = iter(found)
    assert [what for what in wanted if what not in rest] == []
