"""The owner calls back from the case, by the command that staff have.

Knows: `voicebot call`. Must not know: how anybody is rung, who picks up.
"""

import subprocess
import sys

from voicebot.cli.demo.sandbox import Sandbox

OWNER = "owner_1"
_PATIENCE_S = 60.0


def order_call(sandbox: Sandbox, case: str) -> str:
    """Let the owner's telephone ring for a case; return what the command said when it refused, else nothing."""
    command = [sys.executable, "-m", "voicebot", "call", case, "--by", OWNER]
    run = subprocess.run(
        command,
        env=sandbox.environment(),
        cwd=sandbox.folder,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    return "" if run.returncode == 0 else (run.stderr or run.stdout).strip()
