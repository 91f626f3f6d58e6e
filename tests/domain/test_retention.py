"""Spans: how long each class of a case stays, and what makes it longer or shorter."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_case_at_rest
from voicebot.domain.retention import RetentionClass, RetentionRules, due_at

RULES = RetentionRules()


def days_kept(kind: RetentionClass, *, is_unanswered: bool = False, is_refused: bool = False) -> int:
    """Return how many days after the last activity a class is due."""
    case = a_case_at_rest(is_unanswered=is_unanswered, is_recording_refused=is_refused)
    return (due_at(RULES, kind, case) - MONDAY_TEN).days


@pytest.mark.parametrize(
    ("kind", "ordinary", "refused", "unanswered", "both"),
    [
        (RetentionClass.AUDIO, 180, 180, 1095, 1095),
        (RetentionClass.WORDS, 1095, 90, 1095, 1095),
        (RetentionClass.NUMBERS, 365, 365, 1095, 1095),
        (RetentionClass.TEXTS, 365, 365, 1095, 1095),
        (RetentionClass.TRACES, 90, 90, 90, 90),
    ],
)
@pytest.mark.requirement("S1-16")
def test_class_stays_for_its_days(
    kind: RetentionClass, ordinary: int, refused: int, unanswered: int, both: int
) -> None:
    assert days_kept(kind) == ordinary
    assert days_kept(kind, is_refused=True) == refused
    assert days_kept(kind, is_unanswered=True) == unanswered
    assert days_kept(kind, is_unanswered=True, is_refused=True) == both


@pytest.mark.parametrize("kind", RetentionClass)
@pytest.mark.parametrize("is_unanswered", [False, True])
@pytest.mark.parametrize("is_refused", [False, True])
def test_no_case_has_a_span_below_the_least(kind: RetentionClass, is_unanswered: bool, is_refused: bool) -> None:
    span = RULES.span(kind, is_unanswered=is_unanswered, is_recording_refused=is_refused)
    assert span >= RULES.least(kind)


def test_longer_spans_than_an_unanswered_complaint_has_are_not_shortened_by_it() -> None:
    rules = RetentionRules(keep_unanswered=timedelta(days=10))
    assert rules.span(RetentionClass.WORDS, is_unanswered=True, is_recording_refused=False) == timedelta(days=1095)
