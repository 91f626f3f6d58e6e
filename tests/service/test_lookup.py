"""Reading a running call without changing it."""

from tests.service.lines import Line
from voicebot.service.lookup import find_call, get_call, wait_at


def test_a_call_is_found_by_the_carriers_id_and_by_ours(line: Line) -> None:
    answer = line.ring()
    assert find_call(line.hotline, "CA1") == get_call(line.hotline, answer.call.id) == line.call(answer)
    assert find_call(line.hotline, "CA2") is None
    assert get_call(line.hotline, "nobody") is None


def test_every_wait_that_was_put_can_be_read_again(line: Line) -> None:
    notice = line.ring()
    story = line.go_on(notice)
    first, second = wait_at(line.hotline, notice.call.id, 0), wait_at(line.hotline, notice.call.id, 1)
    assert first is not None
    assert second is not None
    assert (first.wait, second.wait) == (notice.wait, story.wait)
    assert wait_at(line.hotline, notice.call.id, 2) is None
    assert wait_at(line.hotline, "nobody", 0) is None
