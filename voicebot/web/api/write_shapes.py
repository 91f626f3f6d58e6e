"""What programs send when they change something.

Knows: shapes, choices of staff. Must not know: routes, what a step changes.
"""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from voicebot.domain.promise import CallOutcome
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling
from voicebot.service.staff.decision import LONGEST_TEXT
from voicebot.service.ticket.wrap_up import NextStep
from voicebot.web.api.operations import Shape
from voicebot.web.api.queries import Instant


def storable(text: str) -> str:
    """Return a text that both databases take. Raises: ValueError for NUL, and for halves of characters."""
    if "\x00" in text or (not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)):
        raise ValueError("holds a character that is none")
    return text


Words = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(storable)]
Name = Annotated[str, Field(max_length=64), AfterValidator(storable)]


class NewNote(Shape):
    """A note for staff."""

    text: Words = Field(description="What the next reader should know.")


class NewOwner(Shape):
    """Who a case is given to."""

    to: Name = Field(description="Their staff id.")


class NewFields(Shape):
    """What is written down of the complainant."""

    fields: dict[Name, Words] = Field(description="Values by their field, such as `name`. Empty text takes one back.")


class NewTalk(Shape):
    """A call to the complainant, with what came of it and what comes next."""

    outcome: CallOutcome
    words: Words = Field(description="What was said, or why it stands as it does.")
    next: NextStep = Field(description="What comes next. `window`, `waits`, `answered`, `closed` take more, see below.")
    is_second: bool = Field(False, description="That this is another talk than the one logged a moment ago.")
    window_opens_at: Instant | None = Field(None, description="With `window`: when the window opens.")
    waits_until: date | None = Field(None, description="With `waits`: until which day.")
    ruling: Ruling | None = Field(None, description="With `answered`: what was decided.")
    close_reason: CloseReason | None = Field(None, description="With `closed`: why.")
    not_a_complaint: NotComplaint | None = Field(None, description="With `not_a_complaint`: what it is instead.")

    def as_form(self) -> dict[str, str]:
        """Return it as the console's form has it."""
        given = {
            "outcome": self.outcome,
            "reason": self.words,
            "next": self.next,
            "second": "yes" if self.is_second else None,
            "window": None if self.window_opens_at is None else self.window_opens_at.isoformat(),
            "until": None if self.waits_until is None else self.waits_until.isoformat(),
            "ruling": self.ruling,
            "close_reason": self.close_reason,
            "kind": self.not_a_complaint,
        }
        return {name: str(value) for name, value in given.items() if value is not None}


class Done(Shape):
    """That it was done. Sent again under the same key, it was not done again."""

    case: str
    done: str = Field(description="What was done, in a sentence.")
