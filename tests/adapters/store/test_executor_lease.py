"""One live worker for each executor id: a second one is refused, a dead one's lease is taken over."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from voicebot.adapters.store import ExecutorLease
from voicebot.adapters.store.executor_lease import LEASE_S, LOOK_AGAIN_S
from voicebot.errors import SettingFault

NAME = "voicebot-1"


class Waiting:
    """Time that passes only while somebody waits; something may happen meanwhile; in the end it tells to stop."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None, *, most: int = 100) -> None:
        self.elapsed_s = 0.0
        self.waits = 0
        self._meanwhile, self._most = meanwhile, most

    def wait(self, timeout: float) -> bool:
        """Let so many seconds pass."""
        self.elapsed_s += timeout
        self.waits += 1
        self._meanwhile()
        return self.waits >= self._most


def lease(engine: Engine, folder: str, waiting: Waiting | None = None) -> ExecutorLease:
    """Return a lease wanted by a worker of a folder."""
    stop = waiting or Waiting()
    return ExecutorLease(engine, NAME, folder_id=folder, elapsed_s=lambda: stop.elapsed_s)


def test_a_second_worker_on_another_machine_is_refused_while_the_first_lives(engine: Engine) -> None:
    first = lease(engine, "a")
    assert first.take(Waiting())
    waiting = Waiting(first.renew)
    with pytest.raises(SettingFault, match="VOICEBOT_EXECUTOR_ID") as refused:
        lease(engine, "b", waiting).take(waiting)
    assert refused.value.code == "executor-in-use"
    assert waiting.elapsed_s < LEASE_S, "told soon"
    assert first.renew()


def test_a_dead_workers_lease_is_taken_over_by_another_machine_after_a_while(engine: Engine) -> None:
    first, waiting = lease(engine, "a"), Waiting()
    assert first.take(Waiting())
    second = lease(engine, "b", waiting)
    assert second.take(waiting)
    assert LEASE_S <= waiting.elapsed_s <= LEASE_S + 2 * LOOK_AGAIN_S
    assert second.renew()
    assert not first.renew(), "halted, not dead: it learns that it has lost its name"
    first.release()
    assert second.renew(), "and gives back nothing that is not its own"


def test_a_crash_locks_nobody_out_on_the_same_machine(engine: Engine) -> None:
    assert lease(engine, "a").take(Waiting())
    waiting = Waiting()
    assert lease(engine, "a", waiting).take(waiting)
    assert waiting.waits == 0


def test_a_lease_given_back_is_free_at_once(engine: Engine) -> None:
    first = lease(engine, "a")
    assert first.take(Waiting())
    first.release()
    waiting = Waiting()
    assert lease(engine, "b", waiting).take(waiting)
    assert waiting.waits == 0


def test_who_is_told_to_stop_while_it_waits_takes_nothing(engine: Engine) -> None:
    first, waiting = lease(engine, "a"), Waiting(most=3)
    assert first.take(Waiting())
    assert not lease(engine, "b", waiting).take(waiting)
    assert first.renew()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(["renew a", "renew b", "take a", "take b", "wait"]), max_size=25))
def test_two_workers_never_both_believe_that_they_hold_a_name(engine: Engine, actions: list[str]) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM executor_lease")
    wanted = {folder: lease(engine, folder, Waiting(most=1)) for folder in "ab"}
    for action in actions:
        verb, _, folder = action.partition(" ")
        if verb == "renew":
            wanted[folder].renew()
        elif verb == "take":
            try:
                wanted[folder].take(Waiting(most=2))
            except SettingFault:
                wanted[folder] = lease(engine, folder, Waiting(most=1))
        assert sum(each.renew() for each in wanted.values()) <= 1
