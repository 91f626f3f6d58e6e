"""Tokens of other programs and their keyed requests as rows, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.api_tokens import a_token
from tests.builders import MONDAY_TEN
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.service.ports import KeyedRequest

Works = Callable[[], SqlUnitOfWork]
DAY = timedelta(days=1)


def a_request(**changes: Any) -> KeyedRequest:
    """Build a request of the reports, not answered yet."""
    return replace(KeyedRequest(token_id="token-1", key="k-1", digest="what", at=MONDAY_TEN, seen=3), **changes)


def test_a_token_comes_back_whole_and_its_names_are_taken_once(unit_of_work: Works) -> None:
    token = a_token(expires_at=MONDAY_TEN + DAY)
    with unit_of_work() as work:
        assert work.api_tokens.add(token)
        assert not work.api_tokens.add(a_token(id="token-2", digest="b", staff_id="token.b"))
        assert not work.api_tokens.add(a_token(id="token-2", digest="b", name="B"))
        assert work.api_tokens.add(a_token(id="token-2", digest="b", name="B", staff_id="token.b"))
        work.api_tokens.save(replace(token, last_used_at=MONDAY_TEN))
        work.commit()
    with unit_of_work() as work:
        assert work.api_tokens.by_digest("a-digest") == replace(token, last_used_at=MONDAY_TEN)
        assert work.api_tokens.by_digest("nothing") is None
        assert [each.name for each in work.api_tokens.every()] == ["Reports", "B"]
        assert (work.staff.get("token.reports"), work.staff.get("token.c")) == (token.as_member(), None)


def test_a_key_is_taken_once_and_for_a_day(unit_of_work: Works) -> None:
    done = a_request(status=201, answered="{}")
    with unit_of_work() as work:
        work.api_tokens.add(a_token())
        assert work.api_tokens.claim(a_request(), forget_before=MONDAY_TEN - DAY) is None
        work.api_tokens.settle(done)
        work.commit()
    with unit_of_work() as work:
        again = a_request(at=MONDAY_TEN + timedelta(hours=1), digest="else")
        assert work.api_tokens.claim(again, forget_before=MONDAY_TEN) == done
        assert work.api_tokens.claim(a_request(key="k-2"), forget_before=MONDAY_TEN) is None
        late = a_request(at=MONDAY_TEN + DAY)
        assert work.api_tokens.claim(late, forget_before=MONDAY_TEN + timedelta(seconds=1)) is None
        work.api_tokens.release(late)
        assert work.api_tokens.claim(late, forget_before=MONDAY_TEN) is None
