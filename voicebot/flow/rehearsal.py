"""A call played without a telephone. It has a pretend caller, a pretend policy, and the file that remembers both sides.

Between turns the session goes through JSON, as it does between two processes.

Knows: the engine. Must not know: terminals, pytest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, assert_never

from pydantic import BaseModel, ConfigDict

from voicebot.domain.utterance import Utterance
from voicebot.flow.definition import Flow
from voicebot.flow.engine import start_session, take_turn
from voicebot.flow.events import (
    FLOW_EVENT,
    CallAnswered,
    CallerHungUp,
    CallResumed,
    CaseJoined,
    CaseKeptApart,
    CaseNotOpened,
    CaseOpened,
    FaultOccurred,
    FinishedBy,
    FlowEvent,
    HearingFailed,
    KeysPressed,
    NoInput,
    NoWindowLeft,
    NumberAccepted,
    NumberRefused,
    OfferedWindow,
    OwnerNotReached,
    OwnerSpoke,
    PromiseMade,
    PromptsPlayed,
    QuestionsFound,
    TimeUp,
    UtteranceHeard,
)
from voicebot.flow.instructions import (
    CheckNumber,
    CloseCase,
    ConfirmPromise,
    ConnectOwner,
    DestroyRecordings,
    FindQuestions,
    HangUp,
    Instruction,
    JoinCase,
    KeepAnswer,
    KeepPace,
    Listen,
    LogConsent,
    MakePromise,
    MarkDanger,
    MarkListenFirst,
    OpenCase,
    Prompt,
    RefuseCalls,
    ReopenCase,
    RequestSupervisor,
    TextOtherTimes,
    WithdrawCase,
)
from voicebot.flow.session import CallFacts, FlowSession, KnownCase, SpokenWindow, Stands

REHEARSED_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday."""
FIRST_WINDOW_AT = REHEARSED_AT + timedelta(days=1)
KNOWN_CASE = "305719483"
"""The case that the caller has already."""
CODE = "8558"
"""Its code."""

Doing = Literal[
    "rings",
    "hears_it_out",
    "hears_a_part",
    "stays_silent",
    "hangs_up",
    "is_cut_off",
    "is_not_heard",
    "meets_our_fault",
    "outstays",
    "talks_with_the_owner",
    "reaches_nobody",
    "reaches_nobody_and_is_promised_a_call",
]


Known = Literal["call_promised", "call_missed", "call_missed_again", "answer_due", "nothing_due", "answered", "ended"]
"""What a case that is known waits for."""


_WITHOUT_TRACE = (FindQuestions, ConnectOwner)
"""Effects that only look, or came to nothing at once, so that nobody would miss them."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class PretendCall(_Part):
    """The facts of the call and the world it meets."""

    number: str | None = "202 555 0143"
    """The caller's number as people of that country say it. Empty means withheld."""
    can_text: bool = True
    """Whether a text can reach the caller's phone."""
    is_overflow: bool = False
    """Whether every recogniser is taken."""
    is_call_owed: bool = False
    """Whether a case of this number stands that owes it a call."""
    is_owner_in: bool = False
    """Whether whoever is responsible for that case can be rung now."""
    known_case: Known | None = None
    """What the case that this number has already waits for. Empty means that there is none."""
    asked_case: Known | None = None
    """What the case waits for whose number and code the caller has. Empty means that they have none."""
    is_their_telephone: bool = False
    """Whether that case is rung at the telephone from which they call."""
    is_known_case_gone: bool = False
    """Whether that case cannot be joined any more when it comes to it."""
    is_closed: bool = False
    """Whether nobody works at this hour."""
    notice: str = ""
    """The notice of the day."""
    is_person_in: bool = False
    """Whether somebody on duty can be rung for who asks for a person."""
    asked: tuple[str, ...] = ()
    """Fields that the pretend policy asks for."""
    needs_time: bool = False
    """Whether it is kept for this number that its owner is spoken to slowly and given time."""
    is_line_flooded: bool = False
    """Whether texts to numbers like this one are held back."""
    windows: int = 3
    """How many windows the pretend policy has."""
    offers: int = 1
    """How many of them it has room in when one is promised, so that the caller may choose."""
    is_offer_taken: bool = False
    """Whether somebody else takes the window that the caller chose."""
    is_clock_other: bool = False
    """Whether the clock where the caller is shows another time."""
    refuses: tuple[str, ...] = ()
    """Beginnings of numbers that the pretend number gate refuses."""


class RehearsedTurn(_Part):
    """What the caller does, and what we answer."""

    does: Doing | None = None
    """Something without words and keys."""
    says: str | None = None
    """Words. With `keys` or `does` they are said before those."""
    keys: str | None = None
    """Keys, without the end key."""
    finished_by: FinishedBy = FinishedBy.SILENCE
    """What ended the words."""
    is_recorded: bool = False
    """The words were recorded and are not known yet."""
    we_say: tuple[str, ...] = ()
    """Keys of the prompts, in order."""
    we_do: tuple[str, ...] = ()
    """Effects, in order, as `describe` writes them."""
    then: str = ""
    """The node that listens, or `hang_up` when the call is over."""


class Rehearsal(_Part):
    """One rehearsed call."""

    flow: str
    about: str
    """What this call shows."""
    call: PretendCall = PretendCall()
    turns: tuple[RehearsedTurn, ...] = ()


@dataclass(slots=True)
class Stage:
    """A call in rehearsal. Mutable, since it stands for the world between turns."""

    flow: Flow
    call: PretendCall
    session: FlowSession = field(init=False)
    exits: list[str] = field(default_factory=list)
    """Every way out of a node that was taken so far."""
    windows_made: int = 0

    def __post_init__(self) -> None:
        self.session = start_session(self.flow, self.flow.locales[0], _facts(self.call))

    def take(self, turn: RehearsedTurn) -> tuple[RehearsedTurn, tuple[Prompt, ...]]:
        """Let the caller do what the turn says, and return the turn with our answer, and its prompts with their
        words.
        """
        told = self._until_wait(event_of(turn))
        wait = told[-1]
        prompts = wait.prompts if isinstance(wait, Listen | ConnectOwner | HangUp) else ()
        answer = {
            "we_say": tuple(prompt.key for prompt in prompts),
            "we_do": tuple(describe(effect) for effect in told[:-1] if not isinstance(effect, _WITHOUT_TRACE)),
            "then": wait.node if isinstance(wait, Listen | ConnectOwner) else "hang_up",
        }
        return turn.model_copy(update=answer), prompts

    def _until_wait(self, event: FlowEvent) -> list[Instruction]:
        told: list[Instruction] = []
        while True:
            event = FLOW_EVENT.validate_json(FLOW_EVENT.dump_json(event))
            result = take_turn(self.flow, self.session, event, REHEARSED_AT)
            self.session = FlowSession.model_validate_json(result.session.model_dump_json())
            self.exits += result.exits
            told += result.instructions
            answer = self._answer(told[-1])
            if answer is None:
                return told
            event = answer

    def _answer(self, effect: Instruction) -> FlowEvent | None:
        if isinstance(effect, MakePromise):
            return self._promise(effect)
        if isinstance(effect, JoinCase):
            return self._join()
        if isinstance(effect, ConnectOwner) and effect.whom == "person" and not self.call.is_person_in:
            return OwnerNotReached(was_rung=False)
        if isinstance(effect, FindQuestions):
            return QuestionsFound(fields=self.call.asked[: effect.at_most])
        if isinstance(effect, OpenCase):
            return self._open(effect)
        if isinstance(effect, CheckNumber):
            if not effect.digits or effect.digits.startswith(self.call.refuses or ("-",)):
                return NumberRefused(reason="rehearsed")
            return NumberAccepted(number=f"+1{effect.digits}", national_digits=effect.digits)
        return None

    def _open(self, effect: OpenCase) -> CaseOpened | CaseNotOpened:
        case = _known_case(self.call.asked_case or self.call.known_case)
        is_open = effect.code == CODE if effect.code else self.call.is_their_telephone
        if case is None or not is_open or effect.case_number not in ("", KNOWN_CASE):
            return CaseNotOpened()
        return CaseOpened(case=case, is_proven=bool(effect.code), can_text=self.call.can_text)

    def _join(self) -> CaseJoined | CaseKeptApart:
        if self.call.is_known_case_gone:
            return CaseKeptApart()
        window = self.session.window or (self.session.facts.known_case or KnownCase()).window
        if window is None:
            return CaseJoined(case_number=KNOWN_CASE)
        target = self.session.slots.get("target", "standard")
        standing = PromiseMade(opens_at=window.opens_at, closes_at=window.closes_at, zone=window.zone)
        return CaseJoined(case_number=KNOWN_CASE, target=target, standing=standing)

    def _promise(self, effect: MakePromise) -> PromiseMade | NoWindowLeft:
        """Windows follow one another. Those that were offered once are not offered again."""
        if effect.keeps_standing:
            return self._instead(effect)
        if effect.chosen_at is not None:
            return NoWindowLeft() if self.call.is_offer_taken else _window_at(effect.chosen_at)
        if self.windows_made >= self.call.windows:
            return NoWindowLeft()
        last = min(self.windows_made + min(self.call.offers, effect.offers), self.call.windows)
        places, self.windows_made = range(self.windows_made, last), last
        windows = [_window_at(FIRST_WINDOW_AT + timedelta(hours=2 * place)) for place in places]
        offers = [OfferedWindow(opens_at=one.opens_at, closes_at=one.closes_at) for one in windows]
        return windows[0].model_copy(update={"offers": tuple(offers) if len(offers) > 1 else ()})

    def _instead(self, effect: MakePromise) -> PromiseMade | NoWindowLeft:
        """Offer windows in place of the one that stands, which is promised as before."""
        standing, made = self.session.window, self._promise(effect.model_copy(update={"keeps_standing": False}))
        if standing is None or isinstance(made, NoWindowLeft):
            return made
        only = (OfferedWindow(opens_at=made.opens_at, closes_at=made.closes_at),)
        return _window_at(standing.opens_at).model_copy(update={"offers": made.offers or only})


def _window_at(opens_at: datetime) -> PromiseMade:
    return PromiseMade(opens_at=opens_at, closes_at=opens_at + timedelta(hours=2), zone="UTC")


def replay(flow: Flow, rehearsal: Rehearsal) -> tuple[Rehearsal, tuple[str, ...]]:
    """Play a rehearsal, and return it with the answers we really give, and the exits taken."""
    stage = Stage(flow, rehearsal.call)
    turns = tuple(stage.take(turn)[0] for turn in rehearsal.turns)
    return rehearsal.model_copy(update={"turns": turns}), tuple(stage.exits)


def event_of(turn: RehearsedTurn) -> FlowEvent:
    """Return what the caller's part of a turn is to the engine."""
    utterance = None
    if turn.says is not None or turn.is_recorded:
        sid = "rehearsed" if turn.is_recorded else None
        utterance = Utterance(text=turn.says or "", recording_sid=sid)
    if turn.keys is not None:
        return KeysPressed(keys=turn.keys, utterance=utterance)
    if turn.does is not None:
        return _DOINGS[turn.does](utterance)
    return UtteranceHeard(utterance=utterance or Utterance(), finished_by=turn.finished_by)


_DOINGS: dict[Doing, Callable[[Utterance | None], FlowEvent]] = {
    "rings": lambda _: CallAnswered(),
    "hears_it_out": lambda _: PromptsPlayed(),
    "hears_a_part": lambda _: PromptsPlayed(uncut=False),
    "stays_silent": lambda _: NoInput(),
    "hangs_up": lambda said: CallerHungUp(utterance=said),
    "is_cut_off": lambda said: CallResumed(utterance=said),
    "is_not_heard": lambda said: HearingFailed(utterance=said),
    "meets_our_fault": lambda _: FaultOccurred(),
    "outstays": lambda _: TimeUp(),
    "talks_with_the_owner": lambda _: OwnerSpoke(),
    "reaches_nobody": lambda _: OwnerNotReached(),
    "reaches_nobody_and_is_promised_a_call": lambda _: OwnerNotReached(is_call_promised=True),
}


def describe(effect: Instruction) -> str:
    """Return an effect in one line, without numbers of people."""
    match effect:
        case LogConsent():
            return f"log_consent {'allowed' if effect.is_recording_allowed else 'refused'}"
        case KeepAnswer():
            value = "number" if effect.slot == "callback_number" else effect.value
            return f"keep_answer {effect.slot}={value}{'' if effect.is_confirmed else ' unconfirmed'}"
        case MakePromise() | ConfirmPromise() | OpenCase():
            return _with_its_way(effect)
        case Listen() | ConnectOwner() | HangUp() | MarkDanger() | WithdrawCase():
            return effect.kind
        case DestroyRecordings() | RequestSupervisor() | MarkListenFirst() | KeepPace() | TextOtherTimes():
            return effect.kind
        case CheckNumber() | JoinCase() | FindQuestions() | CloseCase() | ReopenCase() | RefuseCalls():
            return effect.kind
        case _:
            assert_never(effect)


def _with_its_way(effect: MakePromise | ConfirmPromise | OpenCase) -> str:
    if isinstance(effect, OpenCase):
        return f"open_case by {'code' if effect.code else 'telephone'}"
    if isinstance(effect, ConfirmPromise):
        return f"confirm_promise {'by caller' if effect.is_confirmed_by_caller else 'unconfirmed'}"
    how = " chosen" if effect.chosen_at else " beside it" if effect.keeps_standing else ""
    return f"make_promise {effect.target}{how}{' later' if effect.is_later else ''}"


def _facts(call: PretendCall) -> CallFacts:
    digits = call.number or ""
    return CallFacts(
        company="Harbour Goods",
        case_number="482719305",
        caller_number=f"+1{digits.replace(' ', '')}" if digits else None,
        caller_digits=digits,
        can_text=call.can_text and bool(digits),
        zone="UTC",
        is_overflow=call.is_overflow,
        is_call_owed=call.is_call_owed,
        is_owner_in=call.is_owner_in,
        known_case=_known_case(call.known_case),
        is_clock_other=call.is_clock_other,
        is_closed=call.is_closed,
        notice=call.notice,
        needs_time=call.needs_time,
        is_line_flooded=call.is_line_flooded,
    )


def _known_case(waits_for: Known | None) -> KnownCase | None:
    opens_at, later = FIRST_WINDOW_AT - timedelta(hours=2), FIRST_WINDOW_AT + timedelta(days=7)
    window = SpokenWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=2), zone="UTC")
    known = {
        "call_promised": KnownCase(window=window, owner_role="case handler"),
        "call_missed": KnownCase(window=window, is_missed=True),
        "call_missed_again": KnownCase(is_missed=True),
        "answer_due": KnownCase(answer_by=later),
        "nothing_due": KnownCase(),
        "answered": KnownCase(stands=Stands.ANSWERED, answer_by=later),
        "ended": KnownCase(stands=Stands.ENDED),
    }
    return None if waits_for is None else known[waits_for]
