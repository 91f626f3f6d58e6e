"""Inspects what is said on calls that we make. They must be all there, with slots that something fills, and short to
the complainant.

Knows: those words. Must not know: prompts of a flow, texts (check_words.py).
"""

from collections.abc import Iterator

from voicebot.flow.call_words import CALL_SLOTS, REFUSE_RECORDING_KEY, CallWords
from voicebot.flow.faults import Issue
from voicebot.flow.inspection import Inspection
from voicebot.flow.prompts import SLOT

MOST_WORDS_TO_COMPLAINANT = 25
"""As of every prompt (check_words.py). Staff know what is said, and hear more of it."""


def check_call_words(inspection: Inspection, locale: str) -> Iterator[Issue]:
    """Yield every fault of these words in one locale."""
    words = inspection.flow.calls.get(locale, {})
    for needed in CallWords:
        if not words.get(needed, "").strip():
            file = inspection.file_of("calls", locale, needed)
            yield inspection.issue_in(file, found=f"no words for {needed} in {locale}", cure=f"add {needed}")
    for key, template in words.items():
        for found, cure in _faults(key, template):
            yield inspection.issue_in(inspection.file_of("calls", locale, key), key, found=f"{key} {found}", cure=cure)


def _faults(key: str, template: str) -> Iterator[tuple[str, str]]:
    if key not in set(CallWords):
        yield "is said on no call", "take it out"
    for slot in SLOT.findall(template):
        if slot not in CALL_SLOTS:
            yield f"has the slot {slot}, which nothing fills", f"use one of {', '.join(sorted(CALL_SLOTS))}"
    if key == CallWords.ANNOUNCE_RECORDED_KEYS and REFUSE_RECORDING_KEY not in template:
        yield f"does not say that key {REFUSE_RECORDING_KEY} refuses the recording", "name that key"
    count = len(template.split())
    if key.startswith("announce") and count > MOST_WORDS_TO_COMPLAINANT:
        yield f"has {count} words", f"say it in {MOST_WORDS_TO_COMPLAINANT}"
