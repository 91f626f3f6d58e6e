"""Takes one turn. The session and one event go in, and the next session and instructions come out.

Pure and total. Any event at any node gives instructions, and never an exception. Each turn ends with one wait
(`Listen`, `ConnectOwner` or `HangUp`), or with one effect whose answer the caller of this module feeds back at once.

Knows: events, nodes, counters. Must not know: telephony, storage, the clock (`now` is an argument).
"""

from datetime import datetime
from typing import assert_never

from voicebot.flow.definition import Flow
from voicebot.flow.events import (
    CallAnswered,
    CallerHungUp,
    CallResumed,
    CaseJoined,
    CaseKeptApart,
    CaseNotOpened,
    CaseOpened,
    FaultOccurred,
    FlowEvent,
    HearingFailed,
    KeysPressed,
    NoInput,
    NoWindowLeft,
    NumberAccepted,
    NumberRefused,
    OwnerNotReached,
    OwnerSpoke,
    PromiseMade,
    PromptsPlayed,
    QuestionsFound,
    TimeUp,
    UtteranceHeard,
)
from voicebot.flow.instructions import HangUp, Listen
from voicebot.flow.journey import Scene, TurnResult, changed, listen_again, travel, with_slots
from voicebot.flow.nodes import (
    CheckNumberNode,
    ConnectNode,
    FindQuestionsNode,
    JoinCaseNode,
    ListenNode,
    OpenCaseNode,
    PromiseNode,
    Retry,
)
from voicebot.flow.session import (
    CallFacts,
    FlowSession,
    SpokenWindow,
    with_case_apart,
    with_case_opened,
    with_code_refused,
)
from voicebot.flow.understanding import (
    CORRECTION,
    SAID,
    Answered,
    CallerEvent,
    Hearing,
    NothingSaid,
    NotUnderstood,
    Wanted,
    has_content,
    understand,
)

__all__ = ["TurnResult", "start_session", "take_turn"]

GO_ON_SPEAKING = "go_on_speaking"
"""Prompt after a break in free speech, since what was said is kept."""

_TOLD_AT_MOST = 3
"""An announcement that is answered by keys without meaning is said so often, and then the call goes on."""

_TIMES_AT_THE_LAST = 2
"""So often the last question is put to somebody who was not understood at those before it."""

EffectAnswer = (
    PromiseMade
    | NoWindowLeft
    | CaseJoined
    | CaseKeptApart
    | QuestionsFound
    | CaseOpened
    | CaseNotOpened
    | NumberAccepted
    | NumberRefused
    | OwnerSpoke
    | OwnerNotReached
)


def start_session(flow: Flow, locale: str, facts: CallFacts) -> FlowSession:
    """Return the session of a call that has just been answered. `CallAnswered` is its first event.

    A locale that the flow does not have becomes the flow's first.
    """
    spoken = locale if locale in flow.locales else flow.locales[0]
    return FlowSession(
        flow=flow.name,
        flow_digest=flow.digest,
        locale=spoken,
        node=flow.file.start,
        facts=facts,
        is_slow=facts.needs_time,
        is_patient=facts.needs_time,
    )


def take_turn(flow: Flow, session: FlowSession, event: FlowEvent, now: datetime) -> TurnResult:
    """Return the next session and what the call is told.

    The instructions end with one wait, or with one effect whose answer is to be taken as the next event. A call that is
    over is only ever told to hang up.
    """
    scene = Scene(flow, now)
    if session.is_over:
        return TurnResult(session=session, instructions=(HangUp(),))
    match event:
        case CallAnswered() | HearingFailed() | CallResumed():
            return _say_again(scene, session, event)
        case FaultOccurred():
            return travel(scene, changed(session, pending=()), flow.file.on_fault, exit_name="on_fault")
        case TimeUp():
            return _end_for_time(scene, session)
        case CallerHungUp():
            return _end_without_words(scene, session)
        case (
            PromiseMade()
            | NoWindowLeft()
            | CaseJoined()
            | CaseKeptApart()
            | QuestionsFound()
            | CaseOpened()
            | CaseNotOpened()
            | NumberAccepted()
            | NumberRefused()
            | OwnerSpoke()
            | OwnerNotReached()
        ):
            return _answer_effect(scene, session, event)
        case PromptsPlayed() | UtteranceHeard() | KeysPressed() | NoInput():
            return _answer_question(scene, session, event)
        case _:
            assert_never(event)


def _say_again(scene: Scene, session: FlowSession, event: CallAnswered | HearingFailed | CallResumed) -> TurnResult:
    """The same question in the same words, and after a break in free speech only an invitation to go on."""
    if isinstance(scene.flow.nodes[session.node], ConnectNode):
        return travel(scene, session, session.node, exit_name="again")
    if session.listen is None:
        return travel(scene, session, scene.flow.file.start, exit_name="start")
    node = scene.flow.nodes[session.listen.node]
    is_open = isinstance(node, ListenNode) and node.open is not None and session.listen.slot is not None
    if is_open and _has_spoken(event):
        told = with_slots(session, **{session.listen.slot or "": SAID})
        return listen_again(scene, told, keys=(GO_ON_SPEAKING,))
    return TurnResult(session=session, instructions=(session.listen,))


def _has_spoken(event: CallAnswered | HearingFailed | CallResumed) -> bool:
    """Whether words or a voice are kept of what was said before the break."""
    if isinstance(event, CallAnswered):
        return False
    is_kept = event.utterance is not None and event.utterance.spool_name is not None
    return is_kept or has_content(event.utterance) or (isinstance(event, CallResumed) and event.has_spoken)


def _end_for_time(scene: Scene, session: FlowSession) -> TurnResult:
    """A flow that says nothing of it, as one kept from before, just hangs up."""
    link = scene.flow.file.on_time_up
    if link is None:
        return TurnResult(session=changed(session, is_over=True), instructions=(HangUp(),))
    return travel(scene, changed(session, pending=()), link, exit_name="on_time_up")


def _end_without_words(scene: Scene, session: FlowSession) -> TurnResult:
    node = scene.flow.nodes[session.node]
    if not isinstance(node, ListenNode | ConnectNode):
        return TurnResult(session=changed(session, is_over=True), instructions=(HangUp(),))
    result = travel(scene, session, node.hang_up, exit_name=f"{session.node}.hang_up")
    silent = tuple(HangUp() if isinstance(told, HangUp) else told for told in result.instructions)
    return TurnResult(session=result.session, instructions=silent, exits=result.exits)


def _answer_effect(scene: Scene, session: FlowSession, event: EffectAnswer) -> TurnResult:
    """An answer that nobody is waiting for changes nothing, so the last question stands."""
    name = session.node
    node = scene.flow.nodes[name]
    match node, event:
        case PromiseNode(), PromiseMade():
            promised = _promised(session, event, target=node.target)
            promised = _chosen(promised) if node.chosen else _offered(promised, event, scene.now)
            return travel(scene, promised, node.made, exit_name=f"{name}.made")
        case PromiseNode(), NoWindowLeft():
            return travel(scene, session, node.none_left, exit_name=f"{name}.none_left")
        case JoinCaseNode(), CaseJoined() | CaseKeptApart():
            return _answer_joining(scene, session, node=node, event=event)
        case FindQuestionsNode(), QuestionsFound():
            return travel(scene, changed(session, questions=event.fields), node.go, exit_name=f"{name}.go")
        case OpenCaseNode(), CaseOpened() | CaseNotOpened():
            return _answer_opening(scene, session, node=node, event=event)
        case CheckNumberNode(), NumberAccepted() | NumberRefused():
            return _answer_check(scene, session, node=node, event=event)
        case ConnectNode(), OwnerSpoke() | OwnerNotReached():
            return _answer_connecting(scene, session, node=node, event=event)
        case _:
            return listen_again(scene, session)


def _answer_connecting(
    scene: Scene, session: FlowSession, *, node: ConnectNode, event: OwnerSpoke | OwnerNotReached
) -> TurnResult:
    if isinstance(event, OwnerSpoke):
        return travel(scene, session, node.spoke, exit_name=f"{session.node}.spoke")
    told = _nobody_reached(session, event, is_person=node.whom == "person")
    return travel(scene, told, node.not_reached, exit_name=f"{session.node}.not_reached")


def _nobody_reached(session: FlowSession, event: OwnerNotReached, *, is_person: bool) -> FlowSession:
    if is_person:
        return with_slots(session, person="rang" if event.was_rung else "out")
    facts = session.facts.model_copy(update={"is_owed_call_promised": event.is_call_promised})
    return changed(session, facts=facts)


def _answer_check(
    scene: Scene, session: FlowSession, *, node: CheckNumberNode, event: NumberAccepted | NumberRefused
) -> TurnResult:
    if isinstance(event, NumberRefused):
        return travel(scene, session, node.refused, exit_name=f"{session.node}.refused")
    slots = {"callback_number": event.number, "callback_digits": event.national_digits}
    slots |= {"typed_number": event.digits} if event.digits else {}
    return travel(scene, with_slots(session, **slots), node.accepted, exit_name=f"{session.node}.accepted")


def _answer_opening(
    scene: Scene, session: FlowSession, *, node: OpenCaseNode, event: CaseOpened | CaseNotOpened
) -> TurnResult:
    if isinstance(event, CaseOpened):
        opened = with_case_opened(session, event.case, is_proven=event.is_proven, can_text=event.can_text)
        return travel(scene, opened, node.opened, exit_name=f"{session.node}.opened")
    return travel(scene, with_code_refused(session), node.refused, exit_name=f"{session.node}.refused")


def _promised(session: FlowSession, event: PromiseMade, *, target: str) -> FlowSession:
    window = SpokenWindow(opens_at=event.opens_at, closes_at=event.closes_at, zone=event.zone)
    slots = {name: value for name, value in session.slots.items() if name != "window"}
    return changed(session, window=window, slots={**slots, "target": target})


def _chosen(session: FlowSession) -> FlowSession:
    """The caller chose this window, so it is confirmed by them, and nothing else is offered any more."""
    return changed(with_slots(session, window="yes"), offers=(), offered_at=None)


def _offered(session: FlowSession, event: PromiseMade, now: datetime) -> FlowSession:
    windows = (SpokenWindow(opens_at=one.opens_at, closes_at=one.closes_at, zone=event.zone) for one in event.offers)
    return changed(session, offers=tuple(windows), offered_at=now if event.offers else None)


def _answer_joining(
    scene: Scene, session: FlowSession, *, node: JoinCaseNode, event: CaseJoined | CaseKeptApart
) -> TurnResult:
    if isinstance(event, CaseJoined):
        return travel(scene, _joined(session, event), node.joined, exit_name=f"{session.node}.joined")
    apart = with_case_apart(session).without_steps()
    return travel(scene, apart, node.apart, exit_name=f"{session.node}.apart")


def _joined(session: FlowSession, event: CaseJoined) -> FlowSession:
    """The call is a part of that case, so its number is said, and its promised call stands."""
    known = session.facts.known_case
    can_text = session.facts.can_text and (known is None or known.may_text)
    facts = _without_known_case(session).model_copy(update={"case_number": event.case_number, "can_text": can_text})
    joined = changed(with_slots(session, joined="yes"), facts=facts).without_steps()
    return joined if event.standing is None else _promised(joined, event.standing, target=event.target)


def _without_known_case(session: FlowSession) -> CallFacts:
    return session.facts.model_copy(update={"known_case": None})


def _answer_question(scene: Scene, session: FlowSession, event: CallerEvent) -> TurnResult:
    node = scene.flow.nodes[session.node]
    if not isinstance(node, ListenNode):
        return travel(scene, session, session.node, exit_name="again")
    if isinstance(event, NoInput) and event.was_cut and session.listen is not None and session.listen.barge_in:
        return _ask_whole(session, session.listen)
    meaning = understand(_hearing(scene, session, node), event)
    session = _with_numbers(session, node, event)
    match meaning:
        case Answered():
            filled = _filled(session, node, meaning)
            return travel(scene, filled, meaning.go, exit_name=f"{session.node}.{meaning.exit_name}")
        case Wanted():
            return _command(scene, changed(session, given_up=0), meaning)
        case NothingSaid():
            return _nothing_said(scene, session, node)
        case NotUnderstood():
            return _not_understood(scene, changed(session, no_matches=session.no_matches + 1), node)
        case _:
            assert_never(meaning)


def _slot(session: FlowSession) -> str | None:
    """Return the slot that the answer to the present question fills."""
    return None if session.listen is None else session.listen.slot


def _hearing(scene: Scene, session: FlowSession, node: ListenNode) -> Hearing:
    return Hearing(
        scene.flow,
        node,
        session.locale,
        earlier=session.heard_numbers,
        refused=session.refused_numbers,
        read_back=session.slots.get("callback_digits") or session.slots.get("typed_number", ""),
    )


def _with_numbers(session: FlowSession, node: ListenNode, event: CallerEvent) -> FlowSession:
    """Remember what a number may have been, for when it is said once more. Nothing is remembered of a code."""
    if (
        node.digits is None
        or node.digits.is_secret
        or not isinstance(event, UtteranceHeard)
        or not event.utterance.numbers
    ):
        return session
    return changed(session, heard_numbers=event.utterance.numbers)


def _filled(session: FlowSession, node: ListenNode, answer: Answered) -> FlowSession:
    number_slot = "typed_number" if node.digits is None else node.digits.slot
    is_number = node.digits is not None or answer.exit_name == CORRECTION
    slot = number_slot if is_number else _slot(session)
    filled = with_slots(session, **{slot: answer.value}) if slot and answer.value else session
    if is_number:
        filled = changed(filled, other_numbers=answer.others if slot == "typed_number" else ())
    return filled if node.played else changed(filled, given_up=0)


def _ask_whole(session: FlowSession, listen: Listen) -> TurnResult:
    """Put a question again that a sound had stopped, once, and so that no sound stops it."""
    whole = listen.model_copy(update={"barge_in": False})
    return TurnResult(session=changed(session, listen=whole), instructions=(whole,))


def _command(scene: Scene, session: FlowSession, wanted: Wanted) -> TurnResult:
    slot = _slot(session)
    if wanted.has_answered and slot:
        session = with_slots(session, **{slot: SAID})
    if wanted.command.go is None:
        return listen_again(scene, session, exits=(f"commands.{wanted.name}",))
    return travel(scene, session, wanted.command.go, exit_name=f"commands.{wanted.name}")


def _nothing_said(scene: Scene, session: FlowSession, node: ListenNode) -> TurnResult:
    """Silence after a break in free speech means that the caller had finished before it."""
    if node.open is not None and session.slots.get(_slot(session) or "") == SAID:
        return travel(scene, session, node.open.go, exit_name=f"{session.node}.open")
    failed = changed(session, no_inputs=session.no_inputs + 1)
    return _retry(scene, failed, retry=node.no_input, exit_name=f"{session.node}.no_input")


def _not_understood(scene: Scene, session: FlowSession, node: ListenNode) -> TurnResult:
    """Ask again, more helpfully, as often as the question says. After some such questions running stop asking."""
    rule, failures = scene.flow.file.on_not_understood, session.no_inputs + session.no_matches
    prompts = () if node.no_match is None else node.no_match.prompts
    given_up = session.given_up + (failures > len(prompts))
    is_question = bool(node.slot or node.digits or prompts)
    if rule is not None and is_question and not session.are_questions_over:
        is_second_time = failures >= _TIMES_AT_THE_LAST and session.given_up + 1 >= rule.after_questions
        if given_up >= rule.after_questions or is_second_time:
            ended = changed(session, are_questions_over=True, pending=())
            return travel(scene, ended, rule.go, exit_name="on_not_understood")
    return _retry(scene, changed(session, given_up=given_up), retry=node.no_match, exit_name=f"{session.node}.no_match")


def _retry(scene: Scene, session: FlowSession, *, retry: Retry | None, exit_name: str) -> TurnResult:
    """Say the next, more helpful words. The silences and answers not understood count together."""
    failures = session.no_inputs + session.no_matches
    node = scene.flow.nodes[session.node]
    if retry is None and failures >= _TOLD_AT_MOST and isinstance(node, ListenNode) and node.played is not None:
        return travel(scene, session, node.cut_short or node.played, exit_name=f"{session.node}.played")
    if retry is None:
        return listen_again(scene, session, exits=(exit_name,))
    if failures <= len(retry.prompts):
        said = (retry.prompts[failures - 1],)
        return listen_again(scene, session, keys=said, after_s=retry.after_s, exits=(f"{exit_name}.{failures}",))
    return travel(scene, session, retry.go, exit_name=exit_name)
