"""The owner calls back from the case and writes down what was agreed, by the commands that staff have.

Knows: `voicebot call`, `voicebot tickets heard` and `answered`. Must not know: how anybody is rung, who picks up.
"""

import subprocess
import sys
from collections.abc import Sequence

from voicebot.cli.demo.sandbox import Sandbox

OWNER = "owner_1"
_PATIENCE_S = 60.0


def calling(case: str) -> tuple[str, ...]:
    """Return the command by which the owner's telephone rings for a case."""
    return ("call", case, "--by", OWNER)


def listening(case: str) -> tuple[str, ...]:
    """Return the command by which the owner says that they have listened to the voice of a case."""
    return ("tickets", "heard", case, "--by", OWNER)


def wrapping_up(case: str) -> tuple[str, ...]:
    """Return the command by which the owner notes what was agreed in the talk."""
    decided = ("--decided", "granted", "--told-by", "call")
    return ("tickets", "answered", case, *decided, "--reason", "The money goes back today.", "--by", OWNER)


def run_as_staff(sandbox: Sandbox, command: Sequence[str]) -> str:
    """Run a command of staff, and return what it said when it refused, else nothing."""
    run = subprocess.run(
        [sys.executable, "-m", "voicebot", *command],
        env=sandbox.environment(),
        cwd=sandbox.folder,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    return "" if run.returncode == 0 else (run.stderr or run.stdout).strip()
