"""One broken sample for each fault of the words."""

from dataclasses import replace

import pytest

from tests.builders import MONDAY_TEN
from tests.flow.small_flow import FILES, changed_files, line_with, project_texts
from voicebot.domain.announcement import Announcement
from voicebot.flow.check_words import NEEDED_TEXTS, check_words, long_texts, said_keys
from voicebot.flow.faults import Issue
from voicebot.flow.inspection import Inspection
from voicebot.flow.policy import read_policy
from voicebot.flow.prompts import clip_name, spoken_fragments
from voicebot.flow.reader import parse_flow
from voicebot.service.outbox.compose import Template

PROMPTS, SHARED = "small/prompts.en.yaml", "shared/prompts.en.yaml"
TEXTS, VOCABULARY, FLOW = "shared/texts.en.yaml", "small/vocabulary.en.yaml", "small/flow.yaml"


def _issues(files: dict[str, str]) -> list[Issue]:
    return list(check_words(Inspection(flow=parse_flow(files))))


def test_sound_words_have_no_faults() -> None:
    assert _issues(FILES) == []


BROKEN = {
    "missing prompt": (
        PROMPTS,
        'ask_call: "May we call you? For yes, press 1. For no, press 2."\n',
        "",
        FLOW,
        "prompts: [ask_call]",
        "no words for ask_call in en",
    ),
    "empty prompt": (SHARED, "Please go on.", " ", FLOW, "spec: 1", "no words for go_on_speaking in en"),
    "unused prompt": (
        PROMPTS,
        "ask_number:",
        'sing_song: "La."\nask_number:',
        PROMPTS,
        "sing_song",
        "sing_song is said nowhere",
    ),
    "neutral form of words without a name": (
        PROMPTS,
        "ask_number:",
        'ask_call_unnamed: "May we call?"\nask_number:',
        PROMPTS,
        "ask_call_unnamed",
        "ask_call_unnamed is said nowhere",
    ),
    "neutral form with a name": (
        PROMPTS,
        "ask_number:",
        'greet_caller_unnamed: "This is {company}."\nask_number:',
        PROMPTS,
        "greet_caller_unnamed",
        "greet_caller_unnamed is for callers to whom the company cannot be named, and names it",
    ),
    "too many words": (
        PROMPTS,
        "Please key in the number.",
        "Please " + "key " * 25 + "now.",
        PROMPTS,
        "ask_number",
        "ask_number has 27 words",
    ),
    "digits count one by one": (
        PROMPTS,
        "Please key in the number.",
        "Now {case_number} and {case_number}, and then once more, to be sure, {number}.",
        PROMPTS,
        "ask_number",
        "ask_number has 37 words",
    ),
    "forbidden words": (
        PROMPTS,
        "Please key in the number.",
        "That was invalid.",
        PROMPTS,
        "ask_number",
        "says 'invalid'",
    ),
    "a word without kindness": (
        PROMPTS,
        "Please key",
        "Unfortunately key",
        PROMPTS,
        "ask_number",
        "says 'Unfortunately'",
    ),
    "I instead of we": (PROMPTS, "We will call you", "I will call you", PROMPTS, "promise_call", "says 'I'"),
    "key before purpose": (
        PROMPTS,
        "For yes, press 1.",
        "Press 1 for yes.",
        PROMPTS,
        "ask_call",
        "key before its purpose",
    ),
    "unknown slot": (
        PROMPTS,
        "This is {company}.",
        "This is {weather}.",
        PROMPTS,
        "greet_caller",
        "has the slot weather",
    ),
    "unknown slot in a text": (
        TEXTS,
        "your case is {case}",
        "your case is {weather}",
        TEXTS,
        "sms_confirmation",
        "has the slot weather",
    ),
    "slot with a capital": (
        PROMPTS,
        "This is {company}.",
        "This is {Company}.",
        PROMPTS,
        "greet_caller",
        "has a brace without a slot",
    ),
    "brace left open in a text": (
        TEXTS,
        "your case is {case}",
        "your case is {case",
        TEXTS,
        "sms_confirmation",
        "has a brace without a slot",
    ),
    "missing text": (TEXTS, "sms_text_me:", "sms_textme:", TEXTS, "", "no text sms_text_me in en"),
    "missing words of last resort": (
        SHARED,
        "static_fallback:",
        "static_falback:",
        FLOW,
        "spec: 1",
        "no words for static_fallback in en",
    ),
    "an answer kept with an unknown slot": (
        FLOW,
        "  end_call:\n    kind: end\n",
        '  end_call:\n    kind: end\n    keep: [{slot: callback_number, value: "{number}"}]\n',
        FLOW,
        "    keep:",
        "keeps the slot number, which nothing fills",
    ),
    "a claim of words that nobody says": (
        FLOW,
        "  promise_call: [manager_told",
        "  promise_cal: [manager_told",
        FLOW,
        "  promise_cal:",
        "claims something of promise_cal, which is said nowhere",
    ),
    "a notice that nobody says": (
        FLOW,
        "prompts: [greet_caller, say_notice]",
        "prompts: [greet_caller]",
        FLOW,
        "recording_notice:",
        "say_notice is said nowhere, and its words are the evidence of consent",
    ),
    "text of two parts": (TEXTS, "your case is", "y" * 150, TEXTS, "sms_confirmation", "of 160 places of one text"),
    "one strange letter makes a text short": (
        TEXTS,
        "your case is {case}.",
        "váš prípad č. {case} sme zapísali a ozveme sa vám, ďakujeme.",
        TEXTS,
        "sms_confirmation",
        "of 70 places of one text",
    ),
    "a text that says complaint": (
        TEXTS,
        "your case is",
        "your complaint is",
        TEXTS,
        "sms_confirmation",
        "that it is a complaint",
    ),
    "unknown list": (FLOW, 'says: ["no"]', "says: [nope]", FLOW, "  ask_call:", "no list nope in the vocabulary of en"),
    "unknown list of words around": (
        FLOW,
        "on_fault: end_call",
        "around: [nowhere]\non_fault: end_call",
        FLOW,
        "around",
        "no list nowhere in the vocabulary of en",
    ),
    "unknown list of endings": (
        FLOW,
        "open: {end_silence_s: 3,",
        "open: {end_silence_s: 3, ends_with: [nowhere],",
        FLOW,
        "  ask_story:",
        "no list nowhere in the vocabulary of en",
    ),
    "a first word that is no phrase": (
        VOCABULARY,
        'first_words: ["yes"]',
        "first_words: [yeah]",
        VOCABULARY,
        "yes",
        "'yeah' is no phrase of yes",
    ),
    "phrase of two meanings": (
        VOCABULARY,
        'phrases: ["no"]',
        'phrases: ["no", "yes"]',
        FLOW,
        "  ask_call:",
        "'yes' means two things",
    ),
    "phrase with capitals": (
        VOCABULARY,
        "[person, manager]",
        "[person, Manager]",
        VOCABULARY,
        "phrases: [person",
        "'Manager' is not as",
    ),
    "phrase with digits": (
        VOCABULARY,
        "[person, manager]",
        "[person, number 5]",
        VOCABULARY,
        "phrases: [person",
        "'number 5' is not as",
    ),
    "unknown as a phrase": (
        VOCABULARY,
        "[person, manager]",
        '[person, "[unk]"]',
        VOCABULARY,
        "phrases: [person",
        "always in the grammar",
    ),
    "a locale that we cannot speak": (
        FLOW,
        "locales: [en]",
        "locales: [en, hr]",
        FLOW,
        "locales",
        "how hr speaks digits, days and hours",
    ),
    "a locale without words": (
        FLOW,
        "locales: [en]",
        "locales: [en, en-GB]",
        FLOW,
        "prompts: [ask_call]",
        "no words for ask_call in en-GB",
    ),
    "a locale without texts": (
        FLOW,
        "locales: [en]",
        "locales: [en, en-GB]",
        "small/texts.en-GB.yaml",
        "",
        "no text sms_confirmation in en-GB",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_fault_is_named_with_its_line(kind: str) -> None:
    file, old, new, told_file, at, found = BROKEN[kind]
    files = changed_files(file, old, new)
    fitting = [issue for issue in _issues(files) if found in issue.found]
    assert fitting, [str(issue) for issue in _issues(files)]
    assert fitting[0].file == told_file
    assert fitting[0].line == (line_with(files[told_file], at) if at else 1)
    assert fitting[0].cure


NAMED = 'greet_caller: "Hello. This is {company}."'
NEUTRAL = 'greet_caller_unnamed: "Hello. This is the line."'


def test_a_company_without_clips_has_no_fault_where_a_neutral_form_is_recorded() -> None:
    flow = parse_flow(changed_files(PROMPTS, NAMED, f"{NAMED}\n{NEUTRAL}"))
    clips = {clip_name(words) for words in spoken_fragments(flow, "en", company="")}
    found = check_words(Inspection(flow=flow, clips={"en": clips}, company="Seaside Lamps"))
    assert [issue.found for issue in found] == []
    clips.remove(clip_name("Hello. This is the line."))
    found = check_words(Inspection(flow=flow, clips={"en": clips}, company="Seaside Lamps"))
    assert [issue.found for issue in found] == ["no clip for 'Hello. This is the line.'"]


def test_a_company_without_clips_is_a_fault_where_there_is_no_neutral_form() -> None:
    flow = parse_flow(FILES)
    clips = {clip_name(words) for words in spoken_fragments(flow, "en", company="Harbour Goods")}
    found = check_words(Inspection(flow=flow, clips={"en": clips}, company="Seaside Lamps"))
    assert [issue.found for issue in found] == ["no clip for 'Hello. This is Seaside Lamps.'"]


def test_a_long_name_is_no_fault_of_the_texts_but_makes_them_longer() -> None:
    flow, company = parse_flow(FILES), "Harbour Goods " * 12
    found = check_words(Inspection(flow=flow, company=company))
    assert [issue.found for issue in found if "one text" in issue.found] == []
    assert long_texts(flow, "en", company=company) == ("sms_confirmation",)
    assert long_texts(flow, "en", company="Harbour Goods") == ()


def test_missing_clips_are_named_by_their_words() -> None:
    flow = parse_flow(FILES)
    needed = spoken_fragments(flow, "en", company="Sixteen Letters.")
    clips = {clip_name(words) for words in needed} - {clip_name("Please key in the number."), clip_name("noon")}
    found = list(check_words(Inspection(flow=flow, clips={"en": clips})))
    assert [issue.found for issue in found] == ["no clip for 'Please key in the number.'", "no clip for 'noon'"]
    assert found[0].line == line_with(FILES[PROMPTS], "ask_number")
    assert "voicebot flows record" in found[0].cure
    assert f"clips/en/{clip_name('Please key in the number.')}.wav" in found[0].cure


def test_the_model_is_asked_for_every_phrase_and_lead_in() -> None:
    asked: list[tuple[str, ...]] = []

    def unknown_phrases(locale: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        asked.append((locale, *phrases))
        return ("manager",)

    found = list(check_words(Inspection(flow=parse_flow(FILES), unknown_phrases=unknown_phrases)))
    assert asked == [("en", "yes", "that's fine", "no", "person", "manager", "i want a")]
    assert [issue.found for issue in found] == ["'manager' has a word that the recogniser cannot hear"]


def test_every_key_that_can_be_said_is_found() -> None:
    assert set(said_keys(parse_flow(FILES))) == {
        "greet_caller",
        "say_notice",
        "ask_story",
        "ask_call",
        "ask_number",
        "promise_call",
        "go_on_speaking",
    }


def test_every_text_that_is_ever_sent_is_needed() -> None:
    assert set(NEEDED_TEXTS) == set(Template)


NOTED = changed_files(PROMPTS, NAMED, 'greet_caller: "Hello. {notice}"')
POLICY = read_policy({name.split("/")[1]: text for name, text in project_texts("policy").items()})


def a_notice(locale: str, words: str) -> Announcement:
    return Announcement(begins_at=MONDAY_TEN, ends_at=MONDAY_TEN, words={locale: words})


CLOSED, LATE, LATE_IN_LATVIAN = (
    a_notice("en", "We are closed."),
    a_notice("en", "Vans are late."),
    a_notice("lv", "Vēlu."),
)


@pytest.mark.parametrize(
    ("files", "notices", "found"),
    [
        (NOTED, (CLOSED, LATE_IN_LATVIAN), []),
        (NOTED, (CLOSED, LATE), ["the notice of the day 'Vans are late.' has no recording, and is not said"]),
        (FILES, (LATE,), []),
    ],
)
def test_a_notice_of_the_day_that_nobody_would_hear_is_named(
    files: dict[str, str], notices: tuple[Announcement, ...], found: list[str]
) -> None:
    flow = parse_flow(files)
    clips = {clip_name(words) for words in (*spoken_fragments(flow, "en", company="Us"), "We are closed.")}
    policy = replace(POLICY, announcements=notices)
    inspection = Inspection(flow=flow, clips={"en": clips}, company="Us", policy=policy)
    assert [issue.found for issue in check_words(inspection)] == found


def test_words_for_whoever_waits_and_questions_by_kind_are_said_somewhere() -> None:
    complaint = parse_flow(project_texts("complaint", "shared"))
    assert list(check_words(Inspection(flow=complaint))) == []
    assert said_keys(complaint)["wait_person"][-1] == "still"
