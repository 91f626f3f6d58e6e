"""Which voices somebody has to listen to before a case ends."""

import pytest

from tests.builders import MONDAY_TEN, an_answer
from voicebot.domain.heard import VoiceHeard, is_voiced, unheard
from voicebot.domain.ticket import AnswerState


@pytest.mark.parametrize(
    ("state", "audio_key", "is_there"),
    [
        (AnswerState.DONE, "voice.wav", True),
        (AnswerState.AWAITING_TRANSCRIPT, "voice.wav", True),
        (AnswerState.SPOOLED, None, True),
        (AnswerState.AWAITING_RECORDING, None, True),
        (AnswerState.DONE, None, False),
        (AnswerState.DESTROYED, None, False),
        (AnswerState.LOST, None, False),
    ],
)
def test_a_voice_that_is_kept_or_on_its_way_is_to_be_heard(
    state: AnswerState, audio_key: str | None, is_there: bool
) -> None:
    assert is_voiced(an_answer(state=state, audio_key=audio_key)) is is_there


def test_what_nobody_listened_to_is_named_until_one_person_did() -> None:
    story = an_answer(audio_key="1.wav", state=AnswerState.DONE)
    remedy = an_answer(id="answer-2", audio_key="2.wav", state=AnswerState.DONE)
    heard = VoiceHeard(ticket_id="ticket-1", answer_id="answer-2", by="olive", at=MONDAY_TEN)
    assert unheard([story, remedy], []) == (story, remedy)
    assert unheard([story, remedy], [heard]) == (story,)
