"""A listening node to the `Listen` that a caller is given: prompts, keys, grammar, timers.

Knows: nodes, vocabulary. Must not know: counters, events, telephony.
"""

from collections.abc import Mapping

from voicebot.flow.definition import Command, Flow
from voicebot.flow.grammar import Vocabulary, closed_grammar, commands_of, digit_phrases, phrases_of, plain
from voicebot.flow.instructions import DigitCollection, Listen, Prompt, Speech
from voicebot.flow.nodes import ListenNode, OpenAnswer
from voicebot.flow.session import FlowSession
from voicebot.flow.spoken import language_of

CLOSED_MAX_S = 20.0
"""A closed answer is taken after so many seconds of speech, whatever was said."""


def commands_at(flow: Flow, node: ListenNode) -> Mapping[str, Command]:
    """Return the commands heard at a node."""
    return {
        name: command for name, command in flow.file.commands.items() if command.is_everywhere or name in node.commands
    }


def vocabulary_of(flow: Flow, locale: str) -> Vocabulary:
    """Return the phrases of a locale; those of the flow's first locale where it has none."""
    return flow.vocabulary.get(locale) or flow.vocabulary.get(flow.locales[0], {})


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
    """Return the wait at a node; `no_input_after_s` overrides the node's own."""
    node = flow.nodes[name]
    assert isinstance(node, ListenNode), f"{name} does not listen"
    return Listen(
        node=name,
        prompts=prompts,
        keys=_keys(flow, node),
        collect=_collection(node),
        speech=_speech(flow, session, node=node, prompts=prompts, aside=(pause_prompt, warn_prompt)),
        no_input_after_s=no_input_after_s or node.no_input_after_s,
        barge_in=node.barge_in,
        slot=node.slot,
        store_audio=session.is_recorded and node.slot is not None,
    )


def _keys(flow: Flow, node: ListenNode) -> tuple[str, ...]:
    own = [key for answer in node.answers.values() for key in answer.keys]
    general = [key for command in commands_at(flow, node).values() for key in command.keys]
    if node.digits is not None:
        return ("*",)
    return tuple(dict.fromkeys([*own, *general]))


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
    if node.played is not None:
        commands = commands_of(vocabulary_of(flow, session.locale), story_lists(flow, node))
        return _command_speech(commands, prompts)
    if node.open is not None:
        commands = commands_of(vocabulary_of(flow, session.locale), story_lists(flow, node))
        return _open_speech(node.open, commands, pause_prompt=aside[0], warn_prompt=aside[1])
    return Speech(
        grammar=closed_grammar(_closed_phrases(flow, session.locale, node=node)),
        end_silence_s=node.end_silence_s,
        max_utterance_s=CLOSED_MAX_S,
    )


def _command_speech(commands: tuple[str, ...], prompts: tuple[Prompt, ...]) -> Speech | None:
    """Nothing is asked, yet a person may be asked for at any moment.

    Phrases of our own announcement are left out: on a loudspeaker its echo would ask for a manager.
    """
    ours = f" {plain(' '.join(prompt.text for prompt in prompts))} "
    others = tuple(phrase for phrase in commands if f" {plain(phrase)} " not in ours)
    if not others:
        return None
    return Speech(grammar=closed_grammar(others), commands=others, is_only_commands=True, end_silence_s=0.0)


def _open_speech(
    answer: OpenAnswer, commands: tuple[str, ...], *, pause_prompt: Prompt | None, warn_prompt: Prompt | None
) -> Speech:
    return Speech(
        commands=commands,
        end_silence_s=answer.end_silence_s,
        pause_after_s=answer.pause_after_s,
        pause_prompt=pause_prompt,
        max_utterance_s=answer.max_utterance_s,
        warn_after_s=answer.warn_after_s,
        warn_prompt=warn_prompt,
    )


def _closed_phrases(flow: Flow, locale: str, *, node: ListenNode) -> tuple[str, ...]:
    lists = [name for answer in node.answers.values() for name in answer.says]
    lists += [name for command in commands_at(flow, node).values() for name in command.says]
    digits = digit_phrases(language_of(locale)) if node.digits else ()
    return (*phrases_of(vocabulary_of(flow, locale), lists), *digits)


def story_lists(flow: Flow, node: ListenNode) -> tuple[str, ...]:
    """Return the vocabulary lists whose phrases, said alone, end free speech at a node."""
    commands = commands_at(flow, node).values()
    return tuple(name for command in commands if command.ends_story for name in command.says)
