"""Executes TwiML documents on a line, from the first webhook to the end of the call.

Source: Twilio, voice/twiml; fallback as in voice/twiml and api/errors/11200; redirect loops are bounded by the
options. `<Gather>`, `<Record>` and `<Stream>` have modules of their own.
Knows: verbs. Must not know: what the hotline means by them.
"""

from collections.abc import Iterator

from voicebot.simulator.courier import Reply, Unreachable, new_token
from voicebot.simulator.line import CallOver, Happening, SentElsewhere
from voicebot.simulator.options import AfterClose, Redelivery
from voicebot.simulator.sound import RATE_HZ, SILENCE, TICK_BYTES
from voicebot.simulator.stage import Errand, Stage
from voicebot.simulator.stream import Ending, MediaStream
from voicebot.simulator.twiml_document import TwimlFault, Verb, read_document
from voicebot.simulator.twiml_gather import gather
from voicebot.simulator.twiml_record import record

_SAY_S_PER_LETTER = 0.06
_ERROR_MESSAGE_S = 4.0
_PROMPT_VERBS = {"Play", "Pause"}
"""A prompt may be several clips with pauses; any other verb ends it."""


class Player:
    """Plays one call."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._line = stage.line
        self._documents = 0
        self._idle_documents = 0
        self._last_fetch_s = -1.0

    def run(self, first: Errand) -> None:
        """Play documents until the call ends.

        Raises: CallOver always, by whom; NotYetSupported, NotLoopback and CarrierClosed pass through.
        """
        errand: Errand | None = first
        while errand is not None:
            try:
                errand = self._play_or_recover(errand)
            except SentElsewhere as order:
                self._line.prompt_cut()
                errand = Errand(order.url, order.method, twiml=order.twiml)
        raise CallOver("hotline")

    def _play_or_recover(self, errand: Errand) -> Errand | None:
        try:
            return self._play_document(errand)
        except (TwimlFault, Unreachable) as fault:
            return self._after_fault(fault)

    def _play_document(self, errand: Errand) -> Errand | None:
        self._count_document()
        stage = self._stage
        if errand.twiml:
            stage.base_url = ""
            body, kind = errand.twiml.encode(), "text/xml"
        else:
            reply = self._fetch(errand)
            stage.base_url, body, kind = reply.url, reply.body, reply.content_type
        verbs = read_document(body, kind, is_strict=stage.options.schema_fault_ends_call)
        if stage.call.status in {"ringing", "queued"}:
            stage.call.status = "in-progress"
        return self._play_verbs(verbs)

    def _fetch(self, errand: Errand) -> Reply:
        stage = self._stage
        url = stage.url(errand.url)
        form = stage.form(**errand.fields)
        redelivery, token = stage.options.redelivery, new_token()
        reply = stage.courier.ask(url, form, method=errand.method, token=token)
        if redelivery is Redelivery.SECOND_ANSWER:
            reply = stage.courier.ask(url, form, method=errand.method, token=token)
        if redelivery is Redelivery.LATE_DUPLICATE:
            again = f"again-{stage.call.sid}"
            stage.callbacks.send(again, url, form, method=errand.method, delay_s=2.0, token=token)
        stage.call.note(Happening.FETCHED, f"{errand.method} {url.split('#')[0].split('?')[0]} {reply.status}")
        return reply

    def _play_verbs(self, verbs: tuple[Verb, ...]) -> Errand | None:
        for verb in verbs:
            if verb.name not in _PROMPT_VERBS:
                self._line.prompt_ends()
            errand = self._play_verb(verb)
            if errand is not None:
                return errand
        self._line.prompt_ends()
        return None

    def _play_verb(self, verb: Verb) -> Errand | None:
        match verb.name:
            case "Gather":
                return gather(self._stage, verb, self._sound_of)
            case "Record":
                return record(self._stage, verb)
            case "Connect":
                return self._connect(verb)
            case "Redirect":
                return Errand(self._stage.url(verb.text), verb.method())
            case "Hangup":
                raise CallOver("hotline")
            case "Reject":
                self._reject(verb)
                return None
            case _:
                for piece in self._sound_of(verb):
                    self._line.lose(self._line.tick(piece).keys)
                return None

    def _reject(self, verb: Verb) -> None:
        """End the call. Only one that nothing was played in yet is rejected; later it has been answered."""
        if self._line.at_s == 0:
            self._stage.call.status = "busy" if verb.attributes.get("reason") == "busy" else "no-answer"
        raise CallOver("hotline")

    def _sound_of(self, verb: Verb) -> Iterator[bytes]:
        """Yield what Say, Play and Pause sound like, in ticks; prompts are announced to the caller on the way."""
        match verb.name:
            case "Play":
                key, audio = self._stage.clip(verb.text)
                if key:
                    self._line.prompt_starts(key)
                yield from _ticks(audio * max(1, verb.whole("loop", 1, most=1000)))
            case "Say":
                self._line.prompt_starts("say")
                self._stage.call.note(Happening.SAID, verb.text)
                yield from _ticks(SILENCE * round(len(verb.text) * _SAY_S_PER_LETTER * RATE_HZ))
                self._line.prompt_ends()
            case _:
                yield from _ticks(SILENCE * (verb.whole("length", 1, most=600) * RATE_HZ))

    def _connect(self, verb: Verb) -> Errand | None:
        streams = [child for child in verb.children if child.name == "Stream"]
        if len(streams) != 1:
            raise TwimlFault(12200, f"<Connect> holds {len(streams)} <Stream>, not one")
        ending = MediaStream(self._stage, streams[0]).run()
        self._after_stream(ending)
        action = verb.attributes.get("action")
        if action and self._stage.options.requests_connect_action:
            return Errand(self._stage.url(action), verb.method())
        return None

    def _after_stream(self, ending: Ending) -> None:
        options = self._stage.options
        choice = {
            Ending.OWN_CLOSE: options.after_own_close,
            Ending.ABNORMAL: options.after_close,
            Ending.NEVER_OPENED: options.after_failed_handshake,
        }[ending]
        if choice is AfterClose.END_CALL:
            raise CallOver("carrier")
        if choice is AfterClose.RESUME_LATE:
            self._line.pass_time(options.resume_late_s)

    def _after_fault(self, fault: TwimlFault | Unreachable) -> Errand:
        stage = self._stage
        self._line.prompt_cut()
        stage.call.note(Happening.ERROR, fault.detail, fault.code)
        failed_url = fault.url if isinstance(fault, Unreachable) else stage.base_url
        settings = stage.ledger.settings
        fallback = settings.voice_fallback_url
        if not fallback or failed_url.split("?")[0] == fallback.split("#")[0].split("?")[0]:
            self._line.pass_time(_ERROR_MESSAGE_S)
            raise CallOver("carrier")
        fields = {"ErrorCode": str(fault.code), "ErrorUrl": failed_url}
        return Errand(fallback, settings.voice_fallback_method, fields)

    def _count_document(self) -> None:
        options, at_s = self._stage.options, self._line.at_s
        self._documents += 1
        self._idle_documents = self._idle_documents + 1 if at_s == self._last_fetch_s else 0
        self._last_fetch_s = at_s
        if self._documents > options.max_documents or self._idle_documents > options.max_idle_documents:
            self._stage.call.note(Happening.ERROR, f"a loop: {self._documents} documents fetched", 12400)
            raise CallOver("carrier")


def _ticks(audio: bytes) -> Iterator[bytes]:
    for at in range(0, len(audio), TICK_BYTES):
        yield audio[at : at + TICK_BYTES].ljust(TICK_BYTES, SILENCE)
