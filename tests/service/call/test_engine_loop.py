"""One turn: the engine asked until it waits."""

import pytest

from tests.service.call.repeats import MORE, asked, said
from tests.service.callback.test_rang_in import asked as rang_in
from tests.service.callback.test_rang_in import talked, waits_for_a_call
from tests.service.lines import CALLER, OTHER, Line, node_of
from voicebot.domain.call import CallEnd, Way
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import TicketStatus
from voicebot.flow.events import CallResumed, FaultOccurred, NoInput
from voicebot.flow.instructions import ConnectOwner
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call


def test_effects_are_answered_within_the_turn_that_asked(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "announce_text")
    offer = line.tell(answer, NoInput())
    assert node_of(offer) == "offer_windows"
    assert offer.turn_number == answer.turn_number + 1
    assert line.promise(offer.call.ticket_id).made_at == line.clock.at


# --- calls without end -----------------------------------------------------------------------------------------

ENDLESS = pytest.mark.danger("endless silent calls")


@ENDLESS
@pytest.mark.parametrize("key", ["*", "0"])
def test_who_presses_one_key_for_an_hour_is_ended_kindly_and_the_case_stands(line: Line, key: str) -> None:
    answer = line.reach("ask_story")
    pressed = 0
    while node_of(answer) != "hang_up":
        line.step(seconds=15)
        pressed += 1
        answer = line.key(answer, key)
    assert pressed == line.policy.limits.longest_call.total_seconds() / 15
    assert [prompt.key for prompt in answer.wait.prompts] == ["tell_time_up"]
    end_call(line.hotline, "CA1", CallEnd.COMPLETED)
    line.settle()
    assert line.ticket(answer).status is TicketStatus.OPEN
    assert len(line.sender.to(CALLER)) == 1
    assert line.promise(answer.call.ticket_id).state is PromiseState.OPEN


def drawn_out(line: Line) -> CallAnswer:
    """Let a call last as long as any may, in turns of four minutes, up to the story."""
    answer = line.reach("ask_story")
    for _ in range(8):
        answer = line.key(answer, "*")
        line.step(minutes=4)
    return answer


@pytest.mark.parametrize("hours", [3, -3])
def test_a_clock_that_is_set_ends_nobodys_call(line: Line, hours: int) -> None:
    answer = line.reach("ask_story")
    line.step(hours=hours)
    for _ in range(3):
        answer = line.key(answer, "*")
        line.step(minutes=1)
    answer = line.say(answer, "it broke")
    assert node_of(answer) != "hang_up"


@ENDLESS
def test_what_was_said_in_the_turn_that_ends_the_call_is_kept(line: Line) -> None:
    answer = drawn_out(line)
    answer = line.say(answer, "it took me half an hour to say this")
    assert node_of(answer) == "hang_up"
    assert line.ticket(answer).problem == "it took me half an hour to say this"


@ENDLESS
def test_a_line_that_breaks_again_and_again_is_not_taken_up_for_ever(line: Line) -> None:
    answer = drawn_out(line)
    again = line.tell(answer, CallResumed())
    assert node_of(again) == "hang_up"


@ENDLESS
def test_a_fault_of_ours_is_apologised_for_however_late(line: Line) -> None:
    answer = drawn_out(line)
    late = line.tell(answer, FaultOccurred())
    assert "apologise_failure" in [prompt.key for prompt in getattr(late.wait, "prompts", ())]


@pytest.mark.parametrize("has_room", [True, False])
def test_who_is_connected_leaves_the_stream_and_is_heard_live_again_where_there_is_room(
    line: Line, *, has_room: bool
) -> None:
    waits_for_a_call(line)
    connected = rang_in(line)
    assert isinstance(connected.wait, ConnectOwner)
    assert (connected.call.way, connected.call.stream_token) == (Way.RECORD, None)
    line.recognisers.limit = 10 if has_room else 0
    after = talked(line, connected, is_bridged=False)
    assert after.call.way is (Way.STREAM if has_room else Way.RECORD)
    assert (after.call.stream_token is not None) is has_room


@pytest.mark.requirement("S3-06")
def test_a_case_is_joined_within_the_turn_that_asked_and_the_flow_hears_of_it(line: Line) -> None:
    first = line.told_call("CA1")
    joined = line.say(line.key(asked(line), "1"), MORE)
    assert (joined.call.ticket_id, said(joined)) == (first.call.ticket_id, ["say_added", "say_window"])


def test_digits_of_a_code_are_not_stored_with_the_turn_that_took_them(line: Line) -> None:
    case = line.ticket(line.told_call())
    asked = line.key(line.key(line.ring(OTHER, "CA2"), "2"), case.case_number)
    answer = line.key(asked, case.pin)
    with line.work() as work:
        turn = work.calls.turn(answer.call.id, answer.turn_number)
    assert turn is not None
    assert '"keys":"****"' in turn.event
    assert case.pin not in turn.event + turn.session + turn.instructions
