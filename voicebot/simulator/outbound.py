"""A call that the hotline orders through the REST API. It waits for its turn, rings, detects, plays its documents.

Source: Twilio, voice/api/call-resource: calls are started one a second unless the account may do more, and wait
`queue_time` for it; machine detection holds the first document back unless it is asynchronous.
Knows: one order. Must not know: what the documents say.
"""

import threading
from dataclasses import replace

from voicebot.simulator.call_context import Exchange, OutboundOrder
from voicebot.simulator.called_leg import CalledLeg
from voicebot.simulator.clock import CarrierClock
from voicebot.simulator.line import LineCall, SentElsewhere, lived
from voicebot.simulator.twiml_player import Player


class StartQueue:
    """Gives each ordered call the second at which it may start."""

    def __init__(self, clock: CarrierClock, calls_per_second: float) -> None:
        self._clock = clock
        self._gap_s = 1.0 / calls_per_second
        self._next_s = 0.0
        self._lock = threading.Lock()

    def take(self) -> float:
        """Return the carrier's second at which one more call starts."""
        with self._lock:
            starts_s = max(self._clock.elapsed_s(), self._next_s)
            self._next_s = starts_s + self._gap_s
            return starts_s


def place(call: LineCall, order: OutboundOrder, *, exchange: Exchange, starts_s: float) -> None:
    """Carry out an order from its queue to its end, which runs on the call's own thread."""
    carry_out(CalledLeg(call, order.ringing, exchange), order, exchange=exchange, starts_s=starts_s)


def carry_out(leg: CalledLeg, order: OutboundOrder, *, exchange: Exchange, starts_s: float) -> None:
    """Let a leg wait for its turn, ring, and live to its end."""
    call = leg.call
    call.queue_s = starts_s - exchange.clock.elapsed_s()
    exchange.clock.sleep_until(starts_s)
    if not leg.ring():
        leg.end(status=call.status, by="hotline" if call.status == "canceled" else "carrier")
        return
    by, fault = lived(lambda: _live(leg, order, exchange))
    leg.end(status="completed", by=by, fault=fault)


def _live(leg: CalledLeg, order: OutboundOrder, exchange: Exchange) -> None:
    context = exchange.answered(leg.call, leg.who_answers(), lambda: (order.fallback_url, order.fallback_method))
    doc_request = order.doc_request
    held_s = leg.detect()
    try:
        context.line.pass_time(held_s)
    except SentElsewhere as sent:
        Player(context).follow(sent)
    if leg.call.answered_by:
        doc_request = replace(doc_request, fields={**doc_request.fields, "AnsweredBy": leg.call.answered_by})
    Player(context).run(doc_request)
