"""The process that listens. It takes mu-law audio on its standard input and writes words as JSON.

It first gives up every priority that it has, so that a call that begins meanwhile does not feel it.
Knows: priorities of the operating system. Must not know: who started it.
"""

import json
import os
import sys
from pathlib import Path

from voicebot.adapters.second_ear.hearers import load
from voicebot.errors import SettingFault

LOWEST_NICE = 19


def be_idle() -> None:
    """Take processor and disk only while nobody else wants them, as far as this system can say so."""
    os.nice(LOWEST_NICE)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main(folder: str, language: str) -> None:
    """Listen to what comes in and write the words. What is missing is said in one line."""
    be_idle()
    try:
        words = list(load(Path(folder), language)(sys.stdin.buffer.read()))
    except SettingFault as fault:
        sys.exit(f"second-model: {fault}")
    json.dump([word.model_dump() for word in words], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
