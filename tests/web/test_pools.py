"""A full budget takes nothing from another, and turns away what would wait too long."""

import threading

import pytest

from voicebot.web.budgets import Budget, Share
from voicebot.web.pools import Pools


@pytest.fixture
def pools() -> Pools:
    return Pools({Budget.STRANGERS: Share(1, 1), Budget.CARRIER: Share(1, 0)})


def test_strangers_who_fill_their_threads_leave_the_carriers_free(pools: Pools) -> None:
    let_go = threading.Event()
    waiting = [pools.start(Budget.STRANGERS, lambda: let_go.wait(20)) for _ in range(3)]
    assert [each is not None for each in waiting] == [True, True, False]
    answered = pools.start(Budget.CARRIER, lambda: "answered")
    assert answered is not None
    assert answered.result(20) == "answered"
    let_go.set()
    pools.shutdown()


def test_a_place_that_is_given_back_is_taken_again(pools: Pools) -> None:
    for _ in range(3):
        done = pools.start(Budget.CARRIER, lambda: None)
        assert done is not None
        done.result(20)
        pools.give_back(Budget.CARRIER)
    assert pools.start(Budget.CARRIER, lambda: None) is not None
    assert pools.start(Budget.CARRIER, lambda: None) is None
    pools.shutdown()
