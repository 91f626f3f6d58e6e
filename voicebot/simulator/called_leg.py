"""A leg that the carrier rings, from the first ring to its end, with status callbacks and machine detection.

Source: Twilio, voice/api/call-resource (statuses, StatusCallbackEvent, Timeout), voice/answering-machine-detection.
Knows: telephones, callbacks. Must not know: TwiML, or who asked for the leg.
"""

import itertools

from voicebot.simulator.call_context import Detection, Exchange, Ringing
from voicebot.simulator.caller import Caller
from voicebot.simulator.forms import detection_form
from voicebot.simulator.line import CallOver, Happening, LineCall
from voicebot.simulator.person import Lives

_LOOKS_EVERY_S = 0.1
"""How soon a phone that rings notices that nobody wants it any more."""


class CalledLeg:
    """One leg being rung, then answered or not, then over."""

    def __init__(self, call: LineCall, ringing: Ringing, exchange: Exchange) -> None:
        self.call = call
        self.phone = exchange.phone_of(call.to_number)
        call.observer = call.observer or self.phone.observer
        self._ringing = ringing
        self.exchange = exchange
        self._clock = exchange.clock
        self._numbers = itertools.count()

    def ring(self) -> bool:
        """Ring until somebody answers, and return False when nobody does. The call then has its last status."""
        self._tell("initiated", "initiated")
        self.call.status = "ringing"
        self._tell("ringing", "ringing")
        try:
            self._await_answer()
        except CallOver:
            self.call.status = "canceled"
            return False
        if self.call.status != "ringing":
            return False
        self.call.status = "in-progress"
        self._tell("answered", "in-progress")
        return True

    def who_answers(self) -> "Caller | Lives":
        """Return who picked up."""
        return self.phone.script or Caller()

    def end(self, *, status: str, by: str, fault: Exception | None = None) -> None:
        """Close the book on the leg, tell it, and release those who wait."""
        self.exchange.close_book(self.call, status=status, by=by, fault=fault)
        self._tell("completed", status)
        self.call.announce_end()

    def detect(self) -> float:
        """Begin machine detection of an answered leg, and return the seconds for which its first document waits."""
        detection = self._ringing.detection
        if detection is None:
            return 0.0
        found, after_s = self._found(detection)
        if not detection.is_async:
            self._settle(found)
            return after_s
        due_s = self._clock.elapsed_s() + after_s

        def work() -> None:
            self._clock.sleep_until(due_s)
            self._settle("unknown" if self.call.is_over else found)
            if detection.callback:
                form = detection_form(self.call, self.exchange.ledger.account_sid, detection_s=after_s)
                self.exchange.callback(self.call.sid, detection.callback, form, method=detection.callback_method)

        self._clock.spawn(f"detection-{self.call.sid}", work)
        return 0.0

    def _await_answer(self) -> None:
        """Wait until it is picked up, or known that it is not. Raises: CallOver when nobody wants the call any more."""
        phone = self.phone
        is_settled = phone.script is not None or phone.status != "no-answer"
        began_s = self._clock.elapsed_s()
        ends_s = began_s + (phone.answers_after_s if is_settled else self._ringing.timeout_s)
        if ends_s > began_s + self._ringing.timeout_s:
            is_settled, ends_s = False, began_s + self._ringing.timeout_s
        while (now_s := self._clock.elapsed_s()) < ends_s:
            self._look_again(min(ends_s, now_s + _LOOKS_EVERY_S))
        if not is_settled:
            self.call.status = "no-answer"
        elif phone.script is None:
            self.call.status = phone.status

    def _look_again(self, at_s: float) -> None:
        """Wait until a second, and take what was ordered meanwhile, but only an end is possible before an answer."""
        self._clock.sleep_until(at_s)
        order = self.call.next_order()
        if isinstance(order, CallOver):
            raise order

    def _found(self, detection: Detection) -> tuple[str, float]:
        """Return machine detection's word and how long it takes."""
        phone, detection_s = self.phone, self.exchange.options.detection_s
        if phone.answered_by == "machine_start" and detection.waits_for_end:
            return "machine_end_beep", max(detection_s, phone.greeting_s)
        return phone.answered_by, detection_s

    def _settle(self, found: str) -> None:
        self.call.answered_by = found
        self.call.note(Happening.ANSWERED_BY, found)

    def _tell(self, event: str, status: str) -> None:
        number = next(self._numbers)
        ringing = self._ringing
        if ringing.status_callback and event in ringing.status_events:
            self.exchange.tell(
                self.call, ringing.status_callback, status=status, sequence=number, method=ringing.status_method
            )
