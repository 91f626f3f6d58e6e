"""What machines are told: does this process live, may it take calls, is the house well."""

import threading
from dataclasses import replace
from datetime import datetime
from time import monotonic

import pytest

from tests.web.desk import Desk
from voicebot.service.background.health import DATABASE_AWAY, show_sign_of_life
from voicebot.service.ports import Figures, VitalSigns
from voicebot.web.counters import LIVE_STREAMS
from voicebot.web.guard.guards import METRICS_TOKEN
from voicebot.web.status.health import EXTENSION, PATIENCE_S, UNWELL, HealthRoutes, live_calls


class HangingVitals:
    """A database that neither answers nor refuses."""

    def __init__(self) -> None:
        self.release = threading.Event()

    def signs(self, *, now: datetime, overdue_before: datetime, silent_before: datetime) -> VitalSigns:
        self.release.wait(20)
        return VitalSigns(is_migrated=True, overdue={})

    def figures(self, *, now: datetime) -> Figures:
        raise AssertionError("nobody asks")


TOKEN = "a token for the one who measures"


@pytest.fixture(autouse=True)
def _token(desk: Desk) -> None:
    """Let the tests measure."""
    desk.app.config[METRICS_TOKEN] = TOKEN


def ask(desk: Desk, path: str, *, token: str = TOKEN) -> tuple[int, str]:
    """Return status and text."""
    response = desk.client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})
    assert (response.mimetype, response.headers["Cache-Control"]) == ("text/plain", "no-store")
    return response.status_code, response.text


def test_a_well_house_says_ok(desk: Desk) -> None:
    show_sign_of_life(desk.line.hotline, "worker-1", swept_at=desk.line.clock.now())
    assert ask(desk, "/healthz") == (200, "ok\n")


def test_a_house_without_a_worker_is_red_with_a_line_for_each_reason(desk: Desk) -> None:
    desk.line.told_call()
    desk.line.step(days=4)
    status, text = ask(desk, "/healthz")
    assert status == 503
    assert text.startswith("worker dead: none has ever shown a sign of life\noverdue by more than 5 minutes: ")


@pytest.mark.parametrize("token", ["", "another"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_strangers_are_told_that_it_is_unwell_and_not_why(desk: Desk, path: str, token: str) -> None:
    desk.line.spool.is_full = True
    assert ask(desk, path, token=token) == (503, f"{UNWELL}\n")
    assert ask(desk, path)[1] != f"{UNWELL}\n"


def test_where_no_token_is_set_nobody_is_told_why(desk: Desk) -> None:
    desk.app.config[METRICS_TOKEN] = ""
    for token in ("", TOKEN):
        assert ask(desk, "/healthz", token=token) == (503, f"{UNWELL}\n")


def test_a_process_lives_and_may_take_calls_whatever_ails_the_worker(desk: Desk) -> None:
    assert ask(desk, "/livez") == (200, "ok\n")
    assert ask(desk, "/readyz") == (200, "ready\n")


def test_a_database_that_hangs_holds_up_no_answer(desk: Desk) -> None:
    assert PATIENCE_S < 1, "whoever asks is to be answered within a second"
    vitals = HangingVitals()
    routes = HealthRoutes(replace(desk.line.hotline, vitals=vitals), max_calls=40)
    desk.app.view_functions.update(healthz=routes.healthz, readyz=routes.readyz)
    for path in ("/healthz", "/readyz"):
        began = monotonic()
        assert ask(desk, path) == (503, f"{DATABASE_AWAY}\n")
        assert monotonic() - began < 10
        began = monotonic()
        assert [ask(desk, path)[0] for _ in range(20)] == [503] * 20
        assert monotonic() - began < 8, "whoever asks meanwhile holds no thread"
    assert ask(desk, "/livez") == (200, "ok\n")
    vitals.release.set()


def test_a_process_told_to_end_is_not_ready_and_says_so(desk: Desk) -> None:
    desk.app.extensions[EXTENSION].watch_ending(lambda: True)
    status, text = ask(desk, "/readyz")
    assert (status, text) == (503, "ending: running calls finish, new ones belong to the next process\n")
    assert ask(desk, "/livez") == (200, "ok\n")


def test_a_process_full_of_calls_is_not_ready(desk: Desk) -> None:
    routes = HealthRoutes(desk.line.hotline, max_calls=live_calls() + 1)
    desk.app.view_functions["readyz"] = routes.readyz
    assert ask(desk, "/readyz") == (200, "ready\n")
    with LIVE_STREAMS.track_inprogress():
        status, text = ask(desk, "/readyz")
    assert (status, text.startswith("full: ")) == (503, True)


def test_a_full_disk_keeps_new_calls_away(desk: Desk) -> None:
    desk.line.spool.is_full = True
    assert ask(desk, "/readyz")[1].startswith("spool not writable")
