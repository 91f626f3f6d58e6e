"""Templates, slots, tones and pauses; names of clips; texts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import call_facts
from tests.flow.small_flow import changed_files, project_texts, small_flow
from voicebot.flow.definition import Flow
from voicebot.flow.instructions import Pause, Words
from voicebot.flow.prompts import (
    SLOT,
    WINDOW_SLOTS,
    clip_name,
    render_prompt,
    render_text,
    sample_session,
    speaks_of_no_offer,
    spoken_digits,
    spoken_fragments,
    unsayable_names,
    written_case,
    written_date,
    written_window,
)
from voicebot.flow.reader import parse_flow
from voicebot.flow.session import FlowSession, KnownCase, SpokenWindow

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
UNSPOKEN = {"hash_key", "owner_roles"}
"""Keys of words that are said within others."""
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _saying(words: str) -> Flow:
    return parse_flow(changed_files("small/prompts.en.yaml", "Please key in the number.", words))


def _heard(words: str, **changes: object) -> list[object]:
    flow = _saying(words)
    session = sample_session(flow, "en", company="Harbour Goods", now=NOW).model_copy(update=changes)
    fragments = render_prompt(flow, session, key="ask_number", now=NOW).fragments
    return [part.text if isinstance(part, Words) else part.seconds for part in fragments]


def test_words_without_slots_are_one_clip() -> None:
    assert _heard("Please key in the number.") == ["Please key in the number."]


def test_company_and_key_names_are_part_of_the_words() -> None:
    assert _heard("This is {company}. Press {hash_key}.") == ["This is Harbour Goods. Press pound."]


def test_a_value_splits_the_words_and_its_tone_follows_what_stands_behind_it() -> None:
    assert _heard("We will call {day}, between {from} and {to}. For yes, press 1.") == [
        "We will call",
        "on Thursday",
        "between",
        "eight",
        "and",
        "ten in the morning.",
        "For yes, press 1.",
    ]


def test_case_number_is_said_in_threes_each_falling() -> None:
    assert _heard("Your case number is {case_number}.") == [
        *("Your case number is", "four", 0.4, "eight", 0.4, "two.", 0.9),
        *("seven", 0.4, "one", 0.4, "nine.", 0.9, "three", 0.4, "zero", 0.4, "five."),
    ]


def test_a_pause_in_a_prompt_is_spoken_as_silence() -> None:
    assert _heard("A pen, please. {pause_2s}Now: {last_four}") == [
        *("A pen, please.", 2.0, "Now:", "zero", 0.4, "one", 0.4, "four", 0.4, "three."),
    ]


def test_a_date_far_ahead_is_three_clips_of_which_the_last_falls() -> None:
    window = SpokenWindow(opens_at=NOW + timedelta(days=8), closes_at=NOW + timedelta(days=8, hours=2), zone="UTC")
    assert _heard("We call {day}.", window=window) == ["We call", "on Tuesday", "December", "first."]


def test_days_and_hours_are_those_of_the_window_zone() -> None:
    late = datetime(2026, 11, 24, 3, tzinfo=UTC)
    window = SpokenWindow(opens_at=late, closes_at=late + timedelta(hours=1), zone="America/New_York")
    assert _heard("{day}, {from} to {to}", window=window) == ["today", "ten", "to", "eleven at night"]


def test_a_slot_that_nothing_fills_is_silent() -> None:
    assert _heard("We call {day}.", window=None) == ["We call"]


def test_a_key_without_words_gives_a_prompt_without_fragments() -> None:
    flow = small_flow()
    session = sample_session(flow, "en", company="x", now=NOW)
    assert render_prompt(flow, session, key="nowhere", now=NOW).fragments == ()


@pytest.mark.parametrize(
    ("digits", "groups"),
    [
        ("482719305", "482. 719. 305."),
        ("2025550143", "202. 555. 0143."),
        ("202 555 0143", "202. 555. 0143."),
        ("0143", "0143."),
        ("12345", "123. 45."),
        ("(020) 7946-0991", "020. 7946. 0991."),
        ("", ""),
    ],
)
def test_digits_are_read_in_groups_that_end_with_a_falling_one(digits: str, groups: str) -> None:
    said = ""
    for part in spoken_digits(digits, DIGITS):
        if isinstance(part, Pause):
            said += " " if part.seconds == 0.9 else ""
        else:
            said += str(DIGITS.index(part.text.rstrip("."))) + ("." if part.text.endswith(".") else "")
    assert said == groups


def test_clip_names_are_slug_and_digest_of_the_exact_words() -> None:
    assert clip_name("Five.") == "five-" + clip_name("Five.")[-8:]
    assert clip_name("five") != clip_name("five.")
    long_name = clip_name("Please tell us what happened, in your own words. Take your time.")
    assert long_name.startswith("please-tell-us-what-happened-in-your-own")
    assert len(long_name) == 40 + 9
    assert clip_name("עברית").startswith("words-")


def test_every_clip_that_a_call_needs_is_listed() -> None:
    flow = parse_flow(project_texts("complaint", "shared"))
    listed = set(spoken_fragments(flow, "en", company="Harbour Goods"))
    session = sample_session(flow, "en", company="Harbour Goods", now=NOW)
    said = flow.prompts["en"].keys() - UNSPOKEN
    assert _words(flow, session, said) <= listed
    tell_a_time = [key for key in said if {*WINDOW_SLOTS} & {*SLOT.findall(flow.prompts["en"][key])}]
    assert len(tell_a_time) > 5
    for minutes in range(0, 60 * 24 * 9, 37):
        opens_at = NOW + timedelta(minutes=minutes)
        window = SpokenWindow(opens_at=opens_at, closes_at=opens_at + timedelta(minutes=61), zone="Europe/Zagreb")
        needed = _words(flow, session.model_copy(update={"window": window}), tell_a_time)
        assert needed <= listed


def _words(flow: Flow, session: FlowSession, keys: Iterable[str]) -> set[str]:
    prompts = (render_prompt(flow, session, key=key, now=NOW) for key in keys)
    return {part.text for prompt in prompts for part in prompt.fragments if isinstance(part, Words)}


def test_only_tones_that_are_used_are_listed() -> None:
    listed = spoken_fragments(_saying("We call {day}, {pause_2s}and {number}."), "en", company="x")
    assert "today" in listed
    assert "today." not in listed
    assert {"five", "five."} <= set(listed)
    assert "pound" not in listed


def test_a_text_has_its_slots_filled_in_the_locale_or_the_first_one() -> None:
    flow = small_flow()
    slots = {"company": "Harbour", "case": "1-2"}
    assert render_text(flow, "en", "sms_confirmation", slots) == "Harbour: your case is 1-2."
    assert render_text(flow, "hr", "sms_confirmation", {"case": "1-2"}) == ": your case is 1-2."


def test_a_case_number_is_written_with_hyphens() -> None:
    assert written_case("482719305") == "482-719-305"


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("America/New_York", ("03:00", "05:00 EST")),
        ("Europe/London", ("08:00", "10:00 GMT")),
        ("Asia/Seoul", ("17:00", "19:00 KST")),
        ("America/Sao_Paulo", ("05:00", "07:00 UTC-03")),  # no name of its own
    ],
)
def test_a_window_is_written_in_its_zone_and_names_it(zone: str, hours: tuple[str, str]) -> None:
    window = SpokenWindow(opens_at=NOW, closes_at=NOW + timedelta(hours=2), zone=zone)
    assert written_window(window, "en") == {"date": "Mon 23 Nov", "from": hours[0], "to": hours[1]}


def test_a_window_over_the_change_of_clocks_names_the_zone_in_which_it_ends() -> None:
    before = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)  # half an hour before New York's clocks go forward
    window = SpokenWindow(opens_at=before, closes_at=before + timedelta(hours=1), zone="America/New_York")
    assert written_window(window, "en") == {"date": "Sun 8 Mar", "from": "01:30", "to": "03:30 EDT"}


NAMED = 'greet_caller: "Hello. This is {company}."'
BOTH = f'{NAMED}\ngreet_caller_unnamed: "Hello. This is the complaints line."'


def _greeting(company: str, *, words: str = BOTH) -> str:
    flow = parse_flow(changed_files("small/prompts.en.yaml", NAMED, words))
    return render_prompt(flow, sample_session(flow, "en", company=company, now=NOW), key="greet_caller", now=NOW).text


def test_without_a_name_the_neutral_form_is_said_where_there_is_one() -> None:
    assert _greeting("Seaside Lamps") == "Hello. This is Seaside Lamps."
    assert _greeting("") == "Hello. This is the complaints line."
    assert _greeting("", words=NAMED) == "Hello. This is ."


@pytest.mark.parametrize("company", ["Seaside Lamps", ""])
def test_neutral_forms_are_recorded_too_and_no_name_is_when_there_is_none(company: str) -> None:
    flow = parse_flow(changed_files("small/prompts.en.yaml", NAMED, BOTH))
    listed = spoken_fragments(flow, "en", company=company)
    assert "Hello. This is the complaints line." in listed
    assert [words for words in listed if words.startswith("Hello. This is") and "complaints" not in words] == (
        ["Hello. This is Seaside Lamps."] if company else []
    )


def _unsayable(recorded: set[str], *, words: str = BOTH, company: str = "Seaside Lamps") -> tuple[str, ...]:
    flow = parse_flow(changed_files("small/prompts.en.yaml", NAMED, words))
    return unsayable_names(flow, "en", company=company, can_say=lambda _, piece: piece in recorded)


def test_only_clips_of_the_name_with_a_neutral_form_can_be_done_without() -> None:
    assert _unsayable(set()) == ("Hello. This is Seaside Lamps.",)
    assert _unsayable({"Hello. This is Seaside Lamps."}) == ()
    assert _unsayable(set(), words=NAMED) == ()
    assert _unsayable(set(), company="") == ()


def test_a_piece_without_the_name_is_no_matter_of_the_name() -> None:
    words = BOTH.replace("This is {company}.", "Case {case_number} at {company}.")
    assert _unsayable(set(), words=words) == ("at Seaside Lamps.",)


def test_a_known_case_s_next_date_is_said_until_a_window_is_promised_in_the_call() -> None:
    opens_at = NOW + timedelta(days=1)
    window = SpokenWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=2), zone="UTC")
    call = call_facts(known_case=KnownCase(window=window))
    answer = call_facts(known_case=KnownCase(answer_by=NOW + timedelta(days=3)))
    assert _heard("Then {day}.", facts=call, window=None) == ["Then", "tomorrow."]
    assert _heard("Then {day}.", facts=answer, window=None) == ["Then", "on Thursday."]
    assert _heard("Then {day}.", facts=call) == ["Then", "on Thursday."]
    assert _heard("From {from}.", facts=answer, window=None) == ["From"]


def test_a_date_is_written_by_the_company_s_clock() -> None:
    late = datetime(2026, 11, 24, 3, tzinfo=UTC)
    there, here = (written_date(late, zone=zone, locale="en") for zone in ("America/New_York", "Europe/Berlin"))
    assert ("23" in there, "24" in here) == (True, True)


def test_each_offer_is_said_by_its_own_day_and_hours() -> None:
    offers = tuple(
        SpokenWindow(opens_at=NOW + timedelta(hours=at), closes_at=NOW + timedelta(hours=at + 2), zone="UTC")
        for at in (1, 25)
    )
    heard = _heard("{day_1}, {from_1} to {to_1}. {day_2}, {from_2} to {to_2}.", offers=offers)
    assert heard == [
        "today",
        "nine",
        "to",
        "eleven in the morning.",
        "tomorrow",
        "nine",
        "to",
        "eleven in the morning.",
    ]


def test_a_prompt_speaks_of_an_offer_that_is_not_there() -> None:
    flow = _saying("{day_2}, {from_2} to {to_2}")
    session = sample_session(flow, "en", company="Harbour Goods", now=NOW)
    assert not speaks_of_no_offer(flow, session, "ask_number")
    assert speaks_of_no_offer(flow, session.model_copy(update={"offers": session.offers[:1]}), "ask_number")
    assert not speaks_of_no_offer(flow, session.model_copy(update={"offers": ()}), "ask_call")


def test_the_time_that_it_is_here_is_said_by_our_clock() -> None:
    assert _heard("Here it is now {now}.", facts=call_facts(zone="America/New_York")) == [
        "Here it is now",
        "three in the morning.",
    ]
