"""Whether a text says nothing but that its writer wants no more texts, or wants them again.

People do not write commands: they write "Stop. Thank you" or "please stop texting me". A wish is taken when the whole
text is one, politeness, punctuation and quotes apart, in any language that we know. "Please stop the water leaking" is
a complaint: one word that does not belong to the wish makes it words for a person to read.

Knows: how wishes are worded. Must not know: what a wish changes, who has answered it already.
Source: the carrier's own words (twilio.md 1.9), which people use as they stand; the United States ask to honour any
reasonable way of saying it (47 CFR 64.1200(a)(10), as of April 2025).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_WISH = 160
"""Characters; who writes more has something else to say."""


class TextWish(StrEnum):
    """What somebody wants of texts."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True, kw_only=True, slots=True)
class WishKept:
    """A wish as it is kept, for as long as it may be repeated to us: for ever."""

    message_sid: str | None
    """The text that said it; None when the carrier told us of it in another way."""
    recipient: str
    """E.164: who does not want texts, or wants them again."""
    sender: str
    """E.164: whose texts."""
    is_out: bool
    at: datetime
    is_overtaken: bool = False
    """True for one that was found after a newer wish of the same person: it is known, and changes nothing."""


def read_wish(text: str) -> TextWish | None:
    """Return the wish that is all a text says; None for anything else.

    >>> read_wish("Please stop texting me!")
    <TextWish.STOP: 'stop'>
    >>> read_wish("Please stop the water leaking") is None
    True
    """
    said = _without_courtesy(_plain(text)) if len(text) <= LONGEST_WISH else ""
    if any(_is_repeated(pattern, said) for pattern in _STOPS):
        return TextWish.STOP
    return TextWish.START if any(_is_repeated(pattern, said) for pattern in _STARTS) else None


def _plain(text: str) -> str:
    """Return the words in lower case with one blank between them: no punctuation, quotes, accents' variants, emoji."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("\u2019", "")
    words = " ".join(re.findall(r"\w+", folded))
    return words.replace(" ", "") if _SPELT.fullmatch(words) else words


def _without_courtesy(said: str) -> str:
    while (shorter := _COURTESY.sub(" ", f" {said} ").strip()) != said:
        said = " ".join(shorter.split())
    return said


def _is_repeated(pattern: str, said: str) -> bool:
    """Tell whether the words are the pattern and nothing else; people who are angry say it twice."""
    return re.fullmatch(rf"(?:{pattern})(?: (?:{pattern}))*", said) is not None


_SPELT = re.compile(r"[^\W\d](?: [^\W\d]){2,}")
"""One word written with dots or blanks between its letters."""

_COURTESY = re.compile(
    r" (?:please|pls|plz|kindly|thank you(?: very much| so much)?|thanks(?: a lot)?|thx|cheers|sorry|hi|hello|hey|"
    r"ok|okay|now|right now|at once|immediately|today|just|i said|(?:can|could|will|would) you|"
    r"molim(?: vas| te)?|hvala(?: vam| lijepa)?|prosím|ďakujem|prašau|ačiū|"
    r"пожалуйста|спасибо|בבקשה|תודה(?: רבה)?|제발|감사합니다|고맙습니다) "
)

_TEXTS = r"(?:texts?|messages?|sms|text messages?|txts?|msgs?)"
_ME = r"(?: (?:to )?(?:me|us|this number|my (?:number|phone)))?"
_WRITING = r"(?:texting|messaging|sending|writing(?: to)?|spamming|contacting)"
_WHOSE = r"(?:any|all|these|those|the|your|such|more|of)"
_NOT = r"(?:do not|dont|never)"
_AGAIN = (
    r"(?: (?:again|any ?more|ever(?: again)?|from you|from now on|to me|to this (?:number|phone)|"
    r"by (?:text|sms|message)))*"
)

_STOPS = (
    # English: the carrier's words, with what belongs to them.
    r"(?:stop|stopall|stop all|cancel|cancel all|end|end all|quit|revoke|optout|opt out|opt me out)",
    r"unsubscribe(?: me| all)?(?: from (?:\w+ )?(?:list|service|number|texts|messages|msgs|sms))?",
    r"unsubscribe(?: me)? from (?:this|these|all)",
    rf"(?:stop|quit|cease|end|cancel)(?: {_WRITING})?(?: me)?(?: {_WHOSE})*(?: {_TEXTS}){_AGAIN}",
    rf"(?:stop|quit|cease) {_WRITING}{_ME}{_AGAIN}",
    rf"{_NOT} (?:text|message|sms|write|contact){_ME}{_AGAIN}",
    rf"{_NOT} (?:send|write)(?: me)?(?: {_WHOSE})* {_TEXTS}{_AGAIN}",
    rf"(?:no|no more|no further|no other) {_TEXTS}{_AGAIN}",
    rf"i (?:do not|dont|no longer) want(?: to (?:get|receive|have))?(?: {_WHOSE})* {_TEXTS}{_AGAIN}",
    r"(?:i (?:want|wish|would like)|id like) to (?:opt out|unsubscribe)",
    rf"(?:i (?:want|wish|would like)|id like) (?:(?:you )?to stop|no)(?: {_WRITING})?(?: {_WHOSE})* {_TEXTS}",
    r"(?:remove|take|delete) (?:me|my number|this number) (?:from|off) (?:your|the|this) (?:\w+ )?list",
    # Croatian
    r"(?:odjava|odjavi(?:te)?(?: me)?|prekini(?:te)?|zaustavi(?:te)?|dosta)(?: poruka| poruke| sms)?",
    r"(?:ne šalji(?:te)?|ne pišite|ne piši|prestani(?:te)? (?:slati|pisati))"
    r"(?: mi)?(?: više)?(?: mi)?(?: poruke| sms)?(?: više)?",
    r"(?:ne želim|neću)(?: više)?(?: primati)?(?: vaše)? (?:poruke|sms)(?: više)?",
    # Slovak
    r"(?:odhlásiť|odhláste ma|zrušiť|koniec|dosť)(?: správy| sms)?",
    r"(?:neposielajte|neposielaj|nepíšte|nepíš|prestaňte (?:posielať|písať))"
    r"(?: mi)?(?: už| viac)?(?: mi)?(?: správy| sms)?",
    r"nechcem(?: už)?(?: dostávať)?(?: vaše)? (?:správy|sms)",
    # Lithuanian
    r"(?:atsisakau|atsisakyti|stabdyti|sustabdykite|užteks)(?: žinučių| žinutes| sms)?",
    r"(?:nebesiųskite|nesiųskite|neberašykite|nerašykite)(?: man)?(?: daugiau)?(?: man)?(?: žinučių| sms)?",
    r"nebenoriu(?: gauti)? (?:žinučių|sms)",
    # Russian
    r"(?:стоп|отписаться|отпишите меня|отписка|отмена|хватит)(?: сообщений| смс)?",
    r"(?:не пишите|не пиши|не присылайте|не шлите|прекратите (?:писать|присылать)|хватит (?:писать|слать))"
    r"(?: мне)?(?: больше)?(?: мне)?(?: сообщения| смс)?",
    r"не хочу(?: больше)?(?: получать)?(?: ваши)? (?:сообщения|смс)",
    # Hebrew
    r"(?:הסר|הסירו|הסירו אותי|להסיר|הסרה|עצור|הפסק|הפסיקו|די)(?: הודעות)?",
    r"(?:אל תשלחו|תפסיקו לשלוח|הפסיקו לשלוח)(?: לי)?(?: יותר)?(?: הודעות)?(?: יותר)?",
    # Korean
    r"(?:수신 ?거부|수신 ?차단|중지|그만|해지)(?:해 ?주세요| ?요청)?",
    r"(?:문자|메시지)(?:를)?(?: 그만)? ?(?:보내지 ?마세요|보내지 ?말아 ?주세요|그만)",
)

_STARTS = (
    rf"(?:start|unstop|resume)(?: {_WRITING})?(?: me)?(?: {_TEXTS})?(?: again)?",
    r"(?:opt in|optin|opt me in|(?:re)?subscribe)(?: me)?(?: again)?",
    r"(?:you may |you can |do )?(?:text|message) me(?: again| now)*",
    rf"(?:send|i want) (?:me )?(?:your |the )?{_TEXTS} again",
    r"(?:ponovno|nastavi(?:te)?)(?: (?:slati|poruke))?|opäť posielajte(?: správy)?|vėl siųskite(?: žinutes)?",
    r"старт|возобновить|пишите снова|התחל|חדש|수신 ?동의|시작",
)
