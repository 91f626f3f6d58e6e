"""Who waits for our call rings in, and talks to whoever is responsible now: through the carrier, in real voices."""

from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, HOTLINE_NUMBER, House
from tests.calls.people import REMEDY, STORY, YES, complain, hurried_presser
from tests.calls.test_callback import GREETING, said, voiced_s
from tests.service.lines import OWNER
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.ticket import Ticket
from voicebot.simulator import (
    Caller,
    CarrierOptions,
    LineCall,
    Phone,
    busy,
    hang_up,
    picked_up_by,
    press,
    rest,
    rings_out,
    speak,
    voicemail,
)

ASKS = Caller().after("offer_owner", press("1"))
"""A caller who wants to talk to whoever is responsible."""
TAKES = Caller().after("say", press("1"), nth=1)
"""A member who takes the call at the first words."""


def rang_in(house: House, caller: Caller, owner: Phone) -> LineCall:
    """Complain, then ring again while the owner's phone is as given; return the second call."""
    complain(house)
    house.carrier.phones[OWNER] = owner
    return house.ring(caller)


def the_first(house: House) -> StaffCall:
    """Return the call to staff of the case that was opened first."""
    ticket = first_of(house)
    with house.work() as work:
        return work.staff_calls.of_ticket(ticket.id)[0]


@pytest.mark.requirement("S2-21")
def test_caller_and_owner_talk_and_the_promise_is_kept_in_one_case(house: House, speech_dir: Path) -> None:
    story, remedy, yes = (speak(speech_dir / clip) for clip in (STORY, REMEDY, YES))
    caller = Caller().after("offer_owner", yes).after("bridged", story).after(remedy.label, hang_up())
    owner = TAKES.after(story.label, remedy)
    call = rang_in(house, caller, picked_up_by(owner))
    (leg,) = house.carrier.ledger.calls_to(OWNER)
    talked = the_first(house)
    assert (talked.result, talked.was_bridged, leg.from_number) == ("reached", True, HOTLINE_NUMBER)
    assert voiced_s(leg.hotline_track) > 0.8 * voiced_s(story.audio)
    assert {story.label, remedy.label} <= {*leg.heard, *call.heard}
    first, second = sorted(house.tickets(), key=lambda ticket: ticket.opened_at)
    assert second.merged_into == first.id
    assert states(house, first) == ["kept"]
    assert states(house, second) == []
    assert len(house.texts_to(CALLER_NUMBER)) == 1, "nothing is texted about a talk that was had"


def states(house: House, ticket: Ticket) -> list[str]:
    """Return how the promises of a case stand."""
    with house.work() as work:
        return [promise.state for promise in work.promises.of_ticket(ticket.id)]


@pytest.mark.parametrize(
    ("owner", "why"),
    [
        (rings_out(), "they did not pick up"),
        pytest.param(busy(), "their telephone was busy", marks=pytest.mark.long),
        pytest.param(
            voicemail(GREETING, after_s=3), "their telephone rang, and they did not press 1", marks=pytest.mark.long
        ),
        (picked_up_by(Caller().after("say", press("2"))), "their telephone rang, and they did not press 1"),
    ],
    ids=["nobody answers", "busy", "a machine", "another key"],
)
def test_where_nobody_takes_it_the_caller_is_told_and_goes_on_as_any_other(
    house: House, owner: Phone, why: str
) -> None:
    kept = tuple(reaction for reaction in hurried_presser().reactions if reaction.key != "ask_story")
    caller = Caller(reactions=(*ASKS.reactions, *kept)).after("ask_story", press("#"))
    call = rang_in(house, caller, owner)
    assert the_first(house).result == why
    heard = list(call.heard)
    assert heard[heard.index("connect_owner") : heard.index("ask_story") + 1] == [
        "connect_owner",
        "owner_not_reached",
        "say_recording_notice",
        "ask_story",
    ]
    assert call.ended_by == "hotline"
    assert states(house, first_of(house)) == ["open"]


def first_of(house: House) -> Ticket:
    """Return the case that was opened first."""
    return min(house.tickets(), key=lambda ticket: ticket.opened_at)


@pytest.mark.parametrize("asks_action", [True, False])
def test_talk_that_the_caller_ends_by_hanging_up_keeps_the_promise(open_house: OpenHouse, asks_action: bool) -> None:
    house = open_house(options=CarrierOptions(asks_dial_action_after_hang_up=asks_action))
    rang_in(house, ASKS.after("bridged", rest(30.0), hang_up()), picked_up_by(TAKES))
    assert states(house, first_of(house)) == ["kept"]


@pytest.mark.parametrize("asks_action", [True, False])
def test_caller_who_hangs_up_while_it_rings_has_their_promise_all_the_same(
    open_house: OpenHouse, asks_action: bool
) -> None:
    house = open_house(options=CarrierOptions(asks_dial_action_after_hang_up=asks_action))
    rang_in(house, Caller().after("offer_owner", press("1"), rest(12.0), hang_up()), rings_out())
    house.step(minutes=6)
    assert states(house, first_of(house)) == ["open"]
    assert the_first(house).ended_at is not None


@pytest.mark.parametrize("tells_bridged", [True, False])
def test_owner_who_hangs_up_leaves_the_caller_with_a_goodbye(open_house: OpenHouse, tells_bridged: bool) -> None:
    house = open_house(options=CarrierOptions(tells_dial_bridged=tells_bridged))
    call = rang_in(house, ASKS, picked_up_by(TAKES.after("bridged", rest(3.0), hang_up())))
    assert (call.heard[-1], call.ended_by) == ("say_short_goodbye", "hotline")
    assert states(house, first_of(house)) == ["kept"]


def test_who_would_rather_not_is_asked_as_anybody_and_nobody_is_rung(house: House) -> None:
    call = rang_in(house, Caller().after("offer_owner", press("2")).after("ask_story", hang_up()), rings_out())
    assert "say_recording_notice" in call.heard
    assert house.carrier.ledger.calls_to(OWNER) == []


def test_the_owner_hears_whose_call_it_is(house: House) -> None:
    rang_in(house, ASKS.after("bridged", hang_up()), picked_up_by(TAKES))
    (leg,) = house.carrier.ledger.calls_to(OWNER)
    assert f"case ending {' '.join(first_of(house).case_number[-3:])} is on the line" in said(leg)
