"""A worker that is killed again and again: what it was doing is done by the next, once.

On SQLite with two callers, and on PostgreSQL with four in `make test-long`: tests/chaos/test_processes.py kills a
worker on PostgreSQL each time, and tests/adapters/test_job_queue.py holds the queue to both.
"""

from pathlib import Path

import pytest

from tests.calls.conftest import StartService
from tests.calls.people import hurried_presser
from tests.calls.service import Service
from tests.service.lines import a_policy_dir
from voicebot.domain.sms import SmsState
from voicebot.service.outbox.sms import LOOK_UP_AFTER
from voicebot.simulator.ledger import Trouble

pytestmark = pytest.mark.timeout(600)

SURE_WITHIN_S = LOOK_UP_AFTER.total_seconds() + 90
"""A worker killed between claiming a text and noting its sid leaves it unsure: the carrier is asked after a while."""
ON_ONE = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)
"""On the database that is started soonest; with `make test-long` on both."""


@pytest.mark.requirement("S0-12")
@ON_ONE
@pytest.mark.parametrize("callers", [2, pytest.param(4, marks=pytest.mark.long)])
def test_a_killed_worker_neither_doubles_nor_loses_a_text(
    database_url: str, start_service: StartService, tmp_path: Path, callers: int
) -> None:
    # Windows of hours: a confirmation that comes after its window has closed would rightly not be sent any more.
    service = start_service(database_url, pace=3.0, policy_dir=a_policy_dir(tmp_path / "policy"))
    recipients = [f"+120255501{number}" for number in range(50, 50 + callers)]
    calls = [service.carrier.ring(number, hurried_presser()) for number in recipients]
    for call in calls:
        call.wait(120)
        service.wait_for(lambda: service.kill("voicebot worker") == 1, "a living worker to kill")
    service.wait_for(
        lambda: all(service.confirmations(to) for to in recipients), "a confirmation to each", patience_s=SURE_WITHIN_S
    )
    assert [len(service.confirmations(to)) for to in recipients] == [1] * callers


@pytest.mark.heavy
@pytest.mark.requirement("S0-12")
@ON_ONE
def test_a_worker_killed_between_a_text_s_leaving_and_the_carrier_s_answer_sends_one(
    database_url: str, start_service: StartService, tmp_path: Path
) -> None:
    """The carrier has the text, and nobody here knows: the next worker must not send it again."""
    service = start_service(database_url, policy_dir=a_policy_dir(tmp_path / "policy"))
    service.wait_for(lambda: "reconciled" in service.log.read_text(), "the worker to have asked what the carrier lists")
    service.carrier.ledger.troubles.append(Trouble.HANG_AFTER_ACTION)
    service.carrier.text("+12025550150", "my kettle broke")
    service.wait_for(lambda: len(service.confirmations("+12025550150")) == 1, "the text to be at the carrier")
    assert service.kill("voicebot worker") == 1
    assert _states(service) == [SmsState.SENDING], "nobody has settled it"
    service.wait_for(lambda: _states(service) == [SmsState.DELIVERED], "its receipt", patience_s=SURE_WITHIN_S)
    assert len(service.confirmations("+12025550150")) == 1


def _states(service: Service) -> list[SmsState]:
    cases = service.tickets()
    with service.work() as work:
        return [sms.state for ticket in cases for sms in work.sms.of_ticket(ticket.id)]
