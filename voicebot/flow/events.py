"""What can happen to a call. This is the only way into the engine.

Names are past tense, but the trade's own NoInput and NoMatch stay (VoiceXML). The first group comes from the caller or
the carrier (through `telephony/` and `service/listening`), the second answers effects that the engine asked for
(`instructions.py`).
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from voicebot.domain.utterance import HeardNumber, Utterance
from voicebot.flow.session import KnownCase


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FinishedBy(StrEnum):
    """What ended an utterance."""

    SILENCE = "silence"
    KEY = "key"
    """The end key `#`."""
    LIMIT = "limit"
    COMMAND = "command"
    """A segment was one of the `commands` of the speech spec (a person, a supervisor …)."""


class CallAnswered(_Event):
    """The carrier handed us the call, which is the first event of every session."""

    kind: Literal["call_answered"] = "call_answered"


class PromptsPlayed(_Event):
    """Every prompt of a `Listen` that hears only keys and has no `no_input_after_s` was played to its end.

    `uncut` is True when the last mark came back before any `clear`, which is the evidence a recording notice needs.
    """

    kind: Literal["prompts_played"] = "prompts_played"
    uncut: bool = True


class UtteranceHeard(_Event):
    """The caller spoke and finished. With `utterance.recording_sid` set the words come later (worker)."""

    kind: Literal["utterance_heard"] = "utterance_heard"
    utterance: Utterance
    finished_by: FinishedBy


class KeysPressed(_Event):
    """One single key, or the digits collected (without the end key)."""

    kind: Literal["keys_pressed"] = "keys_pressed"
    keys: str
    """Characters 0-9, * and #. Empty when a collection was ended by `#` with nothing keyed."""
    utterance: Utterance | None = None
    """What had been said in this turn before the key."""
    numbers_after: tuple[HeardNumber, ...] = ()
    """Where a number was asked for, what may have been said behind the keys, the likeliest first."""


class NoInput(_Event):
    """Nothing was said or keyed in time."""

    kind: Literal["no_input"] = "no_input"
    was_cut: bool = False
    """Whether a sound had stopped the question. Then silence answers nothing, for the question was not heard."""


class CallerHungUp(_Event):
    """The call is over, whoever ended it, and no instruction can reach the caller any more."""

    kind: Literal["caller_hung_up"] = "caller_hung_up"
    utterance: Utterance | None = None


class HearingFailed(_Event):
    """Recogniser, clip or stream failed on our side, so the flow says the same again, heard another way."""

    kind: Literal["hearing_failed"] = "hearing_failed"
    utterance: Utterance | None = None


class CallResumed(_Event):
    """The verb after the stream was fetched. The stream is gone, and the caller is still there."""

    kind: Literal["call_resumed"] = "call_resumed"
    utterance: Utterance | None = None
    has_spoken: bool = False
    """Whether a voice is kept of what was being said, though its words come later or never."""


class FaultOccurred(_Event):
    """Our own code failed in this call, so the flow apologises, and the case stands."""

    kind: Literal["fault_occurred"] = "fault_occurred"


class TimeUp(_Event):
    """The call has lasted as long as the policy lets any call last, so the flow says goodbye, and the case stands."""

    kind: Literal["time_up"] = "time_up"


class OfferedWindow(BaseModel):
    """A window with room that the caller may choose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens_at: datetime
    closes_at: datetime


class PromiseMade(_Event):
    """Answer to `MakePromise`."""

    kind: Literal["promise_made"] = "promise_made"
    opens_at: datetime
    closes_at: datetime
    zone: str
    """IANA name of the zone in which the window is spoken."""
    offers: tuple[OfferedWindow, ...] = ()
    """The windows to choose from, as they are said. Empty where several were not asked for, or there is only one."""


class NoWindowLeft(_Event):
    """Answer to `MakePromise` when the policy has no (further) window. Then the earlier promise stands."""

    kind: Literal["no_window_left"] = "no_window_left"


class OwnerSpoke(_Event):
    """Answer to `ConnectOwner`. It says that the caller and whoever is responsible have talked."""

    kind: Literal["owner_spoke"] = "owner_spoke"


class OwnerNotReached(_Event):
    """Answer to `ConnectOwner`. It says that nobody took the call."""

    kind: Literal["owner_not_reached"] = "owner_not_reached"
    is_call_promised: bool = False
    """Whether the case has a promised call to come. False where a window was missed and no other is promised."""
    was_rung: bool = True
    """Whether anybody's telephone rang. False where nobody is on duty who could be rung."""


class CaseJoined(_Event):
    """Answer to `JoinCase`. It says that what was said stands on the case that the caller has already."""

    kind: Literal["case_joined"] = "case_joined"
    case_number: str
    """Nine digits of the number of that case, which the caller hears from now on."""
    target: str = ""
    """Name of the service-level target of the promised call that stands. Empty without one."""
    standing: PromiseMade | None = None
    """The promised call that stands on that case."""


class CaseKeptApart(_Event):
    """Answer to `JoinCase`. It says that there is no case to join any more, so the call keeps its own."""

    kind: Literal["case_kept_apart"] = "case_kept_apart"


class QuestionsFound(_Event):
    """Answer to `FindQuestions`. It names what is still to be asked, often nothing."""

    kind: Literal["questions_found"] = "questions_found"
    fields: tuple[str, ...] = ()
    """Names of fields of the case, the first to be asked first."""


class CaseOpened(_Event):
    """Answer to `OpenCase`. It says that the caller may hear how this case stands."""

    kind: Literal["case_opened"] = "case_opened"
    case: KnownCase
    is_proven: bool = False
    """Whether they gave its code, so that they may do anything with it."""
    can_text: bool = False
    """Whether a text reaches its complainant."""


class CaseNotOpened(_Event):
    """Answer to `OpenCase`. A wrong code, one of no case, and one too many are answered alike."""

    kind: Literal["case_not_opened"] = "case_not_opened"


class NumberAccepted(_Event):
    """Answer to `CheckNumber`. The number has passed the number gate."""

    kind: Literal["number_accepted"] = "number_accepted"
    number: str
    """E.164."""
    national_digits: str
    """The digits as people of that country say them, for reading back."""
    digits: str = ""
    """Those that were asked about, of the several that may have been said."""


class NumberRefused(_Event):
    """Answer to `CheckNumber`. It is not a number we may ring (invalid, premium, foreign, our own …)."""

    kind: Literal["number_refused"] = "number_refused"
    reason: str


FlowEvent = Annotated[
    CallAnswered
    | PromptsPlayed
    | UtteranceHeard
    | KeysPressed
    | NoInput
    | CallerHungUp
    | HearingFailed
    | CallResumed
    | FaultOccurred
    | TimeUp
    | PromiseMade
    | NoWindowLeft
    | CaseJoined
    | CaseKeptApart
    | QuestionsFound
    | CaseOpened
    | CaseNotOpened
    | NumberAccepted
    | NumberRefused
    | OwnerSpoke
    | OwnerNotReached,
    Field(discriminator="kind"),
]

FLOW_EVENT: TypeAdapter[FlowEvent] = TypeAdapter(FlowEvent)
"""Reads and writes any event as JSON."""
