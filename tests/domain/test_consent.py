"""Consent to recording: given after the notice, taken back for good."""

import pytest

from tests.builders import MONDAY_TEN
from voicebot.domain.consent import (
    CONSENT_TRANSITIONS,
    Consent,
    ConsentAnswer,
    add_consent,
    may_record,
    standing_answer,
)
from voicebot.errors import Refused


def a_consent(answer: ConsentAnswer) -> Consent:
    return Consent(call_id="call-1", answer=answer, wording_version="words-1", locale="en", at=MONDAY_TEN)


WAYS_TO: dict[ConsentAnswer | None, tuple[Consent, ...]] = {
    None: (),
    ConsentAnswer.RECORDED: (a_consent(ConsentAnswer.RECORDED),),
    ConsentAnswer.REFUSED: (a_consent(ConsentAnswer.REFUSED),),
}


@pytest.mark.parametrize("standing", WAYS_TO)
@pytest.mark.parametrize("answer", ConsentAnswer)
def test_every_answer_is_legal_or_refused_without_change(standing: ConsentAnswer | None, answer: ConsentAnswer) -> None:
    consents = WAYS_TO[standing]
    if answer in CONSENT_TRANSITIONS[standing]:
        assert add_consent(consents, a_consent(answer)) == (*consents, a_consent(answer))
    else:
        with pytest.raises(Refused, match="answer to the recording notice stands") as refusal:
            add_consent(consents, a_consent(answer))
        assert refusal.value.code == "consent-transition"
    assert standing_answer(consents) is standing


def test_the_table_names_every_answer() -> None:
    assert set(CONSENT_TRANSITIONS) == {None, *ConsentAnswer}


@pytest.mark.requirement("S0-04")
def test_nothing_is_recorded_before_the_notice_nor_after_a_refusal() -> None:
    assert not may_record(())
    recorded = add_consent((), a_consent(ConsentAnswer.RECORDED))
    assert may_record(recorded)
    assert not may_record(add_consent(recorded, a_consent(ConsentAnswer.REFUSED)))
