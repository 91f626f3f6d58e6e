"""Runs checks one after another. One that fails or hangs is a finding itself and never ends the examination.

Each check runs in a thread of its own, so that it can be left behind when its time is over, because a name server, a
disk or a decoder may hang where no time limit of a library reaches.
Knows: threads. Must not know: what is checked.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from voicebot.errors import VoicebotError
from voicebot.service.doctor.finding import Check, Finding, Reported, broken, broken_by

Begin = Callable[[Check], None]
"""Told of each check before it begins."""


def examine(checks: Iterable[Check], *, begin: Begin = lambda _: None) -> Iterator[Reported]:
    """Run the checks in their order and yield what each finds, as soon as it is known. Never raises."""
    for check in checks:
        begin(check)
        started = monotonic()
        findings = _looked(check)
        took_s = monotonic() - started
        yield from (Reported(check=check.name, finding=finding, took_s=took_s) for finding in findings)


def _looked(check: Check) -> tuple[Finding, ...]:
    answer: queue.Queue[tuple[Finding, ...]] = queue.Queue()
    thread = threading.Thread(target=lambda: answer.put(_findings(check)), name=f"check-{check.name}", daemon=True)
    thread.start()
    try:
        return answer.get(timeout=check.limit_s)
    except queue.Empty:
        return (_hanging(check),)


def _findings(check: Check) -> tuple[Finding, ...]:
    try:
        return tuple(check.look())
    except VoicebotError as error:
        return (broken_by(error),)
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
        # Its words stay out: messages of strangers may quote numbers.
        return (_crashed(check, error),)


def _hanging(check: Check) -> Finding:
    return broken(
        f"no end within {check.limit_s:g} seconds",
        cure="look at what this machine waits for (disk, name server, network) and run `voicebot doctor` again",
    )


def _crashed(check: Check, error: Exception) -> Finding:
    return broken(
        f"the check itself failed with {type(error).__name__}",
        cure="run `voicebot doctor` again, and if it stays so report this as a fault of voicebot",
    )
