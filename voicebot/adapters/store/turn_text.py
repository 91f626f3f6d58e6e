"""Turns as they are stored, so that what repeats from turn to turn is written once.

A session carries the question that was put, and the turn's instructions hold it too. A question carries every phrase
that is listened for. Whole, that was up to 140 kB for each turn. So three things are left out:
- a long list of phrases, which the flow gives and no caller, stands once among the definitions, named by its digest.
- the question of a session is taken from the instructions.
- of a session only what differs from the one before is kept.
Rows from before this are whole, and are read as they are.
Knows: JSON. Must not know: what a session means, which tables there are.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from voicebot.domain.call import Turn

Session = dict[str, Any]

WORTH_KEEPING = 400
"""Characters, because shorter lists stay where they are."""
_LIST, _UNKNOWN = '["', "[unk]"
"""How a list of strings begins, and the recogniser's word for what it does not know."""
_KEPT = re.compile(r'\{"kept":"([0-9a-f]{64})"\}')
_QUESTION = "listen"
_AS_TOLD = "as told"
_SINCE, _GONE = "since", "gone"


def shorten(turn: Turn, before: Session | None, keep: Callable[[str, str], None]) -> tuple[Turn, Session | None]:
    """Return the turn as its row, and its session for the next one, where `keep` stores a list of phrases by its
    digest.
    """
    session, told = _packed(turn.session, keep), _packed(turn.instructions, keep)
    now = _session(session)
    if now is None:
        return replace(turn, session=session, instructions=told), None
    last = _last(told)
    if last is not None and now.get(_QUESTION) == last:
        now = now | {_QUESTION: _AS_TOLD}
    return replace(turn, session=_json(now if before is None else _difference(before, now)), instructions=told), now


def follow(before: Session | None, row: Turn) -> Session | None:
    """Return the session of a row, from that of the row before, or None for one that is no JSON object."""
    found = _session(row.session)
    if found is None or _SINCE not in found:
        return found
    assert before is not None, f"turn {row.number} of call {row.call_id} differs from one that is not there"
    kept = {name: value for name, value in before.items() if name not in found[_GONE]}
    return {**kept, **found[_SINCE]}


def whole(row: Turn, session: Session | None, fetch: Callable[[str], str]) -> Turn:
    """Return the turn of a row as it was before `shorten`, where `fetch` gives a list of phrases by its digest."""
    told = _unpacked(row.instructions, fetch)
    if session is None:
        return replace(row, session=_unpacked(row.session, fetch), instructions=told)
    if session.get(_QUESTION) == _AS_TOLD:
        session = session | {_QUESTION: _last(row.instructions)}
    return replace(row, session=_unpacked(_json(session), fetch), instructions=told)


def _packed(text: str, keep: Callable[[str, str], None]) -> str:
    """Put the digest of each long list of phrases in its place. A turn has a hundred kilobytes, so nothing is walked
    sign by sign.
    """
    parts, done, begin = [], 0, text.find(_LIST)
    while begin >= 0:
        end = _end_of_list(text, begin)
        if end - begin >= WORTH_KEEPING:
            phrases = text[begin:end]
            digest = hashlib.sha256(phrases.encode()).hexdigest()
            keep(digest, phrases)
            parts += [text[done:begin], f'{{"kept":"{digest}"}}']
            done = end
        begin = text.find(_LIST, max(end, begin + 1))
    return "".join([*parts, text[done:]])


def _end_of_list(text: str, begin: int) -> int:
    """Return where a JSON list of strings ends, or -1 where a string of it has a bracket that is not of `[unk]`."""
    at = begin + len(_LIST)
    while (end := text.find("]", at)) >= 0:
        bracket = text.find("[", at, end)
        if bracket < 0:
            return end + 1 if text[end - 1] == '"' and end > at else -1
        if not text.startswith(_UNKNOWN, bracket):
            return -1
        at = bracket + len(_UNKNOWN)
    return -1


def _unpacked(text: str, fetch: Callable[[str], str]) -> str:
    return _KEPT.sub(lambda found: fetch(found[1]), text)


def _difference(before: Session, now: Session) -> Session:
    changed = {name: value for name, value in now.items() if name not in before or before[name] != value}
    return {_SINCE: changed, _GONE: [name for name in before if name not in now]}


def _session(text: str) -> Session | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return dict(found) if isinstance(found, dict) else None


def _last(instructions: str) -> Any:
    told = json.loads(instructions)
    return told[-1] if told else None


def _json(value: Session) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
