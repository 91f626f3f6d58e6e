"""A request that changes something is done once, however often its sender sends it under the same key.

A key is kept for a day. Who sent it and never heard an answer sends it again, and is answered what was answered then.
Where the process was killed in between, it is done again from how many actions the case had at first, so that an action
which was written is known as a repetition (decision.py). What was refused changed nothing, so its key is free again.
Source: the draft of the Idempotency-Key header field (httpapi working group).
Knows: tokens' requests. Must not know: HTTP, what is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from voicebot.errors import Refused
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import KeyedRequest

KEPT_FOR = timedelta(days=1)
DONE_WITHIN = timedelta(minutes=1)
"""Longer than any request lasts. What has no answer by then was cut off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyedAsk:
    """What is asked under a key."""

    token_id: str
    key: str
    digest: str
    seen: int


def done_once(hotline: Hotline, ask: KeyedAsk, do: Callable[[int], str]) -> str:
    """Do something once and return its answer, where `do` takes how many actions of staff the case had at first.

    Raises: Refused (the key stands for another request, or for one that is not answered yet), and whatever `do` raises.
    """
    request = _claimed(hotline, ask)
    if request.status is not None:
        return request.answered
    try:
        answer = do(ask.seen if request.seen is None else request.seen)
    except Exception:
        # Of any kind: `do` ends with its commit, so what raised was before that and nothing was done.
        _write(hotline, request, is_done=False)
        raise
    _write(hotline, replace(request, status=1, answered=answer), is_done=True)
    return answer


def _claimed(hotline: Hotline, ask: KeyedAsk) -> KeyedRequest:
    """Return the request to be done now, or the one that was answered already."""
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        new = KeyedRequest(token_id=ask.token_id, key=ask.key, digest=ask.digest, at=now, seen=ask.seen)
        known = work.api_tokens.claim(new, forget_before=now - KEPT_FOR)
        request = new if known is None else _again(known, new)
        if request.status is None:
            work.api_tokens.settle(request)
        work.commit()
    return request


def _again(known: KeyedRequest, new: KeyedRequest) -> KeyedRequest:
    if known.digest != new.digest:
        raise Refused("this key stands for another request: take a new one for each request", code="key-used")
    if known.status is None and new.at - known.at < DONE_WITHIN:
        raise Refused("the request under this key is not answered yet: send it again in a moment", code="key-busy")
    return known if known.status is not None else replace(known, at=new.at)


def _write(hotline: Hotline, request: KeyedRequest, *, is_done: bool) -> None:
    with hotline.unit_of_work() as work:
        if is_done:
            work.api_tokens.settle(request)
        else:
            work.api_tokens.release(request)
        work.commit()
