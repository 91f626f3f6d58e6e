"""The process that listens. It takes mu-law audio on its standard input and writes words as JSON, below a first line
that says that the model is loaded.

It first gives up every priority that it has, so that a call that begins meanwhile does not feel it. It ends with who
started it, however that ended, because nobody else would stop it.
Knows: priorities of the operating system. Must not know: who started it.
"""

import json
import os
import sys
import threading
from pathlib import Path

from voicebot.adapters.second_ear.hearers import LOADED, load
from voicebot.errors import SettingFault

LOWEST_NICE = 19


def be_idle() -> None:
    """Take processor and disk only while nobody else wants them, as far as this system can say so."""
    os.nice(LOWEST_NICE)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def end_with(lifeline: int) -> None:
    """End at once when the other end of this pipe is closed, which also happens when who holds it is killed."""

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main(folder: str, language: str, lifeline: str) -> None:
    """Listen to what comes in and write the words. What is missing is said in one line."""
    end_with(int(lifeline))
    be_idle()
    # What libraries print belongs to the problems, not among the words.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        hear = load(Path(folder), language)
    except SettingFault as fault:
        sys.exit(f"second-model: {fault}")
    print(LOADED, file=answer, flush=True)
    json.dump([word.model_dump() for word in hear(sys.stdin.buffer.read())], answer)
    answer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
