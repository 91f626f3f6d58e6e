"""A listening node becomes a wait: keys, grammar, timers."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import call_facts
from tests.flow.small_flow import changed_files, project_texts, small_flow
from voicebot.flow.definition import Flow
from voicebot.flow.grammar import says_only
from voicebot.flow.instructions import DigitCollection, Listen, Prompt, Words
from voicebot.flow.listens import build_listen, commands_at, prompt_keys, story_lists, vocabulary_of
from voicebot.flow.nodes import ListenNode
from voicebot.flow.reader import parse_flow
from voicebot.flow.session import FlowSession
from voicebot.flow.spoken_english import English
from voicebot.flow.spoken_number import digit_phrases
from voicebot.service.call.engine_loop import LONGEST_TURN

COMPLAINT = parse_flow(project_texts("complaint", "shared"))
SMALL = small_flow()
STANDING = {"0", "*", "9", "7", "5", "8"}
QUESTION = timedelta(seconds=30)
"""Longer than any is asked, also slowly."""
SOFTLY = Prompt(key="softly", locale="en", fragments=())


def _listen(
    flow: Flow,
    name: str,
    *,
    prompts: tuple[Prompt, ...] = (),
    no_input_after_s: float | None = None,
    **changes: Any,
) -> Listen:
    session = FlowSession(flow=flow.name, flow_digest="x", locale="en", node=name, facts=call_facts())
    return build_listen(
        flow,
        session.model_copy(update=changes),
        name=name,
        prompts=prompts,
        pause_prompt=SOFTLY,
        warn_prompt=SOFTLY,
        no_input_after_s=no_input_after_s,
    )


def test_keys_of_commands_mean_the_same_at_every_question_but_a_number() -> None:
    assert set(_listen(COMPLAINT, "ask_story").standing_keys) == STANDING
    assert set(_listen(COMPLAINT, "say_recording_notice").standing_keys) == STANDING
    assert _listen(COMPLAINT, "ask_number").standing_keys == ()


def test_the_story_is_free_speech_in_two_steps_of_silence() -> None:
    listen = _listen(COMPLAINT, "ask_story")
    assert listen.speech is not None
    assert listen.speech.grammar is None
    assert (listen.no_input_after_s, listen.speech.pause_after_s, listen.speech.end_silence_s) == (7, 2.8, 1.8)
    assert (listen.speech.max_utterance_s, listen.speech.warn_after_s) == (180, 150)
    assert (listen.speech.pause_prompt, listen.speech.warn_prompt) == (SOFTLY, SOFTLY)
    assert listen.keys == ("#", "2", "1", "3", "4", "0", "*", "9", "7", "5", "8")


def test_the_story_ends_when_the_caller_says_so() -> None:
    speech = _listen(COMPLAINT, "ask_story").speech
    assert speech is not None
    assert "that is everything" in speech.endings
    assert "no" in speech.pause_endings
    assert "no" not in speech.endings
    assert "please" in speech.around


@pytest.mark.parametrize(
    ("said", "is_end", "is_end_in_pause"),
    [
        ("okay that's it", True, True), ("yeah that's about it really", True, True),
        ("nothing else to say", True, True),
        ("that's all i can think of", True, True), ("i've finished", True, True), ("no there isn't", False, True),
        ("i don't think so", False, True), ("no that's fine", False, True), ("okay", False, False),
        ("that's it i'm cancelling my contract and", False, False), ("that's all they said", False, False),
        ("nothing else worked", False, False), ("i am finished with this company", False, False),
        ("no wait", False, False), ("yes", False, False),
    ],
)  # fmt: skip
def test_a_story_ends_with_words_that_mean_it_and_goes_on_with_others(
    said: str, is_end: bool, is_end_in_pause: bool
) -> None:
    speech = _listen(COMPLAINT, "ask_story").speech
    assert speech is not None
    in_pause = (*speech.endings, *speech.pause_endings)
    assert says_only(said, speech.endings, around=speech.around) is is_end
    assert says_only(said, in_pause, around=speech.around) is is_end_in_pause


def test_free_speech_is_searched_for_a_person_but_not_for_repeat() -> None:
    listen = _listen(COMPLAINT, "ask_story")
    assert listen.speech is not None
    assert {"a supervisor", "manager", "can i speak to a manager"} <= set(listen.speech.commands)
    assert "what" not in listen.speech.commands


def test_a_closed_question_has_a_grammar_of_answers_and_commands() -> None:
    listen = _listen(SMALL, "ask_call")
    assert listen.speech is not None
    persons = ("person", "i want a person", "manager", "i want a manager")
    assert listen.speech.grammar == ("yes", "that's fine", "no", *persons, "[unk]")
    assert listen.keys == ("1", "2", "0", "*")
    assert listen.speech.max_utterance_s == 20


def test_digits_are_collected_and_only_star_ends_them() -> None:
    listen = _listen(SMALL, "ask_number")
    assert listen.collect == DigitCollection(max_digits=15)
    assert listen.keys == ("*",)
    assert listen.speech is not None
    assert {"five", "oh", "double"} <= set(listen.speech.grammar or ())


def test_no_word_for_a_digit_that_sounds_like_it_stands_beside_the_digits() -> None:
    speech = _listen(COMPLAINT, "ask_number").speech
    assert speech is not None
    assert set(speech.grammar or ()) == {*digit_phrases(English()), "[unk]"}
    assert {"person", "can i speak to a manager", "don't record me", "i am not sure"} <= set(
        speech.second_grammar or ()
    )
    assert speech.enough_words == 7


def test_where_only_prompts_are_waited_for_nothing_but_commands_is_heard() -> None:
    listen = _listen(COMPLAINT, "say_recording_notice")
    assert (listen.no_input_after_s, listen.barge_in) == (None, False)
    assert listen.keys == ("2", "1", "3", "4", "0", "*", "9", "7", "5", "8")
    assert listen.speech is not None
    assert listen.speech.is_only_commands
    assert "supervisor" in listen.speech.commands
    assert {*listen.speech.commands, "[unk]"} <= set(listen.speech.grammar or ())
    assert "don't record me" in listen.speech.within
    assert "would rather not be recorded" not in listen.speech.commands


def test_our_own_words_are_no_command_when_their_echo_comes_back() -> None:
    said = Prompt(key="confirm_promise", locale="en", fragments=(Words(text="If we miss it, a manager is told."),))
    listen = _listen(COMPLAINT, "confirm_promise", prompts=(said,))
    assert listen.speech is not None
    assert not {"manager", "a manager"} & set(listen.speech.commands)
    assert "a supervisor" in listen.speech.commands


@pytest.mark.parametrize(("name", "is_recorded", "stores"), [
    ("ask_story", True, True),
    ("ask_story", False, False),
    ("ask_number", True, True),
    ("ask_number", False, False),
    ("tell_window", True, False),
])  # fmt: skip
@pytest.mark.requirement("S0-11")
def test_every_answer_is_kept_with_consent_and_what_is_said_over_an_announcement_never(
    name: str, is_recorded: bool, stores: bool
) -> None:
    assert _listen(SMALL, name, is_recorded=is_recorded).store_audio is stores


def test_a_reprompt_may_allow_another_silence() -> None:
    assert _listen(SMALL, "ask_story", no_input_after_s=8).no_input_after_s == 8


def test_a_command_that_is_not_everywhere_is_heard_where_it_is_named() -> None:
    texts = changed_files("small/flow.yaml", 'again: {keys: ["*"]}', 'again: {keys: ["*"], is_everywhere: false}')
    texts["small/flow.yaml"] = texts["small/flow.yaml"].replace("slot: story", "slot: story\n    commands: [again]")
    nodes = {name: node for name, node in parse_flow(texts).nodes.items() if isinstance(node, ListenNode)}
    assert {name for name, node in nodes.items() if "again" in commands_at(parse_flow(texts), node)} == {"ask_story"}


def test_a_person_and_no_recording_may_be_asked_for_wherever_the_caller_is_heard() -> None:
    nodes = [node for node in COMPLAINT.nodes.values() if isinstance(node, ListenNode)]
    wanted = {"person", "again", "text_me", "refuse_recording"}
    assert all(wanted <= set(commands_at(COMPLAINT, node)) for node in nodes)


def test_lists_that_end_a_story_are_those_of_its_commands() -> None:
    node = SMALL.nodes["ask_story"]
    assert isinstance(node, ListenNode)
    assert story_lists(SMALL, node) == ("person",)


def test_a_locale_without_vocabulary_hears_the_first_one() -> None:
    assert vocabulary_of(SMALL, "hr") == vocabulary_of(SMALL, "en")


def test_a_node_that_does_not_listen_has_no_wait() -> None:
    with pytest.raises(AssertionError, match="end_call does not listen"):
        _listen(SMALL, "end_call")


def test_an_announcement_that_says_every_command_itself_hears_keys_only() -> None:
    words = Words(text="Say: I want a person. Or: I want a manager.")
    ours = Prompt(key="tell_window", locale="en", fragments=(words,))
    assert _listen(SMALL, "tell_window").speech is not None
    assert _listen(SMALL, "tell_window", prompts=(ours,)).speech is None
    assert _listen(SMALL, "tell_window", prompts=(ours,), is_patient=True).speech is None


def test_more_time_doubles_every_wait_of_a_story() -> None:
    listen = _listen(COMPLAINT, "ask_story", is_patient=True)
    assert listen.speech is not None
    assert (listen.no_input_after_s, listen.speech.pause_after_s, listen.speech.end_silence_s) == (14, 5.6, 3.6)


def test_who_is_given_more_time_is_told_when_thirty_seconds_are_left_and_never_taken_for_lost() -> None:
    """They would be hung up on amid their story, as every call is that shows no sign of life for so long."""
    listen = _listen(COMPLAINT, "ask_story", is_patient=True)
    assert listen.speech is not None
    assert (listen.speech.max_utterance_s, listen.speech.warn_after_s) == (240, 210)
    for name, node in COMPLAINT.nodes.items():
        if isinstance(node, ListenNode):
            listen = _listen(COMPLAINT, name, is_patient=True)
            speaks_s = listen.speech.max_utterance_s if listen.speech else 0
            assert timedelta(seconds=speaks_s + (listen.no_input_after_s or 0)) + QUESTION < LONGEST_TURN


def test_more_time_doubles_the_wait_between_two_keys_and_none_that_there_is_not() -> None:
    listen = _listen(COMPLAINT, "ask_number", is_patient=True)
    usual = _listen(COMPLAINT, "ask_number")
    assert listen.collect is not None
    assert usual.collect is not None
    assert listen.collect.inter_digit_s == 2 * usual.collect.inter_digit_s
    announced = _listen(SMALL, "tell_window", is_patient=True)
    assert (announced.no_input_after_s, announced.collect) == (None, None)


def test_a_question_about_the_kind_of_complaint_is_asked_in_its_own_words_into_its_own_field() -> None:
    node = COMPLAINT.nodes["ask_question"]
    assert isinstance(node, ListenNode)
    session = FlowSession(
        flow="complaint", flow_digest="x", locale="en", node="ask_question", facts=call_facts(), question="branch"
    )
    assert prompt_keys(node, session) == ("ask_field_branch",)
    assert _listen(COMPLAINT, "ask_question", question="branch").slot == "branch"
