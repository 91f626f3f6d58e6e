"""Pictures that came with texts: how they are described."""

import pytest

from tests.builders import a_picture
from voicebot.domain.picture import pictures_said, read_kind


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
