"""The web process of a benchmark, which is the real one, alone on a port of its own, with an account that pretends.

Knows: programs by name, the demo's context. Must not know: what is measured.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import requests

from voicebot.cli.demo.sandbox import Sandbox
from voicebot.errors import Unavailable

READY_WITHIN_S = 60.0
PROGRAM = (sys.executable, "-m", "voicebot")
WEB = (*PROGRAM, "web")


@contextmanager
def web_process(
    sandbox: Sandbox, settings: Mapping[str, str], *, command: Sequence[str] = WEB
) -> Iterator[subprocess.Popen[bytes]]:
    """Migrate the database, run the web process, and yield it once it answers.

    Raises: Unavailable when it does not come up.
    """
    environment = {**sandbox.environment(), **settings}
    environment.pop("VOICEBOT_LIVE_VIEW_FILE", None)
    with sandbox.log.open("ab") as log:
        subprocess.run([*PROGRAM, "release"], env=environment, stdout=log, stderr=log, check=True)
        process = subprocess.Popen([*command], env=environment, stdout=log, stderr=log)
    try:
        _await_ready(sandbox, process)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _await_ready(sandbox: Sandbox, process: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            if requests.get(f"{sandbox.hotline_url}/livez", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise Unavailable(f"measuring: the web process did not come up; its log is {sandbox.log}", code="bench")
