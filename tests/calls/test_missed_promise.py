"""Nobody calls back: the miss is known at once, climbs, and the caller hears of it."""

import pytest

from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import complain, hurried_presser
from tests.service.lines import DEPUTY, EXECUTIVE, OWNER, SUPERVISOR
from voicebot.service.promise.keep import log_callback


@pytest.mark.requirement("S0-12")
@pytest.mark.requirement("S2-21")
def test_a_missed_window_brings_apology_new_window_and_ladder(house: House) -> None:
    house.ring(hurried_presser())
    ticket = house.the_ticket()
    with house.work() as work:
        (promise,) = work.promises.of_ticket(ticket.id)
    house.clock.step(promise.window_closes_at - house.clock.now())
    house.step(seconds=5)
    with house.work() as work:
        promises = work.promises.of_ticket(ticket.id)
        breaches = work.promises.breaches_of_ticket(ticket.id)
    assert [each.state for each in promises] == ["breached", "open"]
    assert breaches[0].at == promise.window_closes_at
    _, apology = house.texts_to(CALLER_NUMBER)
    assert "sorry" in apology.body
    assert house.texts_to(OWNER)
    assert house.texts_to(SUPERVISOR)
    before = len(house.texts_to(CALLER_NUMBER))
    house.work_off()
    assert len(house.texts_to(CALLER_NUMBER)) == before


@pytest.mark.requirement("S2-21")
def test_a_logged_call_keeps_the_promise_and_nobody_is_told_anything(house: House) -> None:
    complain(house)
    ticket = house.the_ticket()
    log_callback(house.hotline, ticket.case_number, reason="spoke with the complainant", actor="owner_1")
    house.step(days=3)
    assert len(house.texts_to(CALLER_NUMBER)) == 1
    assert house.texts_to(SUPERVISOR) == []


@pytest.mark.requirement("S0-12")
@pytest.mark.heavy
def test_the_second_miss_promises_no_third_window_and_reaches_the_executive(house: House) -> None:
    house.ring(hurried_presser())
    ticket = house.the_ticket()
    for _ in range(120):
        house.step(minutes=30)
    with house.work() as work:
        promises = work.promises.of_ticket(ticket.id)
    assert [each.state for each in promises] == ["breached", "breached"]
    assert "a second time" in house.texts_to(CALLER_NUMBER)[-1].body
    assert house.texts_to(EXECUTIVE)
    assert house.texts_to(DEPUTY)
