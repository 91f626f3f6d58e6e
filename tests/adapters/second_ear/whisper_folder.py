"""A folder that looks like a Whisper model and is none."""

import json
from collections.abc import Sequence
from pathlib import Path

MANY = 51_865
"""Words and marks of the multilingual models."""


def a_whisper_folder(
    folder: Path, *, marks: Sequence[str] = ("<|en|>",), words: int = MANY, file: str = "vocabulary.json"
) -> Path:
    """Lay out the folder, with a vocabulary of these marks and so many other words."""
    for name in ("model.bin", "config.json"):
        (folder / name).write_bytes(b"")
    vocabulary = [*marks, *("word",) * words]
    text = json.dumps(vocabulary) if file.endswith(".json") else "".join(f"{each}\n" for each in vocabulary)
    (folder / file).write_text(text, encoding="utf-8")
    return folder
