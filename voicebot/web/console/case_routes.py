"""The pages of cases. They are the list, one case, and the voice of an answer.

Knows: routes under `/console`, who is logged in. Must not know: how a page is worded (case_list.py, case_page.py),
what staff do on it (case_forms.py).
"""

from dataclasses import replace
from typing import IO, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import FileWrapper

from voicebot.domain.access import AccessKind
from voicebot.domain.case_number import read_case_number, written
from voicebot.domain.instants import Instants, clock
from voicebot.domain.permission import Permission
from voicebot.domain.picture import UNKNOWN_KIND, extension_of
from voicebot.errors import Refused
from voicebot.service.answer.picture import picture_of
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CaseQuery
from voicebot.service.queries.access import looked_at
from voicebot.service.queries.answer_voice import missing_voices, voice_of
from voicebot.service.queries.case_list import case_after, list_cases
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.queries.figures import csv_text
from voicebot.service.queries.sheets import WHOLE, SheetAsk, case_sheet
from voicebot.service.staff.decision import LONGEST_TEXT
from voicebot.speech.pcm_stream import PcmStream
from voicebot.web.console.access_book import AccessBook
from voicebot.web.console.case_desk import case_desk
from voicebot.web.console.case_list import ListPage, PlaceInList, Show, kinds_of, list_page, query_of
from voicebot.web.console.case_page import case_page
from voicebot.web.console.door import current_member, current_permissions, current_reader, may
from voicebot.web.console.panels.review import ChosenWords
from voicebot.web.console.script import language_of
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded

MASKED_VOICE = "console.audio"
"""Where voices are heard on most pages. They are silent where a private number is said."""
VOICE_BLOCK_BYTES = 65_536
"""So much of a voice is made at a time, which is four seconds."""

LONGEST_KIND = 40
"""Characters of the id of a kind of complaint (flow/policy_categories.py)."""

MOST_PAGES = 100_000
"""Beyond any list, since larger numbers are nobody's choice."""


class CasePages:
    """Routes of reading."""

    def __init__(self, hotline: Hotline, accesses: AccessBook) -> None:
        self._hotline = hotline
        self._accesses = accesses

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/cases", "cases", self.cases)
        console.add_url_rule("/cases.csv", "case_sheet", self.case_sheet)
        console.add_url_rule("/cases/<case>", "case", self.case)
        console.add_url_rule("/cases/<case>/next", "next_case", self.next_case)
        console.add_url_rule("/cases/<case>/looks.csv", "looks", self.looks)
        console.add_url_rule("/cases/<case>/answers/<answer_id>/audio", "audio", self.audio)
        console.add_url_rule("/cases/<case>/files/<picture_id>", "picture", self.picture)
        console.add_app_template_filter(clock, "clock")
        console.add_app_template_filter(language_of, "lang")
        console.app_context_processor(lambda: {"company": self._hotline.rules.company})

    @guarded(Guard.STAFF, Permission.READ_CASES)
    def cases(self) -> ResponseReturnValue:
        """Show the list."""
        show, kind, place = _show(), _kind(), _place()
        page = self._list(show, kind, place)
        if place.page > page.pages:
            return redirect(url_for("console.cases", show=show, kind=kind or None, page=page.pages))
        return render_template("console/cases.html", page=page)

    @guarded(Guard.STAFF, Permission.TAKE_LISTS, is_page=False)
    def case_sheet(self) -> Response:
        """Send the cases of the list as CSV. That they were taken along is kept."""
        show, kind, member = _show(), _kind(), current_member()
        query = replace(query_of(show, kind=kind, place=PlaceInList(), member=member), stretch=WHOLE)
        # It streams after the request, so who reads is said now.
        reader = current_reader()
        own = self._hotline.seen_by(lambda: reader)
        lines = case_sheet(own, query, SheetAsk(by=member.id, asked=f"{show} {kind}".strip()))
        answer = Response(stream_with_context(lines), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="cases-{show}.csv"'
        return answer

    @guarded(Guard.STAFF, Permission.READ_CASES)
    def case(self, case: str) -> ResponseReturnValue:
        """Show one case, at its own address."""
        view = self._view(case)
        number = written(view.ticket.case_number)
        if case != number:
            return redirect(url_for("console.case", case=number))
        self._accesses.note(case, actor=current_member().id, is_person=may(Permission.DECIDE))
        return show_case(self._hotline, view, is_whole=bool(request.args.get("machine")))

    @guarded(Guard.STAFF, Permission.READ_CASES)
    def next_case(self, case: str) -> ResponseReturnValue:
        """Lead to the open case after this one, or to Today where there is none."""
        number = read_case_number(case)
        if number is None:
            abort(404)
        following = case_after(self._hotline, written(number), member_id=current_member().id)
        if following is None:
            flash("No other case is open, or colleagues are at them.")
            return redirect(url_for("console.today"))
        return redirect(url_for("console.case", case=following))

    @guarded(Guard.STAFF, Permission.HEAR_VOICES, is_page=False)
    def audio(self, case: str, answer_id: str) -> Response:
        """Send the voice of an answer, or the stretch of it that the player asks for, while nobody keeps a copy."""
        try:
            voice = voice_of(self._hotline, case, answer_id)
        except Refused:
            abort(404)
        self._accesses.note(case, actor=current_member().id, kind=AccessKind.VOICE, answer_id=answer_id)
        return send_voice(voice)

    @guarded(Guard.STAFF, Permission.HEAR_VOICES, is_page=False)
    def picture(self, case: str, picture_id: str) -> Response:
        """Send a file of a text to be saved. Strangers made it, so no browser is to open it here as anything."""
        try:
            picture, body = picture_of(self._hotline, case, picture_id)
        except Refused:
            abort(404)
        self._accesses.note(case, actor=current_member().id, kind=AccessKind.FILE, answer_id=picture.answer_id)
        answer = Response(body, mimetype=UNKNOWN_KIND)
        name = f"{case}-{picture.number + 1}{extension_of(picture.kind)}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    @guarded(Guard.STAFF, Permission.SEE_LOOKS, is_page=False)
    def looks(self, case: str) -> Response:
        """Send who looked at the case, for a spreadsheet."""
        view = self._view(case)
        answer = Response(csv_text(looked_at(view)), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="looks-{written(view.ticket.case_number)}.csv"'
        return answer

    def _list(self, show: Show, kind: str, place: PlaceInList) -> ListPage:
        member = current_member()
        found = list_cases(self._hotline, query_of(show, kind=kind, place=place, member=member))
        has_any = bool(found.total) or bool(list_cases(self._hotline, CaseQuery(limit=1)).total)
        return list_page(
            found,
            show=show,
            kinds=kinds_of(self._hotline.flows.current_policy().categories, kind),
            number=place.page,
            member=member,
            instants=instants_of(self._hotline),
            has_any=has_any,
            own_number=self._hotline.rules.own_number,
        )

    def _view(self, case: str) -> CaseView:
        try:
            return view_case(self._hotline, case)
        except Refused:
            abort(404)


def send_voice(voice: PcmStream) -> Response:
    """Send a voice, or the stretch of it that is asked for."""
    answer = Response(
        FileWrapper(cast("IO[bytes]", voice), VOICE_BLOCK_BYTES), mimetype="audio/wav", direct_passthrough=True
    )
    answer.content_length = voice.size
    # Several ranges at once are asked for by no player; the whole is a right answer to them (RFC 9110, 14.2).
    if "," not in request.headers.get("Range", ""):
        answer.make_conditional(request, accept_ranges=True, complete_length=voice.size)
    return answer


def show_case(
    hotline: Hotline,
    view: CaseView,
    *,
    is_whole: bool = False,
    is_review: bool = False,
    chosen: ChosenWords | None = None,
    voice_at: str = MASKED_VOICE,
) -> str:
    """Return the page of a case, with what the machine noted where `is_whole`.

    In review its words can be chosen, and `chosen` ones have a form. `voice_at` is the route of its voices.
    """
    missing = missing_voices(hotline, [each.answer for each in view.answers])
    member, may, instants = current_member(), current_permissions(), instants_of(hotline)
    page = case_page(view, member=member, may=may, instants=instants, missing=missing, is_whole=is_whole)
    desk = case_desk(hotline, view, member=member, may=may, instants=instants, missing=missing)
    return render_template(
        "console/case.html",
        page=page,
        desk=desk,
        longest=LONGEST_TEXT,
        is_review=is_review,
        chosen=chosen,
        voice_at=voice_at,
    )


def instants_of(hotline: Hotline) -> Instants:
    """Return how this page says instants, which is on the company's clock, as of now."""
    return Instants(zone=hotline.flows.current_policy().calendar.zone, now=hotline.clock.now())


def _show() -> Show:
    asked = request.args.get("show", Show.OPEN)
    return Show(asked) if asked in set(Show) else Show.OPEN


def _kind() -> str:
    """Return the kind of complaint that the list is narrowed to, empty for all. One that nobody knows shows nothing."""
    return request.args.get("kind", "").replace("\x00", "")[:LONGEST_KIND]


def _place() -> PlaceInList:
    return PlaceInList(
        page=min(MOST_PAGES, max(1, whole_number(request.args.get("page")) or 1)),
        behind=request.args.get("behind", ""),
        before=request.args.get("before", ""),
    )
