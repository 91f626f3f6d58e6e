"""The parent's side of listening again. It starts the process, watches whether it may go on, and reads the words.

Knows: processes, models' folders. Must not know: models themselves, answers.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import IO

from pydantic import TypeAdapter, ValidationError

from voicebot.adapters.second_ear.hearers import LOADED, kind_of, languages_of
from voicebot.domain.utterance import Word
from voicebot.errors import SettingFault, Unavailable
from voicebot.speech.audio import duration_s

LOOK_EVERY_S = 0.5
"""Between two looks whether a call has begun. So long a caller may share the machine with it, at idle priority."""
SLOWEST = 60.0
"""Seconds for a second of audio, on a machine that has hardly any time to spare."""
START_S = 600.0
"""More for loading the model at the lowest priority."""
MOST_BYTES = 16_000_000
"""Words of more than a day. A process that writes more writes no words."""
_PROBLEM_BYTES = 4000
_CHILD = f"{__package__}.child"
_WORDS: TypeAdapter[tuple[Word, ...]] = TypeAdapter(tuple[Word, ...])


def open_second_ear(folder: Path | None) -> "ChildEar | None":
    """Return the ear for a model's folder, or None where none is set. Whether it hears is found when it listens."""
    return None if folder is None else ChildEar(folder)


class ChildEar:
    """Fulfils `service.ports.SecondEar`."""

    def __init__(self, folder: Path, program: Sequence[str] = (sys.executable, "-m", _CHILD)) -> None:
        self._folder = folder
        self._program = program

    @property
    def name(self) -> str:
        """Kind and folder of the model. Raises: SettingFault when it is no model that we know."""
        return f"{kind_of(self._folder)}: {self._folder.name}"[:60]

    def supports(self, locale: str) -> bool:
        """Whether the model knows the locale's language. Raises: SettingFault when there is no model that we know."""
        return _language(locale) in languages_of(self._folder)

    def hear(self, mulaw: bytes, locale: str, may_go_on: Callable[[], bool]) -> tuple[Word, ...] | None:
        """Return the words, or None when it was stopped.

        Raises: Unavailable when the process fails or takes far too long, and SettingFault when something is missing.
        """
        until_s = monotonic() + START_S + SLOWEST * duration_s(mulaw)
        with tempfile.TemporaryFile() as audio, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as problem:
            audio.write(mulaw)
            audio.seek(0)
            held, lifeline = os.pipe()
            # The process holds one end, and sees it when the other one is gone with us.
            with open(held, "rb") as theirs, open(lifeline, "wb"):
                process = subprocess.Popen(
                    [*self._program, str(self._folder), _language(locale), str(theirs.fileno())],
                    stdin=audio,
                    stdout=said,
                    stderr=problem,
                    pass_fds=[theirs.fileno()],
                )
                try:
                    is_whole = _wait(process, said, may_go_on, until_s=until_s)
                finally:
                    process.kill()
                    process.wait()
            said.seek(0)
            return self._read(process.returncode, said.read(MOST_BYTES), _end(problem)) if is_whole else None

    def _read(self, code: int, said: bytes, last: str) -> tuple[Word, ...]:
        if last.startswith("second-model: "):
            raise SettingFault(last.removeprefix("second-model: "), code="second-model")
        ended = f"the process ended with {code}{_kind(last)}"
        first, _, words = said.partition(b"\n")
        if first.decode(errors="replace") != LOADED:
            raise SettingFault(
                f"listening again with the model in {self._folder}: it could not be loaded, {ended}; put it there "
                "anew, or set VOICEBOT_SECOND_MODEL_DIR to another one, or to nothing",
                code="second-model",
            )
        try:
            return _WORDS.validate_json(words)
        except ValidationError:
            # What it could not read may be words, so the cause is left out.
            raise Unavailable(f"listening again: {ended}", code="second-ear") from None


def _wait(
    process: "subprocess.Popen[bytes]", said: IO[bytes], may_go_on: Callable[[], bool], *, until_s: float
) -> bool:
    """Wait for the end, and return False when it may not go on. Raises: Unavailable when it is too long or too much."""
    while process.poll() is None:
        if not may_go_on():
            return False
        if monotonic() > until_s:
            raise Unavailable("listening again: it took far too long and was stopped", code="second-ear")
        if os.fstat(said.fileno()).st_size > MOST_BYTES:
            raise Unavailable("listening again: it wrote far too much and was stopped", code="second-ear")
        try:
            process.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue
    return True


def _end(problem: IO[bytes]) -> str:
    """Return the last line of what the process complained of."""
    problem.seek(max(0, os.fstat(problem.fileno()).st_size - _PROBLEM_BYTES))
    return (problem.read().decode(errors="replace").strip().splitlines() or [""])[-1]


def _kind(line: str) -> str:
    """Return which error the last line names. Whatever else stands there may be a caller's words."""
    name = line.partition(":")[0]
    return f" ({name})" if re.fullmatch(r"[A-Za-z_.]{1,60}(Error|Exception|Interrupt)", name) else ""


def _language(locale: str) -> str:
    return locale.split("-")[0].lower()
