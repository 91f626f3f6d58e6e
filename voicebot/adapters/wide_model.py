"""A copy of a speech model that searches more widely, for answers whose right reading something else can tell.

A decoder drops what looks unlikely early on, and its lattice keeps few of the guesses that it did not drop. How few is
a setting of the model and of no recogniser, so whoever wants more loads a model again with other settings. Under a
grammar of digits the wider search costs little (`voicebot bench digits`).
Source: speech.md 2 (beam 15, max-active 7000, lattice-beam 8).
Knows: files of a model. Must not know: Vosk, what is recognised.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SEARCH = {"--beam": "15.0", "--max-active": "7000", "--lattice-beam": "8.0"}
_SETTINGS = Path("conf") / "model.conf"


@contextmanager
def wide_copy(folder: Path) -> Iterator[Path]:
    """Give a folder to load the wider model from. Its files are links to the model's own, but for the settings.

    Nothing reads it once the model is loaded, so it is gone afterwards. Raises: OSError.
    """
    with tempfile.TemporaryDirectory(prefix="voicebot-model-") as work:
        copy = Path(work)
        for path in folder.iterdir():
            if path.name != _SETTINGS.parent.name:
                (copy / path.name).symlink_to(path.resolve())
        (copy / _SETTINGS.parent).mkdir()
        for path in (folder / _SETTINGS.parent).iterdir():
            (copy / _SETTINGS.parent / path.name).write_bytes(path.read_bytes())
        (copy / _SETTINGS).write_text(_widened((folder / _SETTINGS).read_text()))
        yield copy


def _widened(settings: str) -> str:
    kept = [line for line in settings.split() if line.partition("=")[0] not in _SEARCH]
    return "\n".join((*kept, *(f"{name}={value}" for name, value in _SEARCH.items()), ""))
