"""`<Gather>`. It plays its prompts and collects keys.

Source: Twilio, voice/twiml/gather: nested Say, Play and Pause; the first key stops them; `timeout` runs from the last
prompt's end or the last key; the action is the current document by default; nothing keyed falls through.
Knows: keys. Must not know: what they mean.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from voicebot.simulator.call_context import CallContext, DocumentRequest
from voicebot.simulator.sound import TICK_S
from voicebot.simulator.twiml_document import NotYetSupported, TwimlFault, Verb

SoundOf = Callable[[Verb], Iterator[bytes]]


@dataclass(slots=True)
class _Collected:
    """Keys so far, and whether the finishing key came."""

    most: int
    finish_key: str
    keys: str = ""
    finished_by: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.finished_by) or (self.most > 0 and len(self.keys) >= self.most)

    def take(self, pressed: str) -> None:
        for key in pressed:
            if self.is_done:
                return
            if key == self.finish_key:
                self.finished_by = key
            else:
                self.keys += key


def gather(context: CallContext, verb: Verb, sound_of: SoundOf) -> DocumentRequest | None:
    """Play and collect, and return the request to `action`, or None to go on with the next verb.

    Raises: TwimlFault 12200, Unreachable, NotYetSupported (speech), and what ends a call.
    """
    if "speech" in verb.attributes.get("input", "dtmf"):
        raise NotYetSupported("the pretend carrier has no recogniser of its own: <Gather> hears keys only")
    timeout_s = verb.whole("timeout", 5, most=600)
    collected = _Collected(verb.whole("numDigits", 0), _finish_key(verb))
    collected.take(context.line.take_typed_ahead())
    _play_prompts(context, verb, collected, sound_of)
    if not collected.is_done:
        _await_keys(context, collected, timeout_s)
    return _doc_request(context, verb, collected)


def _finish_key(verb: Verb) -> str:
    key = verb.attributes.get("finishOnKey", "#")
    if len(key) > 1 or key not in "0123456789*#":
        raise TwimlFault(13310, f'<Gather finishOnKey="{key}">: not one key')
    return key


def _play_prompts(context: CallContext, verb: Verb, collected: _Collected, sound_of: SoundOf) -> None:
    for child in verb.children:
        for piece in sound_of(child):
            if collected.keys or collected.is_done:
                context.line.prompt_cut()
                return
            collected.take(context.line.tick(piece).keys)
    context.line.prompt_ends()


def _await_keys(context: CallContext, collected: _Collected, timeout_s: int) -> None:
    left = round(timeout_s / TICK_S)
    while left > 0 and not collected.is_done:
        keys = context.line.tick().keys
        collected.take(keys)
        left = round(timeout_s / TICK_S) if keys else left - 1


def _doc_request(context: CallContext, verb: Verb, collected: _Collected) -> DocumentRequest | None:
    is_asked = bool(collected.keys) or verb.is_on("actionOnEmptyResult", default=False)
    if collected.finished_by and context.options.finish_key_alone_submits:
        is_asked = True
    if not is_asked:
        return None
    fields = {"Digits": collected.keys}
    if collected.finished_by:
        fields["FinishedOnKey"] = collected.finished_by
    return DocumentRequest(context.url(verb.attributes.get("action", "")), verb.method(), fields)
