"""How long to wait after failures in a row. It is twice as long after each further one, up to an end.

Ours, not tenacity's (tried with 9.2), which does the waiting too, since it repeats a call until it works. What waits
here is a row with a due instant, a child process between two starts, or a round of sweeps. The one call it could have
repeated, the start of the job queue, it begins once more after it was told to stop, since it looks only between call
and pause. Its arithmetic alone can be had only through the state of such a call, and importing it costs a process 24
ms.
Knows: numbers. Must not know: what failed.
"""

from datetime import timedelta
from typing import TypeVar

Pause = TypeVar("Pause", float, timedelta)

_MOST_DOUBLINGS = 30
"""A billion times the first pause, since beyond it lie only numbers too large to hold."""


def back_off(failures: int, *, first: Pause, longest: Pause) -> Pause:
    """Return the pause after so many failures in a row. That is `first` after one of them, never more than `longest`.

    >>> [back_off(failures, first=0.5, longest=3.0) for failures in (1, 2, 3, 4, 99)]
    [0.5, 1.0, 2.0, 3.0, 3.0]
    """
    return min(first * (1 << min(failures - 1, _MOST_DOUBLINGS)), longest)
