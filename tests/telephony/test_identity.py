"""The proof that an installation gives of itself."""

import hmac
from dataclasses import replace
from hashlib import sha256

from voicebot.telephony.identity import Identity, is_challenge

HERE = Identity(token="token", number="+12025550100", public_url="https://hotline.example")
CHALLENGE = "0123456789abcdef" * 2


def test_proof_is_the_same_for_the_same_installation_and_challenge() -> None:
    assert HERE.proof(CHALLENGE) == replace(HERE).proof(CHALLENGE)
    assert HERE.proof(CHALLENGE) != HERE.proof("f" * 32)


def test_another_token_number_or_address_gives_another_proof() -> None:
    others = (
        replace(HERE, token="other"),
        replace(HERE, number="+12025550101"),
        replace(HERE, public_url="https://staging.example"),
    )
    assert HERE.proof(CHALLENGE) not in {other.proof(CHALLENGE) for other in others}


def test_token_itself_keys_nothing_that_is_told() -> None:
    told = "\n".join((HERE.public_url, HERE.number, CHALLENGE)).encode()
    assert HERE.proof(CHALLENGE) != hmac.new(b"token", told, sha256).hexdigest()


def test_challenge_is_32_hexadecimal_digits() -> None:
    assert is_challenge(CHALLENGE)
    assert not any(map(is_challenge, ("", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "0" * 32 + "\n")))
