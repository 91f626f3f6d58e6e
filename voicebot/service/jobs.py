"""Jobs by name: what the worker does at once, each idempotent, each also found by a sweep when it is lost.

Knows: which function a name means. Must not know: queues.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from voicebot.service.hotline import Hotline
from voicebot.service.job_names import (
    DELETE_RECORDING,
    FETCH_PICTURE,
    FETCH_RECORDING,
    SEND_SMS,
    STORE_AUDIO,
    TRANSCRIBE,
)
from voicebot.service.pictures import fetch_picture
from voicebot.service.recordings import delete_stray, fetch_recording, store_answer_audio, transcribe
from voicebot.service.sms import send_sms

JOBS: Mapping[str, Callable[[Hotline, str], None]] = MappingProxyType(
    {
        SEND_SMS: send_sms,
        STORE_AUDIO: store_answer_audio,
        TRANSCRIBE: transcribe,
        FETCH_RECORDING: fetch_recording,
        DELETE_RECORDING: delete_stray,
        FETCH_PICTURE: fetch_picture,
    }
)
"""Job name to what it does with the id of its subject."""


def run_job(hotline: Hotline, job: str, subject_id: str) -> None:
    """Run one job. A name nobody knows is a broken invariant: old jobs are drained before a name goes."""
    if job not in JOBS:
        raise AssertionError(f"no job is called {job}")
    JOBS[job](hotline, subject_id)
