"""After we have closed a stream the carrier must fetch what comes next, and when it does not, we ask it to.

Whether a carrier goes on after a close is documented twice, in opposite ways (twilio.md 1.2), so the fetch is waited
for, and a redirect over REST is the way out (twilio.md 1.3). In memory, per process, for the watching thread is the one
that closed the socket, so a fetch that another process answers shows in the call's row.
Knows: calls being waited for. Must not know: sockets, TwiML.
"""

import threading
from collections.abc import Callable

import structlog

from voicebot.domain.call import Call
from voicebot.errors import VoicebotError
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import get_call
from voicebot.web.counters import LATE_RESUMES
from voicebot.web.resilience.call_event_writer import CallEventWriter

log = structlog.get_logger(__name__)


class ResumeWatch:
    """Waits for the fetch after a close of ours."""

    def __init__(
        self, hotline: Hotline, book: CallEventWriter, *, resume_url: Callable[[str], str], patience_s: float
    ) -> None:
        self._hotline = hotline
        self._book = book
        self._resume_url = resume_url
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._awaited: dict[str, threading.Event] = {}

    def expect(self, call_id: str) -> None:
        """Begin to watch, but call this *before* the socket is closed, or a quick fetch would be missed."""
        with self._lock:
            self._awaited.setdefault(call_id, threading.Event())

    def fetched(self, call_id: str) -> None:
        """Note that the carrier has asked for this call, or told that it is over."""
        with self._lock:
            event = self._awaited.get(call_id)
        if event is not None:
            event.set()

    def forget(self, call_id: str) -> None:
        """Watch no longer, since nothing can be done for this call."""
        with self._lock:
            self._awaited.pop(call_id, None)

    def wait_or_redirect(self, call: Call) -> None:
        """Wait for the fetch of a call that is expected, and redirect it if none came in time."""
        with self._lock:
            fetched = self._awaited.get(call.id)
        if fetched is None:
            return
        try:
            if not fetched.wait(self._patience_s) and self._is_still_waiting(call):
                self._redirect(call)
        finally:
            with self._lock:
                self._awaited.pop(call.id, None)

    def _is_still_waiting(self, closed: Call) -> bool:
        """Tell whether no other process answered the fetch either, because that is a stream lost, or a sign of life.

        A call that ended with our goodbye is waiting too, because it needs the carrier's `<Hangup/>`.
        """
        call = get_call(self._hotline, closed.id)
        if call is None:
            return False
        return (call.stream_losses, call.last_heard_at) == (closed.stream_losses, closed.last_heard_at)

    def _redirect(self, call: Call) -> None:
        LATE_RESUMES.inc()
        try:
            self._hotline.carrier.redirect(call.carrier_call_id, self._resume_url(call.id))
            self._book.note(call.id, "redirected", detail="nothing was fetched after our close")
        except VoicebotError as error:
            log.warning("redirect_refused", call=call.id, code=error.code)
            self._book.note(call.id, "redirect_refused", detail=error.code)
