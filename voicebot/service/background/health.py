"""Whether the house is well, and whether this process may take calls. It answers with reasons in words, and with counts
instead of names.

What is due is handled by a sweep within a second, so five minutes overdue means that nobody handles it. Instants are
measured by the clock port. A worker whose sign of life lies ahead of it has another clock, and promises run by clocks.
Knows: signs, how long is too long. Must not know: who asks, tables.
"""

from datetime import datetime, timedelta

from voicebot.errors import Unavailable
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import Beat, Deadline, VitalSigns

OVERDUE_AFTER = timedelta(minutes=5)
"""A deadline so long overdue is handled by nobody. A worker without a round of sweeps for so long hangs."""

DATABASE_AWAY = "database away: it does not answer"
NOT_MIGRATED = "database not migrated: run `voicebot release`"

_OVERDUE_WORDS = {
    Deadline.PROMISE: "windows that closed without a call, and no miss was written",
    Deadline.STEP: "steps of the ladder that nobody took",
    Deadline.WARNING: "warnings that nobody gave",
    Deadline.DECISION: "decisions that fell due, and nobody was told",
    Deadline.TASK: "tasks on cases that fell due, and nobody was told",
    Deadline.TEXT: "texts that still wait to be sent",
    Deadline.MESSAGE: "messages to staff that still wait to be sent",
    Deadline.VOICE: "answers whose voice still lies in the spool alone",
    Deadline.CALL: "calls without a sign of life that were not ended",
}


def why_unwell(hotline: Hotline) -> tuple[str, ...]:
    """Return one line for each thing that is wrong with the whole house, empty when all is well."""
    try:
        now, signs = signs_of_life(hotline)
    except Unavailable:
        return (DATABASE_AWAY,)
    if not signs.is_migrated:
        return (NOT_MIGRATED,)
    return (*_worker_trouble(hotline, signs.beats, now), *_overdue(signs))


def why_not_ready(hotline: Hotline) -> tuple[str, ...]:
    """Return one line for each thing that keeps this process from taking calls, empty when it may."""
    reasons = []
    if hotline.recognisers.places() is None:
        reasons.append("speech model not loaded yet")
    try:
        _, signs = signs_of_life(hotline)
        if not signs.is_migrated:
            reasons.append(NOT_MIGRATED)
    except Unavailable:
        reasons.append(DATABASE_AWAY)
    try:
        hotline.spool.probe()
    except Unavailable:
        reasons.append("spool not writable: look at space and rights in VOICEBOT_DATA_DIR")
    return tuple(reasons)


def signs_of_life(hotline: Hotline, *, overdue_after: timedelta = OVERDUE_AFTER) -> tuple[datetime, VitalSigns]:
    """Return this instant and the signs at it. Raises: Unavailable."""
    now = hotline.clock.now()
    overdue_before = now - overdue_after
    silent_before = overdue_before - hotline.rules.lost_after
    return now, hotline.vitals.signs(now=now, overdue_before=overdue_before, silent_before=silent_before)


def show_sign_of_life(hotline: Hotline, worker: str, *, swept_at: datetime) -> None:
    """Write that this worker lives, and when it last ended a round of sweeps. Raises: Unavailable."""
    with hotline.unit_of_work() as work:
        work.beats.show(worker, context_of(hotline, work).now, swept_at)
        work.commit()


def _worker_trouble(hotline: Hotline, beats: tuple[Beat, ...], now: datetime) -> tuple[str, ...]:
    """One living worker is enough. Of several that live, one that sweeps."""
    if not beats:
        return ("worker dead: none has ever shown a sign of life",)
    nearest = min(beats, key=lambda beat: abs(now - beat.at))
    if abs(now - nearest.at) > hotline.rules.worker_silent_after:
        return (_silent(nearest, now),)
    alive = (beat for beat in beats if abs(now - beat.at) <= hotline.rules.worker_silent_after)
    swept_at = max(beat.swept_at for beat in alive)
    if now - swept_at > OVERDUE_AFTER:
        return (f"worker stuck: its last round of sweeps ended {_seconds(now - swept_at)} s ago",)
    return ()


def _silent(beat: Beat, now: datetime) -> str:
    if beat.at > now:
        return f"worker dead, or its clock wrong: its last sign of life is {_seconds(beat.at - now)} s ahead of us"
    return f"worker dead: no sign of life for {_seconds(now - beat.at)} s"


def _overdue(signs: VitalSigns) -> tuple[str, ...]:
    minutes = OVERDUE_AFTER // timedelta(minutes=1)
    return tuple(
        f"overdue by more than {minutes} minutes: {_OVERDUE_WORDS[kind]}: {signs.overdue[kind]}"
        for kind in Deadline
        if kind in signs.overdue
    )


def _seconds(amount: timedelta) -> int:
    return round(amount.total_seconds())
