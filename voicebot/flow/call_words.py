"""What is said on calls that we make, with keys, slots, and a sentence with its slots filled.

These sentences hold what no clip can be recorded for, such as a demand in the caller's words, and most are for staff,
so the carrier's voice says them.
Knows: keys, slots. Must not know: who is rung, TwiML.
"""

from collections.abc import Mapping
from enum import StrEnum

from voicebot.flow.definition import Flow
from voicebot.flow.prompts import SLOT


class CallWords(StrEnum):
    """Keys of `flows/shared/calls.<locale>.yaml`."""

    WHISPER = "staff_whisper"
    DEMAND = "staff_demand"
    PROMISE = "staff_promise"
    CONNECTING = "staff_connecting"
    DECLINED = "staff_declined"
    OVER = "staff_over"
    BUSY = "staff_busy"
    NO_ANSWER = "staff_no_answer"
    FAILED = "staff_failed"
    MACHINE = "staff_machine"
    REFUSED = "staff_refused"
    ASK_RESULT = "staff_ask_result"
    THANKS = "staff_thanks"
    FAULT = "staff_fault"
    LADDER = "staff_ladder"
    LADDER_MISSED = "staff_ladder_missed"
    LADDER_WARNING = "staff_ladder_warning"
    LADDER_DECISION = "staff_ladder_decision"
    DRILL = "staff_drill"
    DRILL_ANSWERED = "staff_drill_answered"
    DRILL_GOES_ON = "staff_drill_goes_on"
    RANG_IN = "staff_rang_in"
    PERSON_WANTED = "staff_person_wanted"
    TAKEN = "staff_taken"
    GOES_ON = "staff_goes_on"
    PASSED_ON = "staff_passed_on"
    NOBODY_NEXT = "staff_nobody_next"
    PASSED_TOO_OFTEN = "staff_passed_too_often"
    TRIAL = "staff_trial"
    CANARY = "canary_complaint"
    ANNOUNCE = "announce"
    ANNOUNCE_NOTHING = "announce_nothing"
    ANNOUNCE_KEYS = "announce_keys"
    ANNOUNCE_GOODBYE = "announce_goodbye"
    STAFF_RECORDED = "staff_recorded"
    ANNOUNCE_RECORDED = "announce_recorded"
    ANNOUNCE_RECORDED_KEYS = "announce_recorded_keys"


CALL_SLOTS = frozenset(
    {"company", "case_end", "number_end", "demand", "promise", "day", "to", "what", "name", "recorded"}
)
"""Slots that such a sentence may have."""


REFUSE_RECORDING_KEY = "8"
"""The complainant's key for a talk without a recording, the same as in a call to the hotline."""


def words_of_call(flow: Flow, locale: str, key: CallWords, slots: Mapping[str, str]) -> str:
    """Return a sentence with its slots filled. A slot that is not given stays empty."""
    words = flow.calls.get(locale) or flow.calls.get(flow.locales[0], {})
    filled = SLOT.sub(lambda slot: slots.get(slot.group(1), ""), words[key])
    return " ".join(filled.split())


def said_digits(digits: str) -> str:
    """Return digits as the carrier's voice says them one by one.

    >>> said_digits("305")
    '3 0 5'
    """
    return " ".join(digits)
