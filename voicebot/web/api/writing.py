"""What other programs may change on a case, by the same use cases as the console.

A request with an `Idempotency-Key` is done once. One with `If-Match` is done only while the case is as its sender read
it. Where two could overwrite each other it must have one.
Source: RFC 9110, 13.1.1; RFC 6585, 3 (428).
Knows: use cases, shapes. Must not know: tables, how a request is checked.
"""

import hashlib
from collections.abc import Callable

from flask import request
from werkzeug.http import generate_etag

from voicebot.domain.case_number import written
from voicebot.domain.permission import Permission
from voicebot.service.hotline import Hotline
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.staff.keyed_requests import KeyedAsk, done_once
from voicebot.service.ticket.actions import acknowledge, write_note
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.hand_over import give
from voicebot.service.ticket.heard import act_heard
from voicebot.web.api.case_shapes import case_shape
from voicebot.web.api.door import asking_token
from voicebot.web.api.operations import Operation, Shape
from voicebot.web.api.problems import ApiProblem
from voicebot.web.api.write_shapes import Done, NewFields, NewNote, NewOwner, NewTalk
from voicebot.web.console.case_routes import instants_of
from voicebot.web.console.case_steps import Filled, wrapped_up

MOST_KEY = 255

Action = Callable[[str, int], str]
"""Takes who does it and how many actions the case had, and returns what was done."""
SureAction = Callable[[str, int, Callable[[], None]], str]
"""Takes also what is asked while nobody else can change the case, and refuses what its sender did not read so."""


def writing_operations(hotline: Hotline) -> tuple[Operation, ...]:
    """Return everything that may be changed."""
    writing = Writing(hotline)
    return (
        _operation("note", "/notes", writing.note, needed=Permission.DECIDE),
        _operation("talk", "/talks", writing.talk, needed=Permission.SERVE),
        _operation("owner", "/owner", writing.owner, needed=Permission.DECIDE, must_match=True),
        _operation("fields", "/fields", writing.fields, needed=Permission.SERVE, must_match=True),
        _operation("acknowledgement", "/acknowledgement", writing.acknowledgement, needed=Permission.DECIDE),
    )


def _operation(
    name: str, path: str, view: Callable[..., Done], *, needed: Permission, must_match: bool = False
) -> Operation:
    return Operation(
        name=name,
        method="POST",
        rule=f"/cases/<case>{path}",
        view=view,
        answer=Done,
        tag="cases",
        needed=needed,
        refusals=(400, 404, 409, 412, 415, *((428,) if must_match else ())),
        must_match=must_match,
    )


class Writing:
    """Views that change something, each as one action of who the token is."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def note(self, case: str, json: NewNote) -> Done:
        """Write a note for staff."""

        def write(actor: str, seen: int) -> str:
            write_note(self._hotline, case, text=json.text, actor=actor, seen=seen)
            return "Note kept."

        return self._do(case, json, write)

    def talk(self, case: str, json: NewTalk) -> Done:
        """Log a call to the complainant with what comes next, as one action."""

        def log(actor: str, seen: int) -> str:
            act_heard(self._hotline, case, *wrapped_up(Filled(fields=json.as_form(), actor=actor, seen=seen)))
            return "Logged, with what comes next."

        return self._do(case, json, log)

    def owner(self, case: str, json: NewOwner) -> Done:
        """Give a case to somebody."""

        def hand(actor: str, seen: int, as_read: Callable[[], None]) -> str:
            give(self._hotline, case, to=json.to, actor=actor, seen=seen, as_read=as_read)
            return "The case is theirs now."

        return self._do_as_read(case, json, hand)

    def fields(self, case: str, json: NewFields) -> Done:
        """Write down who complains, and what belongs to the kind of the case."""

        def keep(actor: str, _seen: int, as_read: Callable[[], None]) -> str:
            kept = keep_fields(self._hotline, case, json.fields, actor=actor, as_read=as_read)
            return f"Written down: {', '.join(field.said for field in kept)}." if kept else "Nothing was new."

        return self._do_as_read(case, json, keep)

    def acknowledgement(self, case: str) -> Done:
        """Say that somebody has seen the case, which lets the ladder rest for a while."""

        def see(actor: str, seen: int) -> str:
            acknowledge(self._hotline, case, actor=actor, seen=seen)
            return "Noted. The ladder rests for a while."

        return self._do(case, None, see)

    def _do_as_read(self, case: str, sent: Shape, action: SureAction) -> Done:
        """Do what could overwrite something. The case is compared again by a look of its own while it is held, as the
        sender read it, masked and committed.
        """
        if not request.if_match:
            raise ApiProblem(428, "Send If-Match with the ETag of the case as you read it.", code="version-missing")

        def as_read() -> None:
            self._refuse_stale(view_case(self._hotline, case))

        return self._do(case, sent, lambda actor, seen: action(actor, seen, as_read))

    def _do(self, case: str, sent: Shape | None, action: Action) -> Done:
        view, token = view_case(self._hotline, case), asking_token()

        def do(seen: int) -> str:
            self._refuse_stale(view)
            return action(token.staff_id, seen)

        key = _key()
        if not key:
            said = do(view.actions_seen)
        else:
            ask = KeyedAsk(token_id=token.id, key=key, digest=_digest(sent), seen=view.actions_seen)
            said = done_once(self._hotline, ask, do)
        return Done(case=written(view.ticket.case_number), done=said)

    def _refuse_stale(self, view: CaseView) -> None:
        shown = case_shape(view, instants_of(self._hotline)).model_dump_json().encode()
        # Compressed on its way, an answer had a weak tag (console/compression.py), which names the same data here.
        if request.if_match and not request.if_match.contains_weak(generate_etag(shown)):
            raise ApiProblem(412, "Nothing was changed. Read the case again, then decide.", code="case-changed")


def _key() -> str:
    """Return the key of the request, with or without the quotes that the draft asks for. Empty where there is none."""
    key = request.headers.get("Idempotency-Key", "").strip().removeprefix('"').removesuffix('"')
    if len(key) > MOST_KEY or not (key.isascii() and (key.isprintable() or not key)):
        raise ApiProblem(400, f"Idempotency-Key takes up to {MOST_KEY} printable characters.", code="key-odd")
    return key


def _digest(sent: Shape | None) -> str:
    what = "" if sent is None else sent.model_dump_json()
    return hashlib.sha256(f"{request.method} {request.path}\n{what}".encode()).hexdigest()
