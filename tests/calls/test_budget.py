"""A caller over a budget hears a busy line, and the carrier's report of it makes no case."""

import pytest

from tests.calls.house import CALLER_NUMBER, House
from voicebot.domain.budget import Contact, block_of
from voicebot.service.ports import Arrival
from voicebot.simulator.caller import Caller, hang_up

NEIGHBOUR = "+12025550188"


def hold_lines(house: House, count: int) -> None:
    """Let a number have so many calls that go on elsewhere."""
    with house.work() as work:
        for number in range(count):
            work.contacts.let_in(
                Arrival(
                    kind=Contact.CALL,
                    sid=f"CA{number:032x}",
                    sender=CALLER_NUMBER,
                    block=block_of(CALLER_NUMBER),
                    at=house.clock.now(),
                )
            )
        work.commit()


@pytest.mark.danger("one number, many calls")
def test_the_sixth_call_at_once_of_one_number_is_never_answered_and_a_neighbour_is(house: House) -> None:
    hold_lines(house, 5)
    refused = house.ring(Caller())
    assert (refused.status, refused.duration_s, refused.heard, refused.errors) == ("busy", 0, (), ())
    house.work_off()
    assert house.tickets() == []
    assert house.texts_to(CALLER_NUMBER) == []
    answered = house.ring(Caller().after("ask_story", hang_up()), NEIGHBOUR)
    assert (answered.status, len(house.tickets())) == ("completed", 1)
