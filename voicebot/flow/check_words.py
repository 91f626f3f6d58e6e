"""Faults of a flow's words. It finds those missing, too long, unkind, unsayable, or without a clip.

Knows: prompts, vocabulary, texts. Must not know: the graph, policy.
Source of the limits: script.md 0; complaints.md V-03.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain

from voicebot.domain.sms import ONE_PART, body_size
from voicebot.flow.actions import KEPT_SLOTS
from voicebot.flow.check_call_words import check_call_words
from voicebot.flow.definition import Flow, PhraseList
from voicebot.flow.engine import GO_ON_SPEAKING
from voicebot.flow.faults import Issue
from voicebot.flow.grammar import UNKNOWN
from voicebot.flow.inspection import Inspection
from voicebot.flow.listens import ASK_FIELD, commands_at
from voicebot.flow.nodes import ConnectNode, EndNode, ListenNode, SayNode
from voicebot.flow.prompts import (
    COMPANY_SLOT,
    NOTICE_SLOT,
    PAUSE_SLOT,
    SLOT,
    SPOKEN_SLOTS,
    UNNAMED,
    WRITTEN_SLOTS,
    clip_name,
    render_prompt,
    render_text,
    sample_session,
    spoken_fragments,
    unsayable_names,
)

COMPANY_IN_TEXTS = "Sixteen Letters."
"""The name for which texts leave room. The author cannot know how long the company's own is (`long_texts`)."""
MOST_WORDS = 25
"""Words of a spoken prompt with its slots filled for this week and whole hours, where digits count one by one."""

WORDS_OF_LAST_RESORT = ("static_fallback", "say_goodbye")
"""Prompts said outside any node, when nothing else works (telephony/static_words.py)."""
_TEXTS = """
    confirmation confirmation_no_window text_me text_me_again case_from_text call_cut_off call_missed silent_caller
    promise_missed promise_missed_again
    answer_granted answer_partly answer_refused
    closed_agreed closed_waited closed_not_reached closed_no_decision closed_withdrawn reopened
    added added_call status_call status_open status_decision status_waiting status_answered status_closed
    move move_open move_full move_full_owed
    staff_new_case staff_supervisor_wanted staff_new_words staff_repeat_call staff_owner_changed staff_category_set
    staff_about_said staff_danger_heard
    staff_several staff_trial
    staff_notice_warning staff_notice_miss staff_notice_decision staff_passed_on
    call_soon not_reached
    window promise_moved_early decision_late decision_late_outside decision_late_last decision_late_last_outside
    staff_warning staff_missed staff_missed_no_text staff_missed_again staff_find_number staff_flood staff_loop
    staff_decision_soon staff_decision_late staff_waiting_over
    staff_worker_silent staff_worker_back staff_overdue staff_overdue_over staff_list_untold
    staff_drill staff_drill_failed staff_canary_failed staff_canary_back
    lead_update thanks staff_task staff_task_done staff_task_late
    staff_morning staff_logins staff_turned_away staff_silent_share staff_no_room staff_many staff_calendar_stale
    staff_unanswered staff_codes staff_second_factor_reset staff_webhook_off
"""
NEEDED_TEXTS = (
    "staff_subject",
    "staff_morning",
    "staff_morning_subject",
    "decision_late_why",
    "decision_late_why_again",
    *(f"sms_{name}" for name in _TEXTS.split()),
)
"""Texts that are sent (service/outbox/compose.py). One that is missing would fail when it is due."""

_FORBIDDEN = re.compile(
    r"\b(?:(?i:invalid|error|incorrect|you did not|unfortunately|please hold|your call is important|my)|I|I'm|I'll)\b"
)
_FORBIDDEN_IN_TEXTS = re.compile(r"\bcomplain(?:t|ts|ing)?\b", re.IGNORECASE)
_KEY_FIRST = re.compile(r"(?:^|[.:;!?]\s+)(?:Press|Key|Dial|Push)\s+\S+\s+(?:for|to)\b", re.IGNORECASE)
_SAYABLE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*(?: [^\W\d_]+(?:['-][^\W\d_]+)*)*")

_SAMPLE_NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
_SAMPLE_TEXT = {
    "case": "482-719-300",
    "date": "Wed 25 Nov",
    "from": "14:00",
    "to": "16:00 AEDT",
    "pin": "0000",
    "owner_role": "head of customer care",
    "offer_1": "Wed 25 Nov, 14:00-16:00 AEDT",
    "offer_2": "Wed 25 Nov, 16:00-18:00 AEDT",
    "offer_3": "Thu 26 Nov, 09:00-11:00 AEDT",
    "link": "https://hotline.example.com/console/cases/482719300",
    "count": "12",
    "list": "1 missed.",
    "missed": "12",
    "today": "120",
    "decisions": "12",
    "since": "Wed 25 Nov 2026, 14:00 AEDT",
    "who": "Managing director",
    "outside_body": "the Consumer Ombudsman, 0800 000 000",
    "passed_by": "Second supervisor",
    "why": "The workshop has it.",
    "limit": "calls in a day from one block of numbers",
}


def check_words(inspection: Inspection) -> Iterator[Issue]:
    """Yield every fault of the words, in every locale."""
    yield from _words_without_a_speaker(inspection)
    yield from _kept_slots(inspection)
    for locale in inspection.flow.locales:
        if locale.split("-")[0] not in inspection.languages:
            yield inspection.issue(
                "locales", found=f"nobody has said how {locale} speaks digits, days and hours", cure="leave it out"
            )
            continue
        yield from _missing_prompts(inspection, locale)
        yield from _unused_prompts(inspection, locale)
        yield from _neutral_forms(inspection, locale)
        yield from _prompts(inspection, locale)
        yield from _texts(inspection, locale)
        yield from check_call_words(inspection, locale)
        yield from _vocabulary(inspection, locale)
        yield from _missing_clips(inspection, locale)


def _words_without_a_speaker(inspection: Inspection) -> Iterator[Issue]:
    """What is claimed of words, or stored as evidence of them, must be heard by somebody."""
    file = inspection.flow.file
    written = {key for texts in inspection.flow.texts.values() for key in texts}
    for key in file.claims:
        if key not in said_keys(inspection.flow) and key not in written:
            found = f"claims something of {key}, which is said nowhere"
            yield inspection.issue("claims", key, found=found, cure="name the prompt or text whose words promise it")
    if not any(file.recording_notice in getattr(node, "prompts", ()) for node in file.nodes.values()):
        found = f"{file.recording_notice} is said nowhere, and its words are the evidence of consent"
        yield inspection.issue("recording_notice", found=found, cure="name the prompt that the caller hears")


def _kept_slots(inspection: Inspection) -> Iterator[Issue]:
    for name, node in inspection.flow.nodes.items():
        for keep in getattr(node, "keep", ()):
            for slot in set(SLOT.findall(keep.value)) - KEPT_SLOTS:
                yield inspection.issue(
                    *("nodes", name, "keep"),
                    found=f"{name} keeps the slot {slot}, which nothing fills",
                    cure=f"use one of {', '.join(sorted(KEPT_SLOTS))}",
                )


def said_keys(flow: Flow) -> dict[str, tuple[str | int, ...]]:
    """Return every prompt key that the flow says, with the place where it stands first."""
    found: dict[str, tuple[str | int, ...]] = {flow.file.recording_notice: ("recording_notice",), GO_ON_SPEAKING: ()}
    for name, node in flow.nodes.items():
        if isinstance(node, SayNode | ListenNode | ConnectNode | EndNode):
            _note(found, node.prompts, "nodes", name, "prompts")
        if isinstance(node, SayNode | ListenNode | EndNode):
            _note(found, filter(None, [node.confirm_promise]), "nodes", name, "confirm_promise")
        if isinstance(node, ConnectNode):
            _note(found, node.still, "nodes", name, "still")
        if isinstance(node, ListenNode):
            for part in ("no_input", "no_match"):
                _note(found, getattr(getattr(node, part), "prompts", ()), "nodes", name, part)
            for part in ("pause_prompt", "warn_prompt"):
                _note(found, filter(None, [getattr(node.open, part, None)]), "nodes", name, "open", part)
    return found


def _note(found: dict[str, tuple[str | int, ...]], keys: Iterable[str], *place: str) -> None:
    for key in keys:
        found.setdefault(key, place)


def _missing_prompts(inspection: Inspection, locale: str) -> Iterator[Issue]:
    words = inspection.flow.prompts.get(locale, {})
    always: dict[str, tuple[str | int, ...]] = dict.fromkeys(WORDS_OF_LAST_RESORT, ())
    for key, place in (always | said_keys(inspection.flow)).items():
        if not words.get(key, "").strip():
            yield inspection.issue(
                *place, found=f"no words for {key} in {locale}", cure=f"add {key} to prompts.{locale}.yaml"
            )


def _unused_prompts(inspection: Inspection, locale: str) -> Iterator[Issue]:
    """Only in the flow's own file, since shared words may belong to another flow, or to failures outside one."""
    said = {*said_keys(inspection.flow), *WORDS_OF_LAST_RESORT}
    words = inspection.flow.prompts.get(locale, {})
    said |= {key + UNNAMED for key in said if _names_company(words.get(key, ""))}
    for key in words:
        file = inspection.file_of("prompts", locale, key)
        is_question = key.startswith(ASK_FIELD) and asks_fields(inspection.flow)
        if key not in said and not is_question and not file.startswith("shared/"):
            yield inspection.issue_in(
                file, key, found=f"{key} is said nowhere", cure="take it out, or name it in a node"
            )


def asks_fields(flow: Flow) -> bool:
    """Tell whether a flow asks what the policy wants to know of each kind of complaint."""
    return any(isinstance(node, ListenNode) and node.asks_field for node in flow.nodes.values())


def _names_company(template: str) -> bool:
    return COMPANY_SLOT in SLOT.findall(template)


def _neutral_forms(inspection: Inspection, locale: str) -> Iterator[Issue]:
    for key, template in inspection.flow.prompts.get(locale, {}).items():
        if key.endswith(UNNAMED) and _names_company(template):
            yield inspection.issue_in(
                inspection.file_of("prompts", locale, key), key,
                found=f"{key} is for callers to whom the company cannot be named, and names it",
                cure="say it without {company}",
            )  # fmt: skip


def _prompts(inspection: Inspection, locale: str) -> Iterator[Issue]:
    flow = inspection.flow
    session = sample_session(flow, locale, company=inspection.company, now=_SAMPLE_NOW)
    for key, template in flow.prompts.get(locale, {}).items():
        words = render_prompt(flow, session, key=key, now=_SAMPLE_NOW).text
        for found, cure in _faults_of_prompt(template, words):
            yield inspection.issue_in(
                inspection.file_of("prompts", locale, key), key, found=f"{key} {found}", cure=cure
            )


def _faults_of_prompt(template: str, words: str) -> Iterator[tuple[str, str]]:
    for slot in SLOT.findall(template):
        if slot not in SPOKEN_SLOTS and not PAUSE_SLOT.fullmatch(slot):
            yield f"has the slot {slot}, which nothing fills", f"use one of {', '.join(sorted(SPOKEN_SLOTS))}"
    yield from _stray_braces(template)
    if (count := len(words.split())) > MOST_WORDS:
        yield f"has {count} words", f"say it in {MOST_WORDS}"
    if (unkind := _FORBIDDEN.search(template)) is not None:
        yield f"says {unkind.group(0)!r}", "say what we do, as we, without blame"
    if (key_first := _KEY_FIRST.search(template)) is not None:
        yield f"names the key before its purpose ({key_first.group(0).strip()!r})", 'say "For …, press …"'


def _stray_braces(template: str) -> Iterator[tuple[str, str]]:
    if re.search(r"[{}]", SLOT.sub("", template)):
        yield "has a brace without a slot", "write slots closed and in lower case, like {company}"


def _texts(inspection: Inspection, locale: str) -> Iterator[Issue]:
    texts = inspection.flow.texts
    for key in dict.fromkeys((*NEEDED_TEXTS, *texts.get(inspection.flow.locales[0], {}))):
        if key not in texts.get(locale, {}):
            file = inspection.file_of("texts", locale, key)
            yield inspection.issue_in(file, found=f"no text {key} in {locale}", cure=f"add {key}")
    for key, template in texts.get(locale, {}).items():
        written = _written(inspection.flow, locale, key, company=COMPANY_IN_TEXTS)
        for found, cure in _faults_of_text(key, template=template, written=written):
            yield inspection.issue_in(inspection.file_of("texts", locale, key), key, found=f"{key} {found}", cure=cure)


def long_texts(flow: Flow, locale: str, *, company: str) -> tuple[str, ...]:
    """Return the keys of texts to complainants that take more than one part with this company's name in them."""
    named = [key for key, template in flow.texts.get(locale, {}).items() if _names_company(template)]
    return tuple(key for key in named if body_size(_written(flow, locale, key, company=company)).parts > 1)


def _written(flow: Flow, locale: str, key: str, *, company: str) -> str:
    return render_text(flow, locale, key, {**_SAMPLE_TEXT, "company": company})


def _faults_of_text(key: str, *, template: str, written: str) -> Iterator[tuple[str, str]]:
    for slot in SLOT.findall(template):
        if slot not in WRITTEN_SLOTS:
            yield f"has the slot {slot}, which nothing fills", f"use one of {', '.join(sorted(WRITTEN_SLOTS))}"
    yield from _stray_braces(template)
    size = body_size(written)
    if size.parts > 1:
        yield f"takes {size.units} of {ONE_PART[size.alphabet]} places of one text", "shorten it"
    if not key.startswith("sms_staff") and _FORBIDDEN_IN_TEXTS.search(template):
        yield "tells whoever reads this phone that it is a complaint", 'write "case"'


def _vocabulary(inspection: Inspection, locale: str) -> Iterator[Issue]:
    lists, file = inspection.flow.vocabulary.get(locale, {}), inspection.flow.file
    for part, names in (("around", file.around), ("unsure", file.unsure)):
        for unknown in sorted(set(names) - set(lists)):
            yield inspection.issue(part, found=f"no list {unknown} in the vocabulary of {locale}",
                                   cure=f"add {unknown} to vocabulary.{locale}.yaml")  # fmt: skip
    for name, node in inspection.listening():
        named = _lists_at(inspection.flow, node)
        endings = () if node.open is None else (*node.open.ends_with, *node.open.pause_ends_with)
        groups = () if node.correction is None else chain.from_iterable(node.correction.groups.values())
        for unknown in sorted({*named, *endings, *groups} - set(lists)):
            yield inspection.issue(
                *("nodes", name),
                found=f"no list {unknown} in the vocabulary of {locale}",
                cure=f"add {unknown} to vocabulary.{locale}.yaml",
            )
        times = Counter(phrase for one in named if one in lists for phrase in lists[one].phrases)
        for phrase in sorted(phrase for phrase, count in times.items() if count > 1):
            yield inspection.issue(
                "nodes", name, found=f"{phrase!r} means two things at {name} in {locale}", cure="take it from one list"
            )
    yield from _phrases(inspection, locale)


def _lists_at(flow: Flow, node: ListenNode) -> list[str]:
    """Return the vocabulary lists that are listened for at a node, as often as they are named."""
    answers = [name for answer in node.answers.values() for name in answer.says]
    return answers + [name for command in commands_at(flow, node).values() for name in command.says]


def _phrases(inspection: Inspection, locale: str) -> Iterator[Issue]:
    lists = inspection.flow.vocabulary.get(locale, {})
    strange = _strange_phrases(inspection, locale)
    for name, entry in lists.items():
        file = inspection.file_of("vocabulary", locale, name)
        for word in sorted({*entry.first_words} - {*entry.phrases}):
            yield inspection.issue_in(
                file, name, "first_words", found=f"{word!r} is no phrase of {name}", cure="add it to the phrases, too"
            )
        for part in ("phrases", "lead_ins", "tails", "not_after"):
            for at, phrase in enumerate(getattr(entry, part)):
                for found, cure in _faults_of_phrase(phrase, is_strange=phrase in strange):
                    yield inspection.issue_in(file, name, part, at, found=f"{phrase!r} {found}", cure=cure)


def _strange_phrases(inspection: Inspection, locale: str) -> frozenset[str]:
    """Return what the recogniser's model cannot hear, when there is a model to ask."""
    if inspection.unknown_phrases is None:
        return frozenset()
    lists = inspection.flow.vocabulary.get(locale, {}).values()
    phrases = tuple(phrase for entry in lists for phrase in _written_in(entry))
    return frozenset(inspection.unknown_phrases(locale, phrases))


def _written_in(entry: PhraseList) -> tuple[str, ...]:
    return (*entry.phrases, *entry.lead_ins, *entry.tails, *entry.not_after)


def _faults_of_phrase(phrase: str, *, is_strange: bool) -> Iterator[tuple[str, str]]:
    if phrase == UNKNOWN:
        yield "is always in the grammar", "leave it out"
    elif phrase != phrase.lower() or not _SAYABLE.fullmatch(phrase):
        yield "is not as the recogniser writes words", "write lower case words, digits as words, no punctuation"
    elif is_strange:
        yield "has a word that the recogniser cannot hear", "say it with other words"


def _missing_clips(inspection: Inspection, locale: str) -> Iterator[Issue]:
    clips = (inspection.clips or {}).get(locale)
    if clips is None:
        return
    yield from _unrecorded_notices(inspection, locale, clips)
    flow, company = inspection.flow, inspection.company
    excused = unsayable_names(flow, locale, company=company, can_say=lambda _, words: clip_name(words) in clips)
    for words in spoken_fragments(flow, locale, company=company):
        name = clip_name(words)
        if name not in clips and words not in excused:
            key = _key_of(flow.prompts.get(locale, {}), words)
            yield inspection.issue_in(
                inspection.file_of("prompts", locale, key), key,
                found=f"no clip for {words!r}",
                cure=f"run `voicebot flows record`, or record clips/{locale}/{name}.wav yourself",
            )  # fmt: skip


def _unrecorded_notices(inspection: Inspection, locale: str, clips: Collection[str]) -> Iterator[Issue]:
    """Yield the notices of the day that nobody will hear, where the flow says any."""
    templates = inspection.flow.prompts.get(locale, {}).values()
    if inspection.policy is None or not any(NOTICE_SLOT in SLOT.findall(template) for template in templates):
        return
    for notice in inspection.policy.announcements:
        words = notice.words.get(locale, "")
        if words and clip_name(words) not in clips:
            found = f"the notice of the day {words!r} has no recording, and is not said"
            yield inspection.issue(found=found, cure="run `voicebot flows record`")


def _key_of(prompts: Mapping[str, str], words: str) -> str:
    """Return the key of the prompt that has these words, or nothing for the words of a value."""
    return next((key for key, template in prompts.items() if words.rstrip(".") in template), "")
