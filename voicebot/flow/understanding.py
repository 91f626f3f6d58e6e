"""What an event of the caller means at a listening node.

Knows: the node, its commands, the vocabulary. Must not know: counters, where a link leads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from voicebot.domain.utterance import HeardNumber, Utterance
from voicebot.flow.definition import Command, Flow
from voicebot.flow.events import FinishedBy, KeysPressed, NoInput, PromptsPlayed, UtteranceHeard
from voicebot.flow.grammar import (
    Choices,
    Vocabulary,
    commands_of,
    ends_with_command,
    first_words_of,
    match_answer,
    phrases_of,
    plain,
    requests_of,
    says_within,
)
from voicebot.flow.group_correction import corrected
from voicebot.flow.listens import commands_at, group_names, story_lists, vocabulary_of
from voicebot.flow.nodes import DigitAnswer, Link, ListenNode
from voicebot.flow.number_choice import choices
from voicebot.flow.prompts import number_groups
from voicebot.flow.spoken import language_of
from voicebot.flow.spoken_number import keyed_number, spoken_number

_LEFT_OUT = 1
"""A best guess that lacks more digits than this is no number, whatever its alternatives are. Other words sound so."""

_NOTHING = HeardNumber(digits="")

_COMMAND = "command "
"""Before the name of a command among the names of answers."""

CORRECTION = "correction"
"""Exit of a question at which a number was corrected."""

SAID = "said"
"""Value of a slot of free speech, since the words themselves stay out of the session."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The question has its answer, with which `value` fills the slot."""

    go: Link
    exit_name: str
    value: str | None = None
    others: tuple[str, ...] = ()
    """Other numbers that may have been said, the likeliest first, if `value` is a number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The caller wants something else. `has_answered` when the question was answered before that."""

    name: str
    command: Command
    has_answered: bool = False


@dataclass(frozen=True, slots=True)
class NothingSaid:
    """Silence."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Something, but no answer."""


Meaning = Answered | Wanted | NothingSaid | NotUnderstood
CallerEvent = PromptsPlayed | UtteranceHeard | KeysPressed | NoInput


@dataclass(frozen=True, slots=True)
class Hearing:
    """Where an event is heard."""

    flow: Flow
    node: ListenNode
    locale: str
    earlier: tuple[HeardNumber, ...] = ()
    """What the same number may have been when it was said before."""
    refused: tuple[str, ...] = ()
    """Numbers that the caller said no to."""
    read_back: str = ""
    """The number that was read back, written in its groups."""

    def commands(self) -> Iterable[tuple[str, Command]]:
        """Return the commands heard here, with their names."""
        return commands_at(self.flow, self.node).items()

    def says_within(self, command: Command, text: str) -> bool:
        """Whether a command is meant by some words of longer speech."""
        lists = [self._vocabulary[name] for name in command.says if name in self._vocabulary]
        return any(says_within(text, one.phrases, not_after=one.not_after) for one in lists)

    def choices(self) -> Choices:
        """Return what a closed answer may mean here."""
        words, file, commands = self._vocabulary, self.flow.file, dict(self.commands())
        answers = self.node.answers.items()
        return Choices(
            answers={name: phrases_of(words, answer.says) for name, answer in answers},
            first_words={name: first_words_of(words, answer.says) for name, answer in answers},
            urgent={
                f"{_COMMAND}{name}": commands_of(words, one.says) for name, one in commands.items() if one.ends_story
            },
            requests=requests_of(words, [name for one in commands.values() if one.ends_story for name in one.says]),
            commands={f"{_COMMAND}{name}": commands_of(words, one.says) for name, one in commands.items()},
            around=phrases_of(words, file.around),
            unsure=phrases_of(words, file.unsure),
        )

    @property
    def _vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.flow, self.locale)


def understand(hearing: Hearing, event: CallerEvent) -> Meaning:
    """Return what the event means here, and never raise."""
    if isinstance(event, KeysPressed):
        return _keyed_digits(hearing, event) if hearing.node.digits else _keyed(hearing, event)
    if hearing.node.played is not None:
        return _said_during(hearing, event) or _played(hearing.node, event)
    if isinstance(event, UtteranceHeard):
        return _heard(hearing, event)
    return NothingSaid()


def has_content(utterance: Utterance | None) -> bool:
    """Whether there are words, or a recording whose words come later."""
    return utterance is not None and bool(utterance.text.strip() or utterance.recording_sid)


def _said_during(hearing: Hearing, event: CallerEvent) -> Wanted | None:
    """Return the command that was said while nothing was asked."""
    if not isinstance(event, UtteranceHeard):
        return None
    text = event.utterance.text
    wanted = (
        Wanted(name, command)
        for name, command in hearing.commands()
        if ends_with_command(text, _story_phrases(hearing, command)) is not None
        or (command.within_story and hearing.says_within(command, text))
    )
    return next(wanted, None)


def _played(node: ListenNode, event: PromptsPlayed | UtteranceHeard | NoInput) -> Meaning:
    assert node.played is not None, "asked only where prompts are waited for"
    is_uncut = isinstance(event, PromptsPlayed) and event.uncut
    if is_uncut or node.cut_short is None:
        return Answered(node.played, "played")
    return Answered(node.cut_short, "cut_short")


def _keyed(hearing: Hearing, event: KeysPressed) -> Meaning:
    node, has_said = hearing.node, has_content(event.utterance)
    for name, command in hearing.commands():
        if event.keys in command.keys:
            return Wanted(name, command, has_answered=node.open is not None and has_said)
    if node.open is not None and has_said:
        return Answered(node.open.go, "open", SAID)
    for name, answer in node.answers.items():
        if event.keys in answer.keys:
            # Beside free speech a key says where to go on, and nothing of what was asked.
            return Answered(answer.go, f"answers.{name}", None if node.open else name)
    return NotUnderstood()


def _keyed_digits(hearing: Hearing, event: KeysPressed) -> Meaning:
    assert hearing.node.digits is not None, "asked only where digits are waited for"
    starred = _starred_command(hearing, event.keys)
    if starred is not None:
        return starred
    digits = keyed_number(event.keys)
    if digits:
        return (
            _lone_zero(hearing, digits)
            or _said_in_part(hearing, event, digits)
            or Answered(hearing.node.digits.go, "digits", digits)
        )
    return _ended_at_once(hearing, event.keys)


def _lone_zero(hearing: Hearing, digits: str) -> Wanted | None:
    """`0` alone is no number of several digits. It means what it means everywhere else, which is a person."""
    if digits != "0" or hearing.node.digits is None or hearing.node.digits.min_digits == 1:
        return None
    return next((Wanted(name, command) for name, command in hearing.commands() if digits in command.keys), None)


def _ended_at_once(hearing: Hearing, keys: str) -> Answered | NothingSaid:
    """`#` without a digit before it may be an answer ("I do not have it")."""
    ended = (each for each in hearing.node.answers.items() if not keys and "#" in each[1].keys)
    return next((Answered(answer.go, f"answers.{name}") for name, answer in ended), NothingSaid())


def _said_in_part(hearing: Hearing, event: KeysPressed, keyed: str) -> Answered | None:
    """Return the number of which the beginning or the end was said and the rest keyed, if the keys alone are none."""
    wanted = hearing.node.digits
    if wanted is None or len(keyed) >= wanted.min_digits:
        return None
    before = _numbers_said(hearing, event.utterance) if event.utterance else ()
    pairs = product((*before, _NOTHING), (*event.numbers_after, _NOTHING))
    whole = (HeardNumber(digits=one.digits + keyed + other.digits, cost=one.cost + other.cost) for one, other in pairs)
    return _chosen(sorted(whole, key=lambda number: number.cost), wanted)


def _starred_command(hearing: Hearing, keys: str) -> Wanted | None:
    """`*` alone says it again, while `*` before a command's key means that command (script.md 0)."""
    for name, command in hearing.commands():
        if keys in {f"*{key}".replace("**", "*") for key in command.keys}:
            return Wanted(name, command)
    return None


def _heard(hearing: Hearing, event: UtteranceHeard) -> Meaning:
    if hearing.node.open is not None:
        return _heard_open(hearing, event)
    return _heard_digits(hearing, event.utterance) if hearing.node.digits else _heard_closed(hearing, event.utterance)


def _heard_open(hearing: Hearing, event: UtteranceHeard) -> Meaning:
    assert hearing.node.open is not None, "asked only where free speech is waited for"
    text = event.utterance.text
    for name, command in hearing.commands():
        if command.within_story and hearing.says_within(command, text):
            return Wanted(name, command, has_answered=True)
        phrase = ends_with_command(text, _story_phrases(hearing, command))
        is_alone = phrase is not None and plain(text) == plain(phrase)
        if phrase is not None and (is_alone or event.finished_by is FinishedBy.COMMAND):
            return Wanted(name, command, has_answered=not is_alone)
    return Answered(hearing.node.open.go, "open", SAID) if has_content(event.utterance) else NotUnderstood()


def _story_phrases(hearing: Hearing, command: Command) -> tuple[str, ...]:
    lists = set(command.says) & set(story_lists(hearing.flow, hearing.node))
    return commands_of(vocabulary_of(hearing.flow, hearing.locale), lists)


def _heard_digits(hearing: Hearing, utterance: Utterance) -> Meaning:
    """Take a number, else what a second hearing made of the same audio."""
    digits = hearing.node.digits
    assert digits is not None, "asked only where digits are waited for"
    numbers = _numbers_said(hearing, utterance)
    is_number = bool(numbers) and len(numbers[0].digits) + _LEFT_OUT >= digits.min_digits
    chosen = _chosen(numbers, digits, earlier=hearing.earlier, refused=hearing.refused) if is_number else None
    return chosen or _heard_closed(hearing, Utterance(text=utterance.second_text or utterance.text))


def _numbers_said(hearing: Hearing, utterance: Utterance) -> tuple[HeardNumber, ...]:
    """Return what number may have been said, of which only the text is known where no recogniser of ours heard it."""
    number = spoken_number(utterance.text, language_of(hearing.locale))
    return utterance.numbers or (() if number is None else (HeardNumber(digits=number),))


def _chosen(
    numbers: Sequence[HeardNumber],
    wanted: DigitAnswer,
    *,
    earlier: tuple[HeardNumber, ...] = (),
    refused: tuple[str, ...] = (),
) -> Answered | None:
    found = choices(numbers, wanted, earlier=earlier, refused=refused)
    return Answered(wanted.go, "digits", found[0], found[1:]) if found else None


def _heard_closed(hearing: Hearing, utterance: Utterance) -> Meaning:
    name = match_answer(utterance.sounds or utterance.text, hearing.choices())
    corrected_number = _corrected(hearing, utterance, name)
    if corrected_number is not None:
        return corrected_number
    answer = hearing.node.answers.get(name or "")
    if answer is not None and name is not None:
        return Answered(answer.go, f"answers.{name}", name)
    command = dict(hearing.commands()).get((name or "").removeprefix(_COMMAND))
    return NotUnderstood() if command is None or name is None else Wanted(name.removeprefix(_COMMAND), command)


def _corrected(hearing: Hearing, utterance: Utterance, name: str | None) -> Answered | None:
    """Return the number with the group that was said anew. Whoever says yes has corrected nothing."""
    correction = hearing.node.correction
    if correction is None or name not in (None, correction.instead_of):
        return None
    number = corrected(
        number_groups(hearing.read_back),
        plain(utterance.second_text or utterance.text),
        names=group_names(hearing.flow, correction, hearing.locale),
        language=language_of(hearing.locale),
    )
    return None if number is None else Answered(correction.go, CORRECTION, number)
