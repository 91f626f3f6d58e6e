"""Recorded words and pauses as files that the carrier may keep. The address is `GET /clips/<locale>/<name>.wav`.

No clip holds personal data (digits and days are spoken from single clips), so they are public and cacheable.
Knows: the folder of clips. Must not know: prompts' meaning.
"""

import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory

from voicebot.flow.prompts import SLOW_PACE, clip_name
from voicebot.speech.audio import read_wav, silence, write_wav
from voicebot.speech.stretch import stretched
from voicebot.telephony.urls import PACE
from voicebot.web.guard.guards import Guard, guarded

CACHE_S = 7 * 24 * 3600
"""A clip's name holds the digest of its words, so only a new recording of the same words changes it."""

SLOW = f"{SLOW_PACE:g}"
MAX_PAUSE_MS = 12_000
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_NAME = re.compile(r"[a-z0-9-]{1,80}")


@lru_cache(maxsize=500)
def _slowed(path: Path, _changed_at: int) -> bytes:
    return write_wav(stretched(read_wav(path.read_bytes()), SLOW_PACE))


class Clips:
    """Serves the folder `<locale>/<name>.wav`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def register(self, app: Flask) -> None:
        """Add the two routes."""
        app.add_url_rule("/clips/pause/<int:milliseconds>.wav", view_func=self.pause, endpoint="pause")
        app.add_url_rule("/clips/<locale>/<name>.wav", view_func=self.clip, endpoint="clip")

    @guarded(Guard.PUBLIC)
    def clip(self, locale: str, name: str) -> Response:
        """Return one clip, whose name is checked by shape before the folder is touched."""
        if not _LOCALE.fullmatch(locale) or not _NAME.fullmatch(name):
            abort(404)
        file = f"{name}.wav"
        if request.args.get(PACE) == SLOW:
            response = self._slow(self._folder_of(locale) / file)
        else:
            response = send_from_directory(self._folder_of(locale), file, mimetype="audio/wav")
        response.cache_control.public = True
        response.cache_control.max_age = CACHE_S
        return response

    @staticmethod
    def _slow(path: Path) -> Response:
        """Return a clip at the one slower pace there is. Any other pace is answered as none, so that nobody can have
        the machine stretch for them.
        """
        if not path.is_file():
            abort(404)
        return Response(_slowed(path, path.stat().st_mtime_ns), mimetype="audio/wav")

    def has_clip(self, locale: str, words: str) -> bool:
        """Tell whether these words have been recorded."""
        return (self._folder_of(locale) / f"{clip_name(words)}.wav").is_file()

    @guarded(Guard.PUBLIC)
    def pause(self, milliseconds: int) -> Response:
        """Return so much silence."""
        if milliseconds > MAX_PAUSE_MS:
            abort(404)
        response = Response(write_wav(silence(milliseconds / 1000)), mimetype="audio/wav")
        response.cache_control.public = True
        response.cache_control.max_age = CACHE_S
        return response

    def _folder_of(self, locale: str) -> Path:
        """Return the locale's folder, where a region without clips of its own uses its language's."""
        own = self._folder / locale
        return own if own.is_dir() else self._folder / locale.partition("-")[0]
