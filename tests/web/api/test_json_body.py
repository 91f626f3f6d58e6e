"""A body has one reading, or it is refused with what is wrong in it."""

import json

import pytest

from voicebot.web.api.json_body import LONGEST_NAME, read_object
from voicebot.web.api.problems import ApiProblem


def refused(body: bytes, charset: str = "utf-8") -> ApiProblem:
    with pytest.raises(ApiProblem) as problem:
        read_object(body, charset=charset)
    return problem.value


def test_an_object_is_read_also_with_a_mark_of_utf_8() -> None:
    sent = {"text": "שלום", "more": [{"text": 1.5}, {"text": None}]}
    for body in (json.dumps(sent).encode(), b"\xef\xbb\xbf" + json.dumps(sent, ensure_ascii=False).encode()):
        assert read_object(body, charset="UTF-8") == sent


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"text": "a", "text": "b"}', "text"),
        (b'{"fields": {"name": "a", "other": {}, "name": "a"}}', "name"),
        (b'{"a": [1, {"b": 1, "\\u0062": 2}]}', "b"),
        (b'{"\\u0000": 1, "\\u0000": 2}', "[U+0000]"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "?"),
        (b'{"' + b"n" * 900 + b'": 1, "' + b"n" * 900 + b'": 2}', "n" * LONGEST_NAME),
    ],
)
def test_a_name_that_stands_twice_is_refused_with_that_name(body: bytes, name: str) -> None:
    """Some readers take the first value and some the last, so nobody knows what was meant."""
    problem = refused(body)
    assert (problem.status, problem.code, problem.errors) == (422, "name-twice", (f"{name}: stands twice",))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "expecting value, line 1, column 1"),
        (b'{"text": "a",}', "line 1, column 14"),
        (b'{"text": NaN}', "none of JSON"),
        (b'{"text": -Infinity}', "none of JSON"),
        (b'{"text": ' + b"9" * 9000 + b"}", "too many digits"),
        (b'{"text":' * 9000, "nested far deeper"),
        (b"[" * 60_000, "nested far deeper"),
        ('{"text": "a"}'.encode("utf-16"), "not UTF-8"),
        ('{"text": "a"}'.encode("utf-32-be"), "line 1, column 1"),
        (b'{"text": "\xe9"}', "not UTF-8"),
        (b'{"text": "\xed\xa0\x80"}', "not UTF-8"),
    ],
)
def test_what_is_no_json_in_utf_8_is_refused_with_the_place_and_without_its_words(body: bytes, why: str) -> None:
    problem = refused(body)
    assert (problem.status, why in str(problem)) == (400, True), str(problem)


def test_another_charset_and_what_is_no_object_are_refused() -> None:
    assert refused(b"{}", "iso-8859-1").status == 415
    for body in (b"[]", b'"text"', b"1", b"null"):
        assert refused(body).status == 422
