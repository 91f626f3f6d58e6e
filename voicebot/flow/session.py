"""Where the caller stands in a flow, as plain data, saved between turns.

Knows: node, slots, counters, the facts the words need. Must not know: the definition's contents.
"""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Self

from pydantic import BaseModel, ConfigDict

from voicebot.domain.announcement import EMERGENCY_NUMBER
from voicebot.domain.utterance import HeardNumber
from voicebot.flow.instructions import Listen, Prompt

CODE_SLOT = "asked_code"
"""Slot of a code while it is looked at. It is never stored."""
PROOF_SLOT, PROVEN = "code", "given"
"""Slot that says that the caller gave the code of the known case."""


class SpokenWindow(BaseModel):
    """The window last promised, as the words need it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens_at: datetime
    closes_at: datetime
    zone: str


class Stands(StrEnum):
    """How far a case has come, for the one who rings about it."""

    OPEN = "open"
    ANSWERED = "answered"
    """A decision was told, and its complainant may say no to it."""
    ENDED = "ended"


class KnownCase(BaseModel):
    """The next date of the case that a caller has, and who has it, which is all that may be said of it, for phones are
    shared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str = ""
    """Which case that is. It is never said."""
    window: SpokenWindow | None = None
    """Of the promised call to come. None when none is promised."""
    answer_by: datetime | None = None
    """When it is to be decided at the latest, or until when one that is answered may be said no to.

    None when nothing is to be decided, or we wait for the complainant.
    """
    stands: Stands = Stands.OPEN
    is_missed: bool = False
    """A promised call was missed, and nobody has called since."""
    owner_role: str = ""
    """The role of whoever is responsible, in words that there is a clip of. Empty where there is none."""
    may_text: bool = True
    """False where its complainant wanted no texts about it."""


class CallFacts(BaseModel):
    """What the words of the flow may speak of. They are given once when the call is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    company: str
    case_number: str
    """Nine digits."""
    caller_number: str | None
    """E.164 past the number gate, or None when it is unknown, withheld, or not one we may ring."""
    caller_digits: str = ""
    """The same as people say it, for its last four. Empty without a number."""
    can_text: bool
    """Whether a text to the caller's number is possible at all."""
    zone: str
    """IANA zone in which windows are spoken."""
    is_clock_other: bool = False
    """By the caller's number the clock where they are shows another time than in that zone."""
    is_overflow: bool = False
    """Every recogniser is taken, so the call begins in the recorded way, and the flow says so."""
    is_call_owed: bool = False
    """A case of this number stands that owes it a call, and a call without a word joins that one."""
    is_owner_in: bool = False
    """Whoever is responsible for that case is on duty and can be rung now."""
    is_owed_call_promised: bool = False
    """The call that is owed has a window to come. Known once the owner was not reached."""
    known_case: KnownCase | None = None
    """The case that words of this number belong to, until the call has joined it. None without one."""
    is_closed: bool = False
    """Nobody works at this hour, by the company's calendar."""
    notice: str = ""
    """Words of the notice of the day, where there is one that can be said."""
    emergency_number: str = EMERGENCY_NUMBER
    """What is named to callers in danger."""
    needs_time: bool = False
    """Somebody with this number has agreed to our keeping that they are spoken to slowly and given time."""
    is_number_shared: bool = False
    """Many people share this number, so nothing is kept for whoever calls from it."""
    is_line_flooded: bool = False
    """Texts to numbers like this one are held back, so a call without a word gets neither text nor promise."""


class FlowSession(BaseModel):
    """One call's place in its flow. Frozen, since a turn returns the next one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flow: str
    flow_digest: str
    locale: str
    node: str
    facts: CallFacts
    slots: dict[str, str] = {}
    no_inputs: int = 0
    """Consecutive silences at this node."""
    no_matches: int = 0
    """Consecutive answers not understood at this node."""
    is_recorded: bool = False
    """True once the notice was heard to its end, and False again after refusal."""
    is_recording_refused: bool = False
    window: SpokenWindow | None = None
    offers: tuple[SpokenWindow, ...] = ()
    """The windows that were offered at once, until the caller has heard a promise."""
    offered_at: datetime | None = None
    """When they were offered, by which "tomorrow" is understood."""
    supervisor_asks: int = 0
    given_up: int = 0
    """Questions running that were given up since the answer was not understood."""
    are_questions_over: bool = False
    """True once we stopped asking somebody whom we do not understand."""
    question: str = ""
    """Name of the field that is being asked for, or was last."""
    questions: tuple[str, ...] = ()
    """Those that were found and not asked yet."""
    is_slow: bool = False
    """True once the caller wants us slower, in this call or by what is kept for the number."""
    is_patient: bool = False
    """True once the caller wants more time, which doubles every wait."""
    trail: tuple[str, ...] = ()
    """Questions that the caller has answered and may step back to, the last one last."""
    heard_numbers: tuple[HeardNumber, ...] = ()
    """What the number that was said last may have been, kept for when it is said once more."""
    other_numbers: tuple[str, ...] = ()
    """What slot `typed_number` may be instead, the likeliest first."""
    refused_numbers: tuple[str, ...] = ()
    """What was read back to the caller, who said no to it."""
    is_step_barred: bool = False
    """True until the next wait, where nobody is to step back to the question that was answered just now."""
    wrong_codes: int = 0
    """How many codes of cases opened nothing in this call."""
    visits: dict[str, int] = {}
    """How often each node was come to in this call, since a flow may limit it (`at_most`)."""
    pending: tuple[Prompt, ...] = ()
    """Prompts to be said before the next wait, kept while an effect is being answered."""
    listen: Listen | None = None
    """What the caller was last told to answer.

    It is repeated by `*`, by a resumed stream or by another way of hearing.
    """
    before_aside: Listen | None = None
    """What the caller was told to answer before that, while they are asked something in between."""
    is_over: bool = False

    def without_steps(self) -> Self:
        """Return the session of a caller who steps back to nothing that was asked before."""
        return self.model_copy(update={"trail": (), "is_step_barred": True})


def with_case_opened(session: FlowSession, case: KnownCase, *, is_proven: bool, can_text: bool) -> FlowSession:
    """Return the session with this case as the known one, which the caller says is theirs. Its code is forgotten.

    The code of a case that was opened before proves nothing of this one.
    """
    facts = session.facts.model_copy(update={"known_case": case} | ({"can_text": can_text} if is_proven else {}))
    told = {"matter": "same"} | ({PROOF_SLOT: PROVEN} if is_proven else {})
    return session.model_copy(update={"facts": facts, "slots": _without_proof(session) | told})


def with_case_apart(session: FlowSession) -> FlowSession:
    """Return the session of a call that joined no case, so that its own is the one to speak of, whatever was proven."""
    facts = session.facts.model_copy(update={"known_case": None})
    return session.model_copy(update={"facts": facts, "slots": _without_proof(session) | {"joined": "no"}})


def with_code_refused(session: FlowSession) -> FlowSession:
    """Return the session with one more code that opened nothing, where one was tried. It is forgotten."""
    tried = session.wrong_codes + (CODE_SLOT in session.slots)
    return session.model_copy(update={"slots": _without_code(session), "wrong_codes": tried})


def _without_proof(session: FlowSession) -> dict[str, str]:
    return {name: value for name, value in _without_code(session).items() if name != PROOF_SLOT}


def _without_code(session: FlowSession) -> dict[str, str]:
    return {name: value for name, value in session.slots.items() if name != CODE_SLOT}


@lru_cache(maxsize=16)
def read_session(stored: str) -> FlowSession:
    """Return a session from its JSON. The end of a call asks for the last one half a dozen times. Raises:
    ValidationError.
    """
    return FlowSession.model_validate_json(stored)
