"""Words and keys against the vocabulary."""

import pytest

from voicebot.flow.definition import PhraseList
from voicebot.flow.grammar import (
    Choices,
    closed_grammar,
    commands_of,
    ends_with_command,
    first_words_of,
    match_answer,
    phrases_of,
    plain,
    requests_of,
    says_only,
    says_within,
)

CHOICES = Choices(
    answers={"yes": ("yes", "yeah", "that's right", "no problem", "you may"), "no": ("no", "not really")},
    first_words={"yes": ("yes", "yeah"), "no": ("no",)},
    urgent={"person": ("manager", "i want a manager")},
    requests=("i want a manager",),
    commands={"again": ("what",)},
    around=("well", "please", "i think"),
    unsure=("i am not sure", "the manager"),
)
PERSON = ("person", "supervisor", "a supervisor")
VOCABULARY = {
    "yes": PhraseList(phrases=("yes", "right")),
    "person": PhraseList(phrases=("manager",), lead_ins=("talk to a", "i want a")),
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("Yes!", "yes"),
        ("yes yeah that's right", "yes"),
        ("yes you may", "yes"),
        ("well yes please", "yes"),
        ("no problem", "yes"),
        ("no i am out all morning", "no"),
        ("no [unk] [unk]", "no"),
        ("[unk] yeah [unk]", "yes"),
        ("[unk] [unk] yeah", None),
        ("[unk] that's right", None),
        ("that's right [unk]", None),
        ("not really", "no"),
        ("yes tomorrow", "yes"),
        ("yes no", None),
        ("no that's right", None),
        ("yes i am not sure", None),
        ("i am not sure", None),
        ("isn't that's right", None),
        ("manager", "person"),
        ("manager manager", "person"),
        ("no well manager please", "person"),
        ("[unk] manager", None),
        ("the manager [unk]", None),
        ("[unk] i want a manager [unk]", "person"),
        ("what", "again"),
        ("what yes", None),
        ("well", None),
        ("[unk]", None),
        ("", None),
    ],
)
def test_words_are_matched_to_the_answer_they_mean(text: str, answer: str | None) -> None:
    assert match_answer(text, CHOICES) == answer


def test_two_commands_in_one_sentence_match_neither() -> None:
    both = Choices(answers={}, urgent={"person": ("manager",), "text": ("text me",)})
    assert match_answer("manager text me", both) is None


def test_a_question_without_first_words_passes_over_unknown_sounds_as_it_always_did() -> None:
    assert match_answer("[unk] yes [unk]", Choices(answers={"yes": ("yes",)})) == "yes"


def test_requests_have_a_verb_or_several_words() -> None:
    assert requests_of(VOCABULARY, ["person"]) == {"talk to a manager", "i want a manager"}
    bare = {"no_recording": PhraseList(phrases=("don't record me", "no recording"))}
    assert requests_of(bare, ["no_recording", "nowhere"]) == {"don't record me"}


def test_the_first_words_of_the_named_lists_are_collected() -> None:
    lists = {"yes": PhraseList(phrases=("yes", "fine"), first_words=("yes",))}
    assert first_words_of(lists, ["yes", "nowhere"]) == ("yes",)


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("do not record me", True),
        ("it never came and the driver was rude but do not record me please", True),
        ("they told me do not record me", False),
        ("they told me yesterday it was fine do not record me", True),
        ("do not recorder me", False),
        ("", False),
    ],
)
def test_a_phrase_within_longer_speech_is_the_speakers_own_unless_others_are_quoted(text: str, is_said: bool) -> None:
    assert says_within(text, ["do not record me"], not_after=["they", "told"]) is is_said


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("they told me stop recording so i left and now please stop recording", True),
        ("my box won't stop recording", False),
        ("it won't work stop recording", True),
        ("you have no recording of my call", False),
        ("i have a wish no recording", True),
    ],
)
def test_each_place_of_a_phrase_counts_and_wordings_that_run_into_it_make_it_something_else(
    text: str, is_said: bool
) -> None:
    others = ["told", "won't stop", "have no"]
    assert says_within(text, ["stop recording", "no recording"], not_after=others) is is_said


@pytest.mark.parametrize(
    ("text", "is_it"),
    [("no that is all", True), ("that is all thanks", True), ("that is all they said", False), ("thanks", False)],
)
def test_whether_only_these_phrases_were_said_with_filler_words(text: str, is_it: bool) -> None:
    assert says_only(text, ["no", "that is all"], around=["thanks"]) is is_it
    assert not says_only(text, [], around=["thanks"])


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("my parcel is lost a supervisor", "a supervisor"),
        ("a supervisor", "a supervisor"),
        ("the supervisor was rude", None),
        ("", None),
    ],
)
def test_command_at_the_end_of_free_speech(text: str, phrase: str | None) -> None:
    assert ends_with_command(text, PERSON) == phrase


def test_grammar_has_each_phrase_once_and_the_unknown_last() -> None:
    assert closed_grammar(["yes", "no", "yes"]) == ("yes", "no", "[unk]")


def test_commands_may_be_said_politely() -> None:
    polite = {"person": PhraseList(phrases=("a manager",), lead_ins=("i want",), tails=("please",))}
    assert commands_of(polite, ["person"]) == (
        "a manager",
        "a manager please",
        "i want a manager",
        "i want a manager please",
    )


def test_phrases_come_without_lead_ins_and_commands_with_each() -> None:
    assert phrases_of(VOCABULARY, ["person", "yes", "nowhere"]) == ("manager", "yes", "right")
    assert commands_of(VOCABULARY, ["person", "nowhere"]) == ("manager", "talk to a manager", "i want a manager")


def test_plain_words_have_no_punctuation_and_no_unknown() -> None:
    assert plain("  That's fine, [unk] OK. ") == "that's fine ok"


def test_what_is_listened_for_is_put_together_once_for_all_calls() -> None:
    assert commands_of(VOCABULARY, ["person"]) is commands_of(VOCABULARY, iter(["person"]))
