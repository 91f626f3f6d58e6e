"""A token's text is known by its looks, and refused before anybody looks for it."""

from datetime import timedelta

import pytest

from tests.api_tokens import a_token
from tests.builders import MONDAY_TEN
from voicebot.domain.api_token import digest_of, is_token_text, token_text

TEXT = token_text("Zm9yIHRlc3RzIG9ubHkgYW5kIG5vdGhpbmc_-ab")


def test_a_token_is_known_by_its_beginning() -> None:
    assert TEXT.startswith("vbt_")
    assert is_token_text(TEXT)


@pytest.mark.parametrize(
    "shown", ["", "vbt_", TEXT[:-1], TEXT + "0", TEXT.replace("Zm9", "Zn9"), TEXT.upper(), "x" + TEXT, "vbt_é" + TEXT]
)
def test_what_was_cut_or_mistyped_is_no_token(shown: str) -> None:
    assert not is_token_text(shown)


def test_what_is_kept_tells_nothing_of_the_text() -> None:
    assert TEXT[4:20] not in digest_of(TEXT)
    assert digest_of(TEXT) != digest_of(token_text("Zm9yIHRlc3RzIG9ubHkgYW5kIG5vdGhpbmc_-ac"))


@pytest.mark.parametrize(
    ("ends", "revoked", "is_live"), [(None, None, True), (1, None, True), (0, None, False), (1, -1, False)]
)
def test_a_token_opens_something_until_its_end(ends: int | None, revoked: int | None, is_live: bool) -> None:
    def at(seconds: int | None):
        return None if seconds is None else MONDAY_TEN + timedelta(seconds=seconds)

    token = a_token(expires_at=at(ends), revoked_at=at(revoked))
    assert token.is_live(MONDAY_TEN) is is_live
    assert token.as_member().id == "token.reports"
