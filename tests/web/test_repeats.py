"""Tokens that tell a repeated request from a new one."""

from voicebot.web.repeats import TokenMemory


def test_the_second_request_with_a_token_is_a_repeat() -> None:
    memory = TokenMemory()
    assert [memory.is_repeat(token) for token in ("a", "b", "a", "a", "b")] == [False, False, True, True, True]


def test_no_token_is_never_a_repeat() -> None:
    memory = TokenMemory()
    assert not memory.is_repeat("")
    assert not memory.is_repeat("")


def test_memory_has_an_end() -> None:
    memory = TokenMemory(tokens=2)
    for token in ("a", "b", "c"):
        memory.is_repeat(token)
    assert not memory.is_repeat("a")
    assert memory.is_repeat("c")
