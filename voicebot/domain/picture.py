"""A picture, or any other file, that somebody sent with a text: what is known of it, and whether we have it.

Number and kind are known the moment the text comes and are kept whatever becomes of the file.
Knows: states, limits, how a file is described. Must not know: the carrier's API, where files lie.
Source: Twilio takes in 5 MB for a text and at most ten files (messaging/guides/accepted-mime-types).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_FILES = 10
"""Of one text."""
LARGEST_BYTES = 8 * 1024 * 1024
"""Of one file: more than the carrier takes in."""
UNKNOWN_KIND = "application/octet-stream"

_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "application/pdf": ".pdf",
    "text/x-vcard": ".vcf",
    "text/vcard": ".vcf",
}

_KIND = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")


class PictureState(StrEnum):
    """How far the way of a file to us has been gone."""

    AWAITED = "awaited"
    """At the carrier; to be fetched."""
    STORED = "stored"
    LOST = "lost"
    """It could not be had; `reason` says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """One file of one text."""

    id: str
    ticket_id: str
    answer_id: str
    message_sid: str
    media_sid: str | None
    """The carrier's name for the file; None when its address named none."""
    number: int
    """From 0, in the order of the text."""
    kind: str
    """Media type as the carrier says, like `image/jpeg`."""
    at: datetime
    state: PictureState
    size_bytes: int | None = None
    file_key: str | None = None
    """Key in the store of voices; None while nothing is stored, and again after it was erased."""
    reason: str = ""
    not_before: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSent:
    """A file that came with a text."""

    kind: str
    """Media type as the carrier says."""
    media_sid: str | None
    """The carrier's name for it; None when its address names none."""


def read_kind(text: str) -> str:
    """Return a media type in lower case without parameters; what is none stands for bytes of any kind."""
    kind = text.partition(";")[0].strip().lower()
    return kind if _KIND.fullmatch(kind) else UNKNOWN_KIND


def extension_of(kind: str) -> str:
    """Return the ending of a file's name for the kinds that telephones send; `.bin` for any other."""
    return _EXTENSIONS.get(kind, ".bin")


def pictures_said(pictures: Iterable[Picture]) -> str:
    """Say what came with a text: "2 pictures (image/jpeg, 240 kB)"; empty without any."""
    found = tuple(pictures)
    if not found:
        return ""
    are_pictures = all(picture.kind.startswith("image/") for picture in found)
    noun = ("picture" if are_pictures else "file") + ("" if len(found) == 1 else "s")
    kinds = ", ".join(sorted({picture.kind for picture in found}))
    return f"{len(found)} {noun} ({kinds}{_size_said(found)})"


def _size_said(pictures: tuple[Picture, ...]) -> str:
    sizes = [picture.size_bytes for picture in pictures if picture.size_bytes is not None]
    return f", {max(1, round(sum(sizes) / 1000))} kB" if sizes else ""
