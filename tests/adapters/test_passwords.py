"""Hashes are argon2id at the cost that the console expects, however a keyboard composes letters."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type

from voicebot.adapters.passwords import LANES, MEMORY_COST_KIB, TIME_COST, hash_password, normal_password


def test_a_hash_has_the_cost_it_should_have() -> None:
    parameters = extract_parameters(hash_password("a quiet harbour"))
    assert parameters.type is Type.ID
    assert (parameters.time_cost, parameters.memory_cost, parameters.parallelism) == (TIME_COST, MEMORY_COST_KIB, LANES)


def test_the_same_password_is_never_hashed_alike_and_always_verified() -> None:
    one, other = hash_password("a quiet harbour"), hash_password("a quiet harbour")
    assert one != other
    assert PasswordHasher().verify(one, normal_password("a quiet harbour"))
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(one, "another harbour")


def test_a_letter_composed_in_another_way_is_the_same_letter() -> None:
    assert normal_password("cafe\u0301") == normal_password("caf\u00e9")
