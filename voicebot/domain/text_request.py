"""Whether a text says nothing but that its writer wants no more texts, or wants them again.

People do not write commands. They write "Stop. Thank you" or "please stop texting me, you idiots". A text is a request
when the whole of it is one, in any language that we know, politeness, anger, reasons and our case number apart. "Please
stop the water leaking" is a complaint, because one word that does not belong to the request leaves it for a person to
read. A text may say both. A sentence in it that names texts and wants none ("Stop texting me. Call me instead") is a
request, and the rest is read by a person all the same.

How the two mistakes weigh. To miss a request breaks the law with each further text. To take one wrongly costs its
writer our texts, not the call, and stands in the history of the case. So words that ask for nothing else are taken,
however rude ("leave me alone"), while whatever may be about goods, a bill or a telephone call stays a complaint ("stop
it", "cancel my order", "wrong number").

Knows: how requests are worded. Must not know: what a request changes, who has answered it already.
Source: the carrier's own words (twilio.md 1.9), which people use as they stand. The United States ask to honour any
reasonable way of saying it (47 CFR 64.1200(a)(10), as of April 2025).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voicebot.domain.text_request_words import ASKED, COURTESY, NAMED_STOPS, STARTS, STOPS

LONGEST_REQUEST = 160
"""Characters. Who writes more has something else to say."""
LONGEST_READ = 2_000
"""Characters looked through for a sentence that is a request. A text of many parts has 1,600."""


class TextRequest(StrEnum):
    """What somebody wants of texts."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptTextRequest:
    """A request as it is kept, for as long as it may be repeated to us, which is for ever."""

    message_sid: str | None
    """The text that said it. None when the carrier told us of it in another way."""
    recipient: str
    """E.164, of the person who does not want texts, or wants them again."""
    sender: str
    """E.164. It tells whose texts."""
    is_out: bool
    at: datetime
    is_overtaken: bool = False
    """True for one that was found after a newer request of the same person, so it is known, and changes nothing."""


def read_text_request(text: str) -> TextRequest | None:
    """Return the request that is all a text says, or None for anything else.

    >>> read_text_request("Please stop texting me!")
    <TextRequest.STOP: 'stop'>
    >>> read_text_request("Please stop the water leaking") is None
    True
    """
    said = _without_courtesy(_plain(text)) if len(text) <= LONGEST_REQUEST else ""
    if any(_is_repeated(pattern, said) for pattern in STOPS):
        return TextRequest.STOP
    return TextRequest.START if any(_is_repeated(pattern, said) for pattern in STARTS) else None


def has_stop_within(text: str) -> bool:
    """Tell whether one sentence of a text names texts and wants no more of them, whatever else the text says.

    >>> has_stop_within("My kettle broke. Stop texting me and call me instead")
    True
    >>> has_stop_within("My kettle broke. Stop sending broken kettles, cancel my order")
    False
    """
    sentences = _SENTENCE_END.split(text[:LONGEST_READ])
    said = (_without_courtesy(_plain(each)) for each in sentences if 0 < len(each) <= LONGEST_REQUEST)
    return any(_TEXT_WORD.search(each) and any(_is_repeated(stop, each) for stop in NAMED_STOPS) for each in said)


def _plain(text: str) -> str:
    """Return the words in lower case with one blank between them, without punctuation, quotes, accents' variants,
    emoji.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("\u2019", "")
    words = " ".join(re.findall(r"\w+", _SHOUTED.sub(" ", folded)))
    words = words.replace(" ", "") if _SPELT.fullmatch(words) else words
    return _DRAWN_OUT.sub("stop", words)


def _without_courtesy(said: str) -> str:
    said = ASKED.sub("", said)
    while (shorter := COURTESY.sub(" ", f" {said} ").strip()) != said:
        said = ASKED.sub("", " ".join(shorter.split()))
    return said


def _is_repeated(pattern: str, said: str) -> bool:
    """Tell whether the words are the pattern and nothing else. People who are angry say it twice."""
    return re.fullmatch(rf"(?:{pattern})(?: (?:{pattern}))*", said) is not None


_SPELT = re.compile(r"[^\W\d](?: [^\W\d]){2,}")
"""One word written with dots or blanks between its letters."""
_SHOUTED = re.compile(r"!+[!1]*")
"""The key beside an exclamation mark is struck with it."""
_DRAWN_OUT = re.compile(r"\b(?:st+o{2,}p+|st+op{2,})\b")
_SENTENCE_END = re.compile(r"[.!?;:,\n\u2026\u3002]|\s[-\u2013\u2014]\s|\b(?:and|but|or|because|so)\b", re.IGNORECASE)
_TEXT_WORD = re.compile(r"te?xt|sms|messag|msg|poruk|správ|žinu|сообщ|смс|הודע|문자|메시지")
