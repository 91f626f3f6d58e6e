"""Pictures that came with texts: how they are described."""

import doctest

import pytest

from tests.builders import a_picture
from voicebot.domain import picture
from voicebot.domain.picture import UNKNOWN_KIND, extension_of, kind_shown, pictures_said, read_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("image/jpeg", "image/jpeg"),
        (" Image/PNG; name=x", "image/png"),
        ("text/x-vcard", "text/x-vcard"),
        ("", "application/octet-stream"),
        ("image", "application/octet-stream"),
        ("image/jpeg\r\nX: y", "application/octet-stream"),
        ("<b>/<i>", "application/octet-stream"),
        ("a" * 200 + "/b", "application/octet-stream"),
    ],
)
def test_a_kind_is_a_media_type_or_bytes_of_any_kind(text: str, kind: str) -> None:
    assert read_kind(text) == kind


def test_staff_read_number_kind_and_size() -> None:
    jpeg, png = a_picture(size_bytes=120_400), a_picture(kind="image/png", size_bytes=119_400)
    assert pictures_said([jpeg, png]) == "2 pictures (image/jpeg, image/png, 240 kB)"
    assert pictures_said([a_picture(size_bytes=None)]) == "1 picture (image/jpeg)"
    assert (
        pictures_said([jpeg, a_picture(kind="text/x-vcard", size_bytes=300)])
        == "2 files (image/jpeg, text/x-vcard, 121 kB)"
    )
    assert pictures_said([a_picture(size_bytes=1)]) == "1 picture (image/jpeg, 1 kB)"
    assert pictures_said([]) == ""


FIRST_BYTES = {
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "image/png": b"\x89PNG\r\n\x1a\n\0\0",
    "image/gif": b"GIF89a",
    "image/webp": b"RIFF\x0a\n\0\0WEBPVP8 ",
    "image/heic": b"\0\0\0\x18ftypheic",
    "image/bmp": b"BM6",
    "image/tiff": b"II*\0",
    "application/pdf": b"%PDF-1.7",
}


@pytest.mark.parametrize("kind", FIRST_BYTES)
def test_a_file_that_is_what_it_is_said_to_be_keeps_its_kind_and_one_of_no_kind_gets_it(kind: str) -> None:
    assert kind_shown(kind, FIRST_BYTES[kind]) == kind
    assert kind_shown(UNKNOWN_KIND, FIRST_BYTES[kind]) == kind


@pytest.mark.parametrize("kind", FIRST_BYTES)
@pytest.mark.parametrize("body", [b"", b"<html><script>", b"<svg onload=x>", b"MZ\x90\0", b"\0" * 20])
def test_bytes_that_are_no_picture_are_called_none(kind: str, body: bytes) -> None:
    assert kind_shown(kind, body) == UNKNOWN_KIND
    assert pictures_said([a_picture(kind=kind_shown(kind, body), size_bytes=14)]).startswith("1 file (")


@pytest.mark.parametrize(("said", "shown"), [("image/jpg", "image/jpeg"), ("image/heif", "image/heic")])
def test_another_name_of_a_kind_is_not_a_lie(said: str, shown: str) -> None:
    assert kind_shown(said, FIRST_BYTES[shown]) == said
    assert (kind_shown(said, b"<html>"), extension_of(said)) == (UNKNOWN_KIND, extension_of(shown))
    assert kind_shown("image/jpeg", FIRST_BYTES["image/png"]) == "image/png"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "video/mp4", "text/x-vcard"])
def test_a_kind_that_no_first_bytes_tell_is_believed_and_is_a_file(kind: str) -> None:
    assert kind_shown(kind, b"<svg>") == kind
    assert pictures_said([a_picture(kind=kind)]) == f"1 file ({kind})"


def test_the_examples_run() -> None:
    assert doctest.testmod(picture).failed == 0
