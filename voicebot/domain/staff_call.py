"""A call of ours about a case, to a member of staff, from where it may go on to the complainant, or to ask the
complainant something. It has states, evidence and an outcome.

The member's phone rings first. Who presses 1 there is connected with the complainant, whose phone rings then. A call of
the ladder rings to tell of a miss, and may go on in the same way. Where the complainant has rung us, they wait already.
Knows: states, what each side did. Must not know: telephones, the carrier, promises.
Source: twilio.md 1.11 and complaints.md 5 (a call that ended well may have been answered by a machine).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from voicebot.domain.promise import CallOutcome
from voicebot.errors import Refused


class StaffCallKind(StrEnum):
    """Why the member's phone rings."""

    CALLBACK = "callback"
    """To connect them with the complainant."""
    LADDER = "ladder"
    """To tell them what the ladder says. They may then be connected, too."""
    RANG_IN = "rang_in"
    """To connect them with the complainant, who has rung the hotline and waits on the line."""
    SURVEY = "survey"
    """To ask the complainant, by a flow, whether the matter is settled. No member's phone rings."""


class StaffCallState(StrEnum):
    """How far the call has come."""

    WAITING = "waiting"
    """Ordered, not yet dialled."""
    DIALLING = "dialling"
    """Taken up by one worker. The carrier may have it."""
    RINGING = "ringing"
    """The carrier has it, and it rings at the member's, or they hear what it is about."""
    TAKEN = "taken"
    """The member pressed the key. The complainant's phone rings, or they talk."""
    ASKING = "asking"
    """The complainant's side is over. The member is asked what came of it."""
    ENDED = "ended"


STATE_RANKS: dict[StaffCallState, int] = {state: rank for rank, state in enumerate(StaffCallState)}
"""A call moves to a higher rank only. A worker that gives a dial up puts it back to waiting (`put_call_back`)."""


class TalkRecording(StrEnum):
    """Whether the talk with the complainant is recorded."""

    NONE = "none"
    """It is not, and nobody says that it is."""
    TOLD = "told"
    """The member was told; the complainant is told before they are connected."""
    REFUSED = "refused"
    """The complainant said no."""
    WANTED = "wanted"
    """Both were told and nobody refused: to be begun."""
    BEGUN = "begun"
    """The carrier records, or has recorded. What came of it is an answer of the case."""
    FAILED = "failed"
    """It could not be begun."""
    MACHINE = "machine"
    """A machine picked up, and nobody heard the notice. Nothing of it is kept."""


class ResultKey(StrEnum):
    """What a member keys when the talk is over."""

    SPOKE = "1"
    MACHINE = "2"
    SOMEBODY_ELSE = "3"
    AGAIN = "4"


_KEYED_OUTCOMES = {
    ResultKey.SPOKE: CallOutcome.REACHED,
    ResultKey.MACHINE: CallOutcome.VOICEMAIL,
    ResultKey.SOMEBODY_ELSE: CallOutcome.SOMEBODY_ELSE,
    ResultKey.AGAIN: CallOutcome.NO_ANSWER,
}
_DIAL_OUTCOMES = {
    "busy": CallOutcome.BUSY,
    "no-answer": CallOutcome.NO_ANSWER,
    "failed": CallOutcome.FAILED,
    "canceled": CallOutcome.FAILED,
}
HUMAN = "human"
_MACHINES = ("machine", "fax")


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffCall:
    """One such call. It holds no telephone number, since each is looked up when it is dialled."""

    id: str
    purpose: str
    """Idempotency key, so that nobody is rung twice for the same."""
    kind: StaffCallKind
    ticket_id: str
    promise_id: str | None
    """The promise that was open when it was ordered."""
    member_id: str
    ordered_by: str
    """StaffMember.id, or `worker` for one that policy ordered."""
    ordered_at: datetime
    state: StaffCallState
    state_at: datetime
    not_before: datetime
    tries: int = 0
    """Counts the times it was taken up to be dialled. It is the fencing token of a claim."""
    dialled_at: datetime | None = None
    carrier_call_id: str | None = None
    """The member's leg at the carrier."""
    dial_status: str = ""
    """What the carrier said of the complainant's leg. Empty while it has said nothing."""
    was_bridged: bool = False
    agreed: bool = False
    """The complainant pressed a key at the announcement."""
    refused: bool = False
    """The complainant said that nobody asked for this call."""
    answered_by: str = ""
    """Machine detection's word on the complainant's leg."""
    answered_at: datetime | None = None
    """When the complainant picked up, as the carrier's first question about their leg came."""
    waited_s: int = 0
    """How long the complainant was on the line before somebody talked with them, or nobody did."""
    talk_s: int = 0
    keyed: str = ""
    """What the member keyed at the end."""
    result: str = ""
    """A CallOutcome, or why the complainant was not rung."""
    ended_at: datetime | None = None
    recording: TalkRecording = TalkRecording.NONE

    @property
    def created_at(self) -> datetime:
        """When it was ordered, as messages name it."""
        return self.ordered_at


def caller_of(call: StaffCall) -> str:
    """Return the id of the call to the hotline for whose caller a member is rung. Empty where nobody rang in."""
    return call.purpose.split(":")[1] if call.kind is StaffCallKind.RANG_IN else ""


def asks_for_person(call: StaffCall) -> bool:
    """Tell whether a member is rung because a caller asked for a person, not for the one responsible."""
    return call.kind is StaffCallKind.RANG_IN and call.purpose.count(":") == 2


def waiting_of(call: StaffCall) -> int:
    """Return how many seconds the complainant waited in this call.

    Where we rang, it is known only after a talk that it was they who picked up.
    """
    is_theirs = call.kind is StaffCallKind.RANG_IN or call.result == CallOutcome.REACHED
    return call.waited_s if is_theirs else 0


def move_call(call: StaffCall, state: StaffCallState, at: datetime) -> StaffCall:
    """Return the call in a later state, or the same call when the state is not later than the one it has."""
    if STATE_RANKS[state] <= STATE_RANKS[call.state]:
        return call
    return replace(call, state=state, state_at=at)


def put_call_back(call: StaffCall, at: datetime, *, not_before: datetime) -> StaffCall:
    """Return the call waiting again. Raises: Refused unless it was being dialled."""
    if call.state is not StaffCallState.DIALLING:
        raise Refused(f"a call that is {call.state} is not dialled again", code="staff-call-transition")
    return replace(call, state=StaffCallState.WAITING, state_at=at, not_before=not_before)


def end_of_call(call: StaffCall, result: str, at: datetime) -> StaffCall:
    """Return the call ended, with what came of it. One that has ended stays as it is."""
    if call.state is StaffCallState.ENDED:
        return call
    return replace(call, state=StaffCallState.ENDED, state_at=at, result=result, ended_at=at)


def evidence_of_talk(call: StaffCall, *, human_talk: timedelta) -> str:
    """Return what shows that the complainant was spoken with, in staff's words. Empty when nothing does.

    A talk needs two legs that were connected, and one more sign, which is a key of the complainant, the member's word,
    or machine detection that heard a human for long enough. The member's word against it outweighs the others.
    """
    if not call.was_bridged or call.keyed not in ("", ResultKey.SPOKE):
        return ""
    if call.kind is StaffCallKind.RANG_IN:
        return "they rang in, asked for it with a key or a yes, and were connected"
    if call.keyed == ResultKey.SPOKE:
        return "connected, and keyed as spoken with"
    if call.agreed:
        return "connected, and the complainant pressed a key"
    if call.answered_by == HUMAN and timedelta(seconds=call.talk_s) >= human_talk:
        return f"connected for {call.talk_s} s with a human"
    return ""


def outcome_of(call: StaffCall, *, human_talk: timedelta) -> CallOutcome | None:
    """Return what came of ringing the complainant, or None when they were never rung."""
    if not call.dial_status:
        return None
    if evidence_of_talk(call, human_talk=human_talk):
        return CallOutcome.REACHED
    if call.refused:
        return CallOutcome.SOMEBODY_ELSE
    if call.was_bridged and call.keyed:
        return _KEYED_OUTCOMES[ResultKey(call.keyed)]
    if call.answered_by.startswith(_MACHINES):
        return CallOutcome.VOICEMAIL
    return _DIAL_OUTCOMES.get(call.dial_status, CallOutcome.NO_ANSWER)
