"""The pretend carrier. It rings the hotline, texts it, rings people for it, and keeps what Twilio would keep.

    with PretendCarrier(sid, token, "+15035550100", "http://127.0.0.1:8080") as carrier:
        api_url = carrier.serve_api()                      # VOICEBOT_TWILIO_API_URL of the hotline
        call = carrier.ring("+15035550123", Caller().after("ask_story", hang_up())).wait()

Knows: every part of the simulator. Must not know: anything of the hotline but its URLs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from xml.etree import ElementTree

from voicebot.simulator.call_context import CallContext, ClipCache, DocumentRequest, Fallback, OutboundOrder
from voicebot.simulator.call_recording import stop_all
from voicebot.simulator.callbacks import Callbacks, Delivery
from voicebot.simulator.caller import Caller
from voicebot.simulator.clock import CarrierClock, PacedClock
from voicebot.simulator.courier import Courier, Reply, Unreachable, loopback_url, new_token
from voicebot.simulator.forms import inbound_text_form, status_form
from voicebot.simulator.ledger import CallEntry, Ledger, Media, Message, NumberSettings, new_sid
from voicebot.simulator.line import Happening, Line, LineCall, Observer, lived
from voicebot.simulator.options import CarrierOptions
from voicebot.simulator.outbound import StartQueue, place
from voicebot.simulator.own_number import FarLeg, place_to_own
from voicebot.simulator.person import Lives
from voicebot.simulator.phone import Phone, rings_out
from voicebot.simulator.rest_api import ApiServer
from voicebot.simulator.twiml_player import Player

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP", "YES"})
HELP_WORDS = frozenset({"HELP", "INFO"})


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text to the hotline, and what came of it."""

    message_sid: str
    status: int | None
    """HTTP status of the hotline's answer, or None when it could not be reached."""
    replies: tuple[str, ...]
    """Bodies of the `<Message>` in its answer."""


class PretendCarrier:
    """A telephone company of one number, on this machine."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        number: str,
        hotline_url: str,
        *,
        clock: CarrierClock | None = None,
        options: CarrierOptions | None = None,
        settings: NumberSettings | None = None,
    ) -> None:
        """Stand ready, but nothing is sent yet.

        `hotline_url` is the public origin of the hotline. Raises: NotLoopback when it (after the options'
        `origins`) lies on another machine.
        """
        self.options = options or CarrierOptions()
        loopback_url(hotline_url, self.options)
        self.clock: CarrierClock = clock or PacedClock()
        self.ledger = Ledger(account_sid, number, settings=settings or NumberSettings.at(hotline_url))
        self.phones: dict[str, Phone] = {}
        """The telephones that the hotline may ring, by number, while nobody picks up any other."""
        self.credentials: dict[str, str] = {account_sid: auth_token}
        """User and password of the REST API, to which API keys may be added."""
        self._courier = Courier(auth_token, self.options)
        self._callbacks = Callbacks(self._courier, self.clock)
        self._clips = ClipCache()
        self._starts = StartQueue(self.clock, self.options.account.calls_per_second)
        self._api: ApiServer | None = None
        self.api_url = "https://api.twilio.com"

    def __enter__(self) -> "PretendCarrier":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def callbacks(self) -> tuple[Delivery, ...]:
        """Every status callback posted so far."""
        return self._callbacks.deliveries

    def serve_api(self, port: int = 0) -> str:
        """Open the REST API on loopback and return its base URL, where port 0 takes a free one."""
        self._api = ApiServer(self, port)
        self.api_url = self._api.url
        return self.api_url

    def close(self) -> None:
        """Drop every call, end every thread, close the API."""
        self.clock.close()
        if self._api is not None:
            self._api.close()

    def ring(
        self,
        from_number: str,
        caller: Caller | Lives,
        *,
        forwarded_from: str = "",
        observer: Observer | None = None,
    ) -> LineCall:
        """Ring the hotline and return the call at once, with `.wait()` for its end.

        `from_number` is what the carrier shows, that is E.164, or one of its stand-ins for a withheld number. Who
        rings is a script, or somebody who lives, such as a `Handset`.
        """
        call = LineCall(
            new_sid("CA"), from_number, self.ledger.number, forwarded_from=forwarded_from, observer=observer
        )
        return self._ring(call, caller)

    def ring_from(self, other_leg: LineCall) -> LineCall:
        """Ring the hotline with a leg that hears, and says, what another leg does (used by `own_number`)."""
        call = LineCall(new_sid("CA"), other_leg.from_number, self.ledger.number)
        return self._ring(call, FarLeg(other_leg))

    def _ring(self, call: LineCall, caller: "Caller | Lives") -> LineCall:
        settings = self.ledger.settings
        doc_request = DocumentRequest(settings.voice_url, settings.voice_method)
        self.register(call)
        self.clock.spawn(f"call-{call.sid}", lambda: self._inbound(call, caller, doc_request))
        return call

    def text(self, from_number: str, body: str, *, to_number: str = "", media: Sequence[Media] = ()) -> InboundText:
        """Text the hotline and return what it answered, where STOP and START words change who may be texted."""
        message = self._inbound_message(from_number, body, to_number)
        message.media.extend(media)
        form = inbound_text_form(message, self.ledger.account_sid, self.options)
        word = body.strip().upper()
        if word in STOP_WORDS | START_WORDS | HELP_WORDS:
            form["OptOutType"] = self._note_opt_out(from_number, word)
        try:
            reply = self._deliver_text(form)
        except Unreachable:
            return InboundText(message.sid, None, ())
        return InboundText(message.sid, reply.status, _replies(reply))

    def dial(self, order: OutboundOrder) -> LineCall:
        """Ring somebody for the hotline (REST `Calls`) and return the call at once."""
        call = LineCall(new_sid("CA"), order.from_number, order.to_number, direction="outbound-api", status="queued")
        call.most_s = order.most_s
        starts_s = self._starts.take()
        self.register(call)
        way = place_to_own if order.to_number == self.ledger.number else place
        self.clock.spawn(f"call-{call.sid}", lambda: way(call, order, exchange=self, starts_s=starts_s))
        return call

    def callback(
        self, subject: str, url: str, form: Mapping[str, str], *, method: str = "POST", delay_s: float = 0.0
    ) -> None:
        """Post a status callback in the background (used by the REST API and by called legs)."""
        self._callbacks.send(subject, url, form, method=method, delay_s=delay_s)

    def phone_of(self, number: str) -> Phone:
        """Return the telephone of a number, while nobody picks up one that is not known."""
        return self.phones.get(number, rings_out())

    def register(self, call: LineCall) -> None:
        """Write a new call into the ledger."""
        now = self.clock.now()
        with self.ledger.lock:
            self.ledger.calls[call.sid] = CallEntry(call, now, now)

    def _inbound(self, call: LineCall, caller: "Caller | Lives", doc_request: DocumentRequest) -> None:
        call.note(Happening.RANG, "the hotline is ringing")
        self._play(call, caller, doc_request)
        settings = self.ledger.settings
        if settings.status_callback:
            self.tell(call, settings.status_callback, status=call.status, sequence=0)
        call.announce_end()

    def _play(self, call: LineCall, caller: "Caller | Lives", doc_request: DocumentRequest) -> None:
        """Play the call to its end and write down who ended it, where a fault of the simulator is kept for `wait()`."""
        by, fault = lived(lambda: Player(self.answered(call, caller, self._fallback)).run(doc_request))
        status = call.status if call.status in {"busy", "no-answer"} else "completed"
        self.close_book(call, status=status, by=by, fault=fault)

    def _fallback(self) -> tuple[str, str]:
        settings = self.ledger.settings
        return settings.voice_fallback_url, settings.voice_fallback_method

    def close_book(self, call: LineCall, *, status: str, by: str, fault: Exception | None = None) -> None:
        """Write down how a call ended."""
        call.finish(status=status, by=by, fault=fault)
        stop_all(self, call)
        with self.ledger.lock:
            entry = self.ledger.calls[call.sid]
            entry.ended_at = entry.updated_at = self.clock.now()

    def answered(self, call: LineCall, script: "Caller | Lives", fallback: Fallback) -> CallContext:
        """Return the context of a call that is being answered."""
        return CallContext(
            call=call,
            line=Line(call, script, clock=self.clock, options=self.options),
            courier=self._courier,
            callbacks=self._callbacks,
            ledger=self.ledger,
            clock=self.clock,
            clips=self._clips,
            api_url=self.api_url,
            exchange=self,
            fallback=fallback,
        )

    def tell(self, call: LineCall, url: str, *, status: str, sequence: int, method: str = "POST") -> None:
        """Post a status callback in the background."""
        form = status_form(call, self.ledger.account_sid, status=status, sequence=sequence, at=self.clock.now())
        self._callbacks.send(call.sid, url, form, method=method)

    def _inbound_message(self, from_number: str, body: str, to_number: str) -> Message:
        now = self.clock.now()
        message = Message(
            sid=new_sid("SM"),
            sender=from_number,
            recipient=to_number or self.ledger.number,
            body=body,
            direction="inbound",
            created_at=now,
            updated_at=now,
            status="received",
            sent_at=now,
        )
        with self.ledger.lock:
            self.ledger.messages[message.sid] = message
        return message

    def _note_opt_out(self, number: str, word: str) -> str:
        with self.ledger.lock:
            if word in STOP_WORDS:
                self.ledger.opted_out.add(number)
                return "STOP"
            if word in START_WORDS:
                self.ledger.opted_out.discard(number)
                return "START"
        return "HELP"

    def _deliver_text(self, form: Mapping[str, str]) -> Reply:
        settings, token = self.ledger.settings, new_token()
        url = self._texts_go_to()
        reply = self._courier.ask(url, form, method=settings.sms_method, token=token)
        if self.options.redelivery != "never":
            reply = self._courier.ask(url, form, method=settings.sms_method, token=token)
        return reply

    def _texts_go_to(self) -> str:
        """Return the number's own address, unless it is in a Messaging Service that does not defer to it.

        Raises: Unreachable when nobody is told.
        """
        outranking = [one for one in self.ledger.services.values() if one.has_number and not one.uses_number_webhook]
        url = outranking[0].inbound_url if outranking else self.ledger.settings.sms_url
        if not url:
            raise Unreachable(11200, "no address is set for texts", url)
        return url


def _replies(reply: Reply) -> tuple[str, ...]:
    if not reply.body.strip():
        return ()
    root = ElementTree.fromstring(reply.body)
    return tuple("".join(message.itertext()).strip() for message in root.iter("Message"))
