"""The review of a transcript, as forms. Staff correct and accept words, take that back, and say that they listened.

A form says how many entries its page showed. When somebody else was there first, the page comes back with what stands
there now, and with what was typed, so nothing typed is lost.
Knows: forms, use cases, the page of a case. Must not know: how an entry is kept.
"""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.access import AccessKind
from voicebot.domain.permission import Permission
from voicebot.domain.review import Span
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.queries.case_view import AnswerView, CaseView, view_case
from voicebot.service.queries.case_words import as_srt, as_text, words_of_case
from voicebot.service.ticket.heard import keep_heard
from voicebot.service.ticket.review import Reviewed, accept, correct, undo
from voicebot.web.console.access_book import AccessBook
from voicebot.web.console.case_routes import instants_of, show_case
from voicebot.web.console.door import current_member, may
from voicebot.web.console.panels.review import ChosenWords, chosen_words, entry_rows, no_words
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded

_NOT_THERE = frozenset({"case-number", "case-unknown", "answer-unknown"})
_DEEDS = frozenset({"correct", "accept", "undo"})


class ReviewForms:
    """Routes of reviewing, and of taking words along."""

    def __init__(self, hotline: Hotline, accesses: AccessBook) -> None:
        self._hotline = hotline
        self._accesses = accesses

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        answer = "/cases/<case>/answers/<answer_id>"
        console.add_url_rule("/cases/<case>/review", "review", self.review)
        console.add_url_rule(f"{answer}/words", "review_words", self.words, methods=["POST"])
        console.add_url_rule(f"{answer}/heard", "heard", self.heard, methods=["POST"])
        console.add_url_rule("/cases/<case>/words.txt", "words_text", self.text)
        console.add_url_rule("/cases/<case>/words", "words_page", self.printed)
        console.add_url_rule(f"{answer}/words.srt", "words_srt", self.subtitles)

    @guarded(Guard.STAFF, Permission.REVIEW_WORDS)
    def review(self, case: str) -> ResponseReturnValue:
        """Show the case with its words to be reviewed, and a form for those that were chosen."""
        view = self._view(case)
        self._accesses.note(case, actor=current_member().id, is_person=may(Permission.DECIDE))
        answer_id = request.args.get("answer", "")
        answer = next((each for each in view.answers if each.answer.id == answer_id), None)
        chosen = None if answer is None else chosen_words(answer, _span(request.args.get))
        return show_case(self._hotline, view, is_review=True, chosen=chosen)

    @guarded(Guard.STAFF, Permission.REVIEW_WORDS)
    def words(self, case: str, answer_id: str) -> ResponseReturnValue:
        """Correct or accept words, or take back what was done with some. A form without a deed is none of these."""
        asked = request.form.get("do")
        if asked not in _DEEDS:
            abort(400)
        member_id, seen = current_member().id, whole_number(request.form.get("seen"))
        what = Reviewed(answer_id=answer_id, span=_span(request.form.get), actor=member_id, seen=seen)
        try:
            if asked == "undo":
                number = whole_number(request.form.get("number")) or 0
                undo(self._hotline, case, answer_id=answer_id, number=number, actor=member_id, seen=seen)
            elif asked == "accept":
                accept(self._hotline, case, what)
            else:
                given = {"text": request.form.get("text", ""), "why": request.form.get("why", "")}
                correct(self._hotline, case, what, **given)
        except Refused as problem:
            return self._refused(case, what, problem)
        return self._back(case, answer_id)

    @guarded(Guard.STAFF, Permission.REVIEW_WORDS)
    def heard(self, case: str, answer_id: str) -> ResponseReturnValue:
        """Note that this member has listened to an answer."""
        try:
            keep_heard(self._hotline, case, actor=current_member().id, answer_ids=[answer_id])
        except Refused:
            abort(404)
        return self._back(case, answer_id, is_review=bool(request.form.get("review")))

    @guarded(Guard.STAFF, Permission.TAKE_WORDS, is_page=False)
    def text(self, case: str) -> Response:
        """Send the words of a case as a text file."""
        return self._file(case, "txt", lambda: as_text(words_of_case(self._hotline, case)))

    @guarded(Guard.STAFF, Permission.TAKE_WORDS, is_page=False)
    def subtitles(self, case: str, answer_id: str) -> Response:
        """Send an answer as subtitles of its voice."""
        return self._file(case, "srt", lambda: as_srt(words_of_case(self._hotline, case), answer_id))

    @guarded(Guard.STAFF, Permission.TAKE_WORDS)
    def printed(self, case: str) -> ResponseReturnValue:
        """Show the words of a case on a page to be printed."""
        view = self._view(case)
        self._accesses.note(case, actor=current_member().id, kind=AccessKind.EXPORT)
        words = words_of_case(self._hotline, case)
        return render_template("console/words_page.html", words=words, view=view, instants=instants_of(self._hotline))

    def _file(self, case: str, kind: str, write: Callable[[], str]) -> Response:
        try:
            body = write()
        except Refused:
            abort(404)
        self._accesses.note(case, actor=current_member().id, kind=AccessKind.EXPORT)
        answer = Response(body, mimetype="text/plain" if kind == "txt" else "application/x-subrip")
        answer.headers["Content-Disposition"] = f'attachment; filename="{case}.{kind}"'
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    def _refused(self, case: str, what: Reviewed, problem: Refused) -> Response:
        """Show the words as they stand now beside what was typed, and why it was not kept."""
        if problem.code in _NOT_THERE:
            abort(404)
        view = self._view(case)
        answer = next((each for each in view.answers if each.answer.id == what.answer_id), None)
        if answer is None:
            abort(404)
        chosen = chosen_words(answer, what.span) or no_words(answer)
        tried = self._tried(view, answer, chosen, what, str(problem))
        return make_response(show_case(self._hotline, view, is_review=True, chosen=tried), 409)

    def _tried(
        self, view: CaseView, answer: AnswerView, chosen: ChosenWords, what: Reviewed, problem: str
    ) -> ChosenWords:
        since = answer.reviews[what.seen :] if what.seen is not None else ()
        numbers = {each.number for each in since if each.span.touches(what.span)}
        rows = entry_rows(answer.answer, answer.reviews, names=view.names, instants=instants_of(self._hotline))
        return replace(
            chosen,
            text=request.form.get("text", chosen.text),
            why=request.form.get("why", ""),
            problem=f"{problem[0].upper()}{problem[1:]}.",
            theirs=tuple(row for row in rows if row.number in numbers),
        )

    def _view(self, case: str) -> CaseView:
        try:
            return view_case(self._hotline, case)
        except Refused:
            abort(404)

    def _back(self, case: str, answer_id: str, *, is_review: bool = True) -> ResponseReturnValue:
        endpoint = "console.review" if is_review else "console.case"
        return redirect(url_for(endpoint, case=case, _anchor=f"answer-{answer_id}"), code=303)


def _span(field: Callable[[str, str], str]) -> Span:
    """Return the range that a form or an address states. People count from one, and mean the last word, too."""
    first, last = whole_number(field("from", "")), whole_number(field("to", ""))
    if first is None or last is None:
        return Span(first=-1, end=-1)
    return Span(first=max(first - 1, 0), end=last)
