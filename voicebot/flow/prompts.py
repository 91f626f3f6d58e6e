"""Prompt key, slots and locale to the fragments that are heard, and the texts that are sent.

A template is split at its slots, and each piece of fixed words, and each piece of a value, is one clip whose name is
made from its exact words (`clip_name`). Punctuation after a slot chooses the tone of the value's last piece. Before a
full stop it falls, and is written with one ("five.").

Slots that are constant for a deployment (`company`, `hash_key`) are part of the fixed words. So a company's name needs
clips of its own. Until they are recorded, a prompt is said in its neutral form, that is the words whose key ends in
`_unnamed`. `{pause_2s}` in a template is a silence of two seconds.

Knows: templates, slots, tone. Must not know: audio, nodes.
Source of pauses and groups: script.md 0, rule 7.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from voicebot.flow.definition import Flow
from voicebot.flow.instructions import Pause, Prompt, Words
from voicebot.flow.session import CallFacts, FlowSession, KnownCase, SpokenWindow
from voicebot.flow.spoken import SpokenLanguage, language_of

Fragment = Words | Pause

SLOW_PACE = 0.85
"""Share of the usual speed at which somebody hears us who wants us slower (script.md 0, rule 7)."""
DIGIT_PAUSE_S = 0.4
"""Silence between two digits."""
GROUP_PAUSE_S = 0.9
"""Silence between two groups of digits."""

SLOT = re.compile(r"\{([a-z0-9_]+)\}")
PAUSE_SLOT = re.compile(r"pause_(\d+)s")
_AFTER_SLOT = re.compile(r"^([,.;:?!]*)\s*")

DIGIT_SLOTS = frozenset({"case_number", "last_four", "number", "emergency_number"})
_MOST_SLOTS = 64
"""Whose values are remembered, for each language. A flow has about a dozen."""
DAY_SLOT, FROM_SLOT, TO_SLOT = "day", "from", "to"
COMPANY_SLOT = "company"
NOTICE_SLOT = "notice"
"""The notice of the day, in the words of the policy, which are one clip."""
UNNAMED = "_unnamed"
"""Ends the key of a prompt's neutral form, which does not name the company."""
OFFERS = 3
"""So many windows are offered at once. The slots of the second are `day_2`, `from_2`, `to_2`."""
NOW_SLOT = "now"
"""The time that it is where windows are spoken."""
ROLE_SLOT = "owner_role"
ROLES_KEY = "owner_roles"
"""Key of the roles that can be said, with commas between them. A role that is not among them is not named."""
INLINE_SLOTS = frozenset({COMPANY_SLOT, "hash_key"})
WINDOW_SLOTS = (DAY_SLOT, FROM_SLOT, TO_SLOT)
OFFER_SLOTS = {f"{slot}_{number}": number for number in range(1, OFFERS + 1) for slot in WINDOW_SLOTS}
"""Slots of the windows that are offered at once, each with the place of its window."""
SPOKEN_SLOTS = DIGIT_SLOTS | INLINE_SLOTS | {*WINDOW_SLOTS, *OFFER_SLOTS, NOW_SLOT, NOTICE_SLOT, ROLE_SLOT}
"""Slots that a prompt may have, beside pauses."""
WRITTEN_SLOTS = frozenset(
    {
        "company",
        "case",
        "pin",
        "date",
        "from",
        "to",
        "owner_role",
        "passed_by",
        "outside_body",
        "why",
        "limit",
        "link",
        "count",
        "offer_1",
        "offer_2",
        "offer_3",
        "list",
        "missed",
        "today",
        "decisions",
        "since",
        "who",
    }
)
"""Slots that a text message may have."""


def clip_name(words: str) -> str:
    """Return the name of the clip for exactly these words, without `.wav`.

    It is a slug of 40 characters and a digest.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40].strip("-") or "words"
    return f"{slug}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def render_prompt(flow: Flow, session: FlowSession, *, key: str, now: datetime) -> Prompt:
    """Return the prompt as this caller hears it now. A key without words gives a prompt without fragments.

    A session without the company's name hears neutral forms (`unsayable_names`).
    """
    template = _template(_words_of(flow, session.locale), key, company=session.facts.company)
    values = _spoken_values(session, now)
    inline = _inline_values(flow, session.locale, company=session.facts.company)
    fragments = tuple(_fill(template, inline=inline, values=values))
    return Prompt(key=key, locale=session.locale, fragments=fragments, pace=SLOW_PACE if session.is_slow else 1.0)


def spoken_roles(flow: Flow, locale: str) -> tuple[str, ...]:
    """Return the roles of whoever is responsible for a case that can be said in a language."""
    written = _words_of(flow, locale).get(ROLES_KEY, "")
    return tuple(role.strip() for role in written.split(",") if role.strip())


def speaks_of_no_offer(flow: Flow, session: FlowSession, key: str) -> bool:
    """Tell whether a prompt names an offered window by a place that has none now."""
    slots = SLOT.findall(_words_of(flow, session.locale).get(key, ""))
    return any(OFFER_SLOTS.get(slot, 0) > len(session.offers) for slot in slots)


def spoken_fragments(flow: Flow, locale: str, *, company: str) -> tuple[str, ...]:
    """Return the exact words of every clip that any prompt of the flow can need, sorted, each once.

    Values depend on what follows their slot, so only tones that some prompt uses are listed.
    """
    inline = _inline_values(flow, locale, company=company)
    found: set[str] = set()
    words = _words_of(flow, locale)
    for key in words.keys() - INLINE_SLOTS - {ROLES_KEY}:
        template = _template(words, key, company=company)
        found.update(_all_fragments(_inlined(template, inline), locale, spoken_roles(flow, locale)))
    return tuple(sorted(found))


def unsayable_names(flow: Flow, locale: str, *, company: str, can_say: Callable[[str, str], bool]) -> tuple[str, ...]:
    """Return the clips that name the company, cannot be played, and have a neutral form to stand in for them.

    While there are any, callers hear every such prompt without the name.
    """
    found: set[str] = set()
    words = _words_of(flow, locale)
    for key, template in words.items():
        if COMPANY_SLOT in SLOT.findall(template) and key + UNNAMED in words:
            found.update(_naming_fragments(flow, locale, template, company=company))
    return tuple(sorted(fragment for fragment in found if not can_say(locale, fragment)))


def _naming_fragments(flow: Flow, locale: str, template: str, *, company: str) -> set[str]:
    """Return the pieces of a template that would be others if the company had another name."""
    ours, others = (
        set(_all_fragments(_inlined(template, _inline_values(flow, locale, company=name)), locale, ()))
        for name in (company, "")
    )
    return ours - others


def render_text(flow: Flow, locale: str, key: str, slots: Mapping[str, str]) -> str:
    """Return a text message with its slots filled.

    `slots` are written forms, for which see `written_case` and `written_window`. A slot that is not given stays empty.
    """
    template = flow.texts.get(locale, flow.texts[flow.locales[0]])[key]
    return SLOT.sub(lambda slot: slots.get(slot.group(1), ""), template)


def written_case(case_number: str) -> str:
    """Return the case number with hyphens, because spaces would be shown in the wrong order in Hebrew."""
    return "-".join(number_groups(case_number))


def written_window(window: SpokenWindow, locale: str) -> dict[str, str]:
    """Return the slots `date`, `from` and `to` of a text message, in the window's zone.

    The end names the zone, so that no template can leave it out, because a telephone's number does not tell where its
    owner is.
    """
    opens, closes = _local(window.opens_at, window.zone), _local(window.closes_at, window.zone)
    return {
        "date": language_of(locale).written_day(opens.date()),
        "from": f"{opens:%H:%M}",
        "to": f"{closes:%H:%M} {_zone_name(closes)}",
    }


def written_date(at: datetime, *, zone: str, locale: str) -> str:
    """Return the day of an instant as a text message has it, in this zone."""
    return language_of(locale).written_day(_local(at, zone).date())


def _zone_name(at: datetime) -> str:
    """Return how a local instant's zone is called there ("EST"), or where it has no name, its distance ("UTC-03")."""
    name = f"{at:%Z}"
    return name if name[:1].isalpha() else f"UTC{name}"


def _template(words: Mapping[str, str], key: str, *, company: str) -> str:
    neutral = None if company else words.get(key + UNNAMED)
    return words.get(key, "") if neutral is None else neutral


def _words_of(flow: Flow, locale: str) -> Mapping[str, str]:
    return flow.prompts.get(locale) or flow.prompts.get(flow.locales[0], {})


def _inline_values(flow: Flow, locale: str, *, company: str) -> dict[str, str]:
    return {COMPANY_SLOT: company, "hash_key": _words_of(flow, locale).get("hash_key", "#")}


def _inlined(template: str, inline: Mapping[str, str]) -> str:
    return SLOT.sub(lambda slot: inline.get(slot.group(1), slot.group(0)), template)


def _fill(
    template: str, *, inline: Mapping[str, str], values: Mapping[str, tuple[Fragment, ...]]
) -> Iterator[Fragment]:
    for piece, falls in _pieces(_inlined(template, inline)):
        if isinstance(piece, Words | Pause):
            yield piece
        else:
            yield from _in_tone(values.get(piece, ()), falls=falls)


def _pieces(template: str) -> Iterator[tuple[Fragment | str, bool]]:
    """Yield fixed words and pauses as fragments, slots by name with whether their value falls."""
    parts = SLOT.split(template)
    for at, part in enumerate(parts):
        if at % 2:
            pause = PAUSE_SLOT.fullmatch(part)
            after = _AFTER_SLOT.match(parts[at + 1])
            falls = bool(after and set(after.group(1)) & set(".!?"))
            yield (Pause(seconds=float(pause.group(1))), False) if pause else (part, falls)
        elif words := (_AFTER_SLOT.sub("", part) if at else part).strip():
            yield Words(text=words), False


def _in_tone(fragments: tuple[Fragment, ...], *, falls: bool) -> Iterator[Fragment]:
    for at, fragment in enumerate(fragments):
        is_last = at == len(fragments) - 1
        yield _falling(fragment) if is_last and falls and isinstance(fragment, Words) else fragment


def _falling(words: Words) -> Words:
    return words if words.text.endswith(".") else Words(text=words.text + ".")


def _spoken_values(session: FlowSession, now: datetime) -> dict[str, tuple[Fragment, ...]]:
    digits = language_of(session.locale).digit_words
    typed = session.slots.get("callback_digits", "")
    values = {
        NOTICE_SLOT: _as_words(filter(None, [session.facts.notice])),
        "case_number": spoken_digits(session.facts.case_number, digits),
        "last_four": spoken_digits(_only_digits(session.facts.caller_digits)[-4:], digits),
        "number": spoken_digits(typed, digits),
        "emergency_number": spoken_digits(session.facts.emergency_number, digits),
    }
    for number, offer in enumerate(session.offers, start=1):
        spoken = _window_values(offer, session.locale, now)
        values |= {f"{slot}_{number}": spoken[slot] for slot in WINDOW_SLOTS}
    values[NOW_SLOT] = _as_words(language_of(session.locale).hour_to(_local(now, session.facts.zone).time()))
    known = session.facts.known_case or KnownCase()
    values[ROLE_SLOT] = _as_words(filter(None, (known.owner_role,)))
    window = session.window or known.window
    if window is not None:
        return values | _window_values(window, session.locale, now)
    return values if known.answer_by is None else values | _day_value(session, known.answer_by, now)


def _day_value(session: FlowSession, at: datetime, now: datetime) -> dict[str, tuple[Fragment, ...]]:
    day, today = (_local(each, session.facts.zone).date() for each in (at, now))
    return {DAY_SLOT: _as_words(language_of(session.locale).day(day, today=today))}


def _window_values(window: SpokenWindow, locale: str, now: datetime) -> dict[str, tuple[Fragment, ...]]:
    language = language_of(locale)
    opens, closes = _local(window.opens_at, window.zone), _local(window.closes_at, window.zone)
    return {
        DAY_SLOT: _as_words(language.day(opens.date(), today=_local(now, window.zone).date())),
        FROM_SLOT: _as_words(language.hour_from(opens.time())),
        TO_SLOT: _as_words(language.hour_to(closes.time())),
    }


def spoken_digits(digits: str, digit_words: Iterable[str]) -> tuple[Fragment, ...]:
    """Return digits one by one, with 0.4 s between two, 0.9 s between groups, falling at the end of each group."""
    words = tuple(digit_words)
    found: list[Fragment] = []
    for at, group in enumerate(number_groups(digits)):
        found += [Pause(seconds=GROUP_PAUSE_S)] if at else []
        for place, digit in enumerate(group):
            found += [Pause(seconds=DIGIT_PAUSE_S)] if place else []
            word = Words(text=words[int(digit)])
            found.append(_falling(word) if place == len(group) - 1 else word)
    return tuple(found)


def number_groups(digits: str) -> list[str]:
    """Return the groups in which a number is read back.

    They are split where the writer did, or in threes, with the rest on the last group (10 digits become 3, 3, 4).
    """
    written = [part for part in re.split(r"\D+", digits) if part]
    if len(written) != 1:
        return written
    whole = written[0]
    if len(whole) <= 4:
        return [whole]
    threes = [whole[at : at + 3] for at in range(0, len(whole), 3)]
    if len(threes[-1]) == 1:
        threes[-2:] = [threes[-2] + threes[-1]]
    return threes


def _only_digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")


def _as_words(pieces: Iterable[str]) -> tuple[Fragment, ...]:
    return tuple(Words(text=piece) for piece in pieces)


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _all_fragments(template: str, locale: str, roles: tuple[str, ...]) -> Iterator[str]:
    for piece, falls in _pieces(template):
        if isinstance(piece, Words):
            yield piece.text
        elif isinstance(piece, str):
            yield from _values_said(piece, locale, roles, falls=falls)


@lru_cache(maxsize=_MOST_SLOTS)
def _values_said(slot: str, locale: str, roles: tuple[str, ...], *, falls: bool) -> frozenset[str]:
    """Return the words of all values of a slot. The days of a year are as many for each prompt that names a day, and
    every start and check of the flows asks for all prompts.
    """
    values = _every_value(slot, language_of(locale), roles)
    return frozenset(part.text for value in values for part in _in_tone(value, falls=falls) if isinstance(part, Words))


def _every_value(slot: str, language: SpokenLanguage, roles: tuple[str, ...]) -> Iterator[tuple[Fragment, ...]]:
    if slot == ROLE_SLOT:
        yield from (_as_words((role,)) for role in roles)
    if slot in DIGIT_SLOTS:
        yield from ((Words(text=word), Words(text=f"{word}.")) for word in language.digit_words)
    pieces = {
        DAY_SLOT: language.day_pieces, FROM_SLOT: language.from_pieces, TO_SLOT: language.to_pieces,
        NOW_SLOT: language.to_pieces,
    }  # fmt: skip
    plain = slot.rpartition("_")[0] if slot in OFFER_SLOTS else slot
    if plain in pieces:
        yield from (_as_words(value) for value in pieces[plain]())


def sample_session(flow: Flow, locale: str, *, company: str, now: datetime) -> FlowSession:
    """Return a session with every slot filled, for counting words and showing what a prompt sounds like."""
    facts = CallFacts(
        company=company,
        case_number="482719305",
        caller_number="+12025550143",
        caller_digits="202 555 0143",
        can_text=True,
        zone="UTC",
    )
    opens_at = now + timedelta(days=3)
    window = SpokenWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=2), zone="UTC")
    return FlowSession(
        flow=flow.name,
        flow_digest=flow.digest,
        locale=locale,
        node=flow.file.start,
        facts=facts,
        slots={"callback_digits": "202 555 0143"},
        window=window,
        offers=(window,) * OFFERS,
        offered_at=now,
    )
