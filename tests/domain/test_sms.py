"""A text's states, error classes and parts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_TEN, an_sms
from voicebot.domain.sms import (
    CARRIER_STATES,
    FINAL_STATES,
    SMS_RANKS,
    Alphabet,
    BodySize,
    SmsErrorClass,
    SmsState,
    body_size,
    error_class,
    may_move,
    move,
    put_back,
    state_of,
    text_trouble,
)
from voicebot.errors import Refused

LATER = MONDAY_TEN + timedelta(minutes=1)


@pytest.mark.parametrize("current", SmsState)
@pytest.mark.parametrize("wanted", SmsState)
def test_every_receipt_moves_a_text_on_or_changes_nothing(current: SmsState, wanted: SmsState) -> None:
    sms = an_sms(state=current)
    moved = move(sms, wanted, LATER)
    if may_move(current, wanted):
        assert (moved.state, moved.state_at) == (wanted, LATER)
        assert SMS_RANKS[wanted] > SMS_RANKS[current]
    else:
        assert moved is sms


def test_every_state_has_a_rank() -> None:
    assert set(SMS_RANKS) == set(SmsState)


@pytest.mark.parametrize("final", sorted(FINAL_STATES))
def test_a_final_state_never_moves_back(final: SmsState) -> None:
    assert not any(may_move(final, state) for state in SmsState)


def test_what_the_carrier_may_have_cannot_be_suppressed() -> None:
    suppressible = {state for state in SmsState if may_move(state, SmsState.SUPPRESSED)}
    assert suppressible == {SmsState.WAITING, SmsState.SENDING}


@given(st.permutations(["queued", "sending", "sent", "delivered", "sent"]))
def test_receipts_in_any_order_end_the_same(words: list[str]) -> None:
    sms = an_sms(state=SmsState.SENDING)
    for word in words:
        state = state_of(word)
        assert state is not None
        sms = move(sms, state, LATER)
    assert sms.state is SmsState.DELIVERED


def test_a_late_receipt_still_brings_the_sid() -> None:
    sms = move(an_sms(state=SmsState.DELIVERED), SmsState.QUEUED, LATER, message_sid="SM1")
    assert (sms.state, sms.message_sid, sms.state_at) == (SmsState.DELIVERED, "SM1", MONDAY_TEN)
    assert move(sms, SmsState.SENT, LATER, message_sid="SM2").message_sid == "SM1"


def test_a_failure_keeps_its_error_and_reason() -> None:
    sms = move(an_sms(state=SmsState.SENT), SmsState.UNDELIVERED, LATER, error_code=30006, reason="landline")
    assert (sms.error_code, sms.reason) == (30006, "landline")
    held = move(an_sms(reason="held"), SmsState.SENDING, LATER)
    assert (held.error_code, held.reason) == (None, "held")


@pytest.mark.parametrize("state", SmsState)
def test_a_text_waits_again_only_when_the_carrier_surely_has_nothing(state: SmsState) -> None:
    sms = an_sms(state=state)
    if state in (SmsState.SENDING, SmsState.UNKNOWN):
        back = put_back(sms, LATER, not_before=LATER + timedelta(seconds=5))
        assert (back.state, back.state_at, back.not_before) == (
            SmsState.WAITING,
            LATER,
            LATER + timedelta(seconds=5),
        )
    else:
        with pytest.raises(Refused, match=f"a text that is {state}") as refusal:
            put_back(sms, LATER, not_before=LATER)
        assert refusal.value.code == "sms-transition"


def test_the_carrier_s_words_are_read_in_any_case_and_unknown_ones_move_nothing() -> None:
    assert state_of("Delivered") is SmsState.DELIVERED
    assert state_of("teleported") is None
    assert {"queued", "sent", "delivered", "undelivered", "failed"} <= set(CARRIER_STATES)


@pytest.mark.parametrize(
    ("code", "expected", "trouble"),
    [
        (21211, SmsErrorClass.PERMANENT, "not_a_number"),
        (21614, SmsErrorClass.PERMANENT, "landline"),
        (21635, SmsErrorClass.PERMANENT, "landline"),
        (30005, SmsErrorClass.PERMANENT, "unknown_handset"),
        (30006, SmsErrorClass.PERMANENT, "landline"),
        (21610, SmsErrorClass.CONSENT, "opted_out"),
        (21408, SmsErrorClass.CONFIGURATION, ""),
        (21608, SmsErrorClass.CONFIGURATION, ""),
        (30002, SmsErrorClass.CONFIGURATION, ""),
        (30007, SmsErrorClass.CONTENT, ""),
        (30003, SmsErrorClass.TEMPORARY, ""),
        (20429, SmsErrorClass.TEMPORARY, ""),
        (12345, SmsErrorClass.OTHER, ""),
    ],
)
def test_an_error_number_says_who_must_act(code: int, expected: SmsErrorClass, trouble: str) -> None:
    assert error_class(code) is expected
    assert text_trouble(code) == trouble


@pytest.mark.parametrize(
    ("body", "size"),
    [
        ("", BodySize(alphabet=Alphabet.GSM7, units=0, parts=1)),
        ("a" * 160, BodySize(alphabet=Alphabet.GSM7, units=160, parts=1)),
        ("a" * 161, BodySize(alphabet=Alphabet.GSM7, units=161, parts=2)),
        ("a" * 306, BodySize(alphabet=Alphabet.GSM7, units=306, parts=2)),
        ("a" * 307, BodySize(alphabet=Alphabet.GSM7, units=307, parts=3)),
        ("€" * 80, BodySize(alphabet=Alphabet.GSM7, units=160, parts=1)),
        # 153 is odd: the 77th euro does not fit into the first part and begins the second.
        ("€" * 153, BodySize(alphabet=Alphabet.GSM7, units=306, parts=3)),
        ("ж" * 70, BodySize(alphabet=Alphabet.UCS2, units=70, parts=1)),
        ("ж" * 71, BodySize(alphabet=Alphabet.UCS2, units=71, parts=2)),
        ("a" * 69 + "č", BodySize(alphabet=Alphabet.UCS2, units=70, parts=1)),
        ("😀" * 35, BodySize(alphabet=Alphabet.UCS2, units=70, parts=1)),
        ("😀" * 67, BodySize(alphabet=Alphabet.UCS2, units=134, parts=3)),
        ("naïve", BodySize(alphabet=Alphabet.UCS2, units=5, parts=1)),  # only i with a grave is in GSM-7
        ("Größe £5 à Ω", BodySize(alphabet=Alphabet.GSM7, units=12, parts=1)),
    ],
)
def test_a_body_costs_what_the_alphabet_makes_it_cost(body: str, size: BodySize) -> None:
    assert body_size(body) == size


@given(st.text(max_size=400))
def test_parts_always_hold_the_whole_body(body: str) -> None:
    size = body_size(body)
    assert size.parts >= 1
    room = 160 if size.alphabet is Alphabet.GSM7 else 70
    assert (size.parts == 1) is (size.units <= room)
