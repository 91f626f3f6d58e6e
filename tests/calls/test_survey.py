"""After a kept promise the hotline rings and asks whether it is settled: through the carrier, in a real voice."""

from pathlib import Path

import pytest

from tests import quick_yaml
from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, HOTLINE_NUMBER
from tests.calls.people import YES, complain
from tests.service.lines import a_policy_dir
from voicebot.domain.ticket import CloseReason, TicketStatus
from voicebot.service.promise.keep import log_callback
from voicebot.simulator import Caller, picked_up_by, press, speak


@pytest.mark.requirement("S1-17")
@pytest.mark.requirement("S2-08")
def test_a_yes_in_the_call_that_asks_closes_the_case_and_a_text_says_so(
    open_house: OpenHouse, tmp_path: Path, speech_dir: Path
) -> None:
    policy = a_policy_dir(tmp_path / "asking")
    levels = quick_yaml.load((policy / "service_levels.yaml").read_text())
    levels["callbacks"] |= {"survey_after": "1 hour"}
    (policy / "service_levels.yaml").write_text(quick_yaml.dump(levels))
    house = open_house(policy_dir=policy)
    complain(house)
    asked = Caller().after("ask_willing", press("1")).after("ask_settled", speak(speech_dir / YES))
    house.carrier.phones[CALLER_NUMBER] = picked_up_by(asked)
    log_callback(house.hotline, house.the_ticket().case_number, reason="spoke with them", actor="owner_1")
    house.step(hours=1)
    house.work_off()
    (leg,) = house.carrier.ledger.calls_to(CALLER_NUMBER)
    leg.wait(60)
    house.await_calls_ended()
    house.work_off()
    ticket = house.the_ticket()
    assert (ticket.status, ticket.close_reason) == (TicketStatus.CLOSED, CloseReason.AGREED)
    assert leg.from_number == HOTLINE_NUMBER
    assert "is settled, and we close it" in house.texts_to(CALLER_NUMBER)[-1].body
