"""While nothing can be counted in the database, a number that rings on and on hears a busy line all the same."""

from datetime import timedelta

import pytest

from tests.builders import at
from tests.fakes_outside import SteppedClock
from voicebot.domain.budget import WITHHELD, Budget, CallLimits, Measure, OverBudget, Scope
from voicebot.service.call.outage_budget import OutageBudget

CALLER, NEIGHBOUR, OTHER = "+12025550143", "+12025550177", "+12125550143"
LIMITS = CallLimits(
    per_number=Budget(at_once=1, a_day=2),
    per_prefix=Budget(a_day=3),
    withheld=Budget(an_hour=1),
    in_all=Budget(a_day=5),
)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(at("Wednesday 18 November 2026 10:00:00"))


@pytest.fixture
def budget(clock: SteppedClock) -> OutageBudget:
    return OutageBudget(LIMITS, clock.now)


def test_each_party_has_its_own_edge_and_a_repeat_is_not_counted(budget: OutageBudget) -> None:
    assert [budget.may_come_in(sid, CALLER) for sid in ("CA1", "CA2", "CA1", "CA2")] == [None] * 4
    assert budget.may_come_in("CA3", CALLER) == OverBudget(Scope.NUMBER, Measure.A_DAY)
    assert budget.may_come_in("CA4", NEIGHBOUR) is None
    assert budget.may_come_in("CA5", NEIGHBOUR) == OverBudget(Scope.PREFIX, Measure.A_DAY)
    assert [budget.may_come_in(sid, OTHER) for sid in ("CA6", "CA7")] == [None, None]
    assert budget.may_come_in("CA8", WITHHELD) == OverBudget(Scope.ALL, Measure.A_DAY)


def test_room_comes_back_as_time_passes(budget: OutageBudget, clock: SteppedClock) -> None:
    assert budget.may_come_in("CA1", WITHHELD) is None
    assert budget.may_come_in("CA2", WITHHELD) == OverBudget(Scope.WITHHELD, Measure.AN_HOUR)
    clock.step(timedelta(hours=1))
    assert budget.may_come_in("CA2", WITHHELD) is None
    assert [budget.may_come_in(sid, CALLER) for sid in ("CA3", "CA4", "CA5")][-1] is not None
    clock.step(timedelta(days=1))
    assert budget.may_come_in("CA5", CALLER) is None
