"""A call's states: it lives, it ends once, and the first end stands."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_call
from voicebot.domain.call import CALL_TRANSITIONS, CallEnd, CallStatus, end_call
from voicebot.errors import Refused

LATER = MONDAY_TEN + timedelta(minutes=1)


@pytest.mark.parametrize("current", CallStatus)
@pytest.mark.parametrize("reason", CallEnd)
def test_an_end_is_legal_or_refused_without_change(current: CallStatus, reason: CallEnd) -> None:
    call = a_call(status=current, stream_token="token")
    before = repr(call)
    if CallStatus.ENDED in CALL_TRANSITIONS[current]:
        ended = end_call(call, reason, LATER)
        assert (ended.status, ended.end, ended.ended_at) == (CallStatus.ENDED, reason, LATER)
    else:
        with pytest.raises(Refused, match="has ended already") as refusal:
            end_call(call, reason, LATER)
        assert refusal.value.code == "call-transition"
    assert repr(call) == before


def test_an_ended_call_opens_no_stream_any_more() -> None:
    assert end_call(a_call(stream_token="token"), CallEnd.CALLER_HUNG_UP, LATER).stream_token is None


def test_the_table_names_every_status() -> None:
    assert set(CALL_TRANSITIONS) == set(CallStatus)
