"""The whole complaint flow under any order of events: one wait a turn, and silence then ends the call."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import call_facts
from tests.flow.small_flow import project_texts
from voicebot.domain.utterance import Utterance
from voicebot.flow.engine import TurnResult, start_session, take_turn
from voicebot.flow.events import (
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
    ConnectOwner,
    FindQuestions,
    HangUp,
    Instruction,
    JoinCase,
    Listen,
    MakePromise,
    OpenCase,
    Wait,
)
from voicebot.flow.reader import parse_flow
from voicebot.flow.session import FlowSession, KnownCase

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
COMPLAINT = parse_flow(project_texts("complaint", "shared"))
OFFERS = tuple(
    OfferedWindow(opens_at=NOW + timedelta(hours=hours), closes_at=NOW + timedelta(hours=hours + 2))
    for hours in (3, 5, 26)
)
MADE = PromiseMade(opens_at=OFFERS[0].opens_at, closes_at=OFFERS[0].closes_at, zone="UTC")
OFFERED = MADE.model_copy(update={"offers": OFFERS})
ACCEPTED = NumberAccepted(number="+12025550199", national_digits="202 555 0199")
REFUSED = NumberRefused(reason="premium")
ANSWERED = CallAnswered()

KEYS = st.text(alphabet="0123456789*#", max_size=4)
WORDS = st.lists(
    st.sampled_from(["yes", "no", "later", "a", "supervisor", "person", "pardon", "five", "double", "[unk]", "parcel"]),
    max_size=4,
).map(" ".join)
UTTERANCES = st.none() | st.builds(Utterance, text=WORDS, recording_sid=st.none() | st.just("RE1"))
CALLER_EVENTS: st.SearchStrategy[FlowEvent] = st.one_of(
    st.builds(CallAnswered),
    st.builds(PromptsPlayed, uncut=st.booleans()),
    st.builds(UtteranceHeard, utterance=st.builds(Utterance, text=WORDS), finished_by=st.sampled_from(FinishedBy)),
    st.builds(KeysPressed, keys=KEYS, utterance=UTTERANCES),
    st.builds(NoInput),
    st.builds(HearingFailed, utterance=UTTERANCES),
    st.builds(CallResumed, utterance=UTTERANCES),
    st.sampled_from([MADE, OFFERED, NoWindowLeft(), ACCEPTED, REFUSED]),
    st.just(OwnerSpoke()) | st.builds(OwnerNotReached, is_call_promised=st.booleans(), was_rung=st.booleans()),
    st.builds(CallerHungUp, utterance=UTTERANCES),
    st.builds(FaultOccurred),
    st.builds(TimeUp),
)
FACTS = st.fixed_dictionaries(
    {
        "can_text": st.booleans(),
        "is_overflow": st.booleans(),
        "caller_number": st.sampled_from([None, "+12025550143"]),
        "known_case": st.sampled_from([None, KnownCase(), KnownCase(answer_by=NOW)]),
    }
)
WORLD = st.tuples(st.sampled_from([MADE, OFFERED, NoWindowLeft()]), st.sampled_from([ACCEPTED, REFUSED]))
MOST_SILENCES = 40


def _turn(session: FlowSession, event: FlowEvent, world: tuple[FlowEvent, FlowEvent]) -> TurnResult:
    """Take a turn, the world answering its effects; hold it to what every turn must be."""
    told: list[Instruction] = []
    for _ in range(20):
        result = take_turn(COMPLAINT, session, event, NOW)
        session = FlowSession.model_validate_json(result.session.model_dump_json())
        told += result.instructions
        if isinstance(told[-1], MakePromise):
            event = world[0]
        elif isinstance(told[-1], CheckNumber):
            event = world[1]
        elif isinstance(told[-1], JoinCase):
            event = CaseJoined(case_number="305719482") if isinstance(world[0], PromiseMade) else CaseKeptApart()
        elif isinstance(told[-1], FindQuestions):
            event = QuestionsFound()
        elif isinstance(told[-1], OpenCase):
            is_open = isinstance(world[1], NumberAccepted)
            event = CaseOpened(case=KnownCase(), is_proven=True) if is_open else CaseNotOpened()
        else:
            break
    waits = [instruction for instruction in told if isinstance(instruction, Wait)]
    assert waits == told[-1:]
    assert session.is_over == isinstance(told[-1], HangUp)
    return TurnResult(session=session, instructions=tuple(told))


@given(facts=FACTS, world=WORLD, events=st.lists(CALLER_EVENTS, max_size=25))
@settings(max_examples=150, deadline=None)
def test_any_order_of_events_gives_one_wait_a_turn_and_silence_then_ends_the_call(
    facts: dict[str, Any], world: tuple[FlowEvent, FlowEvent], events: list[FlowEvent]
) -> None:
    result = _turn(start_session(COMPLAINT, "en", call_facts(**facts)), ANSWERED, world)
    for event in events:
        result = _turn(result.session, event, world)
        wait = result.instructions[-1]
        if isinstance(wait, Listen):
            assert result.session.is_recorded or not wait.store_audio
    for _ in range(MOST_SILENCES):
        is_ringing = isinstance(result.instructions[-1], ConnectOwner)
        result = _turn(result.session, OwnerNotReached() if is_ringing else NoInput(), world)
    assert result.session.is_over


def test_an_announcement_answered_by_keys_without_meaning_goes_on() -> None:
    result = _turn(start_session(COMPLAINT, "en", call_facts()), ANSWERED, (MADE, ACCEPTED))
    heard = []
    while len(heard) < 100 and not result.session.is_over:
        is_told = result.session.node == "tell_case_number"
        event = KeysPressed(keys="6") if is_told else NoInput()
        result = _turn(result.session, event, (MADE, ACCEPTED))
        heard.append(result.session.node)
    assert heard.count("tell_case_number") == 3
    assert result.session.is_over
