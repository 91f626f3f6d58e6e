"""Secrets in the database are of no use without the key beside it."""

import pytest

from voicebot.adapters.sealed_text import SealedText
from voicebot.errors import Refused


def test_a_text_is_opened_under_its_own_key_only() -> None:
    seal = SealedText("k" * 48)
    sealed = seal.seal("JBSWY3DP")
    assert seal.open(sealed) == "JBSWY3DP"
    assert "JBSWY3DP" not in sealed
    assert seal.seal("JBSWY3DP") != sealed, "two of the same look different"
    for wrong in (SealedText("j" * 48), seal):
        with pytest.raises(Refused, match="second-factor reset") as refusal:
            wrong.open(sealed if wrong is not seal else sealed[:-4] + "AAAA")
        assert refusal.value.code == "second-factor-sealed"


def test_after_the_key_was_changed_the_one_before_opens_until_all_is_sealed_anew() -> None:
    sealed = SealedText("k" * 48).seal("JBSWY3DP")
    both = SealedText("j" * 48, "k" * 48)
    assert both.open(sealed) == "JBSWY3DP"
    renewed = both.renewed(sealed)
    assert both.renewed(renewed) == renewed
    assert SealedText("j" * 48).open(renewed) == "JBSWY3DP"
    with pytest.raises(Refused, match="another VOICEBOT_SECRET_KEY"):
        SealedText("j" * 48).renewed(sealed)
