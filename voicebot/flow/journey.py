"""Walks the nodes from a link to the next wait, and gathers what the call is told on the way.

A `say` node is left at once, its prompts waiting in the session, and `promise`, `check_number`, `join_case` and
`find_questions` and `open_case` stop for the answer to their effect. `listen`, `connect` and `end` are waits.

Knows: nodes, links. Must not know: what the caller meant (`understanding.py`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from voicebot.flow.actions import do_actions
from voicebot.flow.conditions import resolve
from voicebot.flow.definition import Flow
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
    Prompt,
)
from voicebot.flow.listens import build_listen, prompt_keys
from voicebot.flow.nodes import (
    BACK,
    RETURN,
    CheckNumberNode,
    ConnectNode,
    EndNode,
    FindQuestionsNode,
    JoinCaseNode,
    Link,
    ListenNode,
    OpenCaseNode,
    PromiseNode,
    SayNode,
)
from voicebot.flow.offers import offer_meant
from voicebot.flow.prompts import render_prompt, speaks_of_no_offer
from voicebot.flow.session import PROOF_SLOT, PROVEN, FlowSession
from voicebot.flow.understanding import SAID

COMMANDS = "commands."
"""Begins the exit by which a call leaves for what the caller wants at any moment. A return of it leads past nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnResult:
    """The next session and what the call is told, up to one wait or one effect that must be answered first."""

    session: FlowSession
    instructions: tuple[Instruction, ...]
    exits: tuple[str, ...] = ()
    """The ways out of nodes that were taken, in order ("confirm_number.answers.yes"), kept for rehearsals."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What stays the same while a turn is taken."""

    flow: Flow
    now: datetime

    def prompt(self, session: FlowSession, key: str) -> Prompt:
        """Return one prompt as the caller hears it now."""
        return render_prompt(self.flow, session, key=key, now=self.now)

    def prompts(self, session: FlowSession, keys: tuple[str, ...]) -> tuple[Prompt, ...]:
        """Return several. One that speaks of an offer that there is not is left out."""
        said = (key for key in keys if not speaks_of_no_offer(self.flow, session, key))
        return tuple(self.prompt(session, key) for key in said)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A node's part of the journey, with `go` None where the turn must stop."""

    session: FlowSession
    instructions: tuple[Instruction, ...]
    go: Link | None = None
    exit_name: str = "go"


def changed(session: FlowSession, **fields: Any) -> FlowSession:
    """Return the session with some fields replaced."""
    return session.model_copy(update=fields)


def with_slots(session: FlowSession, **slots: str) -> FlowSession:
    """Return the session with some slots filled."""
    return changed(session, slots={**session.slots, **slots})


def travel(scene: Scene, session: FlowSession, link: Link, *, exit_name: str) -> TurnResult:
    """Walk from a link, named by the exit it belongs to, to the next wait or answered effect.

    A circle of nodes that never wait (which `flow/check.py` refuses) ends the call instead of hanging it.
    """
    told: list[Instruction] = []
    exits: list[str] = []
    for _ in range(2 * len(scene.flow.nodes) + 1):
        name, branch = resolve(link, session)
        exits.append(exit_name if branch is None else f"{exit_name}.{branch}")
        if name == RETURN or (name == BACK and not session.trail):
            wished_in_between = exits[0].startswith(COMMANDS) and _is_aside(scene, session.listen)
            go_on = listen_again if session.before_aside is None or wished_in_between else _go_on
            return go_on(scene, session, told=tuple(told), exits=tuple(exits))
        if name == BACK:
            name, session = session.trail[-1], changed(session, trail=session.trail[:-1], listen=None)
        stop = _enter(scene, session, name)
        told += stop.instructions
        session = stop.session
        if stop.go is None:
            return TurnResult(session=session, instructions=tuple(told), exits=tuple(exits))
        link, exit_name = stop.go, f"{name}.{stop.exit_name}"
    over = changed(session, is_over=True)
    return TurnResult(session=over, instructions=(*told, HangUp()), exits=tuple(exits))


def _go_on(scene: Scene, session: FlowSession, *, told: tuple[Instruction, ...], exits: tuple[str, ...]) -> TurnResult:
    """Put the question again that stood before what was asked in between. Words that were begun simply go on."""
    session = changed(session, listen=session.before_aside, before_aside=None)
    listen = session.listen
    is_begun = listen is not None and listen.slot is not None and session.slots.get(listen.slot) == SAID
    return listen_again(scene, session, told=told, keys=() if is_begun else None, exits=exits)


def _is_aside(scene: Scene, listen: Listen | None) -> bool:
    node = None if listen is None else scene.flow.nodes.get(listen.node)
    return isinstance(node, ListenNode) and node.is_aside


def listen_again(
    scene: Scene,
    session: FlowSession,
    *,
    told: tuple[Instruction, ...] = (),
    keys: tuple[str, ...] | None = None,
    after_s: float | None = None,
    exits: tuple[str, ...] = (),
) -> TurnResult:
    """Put the last question again, with other prompts if `keys` names some. If nothing was asked yet, it begins."""
    name = session.listen.node if session.listen else None
    node = scene.flow.nodes.get(name) if name else None
    if name is None or not isinstance(node, ListenNode):
        return travel(scene, session, scene.flow.file.start, exit_name="start")
    prompts = (*session.pending, *scene.prompts(session, prompt_keys(node, session) if keys is None else keys))
    stop = _wait(scene, session, name=name, prompts=prompts, after_s=after_s)
    return TurnResult(session=stop.session, instructions=(*told, *stop.instructions), exits=exits)


def _enter(scene: Scene, session: FlowSession, name: str) -> _Stop:
    node = scene.flow.nodes[name]
    session = changed(session, node=name)
    match node:
        case SayNode():
            return _say(scene, session, node)
        case ListenNode():
            return _listen(scene, session, node=node, name=name)
        case PromiseNode() | CheckNumberNode() | JoinCaseNode() | FindQuestionsNode() | OpenCaseNode():
            return _Stop(session, (_asked_by(session, node),))
        case ConnectNode():
            prompts = (*session.pending, *scene.prompts(session, node.prompts))
            still = scene.prompts(session, node.still)
            connect = ConnectOwner(node=name, prompts=prompts, whom=node.whom, still=still)
            return _Stop(changed(session, pending=()), (connect,))
        case EndNode():
            return _end(scene, session, node)
        case _:
            assert_never(node)


def _asked_by(
    session: FlowSession, node: PromiseNode | CheckNumberNode | JoinCaseNode | FindQuestionsNode | OpenCaseNode
) -> MakePromise | CheckNumber | JoinCase | FindQuestions | OpenCase:
    """Return the effect whose answer a node stops for."""
    match node:
        case PromiseNode():
            return _promise_wanted(session, node)
        case CheckNumberNode():
            return CheckNumber(digits=session.slots.get("typed_number", ""), others=session.other_numbers)
        case FindQuestionsNode():
            return FindQuestions(at_most=node.at_most)
        case JoinCaseNode():
            known = session.facts.known_case
            case_id = "" if known is None else known.case_id
            is_claimed, is_proven = session.slots.get("matter") == "same", session.slots.get(PROOF_SLOT) == PROVEN
            return JoinCase(case_id=case_id, is_claimed=is_claimed, is_proven=is_proven)
        case OpenCaseNode():
            return _case_wanted(session)
        case _:
            assert_never(node)


def _promise_wanted(session: FlowSession, node: PromiseNode) -> MakePromise:
    """Return what a node asks of the policy. A choice that names no offer leaves the window that stands."""
    meant = offer_meant(session) if node.chosen else None
    standing = session.window if node.chosen and meant is None else meant
    return MakePromise(
        target=node.target,
        is_later=node.later,
        keeps_standing=node.keeps_standing,
        offers=node.offers,
        offered_until=max((offer.closes_at for offer in session.offers), default=None) if node.later else None,
        chosen_at=None if standing is None else standing.opens_at,
    )


def _case_wanted(session: FlowSession) -> OpenCase:
    """Return the case whose number was given, else the known one."""
    known, number = session.facts.known_case, session.slots.get("asked_case", "")
    case_id = known.case_id if known is not None and not number else ""
    return OpenCase(case_number=number, case_id=case_id, code=session.slots.get("asked_code", ""))


def _say(scene: Scene, session: FlowSession, node: SayNode) -> _Stop:
    session, effects = do_actions(scene.flow, session, node=node, now=scene.now)
    pending = (*session.pending, *scene.prompts(session, node.prompts))
    return _Stop(changed(session, pending=pending), effects, node.go)


def _listen(scene: Scene, session: FlowSession, *, node: ListenNode, name: str) -> _Stop:
    visits = session.visits.get(name, 0) + 1
    before = session.before_aside if _is_aside(scene, session.listen) else session.listen
    session = changed(session, before_aside=before if node.is_aside else None)
    if node.at_most is not None and node.otherwise is not None and visits > node.at_most:
        return _Stop(session, (), node.otherwise, "otherwise")
    trail = session.trail if node.is_aside else _trail_at(scene, session, name)
    session = changed(session, visits={**session.visits, name: visits}, no_inputs=0, no_matches=0, trail=trail)
    if node.asks_field:
        session = changed(session, question=session.questions[0] if session.questions else "")
        session = changed(session, questions=session.questions[1:])
    if node.digits is not None and visits == 1:
        session = changed(session, heard_numbers=(), refused_numbers=())
    session, effects = do_actions(scene.flow, session, node=node, now=scene.now)
    prompts = (*session.pending, *scene.prompts(session, prompt_keys(node, session)))
    stop = _wait(scene, session, name=name, prompts=prompts)
    return _Stop(stop.session, (*effects, *stop.instructions))


def _trail_at(scene: Scene, session: FlowSession, name: str) -> tuple[str, ...]:
    """Return the trail with the question that was answered last. One put again stands there once."""
    if session.is_step_barred:
        return ()
    left = "" if session.listen is None else session.listen.node
    node = scene.flow.nodes.get(left)
    is_step = isinstance(node, ListenNode) and node.played is None and (node.slot or node.digits) is not None
    if not is_step or left == name or left in session.trail[-1:]:
        return session.trail
    return (*session.trail, left)


def _wait(
    scene: Scene, session: FlowSession, *, name: str, prompts: tuple[Prompt, ...], after_s: float | None = None
) -> _Stop:
    node = scene.flow.nodes[name]
    assert isinstance(node, ListenNode), f"{name} does not listen"
    spoken = node.open
    pause_key = spoken.pause_prompt if spoken else None
    warn_key = spoken.warn_prompt if spoken else None
    listen = build_listen(
        scene.flow,
        session,
        name=name,
        prompts=prompts,
        pause_prompt=scene.prompt(session, pause_key) if pause_key else None,
        warn_prompt=scene.prompt(session, warn_key) if warn_key else None,
        no_input_after_s=after_s,
    )
    return _Stop(changed(session, node=name, pending=(), listen=listen, is_step_barred=False), (listen,))


def _end(scene: Scene, session: FlowSession, node: EndNode) -> _Stop:
    session, effects = do_actions(scene.flow, session, node=node, now=scene.now)
    prompts = (*session.pending, *scene.prompts(session, node.prompts))
    return _Stop(changed(session, pending=(), is_over=True), (*effects, HangUp(prompts=prompts)))
