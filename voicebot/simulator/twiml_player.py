"""Executes TwiML documents on a line, from the first webhook to the end of the call.

Source: Twilio, voice/twiml; fallback as in voice/twiml and api/errors/11200; redirect loops are bounded by the options.
`<Dial>`, `<Gather>`, `<Record>` and `<Stream>` have modules of their own.
Knows: verbs. Must not know: what the hotline means by them.
"""

from collections.abc import Iterator

from voicebot.simulator.call_context import CallContext, DocumentRequest
from voicebot.simulator.courier import Reply, Unreachable, new_token
from voicebot.simulator.line import CallOver, Happening, SentElsewhere
from voicebot.simulator.options import AfterClose, Redelivery
from voicebot.simulator.sound import RATE_HZ, SILENCE, TICK_BYTES, read_wav
from voicebot.simulator.stream import Ending, MediaStream
from voicebot.simulator.twiml_dial import dial
from voicebot.simulator.twiml_document import TwimlFault, Verb, read_document
from voicebot.simulator.twiml_gather import gather
from voicebot.simulator.twiml_record import record

_SAY_S_PER_LETTER = 0.06
_ERROR_MESSAGE_S = 4.0
_KEY_S = 0.5
"""A key with the rest behind it, and the wait that `w` stands for."""
_PROMPT_VERBS = {"Play", "Pause"}
"""A prompt may be several clips with pauses, while any other verb ends it."""


class Player:
    """Plays one call."""

    def __init__(self, context: CallContext) -> None:
        self._context = context
        self._line = context.line
        self._documents = 0
        self._idle_documents = 0
        self._last_fetch_s = -1.0
        self._allowed: frozenset[str] | None = None
        """Verbs that a document may hold. None means all of them."""

    def run(self, first: DocumentRequest) -> None:
        """Play documents until the call ends.

        Raises: CallOver always, by whom, while NotYetSupported, NotLoopback and CarrierClosed pass through.
        """
        doc_request: DocumentRequest | None = first
        while doc_request is not None:
            try:
                doc_request = self._play_or_recover(doc_request)
            except SentElsewhere as order:
                doc_request = self._sent(order)
        raise CallOver("hotline")

    def follow(self, order: SentElsewhere) -> None:
        """Go where the REST API sent the call, to its end. Raises: CallOver always."""
        self.run(self._sent(order))

    def play_through(self, first: DocumentRequest, verbs: frozenset[str]) -> None:
        """Play documents that may hold these verbs only, without a fallback, and return when the last one ends.

        Raises: TwimlFault (12200 for another verb), Unreachable, CallOver, SentElsewhere.
        """
        self._allowed = verbs
        doc_request: DocumentRequest | None = first
        while doc_request is not None:
            doc_request = self._play_document(doc_request)
        self._allowed = None

    def _sent(self, order: SentElsewhere) -> DocumentRequest:
        self._line.prompt_cut()
        self._allowed = None
        return DocumentRequest(order.url, order.method, twiml=order.twiml)

    def _play_or_recover(self, doc_request: DocumentRequest) -> DocumentRequest | None:
        try:
            return self._play_document(doc_request)
        except (TwimlFault, Unreachable) as fault:
            return self._after_fault(fault)

    def _play_document(self, doc_request: DocumentRequest) -> DocumentRequest | None:
        self._count_document()
        context = self._context
        if doc_request.twiml:
            context.base_url = ""
            body, kind = doc_request.twiml.encode(), "text/xml"
        else:
            reply = self._fetch(doc_request)
            context.base_url, body, kind = reply.url, reply.body, reply.content_type
        verbs = read_document(body, kind, is_strict=context.options.schema_fault_ends_call)
        if context.call.status in {"ringing", "queued"}:
            context.call.status = "in-progress"
        return self._play_verbs(verbs)

    def _fetch(self, doc_request: DocumentRequest) -> Reply:
        context = self._context
        url = context.url(doc_request.url)
        form = context.form(**doc_request.fields)
        redelivery, token = context.options.redelivery, new_token()
        reply = context.courier.ask(url, form, method=doc_request.method, token=token)
        if redelivery is Redelivery.SECOND_ANSWER:
            reply = context.courier.ask(url, form, method=doc_request.method, token=token)
        if redelivery is Redelivery.LATE_DUPLICATE:
            again = f"again-{context.call.sid}"
            context.callbacks.send(again, url, form, method=doc_request.method, delay_s=2.0, token=token)
        context.call.documents.append(reply.body.decode(errors="replace"))
        context.call.note(Happening.FETCHED, f"{doc_request.method} {url.split('#')[0].split('?')[0]} {reply.status}")
        return reply

    def _play_verbs(self, verbs: tuple[Verb, ...]) -> DocumentRequest | None:
        for verb in verbs:
            if self._allowed is not None and verb.name not in self._allowed:
                raise TwimlFault(12200, f"<{verb.name}> may not stand in the document of a <Number url>")
            if verb.name not in _PROMPT_VERBS:
                self._line.prompt_ends()
            doc_request = self._play_verb(verb)
            if doc_request is not None:
                return doc_request
        self._line.prompt_ends()
        return None

    def _play_verb(self, verb: Verb) -> DocumentRequest | None:
        match verb.name:
            case "Gather" | "Record" | "Connect" | "Dial":
                return self._play_long(verb)
            case "Redirect":
                return DocumentRequest(self._context.url(verb.text), verb.method())
            case "Hangup":
                raise CallOver("hotline")
            case "Reject":
                self._reject(verb)
                return None
            case _:
                for piece in self._sound_of(verb):
                    self._line.lose(self._line.tick(piece).keys)
                return None

    def _play_long(self, verb: Verb) -> DocumentRequest | None:
        match verb.name:
            case "Gather":
                return gather(self._context, verb, self._sound_of)
            case "Record":
                return record(self._context, verb)
            case "Dial":
                return dial(self._context, verb, Player)
            case _:
                return self._connect(verb)

    def _reject(self, verb: Verb) -> None:
        """End the call. Only one that nothing was played in yet is rejected, because later it has been answered."""
        if self._line.at_s == 0:
            self._context.call.status = "busy" if verb.attributes.get("reason") == "busy" else "no-answer"
        raise CallOver("hotline")

    def _sound_of(self, verb: Verb) -> Iterator[bytes]:
        """Yield what Say, Play and Pause sound like, in ticks, where prompts are announced to the caller on the way."""
        match verb.name:
            case "Play" if "digits" in verb.attributes:
                yield from self._keys_of(verb.attributes["digits"])
            case "Play":
                key, audio = self._context.clip(verb.text)
                if key:
                    self._line.prompt_starts(key)
                yield from _ticks(audio * max(1, verb.whole("loop", 1, most=1000)))
            case "Say":
                self._line.prompt_starts("say")
                self._context.call.note(Happening.SAID, verb.text)
                yield from _ticks(self._voice_of(verb.text))
                self._line.prompt_ends()
            case _:
                yield from _ticks(SILENCE * (verb.whole("length", 1, most=600) * RATE_HZ))

    def _voice_of(self, words: str) -> bytes:
        """Return what words sound like, silence of about their length where no voice is known."""
        voice = self._context.options.voices.get(words)
        return SILENCE * round(len(words) * _SAY_S_PER_LETTER * RATE_HZ) if voice is None else read_wav(voice)

    def _keys_of(self, digits: str) -> Iterator[bytes]:
        """Press keys to whoever is at the other end, one after another, where `w` waits half a second."""
        call = self._context.call
        for key in digits:
            if key != "w":
                call.keys_played.append((len(call.hotline_track), key))
            yield from _ticks(SILENCE * round(_KEY_S * RATE_HZ))

    def _connect(self, verb: Verb) -> DocumentRequest | None:
        streams = [child for child in verb.children if child.name == "Stream"]
        if len(streams) != 1:
            raise TwimlFault(12200, f"<Connect> holds {len(streams)} <Stream>, not one")
        ending = MediaStream(self._context, streams[0]).run()
        self._after_stream(ending)
        action = verb.attributes.get("action")
        if action and self._context.options.requests_connect_action:
            return DocumentRequest(self._context.url(action), verb.method())
        return None

    def _after_stream(self, ending: Ending) -> None:
        options = self._context.options
        choice = {
            Ending.OWN_CLOSE: options.after_own_close,
            Ending.ABNORMAL: options.after_close,
            Ending.NEVER_OPENED: options.after_failed_handshake,
        }[ending]
        if choice is AfterClose.END_CALL:
            raise CallOver("carrier")
        if choice is AfterClose.RESUME_LATE:
            self._line.pass_time(options.resume_late_s)

    def _after_fault(self, fault: TwimlFault | Unreachable) -> DocumentRequest:
        context = self._context
        self._line.prompt_cut()
        context.call.note(Happening.ERROR, fault.detail, fault.code)
        failed_url = fault.url if isinstance(fault, Unreachable) else context.base_url
        fallback, method = context.fallback()
        if not fallback or failed_url.split("?")[0] == fallback.split("#")[0].split("?")[0]:
            self._line.pass_time(_ERROR_MESSAGE_S)
            raise CallOver("carrier")
        fields = {"ErrorCode": str(fault.code), "ErrorUrl": failed_url}
        return DocumentRequest(fallback, method, fields)

    def _count_document(self) -> None:
        options, at_s = self._context.options, self._line.at_s
        self._documents += 1
        self._idle_documents = self._idle_documents + 1 if at_s == self._last_fetch_s else 0
        self._last_fetch_s = at_s
        if self._documents > options.max_documents or self._idle_documents > options.max_idle_documents:
            self._context.call.note(Happening.ERROR, f"a loop: {self._documents} documents fetched", 12400)
            raise CallOver("carrier")


def _ticks(audio: bytes) -> Iterator[bytes]:
    for at in range(0, len(audio), TICK_BYTES):
        yield audio[at : at + TICK_BYTES].ljust(TICK_BYTES, SILENCE)
