"""Whoever wants to know waits for a moment at most, and however many ask, one question is under way."""

import threading
from time import monotonic

from voicebot.web.resilience.cached_probe import CachedProbe


def test_an_answer_is_remembered_for_a_while() -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    probe = CachedProbe(ask, fresh_for_s=60, patience_s=5)
    assert [probe.answer() for _ in range(3)] == [1, 1, 1]
    forgetful = CachedProbe(ask, fresh_for_s=-1, patience_s=5)
    forgetful.answer()
    assert len(asked) == 2


def test_while_nothing_answers_the_first_waits_and_the_others_are_told_at_once() -> None:
    hangs, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        hangs.wait(20)
        return "well"

    probe = CachedProbe(ask, fresh_for_s=60, patience_s=0.3)
    began = monotonic()
    assert probe.answer() is None
    assert 0.25 < monotonic() - began < 10
    began = monotonic()
    assert [probe.answer() for _ in range(100)] == [None] * 100
    assert monotonic() - began < 5
    assert asked == [1]
    hangs.set()
    patient = monotonic() + 5
    while probe.answer() is None and monotonic() < patient:
        threading.Event().wait(0.01)
    assert probe.answer() == "well"
