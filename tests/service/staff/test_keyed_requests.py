"""A request under a key is done once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.service.lines import Line
from voicebot.domain.staff import Role
from voicebot.errors import Refused
from voicebot.service.staff.keyed_requests import DONE_WITHIN, KEPT_FOR, KeyedAsk, done_once
from voicebot.service.staff.tokens import NewToken, make_token


class Killed(BaseException):
    """The process ends in the middle."""


class Doing:
    """Something that is done, each time with how many actions the case had."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.token, _ = make_token(line.hotline, NewToken(name="Reports", role=Role.HANDLER, made_by="anna"))
        self.done: list[int] = []

    def ask(self, *, then: Callable[[], None] = lambda: None, **changes: object) -> str:
        """Ask for it under the key k, while the case has three actions."""

        def do(seen: int) -> str:
            self.done.append(seen)
            then()
            return f"done {len(self.done)}"

        ask = KeyedAsk(token_id=self.token.id, key="k", digest="this", seen=3)
        return done_once(self.line.hotline, replace(ask, **changes), do)


def refuse() -> None:
    """Refuse what is asked."""
    raise Refused("not now", code="note-empty")


def die() -> None:
    """End the process."""
    raise Killed


def test_it_is_answered_as_at_first_for_a_day(line: Line) -> None:
    doing = Doing(line)
    assert [doing.ask(), doing.ask(seen=4), doing.ask(key="other")] == ["done 1", "done 1", "done 2"]
    line.clock.step(KEPT_FOR + timedelta(seconds=1))
    assert doing.ask() == "done 3"


def test_another_request_under_the_key_is_refused(line: Line) -> None:
    doing = Doing(line)
    doing.ask()
    with pytest.raises(Refused, match="another request"):
        doing.ask(digest="that")


def test_what_was_refused_leaves_its_key_free(line: Line) -> None:
    doing = Doing(line)
    with pytest.raises(Refused, match="not now"):
        doing.ask(then=refuse)
    assert doing.ask(digest="mended") == "done 2"


def test_what_was_cut_off_is_done_again_from_where_the_case_stood(line: Line) -> None:
    """So an action that was written before the end is known as a repetition (decision.py)."""
    doing = Doing(line)
    with pytest.raises(Killed):
        doing.ask(then=die)
    with pytest.raises(Refused, match="not answered yet"):
        doing.ask(seen=4)
    line.clock.step(DONE_WITHIN)
    assert doing.ask(seen=4) == "done 2"
    assert doing.done == [3, 3]


def test_many_at_once_under_one_key_do_it_once(line_on_both: Line) -> None:
    """A program that hears nothing sends again, while the first is still under way."""
    doing, at_once, said = Doing(line_on_both), threading.Barrier(6), list[str]()

    def ask(key: str) -> None:
        at_once.wait(10)
        try:
            said.append(doing.ask(key=key))
        except Refused as refusal:
            said.append(refusal.code)

    for key in ("a", "b"):
        threads = [threading.Thread(target=ask, args=(key,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(doing.done) == 2
    assert set(said) <= {"done 1", "done 2", "key-busy"}
    assert len(said) == 12
    assert [doing.ask(key="a"), doing.ask(key="b")] == ["done 1", "done 2"]
