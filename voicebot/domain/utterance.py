"""What was heard. It is words with times and confidences, between two endpoints.

Knows: the recogniser's facts only. Produced by `speech/`, used by `flow/`, kept on tickets.
Must not know: Vosk, audio bytes, the flow.
"""

from pydantic import BaseModel, ConfigDict, TypeAdapter

NOBODY = "-"
"""Stands in the place of who heard a stored voice a second time (`Answer.second_by`) where nobody will."""


class Word(BaseModel):
    """One word, with its place in the *stored audio of its utterance*."""

    model_config = ConfigDict(frozen=True)

    text: str
    start_s: float
    """Seconds from the first sample of the utterance's stored audio."""
    end_s: float
    confidence: float
    """0 to 1, the recogniser's own posterior."""


WORDS: TypeAdapter[tuple[Word, ...]] = TypeAdapter(tuple[Word, ...])
"""Reads and writes `Answer.words_json`."""


class Alternative(BaseModel):
    """One of several things that may have been said in the same audio."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    words: tuple[Word, ...] = ()
    cost: float = 0.0
    """How much less likely it is than the likeliest one. 0 for that one, else the natural logarithm of the odds."""


class Hypothesis(BaseModel):
    """What the recogniser settled on, so it no longer moves (Vosk's Result, not PartialResult)."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    words: tuple[Word, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    """What may have been said, this one among them, the likeliest first. Empty where nobody asked for others."""


class HeardNumber(BaseModel):
    """A number that may have been said."""

    model_config = ConfigDict(frozen=True)

    digits: str
    cost: float = 0.0
    """As that of an `Alternative`."""


class Utterance(BaseModel):
    """One answer of the caller. It is the joined segments heard while one `Listen` stood.

    Words and audio may each be missing, as when recorded but not yet transcribed (`<Record>`), or heard but not stored
    (recording refused).
    """

    model_config = ConfigDict(frozen=True)

    words: tuple[Word, ...] = ()
    text: str = ""
    sounds: str = ""
    """The same with `[unk]` where something was said that the question does not know. Empty when nothing was."""
    second_text: str = ""
    """What a second recogniser, which knows other words, heard in the same audio. Empty when none was asked."""
    numbers: tuple[HeardNumber, ...] = ()
    """Where a number was asked for, those that may have been said, the likeliest first."""
    duration_s: float = 0.0
    """Length of the stored audio in seconds. Word times lie within it."""
    spool_name: str | None = None
    """Name of the local spool file with its mu-law 8 kHz audio, when some was kept (service/listening/)."""
    recording_sid: str | None = None
    """The carrier's recording that holds it, when it was heard by `<Record>` and is still to be fetched."""
