"""A picture, or any other file, that somebody sent with a text. It holds what is known of it, and whether we have it.

Number and kind are known the moment the text comes and are kept whatever becomes of the file. Whether it is the picture
that it is said to be shows in its first bytes, once they are here, so nobody calls a page of HTML a picture.
Knows: states, limits, how a file is described. Must not know: the carrier's API, where files lie.
Source: Twilio takes in 5 MB for a text and at most ten files (messaging/guides/accepted-mime-types); first bytes of
each kind: WHATWG, MIME Sniffing; ISO/IEC 14496-12 for HEIC; ISO 32000-1 for PDF.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_FILES = 10
"""Of one text."""
LARGEST_BYTES = 8 * 1024 * 1024
"""Of one file, which is more than the carrier takes in."""
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

_FIRST_BYTES = {
    "image/jpeg": re.compile(rb"\xff\xd8"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "image/heic": re.compile(rb".{4}ftyp(?:hei|hev|mif1|msf1)", re.DOTALL),
    "image/bmp": re.compile(rb"BM"),
    "image/tiff": re.compile(rb"II\*\0|MM\0\*"),
    "application/pdf": re.compile(rb"%PDF-"),
}
"""How a file of a kind begins. Kinds that are not here are believed. SVG is a program as much as a picture."""

_OTHER_NAMES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/heif": "image/heic"}

_KIND = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")


class PictureState(StrEnum):
    """How far the way of a file to us has been gone."""

    AWAITED = "awaited"
    """At the carrier, still to be fetched."""
    STORED = "stored"
    LOST = "lost"
    """It could not be had. `reason` says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """One file of one text."""

    id: str
    ticket_id: str
    answer_id: str
    message_sid: str
    media_sid: str | None
    """The carrier's name for the file. None when its address named none."""
    number: int
    """From 0, in the order of the text."""
    kind: str
    """Media type as the carrier says, like `image/jpeg`, or once its bytes are here, what they show."""
    at: datetime
    state: PictureState
    size_bytes: int | None = None
    file_key: str | None = None
    """Key in the store of voices. None while nothing is stored, and again after it was erased."""
    reason: str = ""
    """What staff should know of it, that is why it is not here, or that it is not what it was said to be."""
    not_before: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSent:
    """A file that came with a text."""

    kind: str
    """Media type as the carrier says."""
    media_sid: str | None
    """The carrier's name for it. None when its address names none."""


def read_kind(text: str) -> str:
    """Return a media type in lower case without parameters. What is none stands for bytes of any kind."""
    kind = text.partition(";")[0].strip().lower()
    return kind if _KIND.fullmatch(kind) else UNKNOWN_KIND


def kind_shown(kind: str, body: bytes) -> str:
    """Return the kind that a file is by its first bytes, where they tell, or else the one that it is said to be.

    >>> kind_shown("image/jpeg", b"<html>")
    'application/octet-stream'
    """
    shown = next((each for each, first in _FIRST_BYTES.items() if first.match(body)), UNKNOWN_KIND)
    is_judged = kind == UNKNOWN_KIND or _one_name(kind) in _FIRST_BYTES
    return kind if shown == _one_name(kind) or not is_judged else shown


def _one_name(kind: str) -> str:
    return _OTHER_NAMES.get(kind, kind)


def extension_of(kind: str) -> str:
    """Return the ending of a file's name for the kinds that telephones send, or `.bin` for any other."""
    return _EXTENSIONS.get(_one_name(kind), ".bin")


def pictures_said(pictures: Iterable[Picture]) -> str:
    """Say what came with a text, like "2 pictures (image/jpeg, 240 kB)". It is empty without any."""
    found = tuple(pictures)
    if not found:
        return ""
    are_pictures = all(_is_picture(picture.kind) for picture in found)
    noun = ("picture" if are_pictures else "file") + ("" if len(found) == 1 else "s")
    kinds = ", ".join(sorted({picture.kind for picture in found}))
    return f"{len(found)} {noun} ({kinds}{_size_said(found)})"


def _is_picture(kind: str) -> bool:
    return kind.startswith("image/") and _one_name(kind) in _FIRST_BYTES


def _size_said(pictures: tuple[Picture, ...]) -> str:
    sizes = [picture.size_bytes for picture in pictures if picture.size_bytes is not None]
    return f", {max(1, round(sum(sizes) / 1000))} kB" if sizes else ""
