"""What the caller's events mean at each kind of question."""

from typing import Any

import pytest

from tests.flow.small_flow import VOCABULARY, changed_files, project_texts, small_flow
from voicebot.domain.utterance import Utterance
from voicebot.flow.definition import Flow
from voicebot.flow.events import FinishedBy, KeysPressed, NoInput, PromptsPlayed, UtteranceHeard
from voicebot.flow.nodes import ListenNode
from voicebot.flow.reader import parse_flow
from voicebot.flow.understanding import (
    SAID,
    Answered,
    Hearing,
    Meaning,
    NothingSaid,
    NotUnderstood,
    Wanted,
    has_content,
    understand,
)

FLOW = small_flow()
LONG_NUMBERS = parse_flow(changed_files("small/flow.yaml", "max_digits: 15,", "min_digits: 7, max_digits: 15,"))
TWO_KEYS = parse_flow(
    changed_files(
        "small/flow.yaml",
        "    open: {end_silence_s: 3, go: ask_call}\n",
        "    open: {end_silence_s: 3, go: ask_call}\n"
        '    answers: {skip: {keys: ["#"], go: end_call}, other: {keys: ["5"], go: ask_call}}\n',
    )
)
SKIPPABLE = parse_flow(
    changed_files(
        "small/flow.yaml",
        "    open: {end_silence_s: 3, go: ask_call}\n",
        '    open: {end_silence_s: 3, go: ask_call}\n    answers: {skip: {keys: ["#"], go: end_call}}\n',
    )
)


def _meaning(name: str, event: Any, flow: Flow = FLOW) -> Meaning:
    node = flow.nodes[name]
    assert isinstance(node, ListenNode)
    return understand(Hearing(flow, node, "en"), event)


def _heard(text: str, *, by: FinishedBy = FinishedBy.SILENCE, **changes: Any) -> UtteranceHeard:
    return UtteranceHeard(utterance=Utterance(text=text, **changes), finished_by=by)


def _wanted(meaning: Meaning) -> tuple[str, bool]:
    assert isinstance(meaning, Wanted)
    return meaning.name, meaning.has_answered


# --- free speech


@pytest.mark.parametrize("by", [FinishedBy.SILENCE, FinishedBy.KEY, FinishedBy.LIMIT])
def test_a_story_is_an_answer_whatever_ended_it(by: FinishedBy) -> None:
    assert _meaning("ask_story", _heard("my parcel is lost", by=by)) == Answered("ask_call", "open", SAID)


def test_a_recording_counts_before_its_words_are_known() -> None:
    assert _meaning("ask_story", _heard("", recording_sid="RE1")) == Answered("ask_call", "open", SAID)


def test_sound_without_words_is_not_understood() -> None:
    assert _meaning("ask_story", _heard(" ", spool_name="x", duration_s=4)) == NotUnderstood()


def test_silence_is_nothing_said() -> None:
    assert _meaning("ask_story", NoInput()) == NothingSaid()
    assert _meaning("ask_story", PromptsPlayed()) == NothingSaid()


def test_a_request_alone_in_free_speech_is_a_command() -> None:
    assert _wanted(_meaning("ask_story", _heard("I want a manager"))) == ("person", False)


def test_a_request_that_ended_the_story_keeps_what_was_said_before() -> None:
    event = _heard("my parcel is lost i want a manager", by=FinishedBy.COMMAND)
    assert _wanted(_meaning("ask_story", event)) == ("person", True)


def test_a_request_inside_a_story_is_part_of_the_story() -> None:
    event = _heard("they said i want a manager")
    assert _meaning("ask_story", event) == Answered("ask_call", "open", SAID)


def test_a_story_cut_by_a_phrase_that_we_do_not_know_is_a_story() -> None:
    event = _heard("sing to me", by=FinishedBy.COMMAND)
    assert _meaning("ask_story", event) == Answered("ask_call", "open", SAID)


def test_a_key_for_a_person_keeps_what_was_said_before() -> None:
    said = Utterance(text="my parcel")
    assert _wanted(_meaning("ask_story", KeysPressed(keys="0", utterance=said))) == ("person", True)
    assert _wanted(_meaning("ask_story", KeysPressed(keys="0"))) == ("person", False)


def test_pound_after_words_ends_the_story_and_without_words_skips_it() -> None:
    said = KeysPressed(keys="#", utterance=Utterance(text="my parcel"))
    assert _meaning("ask_story", said, SKIPPABLE) == Answered("ask_call", "open", SAID)
    assert _meaning("ask_story", KeysPressed(keys="#"), SKIPPABLE) == Answered("end_call", "answers.skip")


def test_each_key_of_a_question_has_its_own_meaning_and_any_other_has_none() -> None:
    assert _meaning("ask_story", KeysPressed(keys="5"), TWO_KEYS) == Answered("ask_call", "answers.other")
    assert _meaning("ask_story", KeysPressed(keys="7"), TWO_KEYS) == NotUnderstood()


def test_a_key_without_meaning_is_not_understood() -> None:
    assert _meaning("ask_story", KeysPressed(keys="7")) == NotUnderstood()


# --- closed answers


@pytest.mark.parametrize(
    "event", [KeysPressed(keys="1"), _heard("that's fine"), _heard("yes [unk]"), _heard("[unk] yes [unk] [unk]")]
)
def test_yes_by_key_and_by_voice(event: Any) -> None:
    assert _meaning("ask_call", event) == Answered("promise_call", "answers.yes", "yes")


@pytest.mark.parametrize("text", ["", "[unk]", "yes no", "tomorrow"])
def test_what_fits_no_answer_is_not_understood(text: str) -> None:
    assert _meaning("ask_call", _heard(text)) == NotUnderstood()


def test_a_person_is_heard_among_other_words_of_a_short_answer() -> None:
    assert _wanted(_meaning("ask_call", _heard("no [unk] i want a manager"))) == ("person", False)


def test_a_single_word_that_sounds_like_a_person_among_others_asks_for_nobody() -> None:
    assert _meaning("ask_call", _heard("no [unk] manager")) == NotUnderstood()
    assert _meaning("ask_call", _heard("[unk] manager")) == NotUnderstood()
    assert _wanted(_meaning("ask_call", _heard("manager"))) == ("person", False)


def test_sounds_that_the_question_does_not_know_are_not_passed_over() -> None:
    heard = Utterance(text="yes", sounds="[unk] [unk] yes")
    assert _meaning("ask_call", UtteranceHeard(utterance=heard, finished_by=FinishedBy.SILENCE)) == NotUnderstood()


def test_a_command_without_a_place_in_stories_must_stand_alone() -> None:
    flow = parse_flow(changed_files("small/flow.yaml", 'again: {keys: ["*"]}', "again: {says: [again]}")
                      | {"small/vocabulary.en.yaml": '"yes": {phrases: ["yes"]}\n"no": {phrases: ["no"]}\n'
                         "person: {phrases: [person]}\nagain: {phrases: [pardon]}\n"})  # fmt: skip
    assert _wanted(_meaning("ask_call", _heard("pardon"), flow)) == ("again", False)
    assert _meaning("ask_call", _heard("pardon yes"), flow) == NotUnderstood()
    assert _wanted(_meaning("ask_number", _heard("pardon"), flow)) == ("again", False)


# --- digits


@pytest.mark.parametrize(
    ("event", "digits"),
    [
        (KeysPressed(keys="2025550199"), "2025550199"),
        (KeysPressed(keys="12*34"), "34"),
        (KeysPressed(keys="0"), "0"),
        (_heard("two oh double five"), "2055"),
    ],
)
def test_digits_keyed_and_spoken(event: Any, digits: str) -> None:
    assert _meaning("ask_number", event) == Answered("check_number", "digits", digits)


@pytest.mark.parametrize(("keys", "command"), [("*", "again"), ("*0", "person")])
def test_star_gives_commands_while_digits_are_keyed(keys: str, command: str) -> None:
    assert _wanted(_meaning("ask_number", KeysPressed(keys=keys))) == (command, False)


@pytest.mark.parametrize("keys", ["", "12*", "**"])
def test_no_digits_are_nothing_said(keys: str) -> None:
    assert _meaning("ask_number", KeysPressed(keys=keys)) == NothingSaid()


def test_words_instead_of_digits() -> None:
    assert _meaning("ask_number", _heard("five hundred")) == NotUnderstood()
    assert _wanted(_meaning("ask_number", _heard("person"))) == ("person", False)


@pytest.mark.requirement("S1-03")
def test_words_that_a_second_hearing_finds_where_digits_failed() -> None:
    heard = Utterance(text="one", sounds="one [unk]", second_text="[unk] i want a person")
    event = UtteranceHeard(utterance=heard, finished_by=FinishedBy.SILENCE)
    assert _wanted(_meaning("ask_number", event, LONG_NUMBERS)) == ("person", False)
    assert _meaning("ask_number", _heard("two oh two"), LONG_NUMBERS) == NotUnderstood()
    assert _meaning("ask_number", _heard("two oh double two one one one"), LONG_NUMBERS) == Answered(
        "check_number", "digits", "2022111"
    )
    assert _meaning("ask_number", KeysPressed(keys="911"), LONG_NUMBERS) == Answered("check_number", "digits", "911")


# --- the words of our own hotline

COMPLAINT = parse_flow(project_texts("complaint", "shared"))


@pytest.mark.parametrize("node", ["ask_story", "confirm_number", "say_recording_notice"])
@pytest.mark.parametrize(
    "text",
    [
        "i'd rather you didn't tape this",
        "turn the recorder off",
        "i don't want you recording me",
        "i'm not comfortable being recorded",
        "you don't have my permission to record",
        "i object to being recorded",
        "i don't want this call recorded",
        "switch off the recording please",
    ],
)
def test_callers_refuse_to_be_recorded_in_words_of_their_own(text: str, node: str) -> None:
    assert _wanted(_meaning(node, _heard(text), COMPLAINT))[0] == "refuse_recording"


@pytest.mark.parametrize(
    "text",
    [
        "they recorded me without asking",
        "the shop has no recording of my order",
        "there's no recording of my call last week",
        "the technician would not stop recording me",
        "my television won't stop recording",
        "the parcel was left without recording my signature",
        "your system doesn't record anything right",
        "the man in the shop was shouting stop recording me",
        "i can't turn off the recording on my box",
    ],
)
def test_a_story_about_recordings_is_no_refusal(text: str) -> None:
    assert _meaning("ask_story", _heard(text), COMPLAINT) == Answered("choose_remedy", "open", SAID)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no i don't mind", "yes"), ("no objections", "yes"), ("i don't mind", "yes"), ("no problem at all", "yes"),
        ("sure why not", "yes"), ("that's fine by me", "yes"), ("if you like", "yes"), ("yes go ahead", "yes"),
        ("yeah no worries", "yes"), ("absolutely not", "no"), ("of course not", "no"), ("you can't", "no"),
        ("no i don't think so", "no"), ("i don't think so", "no"), ("i'd rather you didn't", "no"),
        ("not on this number", "no"),
    ],
)  # fmt: skip
def test_closed_answers_as_people_say_them(text: str, answer: str) -> None:
    meaning = _meaning("confirm_number", _heard(text), COMPLAINT)
    assert isinstance(meaning, Answered)
    assert meaning.value == answer


@pytest.mark.parametrize("text", ["no idea", "no that's fine", "i have no idea", "of course no", "yes no"])
def test_what_may_mean_either_is_asked_again(text: str) -> None:
    assert _meaning("confirm_number", _heard(text), COMPLAINT) == NotUnderstood()


@pytest.mark.requirement("S1-03")
@pytest.mark.parametrize("node", ["ask_story", "confirm_number", "ask_number"])
@pytest.mark.parametrize(
    "text",
    ["put me on to somebody", "let me talk to your manager", "can i have a person please", "i need to speak to someone",
     "transfer me to an agent", "i don't want to talk to a machine"],
)  # fmt: skip
def test_callers_ask_for_a_person_in_words_of_their_own(text: str, node: str) -> None:
    assert _wanted(_meaning(node, _heard(text), COMPLAINT))[0] == "person"


@pytest.mark.parametrize(
    "text", ["i spoke to the manager yesterday", "i already talked to a person there", "and then somebody came"]
)
def test_people_in_a_story_are_no_request(text: str) -> None:
    assert _meaning("ask_story", _heard(text), COMPLAINT) == Answered("choose_remedy", "open", SAID)


# --- no recording

REFUSABLE = parse_flow(
    changed_files("small/flow.yaml", 'again: {keys: ["*"]}',
                  'again: {keys: ["*"]}\n  no_recording: {says: [no_recording], ends_story: true, within_story: true}')
    | {"small/vocabulary.en.yaml": VOCABULARY + "no_recording:\n  phrases: [don't record me, no recording]\n"
       "  not_after: [they, said, told]\n"}
)  # fmt: skip


@pytest.mark.parametrize("text", ["don't record me", "my parcel is lost but don't record me",
                                  "no recording i said hello",
                                  "they were rude and he shouted at me so don't record me"])  # fmt: skip
def test_a_refusal_counts_wherever_it_stands_in_a_story(text: str) -> None:
    assert _wanted(_meaning("ask_story", _heard(text), REFUSABLE)) == ("no_recording", True)


@pytest.mark.parametrize("text", ["they said don't record me", "they did record me", "he told me no recording",
                                  "there is no record of it"])  # fmt: skip
def test_what_others_said_of_recording_is_a_story(text: str) -> None:
    assert _meaning("ask_story", _heard(text), REFUSABLE) == Answered("ask_call", "open", SAID)


@pytest.mark.parametrize("node", ["ask_call", "ask_number", "tell_window"])
def test_recording_is_refused_at_any_question_and_over_an_announcement(node: str) -> None:
    assert _wanted(_meaning(node, _heard("please don't record me"), REFUSABLE)) == ("no_recording", False)


# --- prompts' end


def test_the_end_of_the_prompts_is_the_answer_where_it_is_waited_for() -> None:
    assert _meaning("tell_window", PromptsPlayed()) == Answered("end_call", "played")
    assert _meaning("tell_window", PromptsPlayed(uncut=False)) == Answered("end_call", "played")
    assert _meaning("tell_window", NoInput()) == Answered("end_call", "played")


def test_a_person_may_be_asked_for_while_nothing_is_asked() -> None:
    assert _wanted(_meaning("tell_window", _heard("manager", by=FinishedBy.COMMAND))) == ("person", False)
    assert _meaning("tell_window", _heard("hello")) == Answered("end_call", "played")


def test_prompts_cut_short_may_lead_elsewhere() -> None:
    files = changed_files(
        "small/flow.yaml", "    played: end_call\n", "    played: end_call\n    cut_short: ask_call\n"
    )
    flow = parse_flow(files)
    assert _meaning("tell_window", PromptsPlayed(), flow) == Answered("end_call", "played")
    for event in (PromptsPlayed(uncut=False), NoInput(), _heard("hello")):
        assert _meaning("tell_window", event, flow) == Answered("ask_call", "cut_short")


@pytest.mark.parametrize(
    ("utterance", "has"),
    [(None, False), (Utterance(), False), (Utterance(text="a"), True), (Utterance(recording_sid="RE1"), True)],
)
def test_what_counts_as_something_said(utterance: Utterance | None, has: bool) -> None:
    assert has_content(utterance) is has


def test_a_lone_zero_where_a_number_has_more_digits_asks_for_a_person() -> None:
    assert _meaning("ask_number", KeysPressed(keys="0"), LONG_NUMBERS) == Wanted(
        "person", LONG_NUMBERS.file.commands["person"]
    )
    assert _meaning("ask_number", KeysPressed(keys="0")) == Answered("check_number", "digits", "0")
