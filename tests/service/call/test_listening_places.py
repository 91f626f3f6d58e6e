"""Who is listened to live when places are few."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.lines import CALLER, Line
from voicebot.domain.call import Way
from voicebot.service.call.listening_places import ListeningPlaces, seat_of
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.ports import Places, Seat


def a_seat(holder: str, call_id: str, for_others: int = 2) -> Seat:
    return Seat(holder=holder, call_id=call_id, for_others=for_others)


@pytest.mark.danger("one number, many calls")
def test_one_number_takes_all_places_but_two_and_others_take_those() -> None:
    places = ListeningPlaces(8)
    assert [places.reserve(a_seat("one", f"call-{n}")) for n in range(8)] == [*[True] * 6, False, False]
    assert [places.reserve(a_seat(other, other)) for other in ("two", "three", "four")] == [True, True, False]
    assert places.places() == Places(8, 8)


def test_a_call_whose_stream_was_replaced_does_not_stand_in_its_own_way() -> None:
    places = ListeningPlaces(3)
    assert places.reserve(a_seat("one", "call-1"))
    assert [places.has_room(a_seat("one", call)) for call in ("call-1", "call-2")] == [True, False]
    assert places.reserve(a_seat("one", "call-1"))


def test_a_place_given_back_is_free_again_and_none_is_given_back_twice() -> None:
    places, seat = ListeningPlaces(1), a_seat("one", "call-1")
    assert places.reserve(seat)
    assert not places.has_room(a_seat("two", "call-2"))
    places.release(seat)
    assert places.has_room(a_seat("two", "call-2"))
    with pytest.raises(AssertionError):
        places.release(seat)


def test_places_are_never_more_than_there_are_however_many_ask_at_once() -> None:
    places = ListeningPlaces(8)
    with ThreadPoolExecutor(12) as threads:
        got = list(threads.map(lambda n: places.reserve(a_seat("one", f"call-{n}")), range(12)))
    assert got.count(True) == 6


def test_a_call_is_born_without_a_stream_where_its_number_holds_a_place_and_two_are_left(line: Line) -> None:
    line.recognisers.limit = 3
    first = line.ring(carrier_call_id="CA1")
    assert first.call.way is Way.STREAM
    assert line.recognisers.reserve(seat_of(line.hotline, CALLER, first.call.id))
    assert line.ring(carrier_call_id="CA2").call.way is Way.RECORD
    assert line.ring("+12025550188", "CA3").call.way is Way.STREAM
    token = first.call.stream_token
    assert token is not None
    open_stream(line.hotline, first.call.id, token, "CA1")
    assert resume_call(line.hotline, first.call.id).call.way is Way.STREAM, "it holds no place against itself"


def test_callers_without_a_number_are_one_holder(line: Line) -> None:
    seat = seat_of(line.hotline, None, "call-1")
    assert (seat.holder, seat.for_others) == ("", 2)
