"""What the page tells its server, each as JSON text, while sound travels as bytes (16-bit PCM, 8 kHz, little-endian).

What the server tells the page has a `type` too, and stands where it is told (`talk`, `watch`, `desk`).
Knows: shapes. Must not know: sockets, calls.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from voicebot.simulator import LineQuality, Noise

WITHHELD = "+266696687"
"""What the carrier shows when somebody withholds their number. On a keypad it spells ANONYMOUS."""


class Shape(BaseModel):
    """What all messages share, and nothing unknown is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quality(Shape):
    """How bad the line is to be."""

    loss_percent: float = Field(0.0, ge=0, le=100)
    jitter_ms: float = Field(0.0, ge=0, le=1000)
    noise: Noise = Noise.NONE
    noise_below_db: float = Field(20.0, ge=-10, le=60)

    def of_caller(self) -> LineQuality:
        """Return the way from the caller to the hotline."""
        return LineQuality(**self.model_dump())

    def of_hotline(self) -> LineQuality:
        """Return the way back, on which nobody makes a noise."""
        return LineQuality(loss_percent=self.loss_percent, jitter_ms=self.jitter_ms)


class Dial(Shape):
    """Ring the hotline, and show this number. An empty one is withheld."""

    type: Literal["dial"]
    number: str = Field(pattern=r"^(\+[1-9][0-9]{6,14})?$")
    quality: Quality = Quality()


class Press(Shape):
    """Press keys."""

    type: Literal["press"]
    keys: str = Field(pattern=r"^[0-9*#]{1,32}$")


class SayClip(Shape):
    """Say a recorded clip."""

    type: Literal["clip"]
    name: str


class ChangeLine(Shape):
    """Make the line of the call better or worse."""

    type: Literal["line"]
    quality: Quality


class HangUp(Shape):
    """Put the phone down."""

    type: Literal["hang_up"]


Message = Annotated[Dial | Press | SayClip | ChangeLine | HangUp, Field(discriminator="type")]
_MESSAGES: TypeAdapter[Message] = TypeAdapter(Message)


class Unreadable(ValueError):
    """The page said what no page of ours says, or a person typed what no number is."""


def read_message(text: str) -> Message:
    """Return what the page said. Raises: Unreadable with a sentence for the page, which repeats nothing typed."""
    try:
        return _MESSAGES.validate_json(text)
    except ValidationError as error:
        places = {str(part) for each in error.errors() for part in each["loc"]}
        if "number" in places:
            raise Unreadable(
                "That is no number: write it like +12025550143, or leave it empty to withhold it."
            ) from None
        raise Unreadable("The page and its server do not fit together: load the page again.") from None
