"""The carrier's API is busy, fails and does what it denies, answers twice; receipts are late, doubled, reordered."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.chaos.echo import EchoingProxy
from tests.chaos.quarters import open_quarters
from tests.chaos.report import differing
from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioRest
from voicebot.simulator import CarrierOptions, PacedClock, PretendCarrier, Trouble

pytestmark = pytest.mark.heavy

PACE = 8.0
TROUBLES = (
    *(Trouble.BUSY, Trouble.SERVER_ERROR_AFTER_ACTION, Trouble.SERVER_ERROR, Trouble.BUSY),
    *(Trouble.SERVER_ERROR_AFTER_ACTION, Trouble.SERVER_ERROR),
)


@pytest.mark.requirement("S2-14")
def test_texts_arrive_once_though_the_api_fails_and_receipts_come_anyhow(
    open_house: OpenHouse, speech_dir: Path
) -> None:
    options = CarrierOptions(callbacks_doubled=True, callbacks_reordered=True, callbacks_late_s=3.0)
    quarters = open_quarters(open_house, speech_dir, options=options)
    quarters.carrier.ledger.troubles.extend(TROUBLES)
    with quarters.worker():
        for kind in ("keys", "silent"):
            quarters.crowd.ring(kind)
        quarters.crowd.wait(120)
        quarters.house.await_calls_ended()
    assert differing(quarters.settle(step_s=61)) == []
    assert quarters.carrier.ledger.troubles == deque(), "every trouble was met"


@pytest.fixture
def carrier() -> Iterator[PretendCarrier]:
    """A carrier whose API is used without a hotline."""
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, "http://127.0.0.1:9", clock=PacedClock(PACE)) as company:
        yield company


def test_an_api_that_sends_every_answer_twice_mixes_up_no_texts(carrier: PretendCarrier) -> None:
    proxy = EchoingProxy(carrier.serve_api())
    try:
        rest = TwilioRest(
            TwilioAccount(
                account_sid=ACCOUNT, auth_token=TOKEN, sender=NUMBER, status_callback_url="", api_url=proxy.url
            )
        )
        recipients = [f"+120255501{number}" for number in range(40, 60)]
        sids = [rest.send(recipient, f"case of {recipient[-2:]}") for recipient in recipients]
    finally:
        proxy.close()
    assert [carrier.ledger.messages[sid].recipient for sid in sids] == recipients
    assert len(carrier.ledger.messages) == len(recipients)
