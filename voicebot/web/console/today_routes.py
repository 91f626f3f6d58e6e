"""The route of the first screen. Filter, page and what was put aside stand in its address.

Knows: routes under `/console`, who is logged in. Must not know: how a lane is worded (today_page.py).
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.service.hotline import Hotline
from voicebot.service.ports import Lane
from voicebot.service.queries.today import TodayAsk, view_today
from voicebot.web.console.door import current_member
from voicebot.web.console.today_page import today_page
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded

MOST_PAGES = 1_000
MOST_ASIDE = 15
"""Cases that can be put aside at once. The one that was put aside first comes back. They are fewer than the rows of a
lane, so that the next call is one of the first lane that has any."""


class TodayPages:
    """The first screen."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the route."""
        console.add_url_rule("/", "today", self.today)

    @guarded(Guard.STAFF, Permission.READ_CASES)
    def today(self) -> ResponseReturnValue:
        """Show what there is to do now."""
        ask, aside, kept = _asked(), _aside(), kept_in_address()
        page = today_page(view_today(self._hotline, ask), ask)
        if page.number > page.pages:
            return redirect(url_for("console.today", **kept, page=page.pages))
        return render_template(
            "console/today.html",
            page=page,
            kept=kept,
            chosen=ask.lane,
            is_mine_only=ask.is_mine_only,
            aside=aside,
            not_now=lambda case: _joined([*aside, case]),
            own_number=self._hotline.rules.own_number,
        )


def kept_in_address() -> dict[str, Any]:
    """Return the choices of this page, for addresses that keep them."""
    ask = _asked()
    chosen = {
        "lane": "" if ask.lane is None else ask.lane.value,
        "whose": "mine" if ask.is_mine_only else "",
        "aside": _joined(_aside()),
    }
    return {name: value for name, value in chosen.items() if value}


def _asked() -> TodayAsk:
    lane, number = request.args.get("lane", ""), whole_number(request.args.get("page"), most_digits=4)
    return TodayAsk(
        member_id=current_member().id,
        is_mine_only=request.args.get("whose") == "mine",
        lane=Lane(lane) if lane in set(Lane) else None,
        page=min(MOST_PAGES, max(1, number or 1)) if lane in set(Lane) else 1,
        aside=frozenset(_aside()),
    )


def _aside() -> list[str]:
    asked = [each for each in request.args.get("aside", "").split(".") if len(each) == len("482-719-300")]
    return asked[-MOST_ASIDE:]


def _joined(cases: list[str]) -> str:
    return ".".join(dict.fromkeys(cases[-MOST_ASIDE:]))
