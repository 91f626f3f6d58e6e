"""Second factors as rows, on both databases."""

from collections.abc import Callable

from tests.builders import MONDAY_TEN
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.second_factor import SecondFactor

Works = Callable[[], SqlUnitOfWork]
FACTOR = SecondFactor(
    id="a", sealed_key="s", pending_key="p", pending_at=MONDAY_TEN, last_step=2**33, recovery_digests="d e"
)


def test_a_factor_comes_back_as_it_was_written_and_goes(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        assert work.second_factors.lock("a") == SecondFactor(id="a")
        work.second_factors.save(FACTOR)
        work.commit()
    with unit_of_work() as work:
        assert work.second_factors.lock("a") == FACTOR
        work.second_factors.remove("a")
        work.commit()
    with unit_of_work() as work:
        assert work.second_factors.lock("a") == SecondFactor(id="a")
