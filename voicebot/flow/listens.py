"""A listening node to the `Listen` that a caller is given, with prompts, keys, grammar, timers.

Knows: nodes, vocabulary. Must not know: counters, events, telephony.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from voicebot.flow.definition import Command, Flow
from voicebot.flow.grammar import (
    Vocabulary,
    closed_grammar,
    commands_of,
    phrases_of,
    plain,
    plain_phrases,
)
from voicebot.flow.instructions import DigitCollection, Listen, Prompt, Speech
from voicebot.flow.nodes import CorrectionAnswer, DigitAnswer, ListenNode, OpenAnswer
from voicebot.flow.session import FlowSession
from voicebot.flow.spoken import language_of
from voicebot.flow.spoken_number import digit_phrases

CLOSED_MAX_S = 20.0
"""A closed answer is taken after so many seconds of speech, whatever was said."""


ASK_FIELD = "ask_field_"
"""Begins the key of the prompt that asks for a field."""


def commands_at(flow: Flow, node: ListenNode) -> Mapping[str, Command]:
    """Return the commands heard at a node."""
    return {
        name: command for name, command in flow.file.commands.items() if command.is_everywhere or name in node.commands
    }


def vocabulary_of(flow: Flow, locale: str) -> Vocabulary:
    """Return the phrases of a locale, or those of the flow's first locale where it has none."""
    return flow.vocabulary.get(locale) or flow.vocabulary.get(flow.locales[0], {})


def prompt_keys(node: ListenNode, session: FlowSession) -> tuple[str, ...]:
    """Return the keys of what a listening node says first."""
    return (*node.prompts, f"{ASK_FIELD}{session.question}") if node.asks_field else node.prompts


def build_listen(
    flow: Flow,
    session: FlowSession,
    *,
    name: str,
    prompts: tuple[Prompt, ...],
    pause_prompt: Prompt | None,
    warn_prompt: Prompt | None,
    no_input_after_s: float | None = None,
) -> Listen:
    """Return the wait at a node. `no_input_after_s` overrides the node's own."""
    node = flow.nodes[name]
    assert isinstance(node, ListenNode), f"{name} does not listen"
    listen = Listen(
        node=name,
        prompts=prompts,
        keys=_keys(flow, node),
        standing_keys=() if node.digits is not None else _standing_keys(flow),
        collect=_collection(node),
        speech=_speech(flow, session, node=node, prompts=prompts, aside=(pause_prompt, warn_prompt)),
        no_input_after_s=no_input_after_s or node.no_input_after_s,
        barge_in=node.barge_in,
        slot=session.question if node.asks_field else node.slot,
        is_secret=_is_secret(node),
        store_audio=session.is_recorded and node.played is None and not _is_secret(node),
    )
    return _with_more_time(listen) if session.is_patient else listen


_WAITS = ("end_silence_s", "pause_after_s")
"""What is waited for while somebody speaks."""
_LONGEST_ANSWER_S = 240.0
"""So long somebody may speak who is given more time. A call without a sign of life for five minutes counts as lost
(service/hotline.py), and amid an answer there is none.
"""


def _with_more_time(listen: Listen) -> Listen:
    """Return the wait with every time of it doubled (complaints.md V-02). The warning that the limit is near says how
    many seconds are left, so it keeps its distance.
    """
    after_s, speech, collect = listen.no_input_after_s, listen.speech, listen.collect
    if speech is not None:
        times = {name: 2 * seconds for name in _WAITS if (seconds := getattr(speech, name)) is not None}
        times["max_utterance_s"] = longest = min(2 * speech.max_utterance_s, _LONGEST_ANSWER_S)
        if speech.warn_after_s is not None:
            times["warn_after_s"] = longest - (speech.max_utterance_s - speech.warn_after_s)
        speech = speech.model_copy(update=times)
    if collect is not None:
        collect = collect.model_copy(update={"inter_digit_s": 2 * collect.inter_digit_s})
    changes = {"no_input_after_s": after_s and 2 * after_s, "speech": speech, "collect": collect}
    return listen.model_copy(update=changes)


def _is_secret(node: ListenNode) -> bool:
    return node.digits is not None and node.digits.is_secret


def _keys(flow: Flow, node: ListenNode) -> tuple[str, ...]:
    own = [key for answer in node.answers.values() for key in answer.keys]
    general = [key for command in commands_at(flow, node).values() for key in command.keys]
    if node.digits is not None:
        return ("*",)
    return tuple(dict.fromkeys([*own, *general]))


def _standing_keys(flow: Flow) -> tuple[str, ...]:
    everywhere = [command for command in flow.file.commands.values() if command.is_everywhere]
    return tuple(dict.fromkeys(key for command in everywhere for key in command.keys))


def _collection(node: ListenNode) -> DigitCollection | None:
    if node.digits is None:
        return None
    return DigitCollection(max_digits=node.digits.max_digits, inter_digit_s=node.digits.inter_digit_s)


def _speech(
    flow: Flow,
    session: FlowSession,
    *,
    node: ListenNode,
    prompts: tuple[Prompt, ...],
    aside: tuple[Prompt | None, Prompt | None],
) -> Speech | None:
    words = node_words(flow, node, session.locale)
    if node.played is not None:
        return _command_speech(words, prompts)
    if node.open is not None:
        speech = _open_speech(node.open, words, pause_prompt=aside[0], warn_prompt=aside[1])
        return speech.model_copy(update=_endings(flow, node.open, session.locale))
    if node.digits is not None:
        return _digit_speech(node, node.digits, words=words, locale=session.locale)
    grammar = closed_grammar((*words.answers, *words.commands, *words.around))
    speech = Speech(grammar=grammar, end_silence_s=node.end_silence_s, max_utterance_s=CLOSED_MAX_S)
    if node.correction is None:
        return speech
    names = group_names(flow, node.correction, session.locale)
    groups = closed_grammar((*digit_phrases(language_of(session.locale)), *chain.from_iterable(names.values())))
    return speech.model_copy(update={"second_grammar": groups, "enough_words": HEARD_TWICE})


_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}
HEARD_TWICE = 99
"""Whatever was said is put to the second grammar, too, since a "no" may be the beginning of a correction."""


def group_names(flow: Flow, correction: CorrectionAnswer, locale: str) -> Mapping[int, tuple[str, ...]]:
    """Return the phrases for the first (0), second, third and last (-1) group of a number that was read back."""
    vocabulary = vocabulary_of(flow, locale)
    return {_PLACES[group]: phrases_of(vocabulary, lists) for group, lists in correction.groups.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeWords:
    """The phrases of a locale that mean something at a node."""

    answers: tuple[str, ...]
    commands: tuple[str, ...]
    """Every command's, with lead-ins and tails."""
    story: tuple[str, ...]
    """Those that end free speech when said alone."""
    within: tuple[str, ...]
    not_after: tuple[str, ...]
    around: tuple[str, ...]
    """What stands around an answer, and what is none."""


def node_words(flow: Flow, node: ListenNode, locale: str) -> NodeWords:
    """Return the phrases that mean something at a node."""
    vocabulary, commands = vocabulary_of(flow, locale), commands_at(flow, node).values()
    anywhere = [vocabulary[name] for one in commands if one.within_story for name in one.says if name in vocabulary]
    return NodeWords(
        answers=phrases_of(vocabulary, [name for answer in node.answers.values() for name in answer.says]),
        commands=commands_of(vocabulary, [name for command in commands for name in command.says]),
        story=commands_of(vocabulary, story_lists(flow, node)),
        within=tuple(phrase for one in anywhere for phrase in one.phrases),
        not_after=tuple(word for one in anywhere for word in one.not_after),
        around=phrases_of(vocabulary, (*flow.file.around, *flow.file.unsure)),
    )


@lru_cache(maxsize=16)
def _not_said_by_us(phrases: tuple[str, ...], ours: str) -> tuple[str, ...]:
    """Return the phrases that our own words do not hold, since an announcement is the same for nearly every call."""
    known = zip(phrases, plain_phrases(phrases), strict=True)
    return tuple(phrase for phrase, said in known if f" {said} " not in f" {ours} ")


def _command_speech(words: NodeWords, prompts: tuple[Prompt, ...]) -> Speech | None:
    """Nothing is asked, yet a person may be asked for at any moment, and recording refused.

    Phrases of our own announcement are left out, because on a loudspeaker its echo would ask for a manager.
    """
    others = _not_said_by_us(words.story, plain(" ".join(prompt.text for prompt in prompts)))
    if not others:
        return None
    set_of_others = frozenset(others)
    return Speech(
        grammar=closed_grammar((*others, *words.around)),
        commands=others,
        within=tuple(phrase for phrase in words.within if phrase in set_of_others),
        not_after=words.not_after,
        is_only_commands=True,
        end_silence_s=0.0,
    )


def _open_speech(
    answer: OpenAnswer, words: NodeWords, *, pause_prompt: Prompt | None, warn_prompt: Prompt | None
) -> Speech:
    return Speech(
        commands=words.story,
        within=words.within,
        not_after=words.not_after,
        end_silence_s=answer.end_silence_s,
        pause_after_s=answer.pause_after_s,
        pause_prompt=pause_prompt,
        max_utterance_s=answer.max_utterance_s,
        warn_after_s=answer.warn_after_s,
        warn_prompt=warn_prompt,
    )


def _endings(flow: Flow, answer: OpenAnswer, locale: str) -> dict[str, tuple[str, ...]]:
    vocabulary = vocabulary_of(flow, locale)
    lists = {"endings": answer.ends_with, "pause_endings": answer.pause_ends_with, "around": flow.file.around}
    return {part: phrases_of(vocabulary, names) for part, names in lists.items()}


def _digit_speech(node: ListenNode, digits: DigitAnswer, *, words: NodeWords, locale: str) -> Speech:
    """Digits are heard among digits alone, because beside "to" and "for", "two" and "four" are lost.

    Whatever else was said is heard when the audio is put to the other words once more.
    """
    return Speech(
        grammar=closed_grammar(digit_phrases(language_of(locale))),
        second_grammar=closed_grammar((*words.answers, *words.commands, *words.around)),
        is_number=True,
        enough_words=digits.min_digits,
        end_silence_s=node.end_silence_s,
        max_utterance_s=CLOSED_MAX_S,
    )


def story_lists(flow: Flow, node: ListenNode) -> tuple[str, ...]:
    """Return the vocabulary lists whose phrases, said alone, end free speech at a node."""
    commands = commands_at(flow, node).values()
    return tuple(name for command in commands if command.ends_story for name in command.says)
