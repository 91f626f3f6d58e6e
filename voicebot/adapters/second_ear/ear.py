"""The parent's side of listening again. It starts the process, watches whether it may go on, and reads the words.

Knows: processes, models' folders. Must not know: models themselves, answers.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from pydantic import TypeAdapter, ValidationError

from voicebot.adapters.second_ear.hearers import ModelKind, kind_of
from voicebot.domain.utterance import Word
from voicebot.errors import SettingFault, Unavailable
from voicebot.speech.audio import duration_s

LOOK_EVERY_S = 0.5
"""Between two looks whether a call has begun. So long a caller may share the machine with it, at idle priority."""
SLOWEST = 60.0
"""Seconds for a second of audio, on a machine that has hardly any time to spare."""
START_S = 600.0
"""More for loading the model at the lowest priority."""
WHISPER_LANGUAGES = frozenset({"en", "he", "hr", "lt", "ru", "sk"})
"""What we ask of Whisper's multilingual models, which know a hundred languages."""
_WORDS: TypeAdapter[tuple[Word, ...]] = TypeAdapter(tuple[Word, ...])


def open_second_ear(folder: Path | None) -> "ChildEar | None":
    """Return the ear for a model's folder, or None where none is set. Whether it hears is found when it listens."""
    return None if folder is None else ChildEar(folder)


class ChildEar:
    """Fulfils `service.ports.SecondEar`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """Kind and folder of the model. Raises: SettingFault when it is no model that we know."""
        return f"{kind_of(self._folder)}: {self._folder.name}"[:60]

    def supports(self, locale: str) -> bool:
        """Whether the model knows the locale's language. A Vosk model is taken to be English, as our own is.

        Raises: SettingFault when there is no model that we know.
        """
        language = _language(locale)
        return language == "en" if kind_of(self._folder) is ModelKind.VOSK else language in WHISPER_LANGUAGES

    def hear(self, mulaw: bytes, locale: str, may_go_on: Callable[[], bool]) -> tuple[Word, ...] | None:
        """Return the words, or None when it was stopped.

        Raises: Unavailable when the process fails or takes far too long, and SettingFault when something is missing.
        """
        command = [sys.executable, "-m", f"{__package__}.child", str(self._folder), _language(locale)]
        with tempfile.TemporaryFile() as audio, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as problem:
            audio.write(mulaw)
            audio.seek(0)
            process = subprocess.Popen(command, stdin=audio, stdout=said, stderr=problem)
            try:
                is_whole = _wait(process, may_go_on, until_s=monotonic() + START_S + SLOWEST * duration_s(mulaw))
            finally:
                process.kill()
                process.wait()
            said.seek(0)
            problem.seek(0)
            return _read(process.returncode, said.read(), problem.read()) if is_whole else None


def _wait(process: "subprocess.Popen[bytes]", may_go_on: Callable[[], bool], *, until_s: float) -> bool:
    """Wait for the end, and return False when it may not go on. Raises: Unavailable when it takes too long."""
    while process.poll() is None:
        if not may_go_on():
            return False
        if monotonic() > until_s:
            raise Unavailable("listening again: it took far too long and was stopped", code="second-ear")
        try:
            process.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue
    return True


def _read(code: int, said: bytes, problem: bytes) -> tuple[Word, ...]:
    lines = problem.decode(errors="replace").strip().splitlines() or [""]
    if lines[-1].startswith("second-model: "):
        raise SettingFault(lines[-1].removeprefix("second-model: "), code="second-model")
    try:
        return _WORDS.validate_json(said)
    except ValidationError as broken:
        kind = lines[-1].partition(":")[0][:60]
        raise Unavailable(f"listening again: the process ended with {code} ({kind})", code="second-ear") from broken


def _language(locale: str) -> str:
    return locale.split("-")[0].lower()
