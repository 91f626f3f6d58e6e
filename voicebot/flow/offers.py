"""Which of the windows that were offered at once a caller means, by place, day or time of day.

Slot `window` has the name of the answer. Names are the same in every language, and the vocabulary says what callers say
for each: `first`, `second`, `third`, `any`, `today`, `tomorrow`, a weekday, a time of day, or a day and a time of day
(`tomorrow_morning`). Of several that fit the first one is meant.

Knows: windows as instants, their zone. Must not know: words, which windows have room.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from voicebot.flow.session import FlowSession, SpokenWindow

PLACES = ("first", "second", "third")
ANY = "any"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {"today": timedelta(0), "tomorrow": timedelta(days=1)}
_HOURS = {"morning": range(12), "afternoon": range(12, 18), "evening": range(18, 24)}
"""Hours of the clock at which a window opens that lies in that time of day."""


def offer_meant(session: FlowSession) -> SpokenWindow | None:
    """Return the offered window that slot `window` names, or None when it names none of them."""
    name = session.slots.get("window", "")
    if name in PLACES:
        return next(iter(session.offers[PLACES.index(name) :]), None)
    if not name or session.offered_at is None:
        return None
    return next((offer for offer in session.offers if _fits(offer, name, offered_at=session.offered_at)), None)


def _fits(offer: SpokenWindow, name: str, *, offered_at: datetime) -> bool:
    """Tell whether each part of the name says something true of the window."""
    zone = ZoneInfo(offer.zone)
    opens, today = offer.opens_at.astimezone(zone), offered_at.astimezone(zone).date()
    return name == ANY or all(_is_true(part, opens=opens, today=today) for part in name.split("_"))


def _is_true(part: str, *, opens: datetime, today: date) -> bool:
    if part in _DAYS:
        return opens.date() == today + _DAYS[part]
    return opens.hour in _HOURS[part] if part in _HOURS else part == _WEEKDAYS[opens.weekday()]
