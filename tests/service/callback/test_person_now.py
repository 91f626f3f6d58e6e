"""A caller who asks for a person is put through: one telephone after another, for a minute, never a voicemail."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import at
from tests.service.call.ordered_canary import order_canary
from tests.service.callback.callers import CA, calls_of, with_callbacks
from tests.service.ladder.test_duty import away
from tests.service.lines import CALLER, DEPUTY, OTHER, OWNER, QUALITY, SECOND_SUPERVISOR, SUPERVISOR, Line
from voicebot.domain.call import CallEnd, Way
from voicebot.domain.rota import RotaProfile
from voicebot.domain.staff_call import StaffCallState
from voicebot.flow.events import OwnerNotReached, OwnerSpoke
from voicebot.flow.instructions import ConnectOwner, Listen
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import call_context_of
from voicebot.service.callback import hops
from voicebot.service.callback.rang_in import close_left_leg, close_owner_leg, has_talked, is_talking, owner_leg
from voicebot.service.hotline import context_of
from voicebot.service.staff.rota import save_profile
from voicebot.service.ticket.hand_over import give


@pytest.fixture
def line(line: Line, tmp_path: Path) -> Line:
    """A hotline that puts callers through."""
    with_callbacks(line, tmp_path / "put_through", person_for="60 seconds")
    return line


def asked(line: Line, caller: str = CALLER) -> CallAnswer:
    """Ask for a person at the story."""
    return line.key(line.reach("ask_story", caller), "0")


def not_taken(line: Line, answer: CallAnswer, *, seconds: int = 20) -> CallAnswer:
    """Let the telephone that rings ring in vain, and take what comes of it."""
    line.step(seconds=seconds)
    event = close_owner_leg(line.hotline, answer.call.id, status="no-answer", is_bridged=False, seconds=0)
    return answer if event is None else line.tell(answer, event)


def with_a_second_handler(line: Line, folder: Path) -> None:
    """Let the policy know another handler, who has the telephone of the deputy."""
    with_callbacks(line, folder, person_for="60 seconds")
    people = folder / "escalation.yaml"
    another = f'  - {{id: owner_2, name: Second handler, role: handler, spoken_role: case handler, phone: "{DEPUTY}"}}'
    people.write_text(people.read_text().replace(DEPUTY, "").rstrip() + f"\n{another}\n")


def rings(line: Line, answer: CallAnswer) -> str:
    leg = owner_leg(line.hotline, answer.call.id)
    return "" if leg is None else leg.number


def state_of(line: Line, answer: CallAnswer) -> tuple[bool, bool]:
    """Tell whether the caller has talked, and whether they wait or talk."""
    call = line.call(answer)
    with line.work() as work:
        context = call_context_of(context_of(line.hotline, work), call)
        return has_talked(context), is_talking(context, call)


def node_of(answer: CallAnswer) -> str:
    assert isinstance(answer.wait, Listen | ConnectOwner)
    return answer.wait.node


@pytest.mark.requirement("S1-03")
@pytest.mark.requirement("S3-05")
def test_supervisors_are_rung_first_then_the_owner_one_after_another_and_for_a_minute(line: Line) -> None:
    answer = asked(line)
    assert (node_of(answer), answer.call.way) == ("connect_person", Way.RECORD)
    rung = []
    for _ in range(3):
        rung.append(rings(line, answer))
        last, answer = answer, not_taken(line, answer)
    assert rung == [SUPERVISOR, SECOND_SUPERVISOR, OWNER]
    assert last.turn_number + 1 == answer.turn_number, "the caller hears of it once"
    assert isinstance(answer.wait, Listen)
    assert [prompt.key for prompt in answer.wait.prompts] == ["person_not_reached", "promise_supervisor"]
    assert answer.call.way is Way.STREAM
    assert line.promise(answer.call.ticket_id).target == "supervisor"


def test_the_first_telephone_rings_after_our_words_and_the_next_after_others(line: Line) -> None:
    answer = asked(line)
    first = owner_leg(line.hotline, answer.call.id)
    not_taken(line, answer)
    second = owner_leg(line.hotline, answer.call.id)
    assert first is not None
    assert second is not None
    assert (first.is_first, second.is_first) == (True, False)
    assert first.ring_for == second.ring_for == timedelta(seconds=20)


def test_who_hears_the_whisper_for_long_costs_the_caller_no_second_minute(line: Line) -> None:
    answer = asked(line)
    after = not_taken(line, not_taken(line, answer), seconds=25)
    assert node_of(after) == "promise_supervisor"


def test_a_talk_is_all_that_was_asked_for_and_nothing_more_is_owed(line: Line) -> None:
    answer = asked(line)
    ticket = line.ticket(answer)
    (call,) = calls_of(line, ticket)
    asking = hops.greet(line.hotline, call.id, CA)
    assert isinstance(asking, hops.Ask)
    assert "A caller asks for a person now." in asking.words
    assert isinstance(hops.accept(line.hotline, call.id, "1"), hops.LetThrough)
    line.step(minutes=2)
    event = close_owner_leg(line.hotline, answer.call.id, status="completed", is_bridged=True, seconds=100)
    assert event == OwnerSpoke()
    line.tell(answer, event)
    end_call(line.hotline, "CA1", CallEnd.COMPLETED)
    line.run_jobs()
    assert line.promises(ticket.id) == []
    assert line.verbs(ticket.id).count("complainant_called") == 1
    again = close_owner_leg(line.hotline, answer.call.id, status="completed", is_bridged=True, seconds=100, leg=call.id)
    assert again == OwnerSpoke()


def test_who_hangs_up_while_talking_has_talked(line: Line) -> None:
    answer = asked(line)
    (call,) = calls_of(line, line.ticket(answer))
    hops.greet(line.hotline, call.id, CA)
    hops.accept(line.hotline, call.id, "1")
    line.step(minutes=1)
    assert state_of(line, answer) == (False, True)
    close_left_leg(line.hotline, call.id)
    assert state_of(line, answer) == (True, False)


def test_a_voicemail_that_picks_up_is_nobody(line: Line) -> None:
    answer = asked(line)
    (call,) = calls_of(line, line.ticket(answer))
    hops.greet(line.hotline, call.id, CA)
    assert isinstance(hops.accept(line.hotline, call.id, ""), hops.Tell)
    not_taken(line, answer)
    assert rings(line, answer) == SECOND_SUPERVISOR


def test_what_is_told_twice_of_a_telephone_rings_no_third(line: Line) -> None:
    answer = asked(line)
    (first,) = calls_of(line, line.ticket(answer))
    for _ in range(2):
        line.step(seconds=5)
        event = close_owner_leg(line.hotline, answer.call.id, status="busy", is_bridged=False, seconds=0, leg=first.id)
        assert event is None
        assert rings(line, answer) == SECOND_SUPERVISOR
    assert len(calls_of(line, line.ticket(answer))) == 2


def test_what_is_told_twice_of_the_last_telephone_is_answered_as_before(line: Line) -> None:
    away(line, "supervisor_2", "owner_1", "quality_1", "area_1", "executive_1")
    answer = asked(line)
    (only,) = calls_of(line, line.ticket(answer))
    for _ in range(2):
        event = close_owner_leg(line.hotline, answer.call.id, status="busy", is_bridged=False, seconds=0, leg=only.id)
        assert event == OwnerNotReached(was_rung=True)


@pytest.mark.requirement("S3-05")
def test_with_nobody_on_duty_a_supervisor_is_promised_at_once(line: Line) -> None:
    line.clock.at = at("Wednesday 18 November 2026 21:00:00")
    answer = asked(line)
    assert isinstance(answer.wait, Listen)
    assert [prompt.key for prompt in answer.wait.prompts] == ["promise_supervisor"]
    assert calls_of(line, line.ticket(answer)) == []


def test_who_asked_and_reached_nobody_is_not_put_through_a_second_time(line: Line) -> None:
    answer = asked(line)
    for _ in range(3):
        answer = not_taken(line, answer)
    assert node_of(line.key(line.go_to(answer, "tell_case_number"), "0")) == "promise_supervisor"


def test_nobody_is_rung_where_the_policy_says_so_or_it_is_our_own_test_call(line: Line, tmp_path: Path) -> None:
    order_canary(line)
    assert node_of(asked(line, OTHER)) == "promise_supervisor"
    with_callbacks(line, tmp_path / "policy", person_for="never")
    assert node_of(line.key(line.go_to(line.ring(carrier_call_id="CA2"), "ask_story"), "0")) == "promise_supervisor"


def test_a_member_of_staff_who_rings_is_not_connected_with_themselves(line: Line) -> None:
    assert rings(line, asked(line, SUPERVISOR)) == SECOND_SUPERVISOR


def test_who_waits_for_a_person_is_found_in_the_state_of_the_telephone(line: Line) -> None:
    (call,) = calls_of(line, line.ticket(asked(line)))
    assert (call.state, call.ordered_by) == (StaffCallState.RINGING, "caller")


def test_nobody_is_rung_twice_in_a_call_that_joined_its_case_meanwhile(line: Line) -> None:
    """The telephones rang for the case that the call opened. The store refuses the second ring of one of them."""
    first = line.told_call("CA1")
    answer = line.key(line.reach("ask_matter", CALLER, "CA2"), "0")
    for _ in range(3):
        answer = not_taken(line, answer)
    answer = line.say(line.key(line.key(answer, "#"), "1"), "it still is not here")
    assert line.call(answer).ticket_id == first.call.ticket_id
    assert node_of(line.key(answer, "0")) == "promise_supervisor"


def test_other_handlers_are_rung_after_the_owner_and_before_the_rest_of_management(line: Line, tmp_path: Path) -> None:
    with_a_second_handler(line, tmp_path / "two_handlers")
    away(line, "supervisor_1", "supervisor_2", "owner_1")
    answer = asked(line)
    assert rings(line, answer) == DEPUTY
    assert rings(line, not_taken(line, answer)) == QUALITY


def test_who_has_the_case_is_rung_before_other_handlers(line: Line, tmp_path: Path) -> None:
    with_a_second_handler(line, tmp_path / "two_handlers")
    ticket = line.ticket(line.told_call("CA1"))
    give(line.hotline, ticket.case_number, to="owner_2", actor="supervisor_1")
    away(line, "supervisor_1", "supervisor_2")
    joined = line.say(line.key(line.reach("ask_matter", CALLER, "CA2"), "1"), "it still is not here")
    assert rings(line, line.key(joined, "0")) == DEPUTY


@pytest.mark.danger("one number, many calls")
def test_one_number_makes_no_telephone_ring_without_end(line: Line, tmp_path: Path) -> None:
    with_callbacks(line, tmp_path / "twice", person_for="60 seconds", person_rings_a_day=2)
    rung = []
    for at_call in range(3):
        answer = line.key(line.reach("ask_story", CALLER, f"CA{at_call + 1}"), "0")
        rung.append(rings(line, answer))
        end_call(line.hotline, answer.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
        line.step(minutes=5)
    assert rung == [SUPERVISOR, SUPERVISOR, SECOND_SUPERVISOR]
    assert rings(line, line.key(line.reach("ask_story", OTHER, "CA9"), "0")) == SUPERVISOR, "nobody else pays for that"
    withheld = line.key(line.reach("ask_story", "", "CA10"), "0")
    assert rings(line, withheld) == SUPERVISOR


def test_who_stands_in_for_handlers_is_rung_while_the_rota_has_them_as_one(line: Line) -> None:
    away(line, "supervisor_1", "supervisor_2", "owner_1")
    assert rings(line, asked(line)) == QUALITY
    save_profile(line.hotline, RotaProfile(staff_id="deputy_1", roles=("deputy", "handler")), actor="boss")
    assert rings(line, line.key(line.reach("ask_story", OTHER, "CA2"), "0")) == DEPUTY
