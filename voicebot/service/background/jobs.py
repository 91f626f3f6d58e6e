"""Jobs by name. The worker does them at once. Each is idempotent, and a sweep finds each that was lost.

Some jobs end things by how long ago they were. They call a text untrue, or a recording or picture lost. One rings a
person, who may be asleep. That cannot be undone, so they begin by no clock that nobody has confirmed (clock_watch.py),
an apology as little as a confirmation, and stop when it is set meanwhile. What they leave is found by the sweeps, which
wait in the same way.
Knows: which function a name means. Must not know: queues.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from voicebot.service.answer.audio import delete_stray, fetch_recording, store_answer_audio
from voicebot.service.answer.picture import fetch_picture
from voicebot.service.answer.transcript import transcribe
from voicebot.service.callback.dial import dial
from voicebot.service.callback.talk import record_talk, stop_recording
from voicebot.service.hotline import Hotline
from voicebot.service.job_names import (
    DELETE_RECORDING,
    END_TALK,
    FETCH_CALENDAR,
    FETCH_PICTURE,
    FETCH_RECORDING,
    RECORD_TALK,
    RING_STAFF,
    SEND_MESSAGE,
    SEND_SMS,
    STORE_AUDIO,
    TRANSCRIBE,
)
from voicebot.service.outbox.sms import send_sms
from voicebot.service.outbox.staff_outbox import send_message
from voicebot.service.ports import Clock
from voicebot.service.upkeep.calendar_fetch import fetch_calendar

JOBS: Mapping[str, Callable[[Hotline, str], None]] = MappingProxyType(
    {
        SEND_SMS: send_sms,
        SEND_MESSAGE: send_message,
        RING_STAFF: dial,
        RECORD_TALK: record_talk,
        END_TALK: stop_recording,
        STORE_AUDIO: store_answer_audio,
        TRANSCRIBE: transcribe,
        FETCH_RECORDING: fetch_recording,
        DELETE_RECORDING: delete_stray,
        FETCH_PICTURE: fetch_picture,
        FETCH_CALENDAR: fetch_calendar,
    }
)
"""Job name to what it does with the id of its subject."""


JUDGES_BY_CLOCK = frozenset({SEND_SMS, SEND_MESSAGE, FETCH_RECORDING, FETCH_PICTURE, RING_STAFF})


def run_job(hotline: Hotline, job: str, subject_id: str, *, confirmed: Clock | None = None) -> None:
    """Run one job. A name nobody knows is a broken invariant, because old jobs are drained before a name goes.

    `confirmed` is a clock that tells no time which is in doubt. None means the hotline's own. Raises: Unavailable when
    the job judges by the clock and its time is in doubt, from the beginning or from any later reading on.
    """
    if job not in JOBS:
        raise AssertionError(f"no job is called {job}")
    if job in JUDGES_BY_CLOCK and confirmed is not None:
        confirmed.now()
        hotline = replace(hotline, clock=confirmed)
    JOBS[job](hotline, subject_id)
