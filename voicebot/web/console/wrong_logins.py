"""Tells of wrong logins by a counter for each, a line of the log once a second, and an alarm to staff when they are
many.

Neither e-mail nor password is told. A person stands there as a code that is the same each time, an address as its
network, which is enough to see whether one person or all are guessed at, and from how many places.
Knows: counters, log, the alarm. Must not know: limits, cookies.
"""

import threading
from collections import deque
from datetime import datetime, timedelta
from time import monotonic

import structlog

from voicebot.errors import VoicebotError
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline
from voicebot.service.outbox.alarm import raise_house_alarm
from voicebot.service.outbox.compose import Template
from voicebot.service.ticket.house_case import house_case
from voicebot.web.counters import LOGINS

PAUSE_S = 1.0
MANY = 50
"""Wrong tries within `WITHIN`, in one process, of which staff are told, by our judgement, since no office mistypes so
often.
"""
WITHIN = timedelta(minutes=15)
ALARM = "many_wrong_logins"

log = structlog.get_logger(__name__)


class WrongLogins:
    """Counts and tells."""

    def __init__(self, hotline: Hotline, *, pause_s: float = PAUSE_S) -> None:
        self._hotline = hotline
        self._pause_s = pause_s
        self._lock = threading.Lock()
        self._untold = 0
        self._silent_until = 0.0
        self._seen: deque[datetime] = deque(maxlen=MANY)

    def note(self, *, person: str, network: str, is_known: bool, is_slowed: bool) -> None:
        """Note one wrong try."""
        LOGINS.labels("wrong", "known" if is_known else "new").inc()
        times = self._times_to_tell()
        if times:
            log.warning(
                "login_wrong",
                person=person[:12],
                network=network,
                is_known_device=is_known,
                is_slowed=is_slowed,
                times=times,
            )
        if self._are_many():
            self._alarm()

    def _times_to_tell(self) -> int:
        with self._lock:
            self._untold += 1
            if monotonic() < self._silent_until:
                return 0
            self._silent_until = monotonic() + self._pause_s
            times, self._untold = self._untold, 0
            return times

    def _are_many(self) -> bool:
        """Tell whether so many came within the time, whereupon counting begins anew."""
        now = self._hotline.clock.now()
        with self._lock:
            self._seen.append(now)
            if len(self._seen) < MANY or now - self._seen[0] > WITHIN:
                return False
            self._seen.clear()
            return True

    def _alarm(self) -> None:
        try:
            raise_house_alarm(self._hotline, name=ALARM, template=Template.STAFF_LOGINS, house_case=house_case)
        except VoicebotError as problem:
            log_failure(log.error, "alarm_not_given", problem, name=ALARM)
