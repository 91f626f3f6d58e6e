"""How a firm calls back from the product. It says when phones ring by themselves, how often, for how long, in which
hours.

Knows: amounts and their defaults. Must not know: files, who rings.
Source: script.md 7 (no answer, quiet hours) and goalert#1084 (a number that rings often is blocked by its carrier).
"""

from dataclasses import dataclass
from datetime import timedelta

from voicebot.domain.business_calendar import DaySpan
from voicebot.domain.ring_hours import RingHours

_WEEKDAY = (DaySpan(opens_minute=9 * 60, closes_minute=20 * 60),)
_SATURDAY = (DaySpan(opens_minute=10 * 60, closes_minute=18 * 60),)

USUAL_HOURS = RingHours(week=(*(_WEEKDAY,) * 5, _SATURDAY, ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class CallbackRules:
    """What the policy says of calling back."""

    at_opening: bool = False
    """The handler's phone rings by itself when a promised window opens."""
    tries_per_window: int = 2
    between_tries: timedelta = timedelta(minutes=10)
    text_before: timedelta = timedelta(minutes=3)
    """How long before the complainant's phone may ring a text tells them. Zero means that none is sent."""
    windows: int = 3
    """Windows in which nobody answered, after which no further one is promised by itself."""
    windows_over_days: int = 5
    """Working days over which these windows are spread, the first one's day counted."""
    human_talk: timedelta = timedelta(seconds=20)
    """A talk that machine detection takes for one with a human counts from this length on."""
    ring_for: timedelta = timedelta(seconds=25)
    """How long either phone rings."""
    longest_talk: timedelta = timedelta(hours=1)
    ring_hours: RingHours = USUAL_HOURS
    offer_for: timedelta | None = None
    """How long the owner's phone rings when somebody who waits for our call rings in.

    None means that nobody is offered that.
    """
    person_for: timedelta | None = None
    """How long in all telephones of those on duty ring for who asks for a person. None: nobody is put through."""
    person_rings_a_day: int = 5
    """How often in 24 hours one telephone of staff rings for who asks for a person from one number."""
    ladder_rings_after: timedelta | None = None
    """How long after the text of a ladder's step the telephone rings. None means that the ladder rings nobody."""
    ladder_calls_an_hour: int = 2
    """Most calls of the ladder to one phone in an hour."""
    whisper_demand: bool = True
    """Whether who picks up at a member's telephone hears, before they press a key, what the complainant wants."""
    survey_after: timedelta | None = None
    """How long after a promised call was kept the complainant is rung and asked whether the matter is settled.

    None means that nobody is asked.
    """
    record_talks: bool = False
    """Whether these talks are recorded, each after its own notice and unless the complainant refuses."""
