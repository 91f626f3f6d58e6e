"""`<Dial>` of one number. It rings it, lets it hear its whisper, connects the two, and tells `action` how it went.

Source: Twilio, voice/twiml/dial and voice/twiml/number: the document at `<Number url>` runs on the called leg before
the two are connected and may hold Say, Play, Pause, Gather and Hangup only; when it simply ends they are connected.
Several numbers at once are not played, because a hotline that rings one person at a time has no use for them.
Knows: the two legs. Must not know: what the whisper says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voicebot.simulator.bridge import Side, bridge
from voicebot.simulator.call_context import CallContext, Detection, DocumentRequest, Ringing
from voicebot.simulator.called_leg import CalledLeg
from voicebot.simulator.caller import Caller
from voicebot.simulator.courier import Unreachable
from voicebot.simulator.ledger import E164, new_sid
from voicebot.simulator.line import CallOver, Happening, LineCall, SentElsewhere, lived
from voicebot.simulator.options import AfterFailedWhisper
from voicebot.simulator.rest_account import may_ring
from voicebot.simulator.sound import TICK_S
from voicebot.simulator.twiml_document import NotYetSupported, TwimlFault, Verb

_WHISPER_VERBS = frozenset({"Say", "Play", "Pause", "Gather", "Hangup"})
_EVENTS = "completed"


class Plays(Protocol):
    """Plays documents on a leg (the player, which imports this module)."""

    def play_through(self, first: DocumentRequest, verbs: frozenset[str]) -> None:
        """Play documents of these verbs to their end. Raises: TwimlFault, Unreachable, and what ends a leg."""
        ...

    def follow(self, order: SentElsewhere) -> None:
        """Go where the REST API sent the leg, to the call's end. Raises: CallOver always."""
        ...


PlayerOf = Callable[[CallContext], Plays]


@dataclass(slots=True)
class _Dialled:
    """One leg that a `<Dial>` rang, and how far it came."""

    leg: CalledLeg
    side: Side
    whisper: DocumentRequest | None
    limit_s: float
    is_bridged: bool = False
    """Whether the two were ever connected."""
    was_answered: bool = False
    fault: Exception | None = None
    """What failed inside the simulator on that leg."""

    @property
    def call(self) -> LineCall:
        return self.leg.call


def dial(context: CallContext, verb: Verb, player_of: PlayerOf) -> DocumentRequest | None:
    """Ring, connect, wait for the end, and return the request to `action`, or None to go on with the next verb.

    Raises: TwimlFault 12200, 13214 (callerId), 13223 (number), 13227 (country not enabled), and what ends a call.
    """
    action = context.url(verb.attributes["action"]) if verb.attributes.get("action") else ""
    mine, theirs = bridge()
    dialled = _begin(context, verb, theirs)
    context.call.note(Happening.DIALLED, dialled.call.sid)
    context.clock.spawn(f"call-{dialled.call.sid}", lambda: _live(context, dialled, player_of))
    try:
        _await_bridge(context, dialled)
        if dialled.is_bridged:
            context.call.note(Happening.BRIDGED, dialled.call.sid)
            mine.carry(context.line, limit_s=dialled.limit_s)
    except (CallOver, SentElsewhere) as end:
        _release(context, dialled)
        if isinstance(end, CallOver) and action and context.options.asks_dial_action_after_hang_up:
            context.call.status = "completed"
            context.post_quietly(action, context.form(**_result(context, dialled)))
        raise
    _release(context, dialled)
    return DocumentRequest(action, verb.method(), _result(context, dialled)) if action else None


def _begin(context: CallContext, verb: Verb, side: Side) -> _Dialled:
    nouns = verb.children or (Verb("Number", {}, verb.text, ()),)
    if len(nouns) != 1:
        raise NotYetSupported("the pretend carrier dials one <Number> at a time")
    number = nouns[0]
    _check_numbers(context, verb, number.text)
    call = LineCall(
        new_sid("CA"),
        verb.attributes.get("callerId", context.call.from_number),
        number.text,
        direction="outbound-dial",
        status="queued",
        parent_sid=context.call.sid,
    )
    whisper = number.attributes.get("url", "")
    leg = CalledLeg(call, _ringing(context, verb, number), context.exchange)
    context.exchange.register(call)
    request = DocumentRequest(context.url(whisper), number.method()) if whisper else None
    return _Dialled(leg, side, request, limit_s=verb.whole("timeLimit", 14_400, least=1, most=14_400))


def _check_numbers(context: CallContext, verb: Verb, number: str) -> None:
    owned = {context.ledger.number, context.call.from_number, context.call.to_number}
    if verb.attributes.get("callerId", context.ledger.number) not in owned:
        raise TwimlFault(13214, "<Dial callerId> is neither of this call nor of this account")
    if not E164.fullmatch(number):
        raise TwimlFault(13223, "<Number> holds no number that can be rung")
    if not may_ring(context.options.account, number):
        raise TwimlFault(13227, "the account may not ring this country")


def _ringing(context: CallContext, verb: Verb, number: Verb) -> Ringing:
    def url(name: str) -> str:
        written = number.attributes.get(name, "")
        return context.url(written) if written else ""

    kind = number.attributes.get("machineDetection", "")
    if kind not in {"", "Enable", "DetectMessageEnd"}:
        raise TwimlFault(12200, f'<Number machineDetection="{kind}">')
    detection = Detection(
        waits_for_end=kind == "DetectMessageEnd",
        is_async=True,
        callback=url("amdStatusCallback"),
        callback_method=number.method("amdStatusCallbackMethod"),
    )
    return Ringing(
        timeout_s=verb.whole("timeout", 30, least=5, most=600),
        status_callback=url("statusCallback"),
        status_method=number.method("statusCallbackMethod"),
        status_events=frozenset(number.attributes.get("statusCallbackEvent", _EVENTS).split()),
        detection=detection if kind else None,
    )


def _live(context: CallContext, dialled: _Dialled, player_of: PlayerOf) -> None:
    """Live through the called leg, on a thread of its own."""
    by, fault = lived(lambda: _ring_and_answer(context, dialled, player_of))
    dialled.fault = fault
    dialled.side.leave()
    dialled.leg.end(status="completed" if dialled.was_answered else dialled.call.status, by=by, fault=fault)


def _ring_and_answer(context: CallContext, dialled: _Dialled, player_of: PlayerOf) -> None:
    if not dialled.leg.ring():
        raise CallOver("carrier")
    dialled.was_answered = True
    _answer(context, dialled, player_of)


def _answer(context: CallContext, dialled: _Dialled, player_of: PlayerOf) -> None:
    script = dialled.leg.phone.script or Caller()
    answered = context.exchange.answered(dialled.call, script, lambda: ("", "POST"))
    dialled.leg.detect()
    player = player_of(answered)
    try:
        if _agrees(answered, dialled, player):
            dialled.is_bridged = True
            answered.call.note(Happening.BRIDGED, context.call.sid)
            dialled.side.carry(answered.line, limit_s=dialled.limit_s)
    except SentElsewhere as order:
        dialled.side.leave()
        player.follow(order)


def _agrees(answered: CallContext, dialled: _Dialled, player: Plays) -> bool:
    """Play the whisper, and return True when the leg is to be connected. Raises: what ends a leg."""
    if dialled.whisper is None:
        return True
    try:
        player.play_through(dialled.whisper, _WHISPER_VERBS)
    except (TwimlFault, Unreachable) as fault:
        answered.call.note(Happening.ERROR, fault.detail, fault.code)
        answered.line.prompt_cut()
        return answered.options.after_failed_whisper is AfterFailedWhisper.BRIDGE
    return True


def _await_bridge(context: CallContext, dialled: _Dialled) -> None:
    """Let the dialling leg wait, while it hears ringing, which scripts do not notice."""
    while not (dialled.is_bridged or dialled.side.is_left):
        context.line.lose(context.line.tick().keys)


def _release(context: CallContext, dialled: _Dialled) -> None:
    """End the called leg and wait for it. Raises: what failed inside the simulator on that leg."""
    if not dialled.call.is_over:
        dialled.call.order(CallOver("hotline"))
    while not dialled.call.is_over:
        context.clock.sleep_until(context.clock.elapsed_s() + TICK_S)
    if dialled.fault is not None:
        raise dialled.fault


def _result(context: CallContext, dialled: _Dialled) -> dict[str, str]:
    status = dialled.call.status
    if dialled.was_answered and not dialled.is_bridged:
        status = context.options.dial_status_after_refused_whisper
    fields = {"DialCallStatus": status, "DialCallSid": dialled.call.sid}
    if dialled.was_answered:
        fields["DialCallDuration"] = str(int(dialled.call.duration_s))
    if context.options.tells_dial_bridged:
        fields["DialBridged"] = str(dialled.is_bridged).lower()
    return fields
