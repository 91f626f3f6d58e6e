"""Adjustments: nothing is kept without a consent, and two of them bind our own calls and texts."""

from datetime import date

import pytest

from tests.adjustments import an_adjustment
from tests.builders import MONDAY_TEN
from voicebot.domain.adjustment import (
    LONGEST_CONSENT,
    LONGEST_DETAIL,
    Adjustment,
    AdjustmentKind,
    TypedAdjustment,
    is_not_rung,
    is_not_texted,
    is_rung_in_mornings,
    is_told_nothing_unasked,
    read_adjustment,
)
from voicebot.errors import Refused

TODAY = date(2026, 3, 2)
SLOW, INTERPRETER, NO_MESSAGE = AdjustmentKind.SLOW, AdjustmentKind.INTERPRETER, AdjustmentKind.NO_MESSAGE


def read(kind: AdjustmentKind = SLOW, **typed: str) -> Adjustment:
    given = TypedAdjustment(kind=kind, **{"consent_by": "Mary Ruiz", **typed})
    return read_adjustment(given, "+12025550143", by="olive", now=MONDAY_TEN, today=TODAY)


@pytest.mark.requirement("V-05")
def test_what_is_typed_is_kept_with_who_said_yes_and_when() -> None:
    assert read() == an_adjustment()
    kept = read(INTERPRETER, detail=" Polish\n", consent_by=" her  son ", consent_on=" 2026-02-27 ")
    assert (kept.said, kept.consent_by, kept.consent_on) == ("interpreter: Polish", "her son", "2026-02-27")
    assert read(NO_MESSAGE).said == "do not leave a message"


@pytest.mark.requirement("V-05")
@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (SLOW, {"consent_by": " \x00 "}, "consent-missing"),
        (SLOW, {"consent_by": "x" * (LONGEST_CONSENT + 1)}, "consent-missing"),
        (SLOW, {"consent_on": "2026-03-03"}, "consent-date"),
        (SLOW, {"consent_on": "1999-12-31"}, "consent-date"),
        (SLOW, {"consent_on": "yesterday"}, "consent-date"),
        (SLOW, {"detail": "x" * (LONGEST_DETAIL + 1)}, "adjustment-detail"),
        (INTERPRETER, {}, "adjustment-detail"),
        (AdjustmentKind.SAFE_CONTACT, {"detail": " "}, "adjustment-detail"),
    ],
)
def test_nothing_is_kept_without_consent_or_without_what_it_has_to_say(
    kind: AdjustmentKind, typed: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as problem:
        read(kind, **typed)
    assert problem.value.code == code


@pytest.mark.requirement("V-05")
def test_two_of_them_bind_our_own_calls_and_texts() -> None:
    others = set(AdjustmentKind) - {AdjustmentKind.TEXT_ONLY, NO_MESSAGE}
    both = {AdjustmentKind.TEXT_ONLY, NO_MESSAGE}
    asked = [(is_not_rung(each), is_not_texted(each), is_told_nothing_unasked(each)) for each in (others, both)]
    assert asked == [(False, False, False), (True, False, True)], "who asked for texts gets them"
    assert is_not_texted({NO_MESSAGE})


@pytest.mark.requirement("V-05")
def test_only_for_whom_it_was_agreed_are_calls_kept_to_mornings() -> None:
    kinds = [each for each in AdjustmentKind if is_rung_in_mornings({each})]
    assert kinds == [AdjustmentKind.MORNINGS]
