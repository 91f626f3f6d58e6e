"""Whether everything that the demo claims to show was really there.

Knows: the case reader, what the caller said, the recording. Must not know: how the call came about.
"""

import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from voicebot.cli.demo.case_reader import Case
from voicebot.domain.promise import CallOutcome, PromiseState
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.ticket import TicketStatus

_IsIt = Callable[[Case, Sms], bool]

LIKE_ENOUGH = 0.6
"""Share of words in common, in order, between what the caller said and what stands on the case."""
LOUD_ENOUGH = 300.0
"""Loudness (root mean square of 16-bit samples) that a side of the call reaches in its loudest second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the demo has to show for itself at its end."""

    kept: Case | None
    """Ada's case. It is told in words, called back and wrapped up."""
    broken: Case | None
    """Ben's case. Nobody called."""
    said: dict[str, str]
    """Slot → the words that the caller spoke."""
    partials: int
    """How many guesses were shown while the caller spoke."""
    recording: Path
    """Both sides of Ada's call."""


def missing(seen: Seen) -> list[str]:
    """Return what should have been there and was not, each as a sentence, or nothing when all was."""
    if seen.kept is None or seen.broken is None:
        return ["there are not two cases in the database"]
    return [
        *_missing_words(seen.kept, seen),
        *_missing_call_back(seen.kept),
        *_missing_texts(seen.kept, {"the decision": _to_caller("sms_answer_granted")}),
        *_missing_breach(seen.broken),
        *_missing_texts(seen.broken, _TEXTS_OF_A_MISS),
        *silent_sides(seen.recording),
    ]


def likeness(said: str, heard: str) -> float:
    """Return how alike two texts are, 0 to 1, counted in words and their order."""
    return SequenceMatcher(None, _words(said), _words(heard), autojunk=False).ratio()


def silent_sides(recording: Path) -> list[str]:
    """Return what is wrong with the stereo WAV of the call, if it is missing, or a side is without voice."""
    if not recording.exists():
        return [f"there is no recording of the call ({recording.name})"]
    with wave.open(str(recording)) as wav:
        samples = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2").reshape(-1, wav.getnchannels())
        rate = wav.getframerate()
    if samples.shape[1] != 2:
        return [f"the recording of the call has {samples.shape[1]} sides, not 2"]
    sides = ("the caller", "the hotline")
    return [
        f"{side} cannot be heard in the recording"
        for i, side in enumerate(sides)
        if _loudest_s(samples[:, i], rate) < LOUD_ENOUGH
    ]


def _missing_words(case: Case, seen: Seen) -> list[str]:
    heard = {answer.slot: answer.text for answer in case.answers}
    found = [
        f"the {slot} on the case does not match what the caller said ({likeness(said, heard.get(slot, '')):.0%} alike)"
        for slot, said in seen.said.items()
        if likeness(said, heard.get(slot, "")) < LIKE_ENOUGH
    ]
    return found if seen.partials else [*found, "no word was shown while the caller spoke"]


def _missing_promise(case: Case) -> list[str]:
    if case.promise is None or not case.promise.words:
        return ["no promise was made and said to the caller"]
    return []


def _missing_breach(case: Case) -> list[str]:
    found = _missing_promise(case)
    if not case.breaches:
        found.append("the missed promise was not noticed")
    broken = {breach.id for breach in case.breaches}
    if len([step for step in case.steps if step.subject_id in broken]) < 2:
        found.append("the ladder was not climbed")
    if not any(promise.attempt == 2 for promise in case.promises):
        found.append("no new window came with the apology")
    return found


def _missing_call_back(case: Case) -> list[str]:
    found = _missing_promise(case)
    if not any(call.result == CallOutcome.REACHED for call in case.calls_back):
        found.append("the owner's call did not reach the complainant")
    if not any(promise.state is PromiseState.KEPT for promise in case.promises):
        found.append("the call back kept no promise")
    if case.ticket.status is not TicketStatus.ANSWERED:
        found.append("the case was not wrapped up after the talk")
    return found


def _to_caller(template: str) -> _IsIt:
    return lambda case, sms: sms.recipient == case.ticket.complainant_number and sms.template == template


_CONFIRMATION = {"the confirmation to the caller": _to_caller("sms_confirmation")}
_TEXTS_OF_A_MISS: Mapping[str, _IsIt] = {
    "the apology to the caller": _to_caller("sms_promise_missed"),
    "the ladder's text to staff": lambda case, sms: sms.recipient != case.ticket.complainant_number,
}


def _missing_texts(case: Case, wanted: Mapping[str, _IsIt]) -> list[str]:
    delivered = [sms for sms in case.texts if sms.state is SmsState.DELIVERED]
    return [
        f"{what} was not delivered"
        for what, is_it in (_CONFIRMATION | dict(wanted)).items()
        if not any(is_it(case, sms) for sms in delivered)
    ] + [f"a text is {sms.state}" for sms in case.texts if _went_wrong(sms)]


def _went_wrong(sms: Sms) -> bool:
    return sms.state in {SmsState.FAILED, SmsState.UNDELIVERED, SmsState.UNKNOWN, SmsState.SUPPRESSED}


def _loudest_s(side: "np.ndarray[tuple[int], np.dtype[np.int16]]", rate: int) -> float:
    seconds = [side[start : start + rate].astype(np.float64) for start in range(0, len(side), rate)]
    return max((float(np.sqrt(np.mean(second**2))) for second in seconds), default=0.0)


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?'\"").lower() for word in text.split()]
