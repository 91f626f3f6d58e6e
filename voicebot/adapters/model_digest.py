"""Tells whether a speech model is the one its publisher made, by the digests of its files.

Who could put another model into its folder would decide what callers are heard to say, and its loader reads what it is
given unchecked. `model_<language>.sha256` lists the files of the official model, as `sha256sum` writes them. The one
line that we add to a model on purpose does not count. A model of an operator's own is vouched for by its whole digest.
Source: speech.md 1.
Knows: files, digests. Must not know: where models come from.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from voicebot.errors import SettingFault

UPSAMPLING = "--allow-upsample=true"
_FRONT_END = "conf/mfcc.conf"
_NEVER_LOADED = frozenset({"README", "uuid"})
"""Files that tell of the model and that no loader reads."""


def known_digests(language: str) -> Mapping[str, str]:
    """Return the digest of each file of the official model, or empty for a language without one."""
    listed = Path(__file__).with_name(f"model_{language}.sha256")
    if not listed.is_file():
        return {}
    return {name: digest for digest, name in (line.split("  ") for line in listed.read_text().splitlines())}


def digests_of(folder: Path) -> Mapping[str, str]:
    """Return the digest of each file that a loader could read, where links are followed, so that none hides a file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = ((path.relative_to(folder).as_posix(), path) for path in files)
    return {name: _digest(name, path) for name, path in named if name not in _NEVER_LOADED}


def whole_digest(folder: Path) -> str:
    """Return one digest of a model, by which an operator vouches for it."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in digests_of(folder).items())
    return hashlib.sha256(lines.encode()).hexdigest()


def check_digests(folder: Path, known: Mapping[str, str], *, vouched: str) -> None:
    """Check that a model is the known one, or the one that somebody vouches for.

    Raises: SettingFault that names the first file that is another one, and how to vouch for it.
    """
    found = digests_of(folder)
    if found == known:
        return
    whole = whole_digest(folder)
    if vouched.strip().lower() == whole:
        return
    odd = min(name for name in {*found, *known} if found.get(name) != known.get(name))
    raise SettingFault(
        f"checking the speech model in {folder}: it is not the one its publisher made ({odd} differs); delete that "
        f"folder and run `voicebot model install`, or, if it is a model of your own, set VOICEBOT_MODEL_DIGEST={whole}",
        code="model-unknown",
    )


def _digest(name: str, path: Path) -> str:
    if name == _FRONT_END:
        lines = (line for line in path.read_bytes().splitlines() if line.strip() != UPSAMPLING.encode())
        return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
