"""The pages of the rota. They show who is on duty, forms that change it, somebody's cases taken over, and calendars.

Everybody may say when they themselves are away or here. The week, swaps and the cases of others are a supervisor's.
Knows: routes under `/console/rota`, forms, use cases. Must not know: how the page is worded (rota_page.py), tables.
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.adapters.calendar_file import MOST_BYTES, events_in, written_calendar
from voicebot.domain.business_calendar import WEEKDAYS
from voicebot.domain.calendar_feed import FEED_AHEAD
from voicebot.domain.instants import Instants, read_instant, read_until
from voicebot.domain.permission import Permission
from voicebot.domain.rota import LOOK_AHEAD, ChangeKind, Person, RotaProfile, Shift
from voicebot.errors import Refused, Unavailable
from voicebot.flow.policy_values import read_hours
from voicebot.service.hotline import Hotline
from voicebot.service.staff.absence import away_until, come_back, go_away
from voicebot.service.staff.calendar_feed import all_calendars, drop_calendar, follow_calendar, take_calendar
from voicebot.service.staff.rota import (
    Stretch,
    add_change,
    add_shift,
    feed_owner,
    open_feed,
    possible_people,
    remove_change,
    remove_shift,
    save_profile,
    swap,
    view_rota,
)
from voicebot.service.ticket.spread import Absence, plan_spread, spread
from voicebot.web.console.case_routes import instants_of
from voicebot.web.console.door import current_member, current_permissions, may
from voicebot.web.console.rota_page import rota_page
from voicebot.web.guard.guards import Guard, guarded


class RotaPages:
    """Routes of the rota."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/rota", "rota", self.page)
        console.add_url_rule("/rota/sick/<person>", "rota_sick", self.sick)
        console.add_url_rule("/rota/calendars/<token>.ics", "rota_feed", self.feed)
        for path, view in (
            ("changes", self.change),
            ("changes/remove", self.take_back),
            ("shifts", self.shift),
            ("shifts/remove", self.unshift),
            ("swaps", self.swap),
            ("people", self.profile),
            ("sick", self.spread),
            ("calendars", self.calendar),
            ("calendars/follow", self.follow),
            ("calendars/drop", self.drop),
            ("addresses", self.address),
            ("away", self.away),
            ("back", self.back),
        ):
            name = f"rota_{path.replace('/', '_')}_form"
            console.add_url_rule(f"/rota/{path}", name, view, methods=["POST"])
        console.app_context_processor(lambda: {"own_absence": self._own_absence})

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def away(self) -> ResponseReturnValue:
        """Say that this member is away from now until a time."""

        def leave() -> str:
            until = read_until(_field("until"), self._zone(), now=self._hotline.clock.now())
            change = go_away(self._hotline, current_member().id, until=until, actor=current_member().id)
            return f"You are away until {self._instants().brief(change.ends_at)}. New cases and calls go to others."

        return _do(leave, then="console.today")

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def back(self) -> ResponseReturnValue:
        """Say that this member is back."""

        def stay() -> str:
            come_back(self._hotline, current_member().id, actor=current_member().id)
            return "You are here again."

        return _do(stay, then="console.today")

    def _own_absence(self) -> str:
        """Return until when this member is away, empty while they are not, and where nothing can be read now."""
        try:
            until = away_until(self._hotline, current_member().id)
        except Unavailable:
            return ""
        return "" if until is None else self._instants().brief(until)

    @guarded(Guard.STAFF, Permission.SEE_ROTA)
    def page(self) -> ResponseReturnValue:
        """Show the rota."""
        page = rota_page(
            view_rota(self._hotline),
            member=current_member(),
            may=current_permissions(),
            instants=self._instants(),
            feeds=all_calendars(self._hotline),
        )
        known = {person.id for person in page.people}
        others = [member for member in possible_people(self._hotline) if member.id not in known]
        return render_template("console/rota.html", page=page, others=others)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def change(self) -> ResponseReturnValue:
        """Note that somebody is away or here."""

        def note() -> str:
            kind = _kind()
            stretch = self._stretch()
            self._refuse_for_others(stretch.staff_id)
            add_change(self._hotline, kind, stretch, actor=current_member().id)
            return f"Noted: {kind.value} until {self._instants().brief(stretch.ends_at)}."

        return _do(note)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def take_back(self) -> ResponseReturnValue:
        """Take a change back, either one's own, or as a supervisor anybody's."""

        def take() -> str:
            rota = view_rota(self._hotline)
            changes = [change for person in (*rota.people, *rota.beside) for change in person.changes]
            wanted = next((change for change in changes if change.id == _field("id")), None)
            self._refuse_for_others("" if wanted is None else wanted.staff_id)
            remove_change(self._hotline, _field("id"), actor=current_member().id)
            return "Taken back."

        return _do(take)

    @guarded(Guard.STAFF, Permission.PLAN_ROTA)
    def shift(self) -> ResponseReturnValue:
        """Add a weekly shift."""

        def add() -> str:
            for span in _spans():
                wanted = Shift(
                    id="",
                    staff_id=_field("person"),
                    weekday=_weekday(),
                    opens_minute=span[0],
                    closes_minute=span[1],
                    role=_field("role"),
                )
                add_shift(self._hotline, wanted, actor=current_member().id)
            return "The shift is on the rota."

        return _do(add)

    @guarded(Guard.STAFF, Permission.PLAN_ROTA)
    def unshift(self) -> ResponseReturnValue:
        """Take a shift out of the week."""

        def remove() -> str:
            remove_shift(self._hotline, _field("id"), actor=current_member().id)
            return "The shift is gone."

        return _do(remove)

    @guarded(Guard.STAFF, Permission.PLAN_ROTA)
    def swap(self) -> ResponseReturnValue:
        """Let one person stand in for another."""

        def exchange() -> str:
            swap(self._hotline, self._stretch(), stands_in=_field("stands_in"), actor=current_member().id)
            return "Swapped."

        return _do(exchange)

    @guarded(Guard.STAFF, Permission.PLAN_ROTA)
    def profile(self) -> ResponseReturnValue:
        """Keep what a person can do."""

        def save() -> str:
            wanted = RotaProfile(
                staff_id=_field("person"),
                roles=_list("roles"),
                languages=_list("languages"),
                load_cap=_cap(),
                has_dated_shifts=bool(_field("has_dated_shifts")),
            )
            save_profile(self._hotline, wanted, actor=current_member().id)
            return "Saved."

        return _do(save)

    @guarded(Guard.STAFF, Permission.PLAN_ROTA)
    def sick(self, person: str) -> ResponseReturnValue:
        """Show what is at risk while somebody is away, before anything is given away."""
        try:
            until = read_instant(request.args.get("until", ""), self._zone())
            plan = plan_spread(
                self._hotline, Absence(staff_id=person, until=until, everything="everything" in request.args)
            )
        except Refused as problem:
            return _refused(problem)
        return render_template(
            "console/spread.html",
            plan=plan,
            until=request.args.get("until", ""),
            everything="everything" in request.args,
            instants=self._instants(),
        )

    @guarded(Guard.STAFF, Permission.PLAN_ROTA)
    def spread(self) -> ResponseReturnValue:
        """Give the cases of whoever is away to those who are there."""

        def give() -> str:
            absence = Absence(
                staff_id=_field("person"),
                until=read_instant(_field("until"), self._zone()),
                everything=bool(_field("everything")),
                note=_field("note"),
            )
            plan = spread(self._hotline, absence, actor=current_member().id)
            return f"{len(plan.cases)} cases were given to those who are there."

        return _do(give)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def calendar(self) -> ResponseReturnValue:
        """Take somebody's calendar over from a file."""

        def take() -> str:
            self._refuse_for_others(_field("person"))
            sent = request.files.get("calendar")
            body = b"" if sent is None else sent.stream.read(MOST_BYTES + 1)
            now = self._hotline.clock.now()
            events = events_in(body, begins_at=now, ends_at=now + FEED_AHEAD, zone=self._zone())
            came = take_calendar(self._hotline, _field("person"), _kind(), events, actor=current_member().id)
            return f"{came} stretches taken over; the next time replaces them."

        return _do(take)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def follow(self) -> ResponseReturnValue:
        """Let somebody's calendar be fetched from an address."""

        def begin() -> str:
            self._refuse_for_others(_field("person"))
            feed = follow_calendar(
                self._hotline, _field("person"), _kind(), _field("address"), actor=current_member().id
            )
            return f"The calendar at {feed.host} is fetched from now on; its line tells how it goes."

        return _do(begin)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def drop(self) -> ResponseReturnValue:
        """Fetch a calendar no more, either one's own, or as a supervisor anybody's."""

        def end() -> str:
            wanted = next((feed for feed in all_calendars(self._hotline) if feed.id == _field("id")), None)
            self._refuse_for_others("" if wanted is None else wanted.staff_id)
            drop_calendar(self._hotline, _field("id"), actor=current_member().id)
            return "The calendar is fetched no more, and what it brought is gone."

        return _do(end)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def address(self) -> ResponseReturnValue:
        """Give somebody's calendar a new secret address, and show it this once."""

        def give() -> str:
            self._refuse_for_others(_field("person"))
            token = open_feed(self._hotline, _field("person"), actor=current_member().id)
            path = url_for("console.rota_feed", token=token)
            return f"The address for your calendar program, shown this once: {self._hotline.rules.public_url}{path}"

        return _do(give)

    @guarded(Guard.SECRET_ADDRESS)
    def feed(self, token: str) -> Response:
        """Send whoever knows the address when its person is on duty."""
        person = feed_owner(self._hotline, token)
        if person is None:
            abort(404)
        return Response(self._calendar_of(person), mimetype="text/calendar")

    def _calendar_of(self, person: Person) -> bytes:
        now = self._hotline.clock.now()
        spans = view_rota(self._hotline).duty_spans(person, now, now + LOOK_AHEAD)
        title = f"On duty: {self._hotline.rules.company}"
        return written_calendar(spans, owner=person.id, title=title, now=now)

    def _stretch(self) -> Stretch:
        begins = _field("from")
        return Stretch(
            staff_id=_field("person"),
            begins_at=read_instant(begins, self._zone()) if begins else self._hotline.clock.now(),
            ends_at=read_until(_field("until"), self._zone(), now=self._hotline.clock.now()),
            note=_field("note"),
        )

    def _refuse_for_others(self, staff_id: str) -> None:
        if staff_id != current_member().id and not may(Permission.PLAN_ROTA):
            raise Refused("only a supervisor changes the rota of somebody else", code="rota-others")

    def _instants(self) -> Instants:
        return instants_of(self._hotline)

    def _zone(self) -> str:
        return self._hotline.flows.current_policy().calendar.zone


def _do(action: Callable[[], str], *, then: str = "console.rota") -> ResponseReturnValue:
    try:
        flash(action())
    except Refused as problem:
        return _refused(problem)
    return redirect(url_for(then), code=303)


def _refused(problem: Refused) -> Response:
    why = str(problem)
    page = render_template("console/refused_here.html", why=f"{why[0].upper()}{why[1:]}.", back=url_for("console.rota"))
    return make_response(page, 409)


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "").strip()


def _list(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _field(name).split(",") if part.strip())


def _kind() -> ChangeKind:
    if _field("kind") not in set(ChangeKind):
        raise Refused("choose whether the person is away or here", code="rota-change")
    return ChangeKind(_field("kind"))


def _weekday() -> int:
    if _field("weekday") not in WEEKDAYS:
        raise Refused("adding a shift: choose a weekday", code="rota-shift")
    return WEEKDAYS.index(_field("weekday"))


def _spans() -> tuple[tuple[int, int], ...]:
    try:
        spans = read_hours([part.strip() for part in _field("hours").split(",")])
    except ValueError as problem:
        raise Refused(f"adding a shift: {problem}", code="rota-shift") from problem
    return tuple((span.opens_minute, span.closes_minute) for span in spans)


def _cap() -> int | None:
    said = _field("load_cap")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 7):
        raise Refused("the most open cases of a person are a number from 0 up", code="rota-person")
    return int(said)
