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

    def partials(self) -> list[str]:
        """Return the guesses at the caller's words that came since the last look, oldest first."""
        if not self._file.exists():
            return []
        with self._file.open("rb") as lines:
            lines.seek(self._position)
            whole, _, _ = lines.read().rpartition(b"\n")
        self._position += len(whole) + bool(whole)
        entries = [json.loads(line) for line in whole.splitlines() if line]
        return [entry["text"] for entry in entries if entry["kind"] == "partial" and entry["text"]]
