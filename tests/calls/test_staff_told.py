"""Through the pretend carrier: a telephone expects a text, or a call with these words, and nothing else may arrive."""

from datetime import datetime

import pytest

from tests.builders import at
from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import hurried_presser
from tests.service.devices import Arrival, call, text
from tests.service.lines import DEPUTY, OTHER, OWNER, SECOND_SUPERVISOR, SUPERVISOR, a_policy_dir
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.hand_over import take_over
from voicebot.simulator import Caller, Happening, LineCall, Phone, hang_up, picked_up_by, press

A_WEEK_LATER = "Wednesday 25 November 2026"
PICKS_UP = picked_up_by(Caller())
"""Somebody who listens and presses nothing."""
KEYS_THREE = picked_up_by(Caller().after("say", press("3"), nth=1))


class Handsets:
    """Every telephone but the hotline's; `expect` takes all that arrived since the last time."""

    def __init__(self, house: House, **phones: Phone) -> None:
        self._house = house
        for number in (OWNER, DEPUTY, SUPERVISOR, SECOND_SUPERVISOR):
            house.carrier.phones[number] = phones.get(number, PICKS_UP)
        self._known: set[str] = set()

    def expect(self, instant: str, *arrivals: Arrival, day: str = "Wednesday 18 November 2026") -> None:
        """Let the time pass until an instant; each of these arrives once until then, and nothing else does."""
        got = self._until(at(f"{day} {instant}:00"))
        missing = [wanted for wanted in arrivals if not any(wanted.is_like(each) for each in got)]
        assert not missing, f"expected {missing}, got {got}"
        assert len(got) == len(arrivals), f"expected {list(arrivals)}, got {got}"

    def _until(self, instant: datetime) -> list[Arrival]:
        while self._house.clock.now() < instant:
            self._house.step(minutes=5)
            self._house.wait_for(self._nobody_rings, "the calls to end")
        self._house.work_off()
        ledger = self._house.carrier.ledger
        with ledger.lock:
            texts = [each for each in ledger.messages.values() if each.direction != "inbound"]
            lines = [each.line for each in ledger.calls.values() if each.line.direction != "inbound"]
        got = {each.sid: Arrival("text", each.recipient, each.body) for each in texts}
        got |= {each.sid: Arrival("call", each.to_number, said(each)) for each in lines}
        new = [arrival for sid, arrival in got.items() if sid not in self._known]
        self._known = set(got)
        return new

    def _nobody_rings(self) -> bool:
        with self._house.work() as work:
            calls = [each for ticket in work.tickets.all() for each in work.staff_calls.of_ticket(ticket.id)]
        return all(each.ended_at is not None or each.dialled_at is None for each in calls)


def said(leg: LineCall) -> str:
    return " ".join(event.detail for event in leg.transcript if event.kind is Happening.SAID)


@pytest.mark.requirement("S0-11")
@pytest.mark.requirement("S0-12")
def test_from_the_new_case_to_the_step_that_is_passed_on_each_telephone_gets_its_own(
    database_url: str, open_house: OpenHouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    policy = a_policy_dir(tmp_path_factory.mktemp("told"), notices=True)
    house = open_house(database_url=database_url, policy_dir=policy)
    handsets = Handsets(house, **{OWNER: KEYS_THREE})
    house.ring(hurried_presser())
    handsets.expect("10:30", text(CALLER_NUMBER, "We will call you"), text(OWNER, "is new and yours"))
    house.carrier.text(CALLER_NUMBER, "the box was wet")
    handsets.expect("11:00", text(CALLER_NUMBER, ""), text(OWNER, "the complainant has told us more"))
    handsets.expect("12:15", text(OWNER, "ends at 13:00"))
    handsets.expect("12:45", text(OWNER, "ends at 13:00"), text(DEPUTY, "ends at 13:00"))
    handsets.expect(
        "13:20",
        text(CALLER_NUMBER, "We are sorry"),
        *(text(number, "was MISSED") for number in (OWNER, SUPERVISOR)),
        *(call(number, "The promised call was missed.") for number in (OWNER, SUPERVISOR, SECOND_SUPERVISOR)),
        text(SECOND_SUPERVISOR, "First handler passes it on to you"),
    )
    case = house.the_ticket().case_number
    take_over(house.hotline, case, actor="deputy_1")
    log_callback(house.hotline, case, reason="spoke", actor="deputy_1")
    handsets.expect("14:20", text(OWNER, "has another owner now"))
    house.clock.step(at(f"{A_WEEK_LATER} 09:50:00") - house.clock.now())
    handsets.expect(
        "10:20",
        text(DEPUTY, "a decision is due by Wed 2 Dec"),
        text(SUPERVISOR, "a decision is due or late, and none was told."),
        day=A_WEEK_LATER,
    )
    house.ring(Caller().after("ask_story", press("0")).after("promise_supervisor", hang_up()), OTHER)
    handsets.expect(
        "10:50",
        text(OTHER, "We will call you"),
        text(SUPERVISOR, "the caller asks for a supervisor, and one is promised."),
        text(OWNER, "is new and yours"),
        day=A_WEEK_LATER,
    )
