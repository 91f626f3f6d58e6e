"""Reading what is stored about a call."""

from tests.service.lines import Line
from voicebot.service.lookup import find_call, get_call, wait_at


def test_a_call_is_found_by_either_id(line: Line) -> None:
    call = line.ring().call
    assert find_call(line.hotline, "CA1") == call
    assert get_call(line.hotline, call.id) == call


def test_a_call_that_was_never_answered_is_nowhere(line: Line) -> None:
    assert find_call(line.hotline, "CA1") is None
    assert get_call(line.hotline, "nobody") is None
    assert wait_at(line.hotline, "nobody", 0) is None


def test_an_earlier_wait_is_read_as_it_was_put(line: Line) -> None:
    first = line.ring()
    second = line.go_on(first)
    assert wait_at(line.hotline, first.call.id, 0) is not None
    earlier, later = (wait_at(line.hotline, first.call.id, number) for number in (0, 1))
    assert earlier is not None
    assert later is not None
    assert (earlier.wait, later.wait) == (first.wait, second.wait)
    assert wait_at(line.hotline, first.call.id, 2) is None
