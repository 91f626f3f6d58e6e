"""What a call says and hears, appended to a file as it happens, for the demo's terminal.

Development only, because this is the one place that writes callers' words outside the database, and it does so only
when `VOICEBOT_LIVE_VIEW_FILE` names a file. One JSON object per line with `at`, `call`, `kind` (said, partial, key) and
`text`.
Knows: a file. Must not know: who reads it.
"""

import json
import threading
from pathlib import Path

from voicebot.errors import SettingFault
from voicebot.service.ports import Clock


class LiveView:
    """Fulfils the observer of `service/listening`, and is used by the threads of all calls.

    Raises (when made): SettingFault when the file cannot be written.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")
        except OSError as problem:
            raise SettingFault(f"cannot write {path}: set VOICEBOT_LIVE_VIEW_FILE to a writable file") from problem
        self._clock = clock
        self._lock = threading.Lock()

    def said(self, call_id: str, text: str) -> None:
        """Note words that the hotline says."""
        self._append(call_id, "said", text)

    def partial(self, call_id: str, text: str) -> None:
        """Note words that the recogniser believes in so far."""
        self._append(call_id, "partial", text)

    def key(self, call_id: str, key: str) -> None:
        """Note a key that was pressed."""
        self._append(call_id, "key", key)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _append(self, call_id: str, kind: str, text: str) -> None:
        line = {"at": self._clock.now().isoformat(), "call": call_id, "kind": kind, "text": text}
        with self._lock:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
