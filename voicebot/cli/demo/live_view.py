"""Follows the file in which the service tells what it hears while it hears it (VOICEBOT_LIVE_VIEW_FILE).

Knows: the file's lines. Must not know: what they are shown on.
"""

import json
from pathlib import Path


class LiveView:
    """Reads what was added to the file since the last look."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._position = 0

    def skip(self) -> None:
        """Go to the end, past what earlier calls left."""
        self._position = self._file.stat().st_size if self._file.exists() else 0

    def entries(self) -> list[dict[str, str]]:
        """Return the lines that came since the last look, oldest first, with `call`, `kind` and `text`."""
        if not self._file.exists():
            return []
        with self._file.open("rb") as lines:
            lines.seek(self._position)
            whole, _, _ = lines.read().rpartition(b"\n")
        self._position += len(whole) + bool(whole)
        return [json.loads(line) for line in whole.splitlines() if line]

    def partials(self) -> list[str]:
        """Return the guesses at the caller's words that came since the last look, oldest first."""
        return [entry["text"] for entry in self.entries() if entry["kind"] == "partial" and entry["text"]]
