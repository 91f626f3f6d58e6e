"""Real processes under fire, in short: `make chaos` runs all of it with many callers."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import faults
from tests.chaos.cluster import Cluster
from tests.chaos.counting import was_answered
from tests.chaos.report import differing
from tests.chaos.site import Site, kill
from tests.service.lines import a_policy_dir, without_budgets

pytestmark = [pytest.mark.timeout(400), pytest.mark.heavy]
PACE = 4.0
QUICK = 8.0
"""For callers who only press keys."""
SETTLE_S = 200.0


@pytest.fixture
def open_site(tmp_path: Path, speech_dir: Path) -> Iterator[Any]:
    """Open sites; each is closed with the test. Ask for a cluster first, for it must outlive them."""
    with ExitStack() as stack:

        def open_one(database_url: str = f"sqlite:///{tmp_path / 'voicebot.db'}", **choices: Any) -> Site:
            given: dict[str, Any] = {
                "pace": PACE,
                "speech_dir": speech_dir,
                "policy_dir": without_budgets(a_policy_dir(tmp_path / "policy")),
                "settings": {"VOICEBOT_GRACE_S": "120"},
                "log_level": "INFO",
            }
            site = Site(tmp_path, database_url, **given | choices)
            stack.callback(site.close)
            return site

        yield open_one


@pytest.mark.requirement("S0-11")
@pytest.mark.requirement("S0-12")
@pytest.mark.parametrize("callers", [3, pytest.param(7, marks=pytest.mark.long)])
def test_web_worker_and_postgresql_are_killed_and_nobody_is_lost_or_texted_twice(
    cluster: Cluster, open_site: Any, callers: int
) -> None:
    site = open_site(cluster.url)
    guests = site.crowd.ring_many(callers, ("keys", "leaver", "silent"))
    site.wait_for(lambda: all(was_answered(guest) for guest in guests), "everybody to be answered")
    faults.pause(2.0)
    kill(site.web_child())
    faults.pause(1.0)
    kill(site.worker())
    faults.kill_database(cluster, away_s=0.5)
    site.crowd.wait(200)
    site.wait_for(lambda: kill(site.worker()) == 1, "a worker to kill")
    assert differing(site.settle(patience_s=SETTLE_S)) == []


@pytest.mark.requirement("S0-11")
def test_the_next_release_takes_over_while_callers_talk_and_on_sigterm_calls_finish_even_if_nothing_comes_next(
    open_site: Any,
) -> None:
    site = open_site(pace=QUICK)
    early = site.crowd.ring("keys")
    site.wait_for(lambda: was_answered(early), "the first caller to be answered")
    old = site.hand_over()
    late = site.crowd.ring("keys")
    site.crowd.wait(200)
    assert old.wait(120) == 0
    last = site.crowd.ring("keys")
    site.wait_for(lambda: was_answered(last), "the last caller to be answered")
    site.end_serve()
    site.crowd.wait(200)
    for guest in (early, late, last):
        assert guest.has_heard_goodbye, guest.told
        assert guest.call.errors == ()
    assert differing(site.settle(patience_s=SETTLE_S)) == []
