"""A session as it is stored and read."""

import pytest
from pydantic import ValidationError

from tests.builders import call_facts
from voicebot.flow.session import FlowSession, read_session


def test_a_session_is_read_as_it_was_stored_and_each_by_itself() -> None:
    first = FlowSession(flow="complaint", flow_digest="1", locale="en", node="ask_story", facts=call_facts())
    second = first.model_copy(update={"node": "ask_remedy", "slots": {"story": "4"}})
    for session in (first, second, first):
        assert read_session(session.model_dump_json()) == session


@pytest.mark.parametrize("stored", ["", "{}"])
def test_what_was_erased_is_no_session(stored: str) -> None:
    with pytest.raises(ValidationError):
        read_session(stored)
