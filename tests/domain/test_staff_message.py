"""A message to staff goes on through its states and never back, but where nobody has it yet."""

from itertools import product

import pytest

from tests.builders import MONDAY_TEN, a_staff_message
from voicebot.domain.staff_message import (
    FINAL_MESSAGE_STATES,
    MessageState,
    may_move_message,
    move_message,
    put_message_back,
)
from voicebot.errors import Refused

S = MessageState
GOES_ON_TO = {
    S.WAITING: {S.SENDING, S.SENT, S.TAKEN, S.DELIVERED, S.FAILED, S.SUPPRESSED},
    S.SENDING: {S.SENT, S.TAKEN, S.DELIVERED, S.FAILED, S.SUPPRESSED},
    S.SENT: {S.TAKEN, S.DELIVERED, S.FAILED},
    S.TAKEN: set[S](),
    S.DELIVERED: set[S](),
    S.FAILED: set[S](),
    S.SUPPRESSED: set[S](),
}


@pytest.mark.parametrize(("current", "state"), list(product(S, S)))
def test_every_state_meets_every_other(current: S, state: S) -> None:
    assert may_move_message(current, state) is (state in GOES_ON_TO[current])
    message = a_staff_message(state=current, receipt="CA1")
    moved = move_message(message, state, MONDAY_TEN, reason="because")
    if state in GOES_ON_TO[current]:
        assert (moved.state, moved.receipt, moved.reason) == (state, "CA1", "because")
    else:
        assert moved is message


def test_states_that_nothing_follows_are_final() -> None:
    assert {state for state in S if not GOES_ON_TO[state]} == FINAL_MESSAGE_STATES


@pytest.mark.parametrize("state", S)
def test_only_what_is_being_sent_goes_back_to_waiting(state: S) -> None:
    message = a_staff_message(state=state, attempts=2)
    if state is not S.SENDING:
        with pytest.raises(Refused, match=f"a message that is {state} is not sent again"):
            put_message_back(message, MONDAY_TEN, not_before=MONDAY_TEN)
        return
    back = put_message_back(message, MONDAY_TEN, not_before=MONDAY_TEN)
    assert (back.state, back.attempts) == (S.WAITING, 2)
