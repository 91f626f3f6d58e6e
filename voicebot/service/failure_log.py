"""Failures in the log by kind, code and words of our own.

The message of any other error may name people, so it is left out.

Knows: which errors are ours. Must not know: who logs what, what a failure leads to.
"""

from collections.abc import Callable

from voicebot.errors import VoicebotError


def log_failure(log: Callable[..., object], event: str, problem: BaseException, **about: object) -> None:
    """Log a failure with one method of the module's logger, as in `log_failure(log.warning, "task_failed", problem)`.

    The line has `kind`. An error of ours adds its `code` and its message (`problem`), which hold no number and no
    caller's words (errors.py).
    """
    is_ours = isinstance(problem, VoicebotError)
    log(event, kind=kind_of(problem), code=code_of(problem), problem=str(problem) if is_ours else "", **about)


def kind_of(problem: BaseException) -> str:
    """Return the name of an error's class."""
    return type(problem).__name__


def code_of(problem: BaseException) -> str:
    """Return the stable code of an error of ours, else nothing."""
    return problem.code if isinstance(problem, VoicebotError) else ""
