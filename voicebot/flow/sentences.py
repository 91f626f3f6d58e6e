"""A flow in plain sentences. They say what is said, what is waited for, and where each outcome leads.

They are made field by field from the nodes that the engine walks. A field for which nobody wrote a sentence is told by
its own docstring, so a new kind of node or a new field is explained from its first day.

Knows: nodes, words, docstrings. Must not know: sessions, how a flow is drawn (`draw_svg.py`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voicebot.flow.condition_names import Condition
from voicebot.flow.definition import Command, Flow
from voicebot.flow.explain import meanings
from voicebot.flow.nodes import (
    BACK,
    RETURN,
    Answer,
    CorrectionAnswer,
    DigitAnswer,
    EndNode,
    Keep,
    Link,
    ListenNode,
    Node,
    NodeAction,
    OpenAnswer,
    Part,
    Retry,
    SayNode,
)

_PHRASES_SHOWN = 3
"""So many phrases of a list tell what it means; the vocabulary has them all."""
_WHERE = re.compile(r"^Where (?:the call|it) goes ")
_TOLD_OF_SPEECH = (
    *("pause_after_s", "pause_prompt", "end_silence_s", "max_utterance_s", "ends_with", "pause_ends_with"),
    *("warn_after_s", "warn_prompt", "go"),
)
_TOLD_OF_FILE = (
    *("spec", "flow", "locales", "start", "recording_notice", "on_fault", "on_time_up", "on_not_understood", "claims"),
    *("commands", "around", "unsure", "nodes"),
)
_TIMES = ("", "the second time ", "the third time ")


def explain_flow(flow: Flow) -> str:
    """Return the whole flow in sentences of its first locale, node by node in spoken order."""
    parts = ["\n".join(_frame(_Teller(flow, flow.locales[0])))]
    parts += [explain_node(flow, name) for name in flow.nodes]
    return "\n\n".join(parts)


def explain_node(flow: Flow, name: str) -> str:
    """Return one node in sentences of the flow's first locale. Raises: KeyError when there is no such node."""
    node = flow.nodes[name]
    told = _Teller(flow, flow.locales[0]).node(node)
    return "\n".join([f"{name} ({node.kind})", *(f"  {line}" for text in told for line in text.split("\n"))])


def outcome_of(part: Part, field: str) -> str | None:
    """Return when a link is taken, by the docstring of its field ("with a window"). None where that does not say it."""
    described = _described(part, field)
    return _WHERE.sub("", described) if _WHERE.match(described) else None


def keys_said(keys: tuple[str, ...]) -> str:
    """Return keys as people say them ("1 or #")."""
    return " or ".join(keys)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Makes sentences with the words of one locale."""

    flow: Flow
    locale: str

    def node(self, node: Node) -> Iterator[str]:
        """Yield the sentences of a node, field by field."""
        if not isinstance(node, SayNode | ListenNode | EndNode):
            yield _first_sentence(type(node).__doc__ or "")
        if isinstance(node, SayNode | EndNode) and not node.prompts:
            yield "Nothing is said here."
        for field, value in _filled(node):
            if field in _SENTENCES:
                yield from _SENTENCES[field](self, node, value)
            elif field != "kind":
                yield self._by_docstring(node, field)
        if isinstance(node, EndNode):
            yield "Then we hang up."

    def rest(self, part: Part, *told: str) -> Iterator[str]:
        """Yield the fields of a part that no sentence has told, by their docstrings."""
        yield from (self._by_docstring(part, field) for field, _ in _filled(part) if field not in told)

    def _by_docstring(self, part: Part, field: str) -> str:
        value, outcome = getattr(part, field), outcome_of(part, field)
        if outcome is not None:
            return self.onward(f"{outcome[0].upper()}{outcome[1:]},", value)
        values = value if isinstance(value, tuple) else ("yes" if value is True else value,)
        known = self.flow.prompts.get(self.locale, {})
        return (
            f"{_described(part, field)}: {', '.join(self.words(one) if one in known else str(one) for one in values)}."
        )

    def words(self, key: str) -> str:
        """Return the words of a prompt with its key."""
        words = self.flow.prompts.get(self.locale, {}).get(key, "").strip()
        return f'"{words}" ({key})' if words else f"the words of {key}, which are missing"

    def phrases(self, lists: tuple[str, ...]) -> str:
        """Return some of what a caller may say."""
        vocabulary = self.flow.vocabulary.get(self.locale, {})
        said = [phrase for name in lists if name in vocabulary for phrase in vocabulary[name].phrases[:_PHRASES_SHOWN]]
        return ", ".join(f'"{phrase}"' for phrase in said)

    def meant_by(self, part: Answer | Command) -> str:
        """Return the keys and the words that mean an answer or a command."""
        pressed = f"pressing {keys_said(part.keys)}" if part.keys else ""
        said = f"words like {self.phrases(part.says)}" if part.says else ""
        return " or ".join(filter(None, (pressed, said)))

    def onward(self, lead: str, link: Link) -> str:
        """Return where a link leads, each branch in a line of its own."""
        if isinstance(link, str):
            return f"{lead} {self._place(link)}."
        rows = [
            f"\n  {'else' if branch.when is None else f'if {clause_of(branch.when)}'}: {self._place(branch.go)}"
            for branch in link
        ]
        return f"{lead} it depends:{''.join(rows)}"

    def _place(self, name: str) -> str:
        if name in (RETURN, BACK):
            return f"it goes back to the question {'that was put last' if name == RETURN else 'before'}"
        return f"it {'ends' if isinstance(self.flow.nodes.get(name), EndNode) else 'goes on'} at {name}"


def clause_of(condition: Condition) -> str:
    """Return what a condition means, as the part of a sentence after "if"."""
    meaning = _first_sentence(meanings(Condition)[condition])[:-1]
    return meaning[0].lower() + meaning[1:]


_Sentence = Callable[[_Teller, Any, Any], Iterator[str]]
"""Takes the teller, the node and the value of one field."""


def _filled(part: Part) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a part that are not as they are when nobody writes them."""
    for field, about in type(part).model_fields.items():
        if getattr(part, field) != about.get_default(call_default_factory=True):
            yield field, getattr(part, field)


def _described(part: Part, field: str) -> str:
    return _first_sentence(type(part).model_fields[field].description or field).removesuffix(".")


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).split(". ")[0].removesuffix(".") + "."


def _prompts(teller: _Teller, _: Part, keys: tuple[str, ...]) -> Iterator[str]:
    yield f"We say {', then '.join(teller.words(key) for key in keys)}."


def _actions(_: _Teller, __: Part, actions: tuple[NodeAction, ...]) -> Iterator[str]:
    for action in actions:
        yield f"Here we {action.replace('_', ' ')}: {meanings(NodeAction)[action]}"


def _kept(teller: _Teller, _: Part, keeps: tuple[Keep, ...]) -> Iterator[str]:
    for keep in keeps:
        sure = "as the caller said so" if keep.confirmed else "though the caller did not say so"
        yield f"We note {keep.slot}: {keep.value} on the case, {sure}."
        yield from teller.rest(keep, "slot", "value", "confirmed")


def _confirmed(teller: _Teller, _: Part, key: str) -> Iterator[str]:
    yield f"We store as our promise the words {teller.words(key)}."


def _onward(teller: _Teller, _: Part, link: Link) -> Iterator[str]:
    yield teller.onward("Then", link)


def _slot(_: _Teller, __: Part, slot: str) -> Iterator[str]:
    yield f"The answer fills {slot}."


def _open(teller: _Teller, _: Part, part: OpenAnswer) -> Iterator[str]:
    yield "The caller speaks freely."
    if part.pause_after_s is not None and part.pause_prompt is not None:
        yield f"After {part.pause_after_s:g} s of silence we say softly {teller.words(part.pause_prompt)}."
    more = "" if part.pause_after_s is None else " more"
    yield f"{part.end_silence_s:g} s{more} of silence end the answer, which lasts {part.max_utterance_s:g} s at most."
    if part.ends_with:
        yield f"So do words like {teller.phrases(part.ends_with)}, said alone after a pause."
    if part.pause_ends_with:
        yield f"So do words like {teller.phrases(part.pause_ends_with)} where we asked whether there is more."
    if part.warn_after_s is not None and part.warn_prompt is not None:
        yield f"After {part.warn_after_s:g} s we say {teller.words(part.warn_prompt)}."
    yield from teller.rest(part, *_TOLD_OF_SPEECH)
    yield teller.onward("Once something was said,", part.go)


def _answers(teller: _Teller, _: Part, answers: Mapping[str, Answer]) -> Iterator[str]:
    for name, answer in answers.items():
        yield teller.onward(f"The answer {name} is given by {teller.meant_by(answer)}. Then", answer.go)
        yield from teller.rest(answer, "keys", "says", "go")


def _digits(teller: _Teller, _: Part, part: DigitAnswer) -> Iterator[str]:
    yield f"The caller says or keys a number of {part.min_digits} to {part.max_digits} digits."
    yield f"What was keyed is taken with #, or {part.inter_digit_s:g} s after the last key."
    yield from teller.rest(part, "min_digits", "max_digits", "inter_digit_s", "go")
    yield teller.onward("With the digits", part.go)


def _correction(teller: _Teller, _: Part, part: CorrectionAnswer) -> Iterator[str]:
    yield f"Instead of {part.instead_of}, one group of the number may be said anew."
    for group, lists in part.groups.items():
        yield f"The {group} group is named by words like {teller.phrases(lists)}."
    yield from teller.rest(part, "groups", "instead_of", "go")
    yield teller.onward("With the corrected number", part.go)


def _played(teller: _Teller, node: ListenNode, link: Link) -> Iterator[str]:
    yield "We wait for nothing but the end of these words."
    yield teller.onward("When they were heard," if node.cut_short else "Heard to the end or not,", link)


def _cut_short(teller: _Teller, _: Part, link: Link) -> Iterator[str]:
    yield teller.onward("When they were not heard to their end,", link)


def _end_silence(_: _Teller, __: Part, seconds: float) -> Iterator[str]:
    yield f"{seconds:g} s of silence end a spoken answer."


def _no_input_after(_: _Teller, node: ListenNode, seconds: float) -> Iterator[str]:
    if node.no_input is None:
        yield f"The first word or key is waited for {seconds:g} s."


def _no_input(teller: _Teller, node: ListenNode, retry: Retry) -> Iterator[str]:
    waited = "" if node.no_input_after_s is None else f" for {node.no_input_after_s:g} s"
    yield _tried(teller, f"If nothing is heard{waited},", retry)
    yield from teller.rest(retry, "prompts", "after_s", "go")


def _no_match(teller: _Teller, _: Part, retry: Retry) -> Iterator[str]:
    yield _tried(teller, "If it is not understood,", retry)
    yield from teller.rest(retry, "prompts", "after_s", "go")


def _tried(teller: _Teller, lead: str, retry: Retry) -> str:
    """Say the words of each time, then where it goes. Silences and answers not understood count together."""
    if not retry.prompts:
        return teller.onward(lead, retry.go)
    times = (*_TIMES, *(f"time {number} " for number in range(4, len(retry.prompts) + 1)))
    said = "; ".join(f"{times[at]}we say {teller.words(key)}" for at, key in enumerate(retry.prompts))
    waited = "" if retry.after_s is None else f", each time waiting {retry.after_s:g} s"
    return teller.onward(f"{lead} {said}{waited}. After that", retry.go)


def _hang_up(_: _Teller, __: Part, name: str) -> Iterator[str]:
    yield f"If the caller hangs up, it ends at {name}, without words."


def _commands(_: _Teller, __: Part, names: tuple[str, ...]) -> Iterator[str]:
    yield f"Also heard here: {', '.join(names)}."


def _barge_in(_: _Teller, __: Part, is_heard: bool) -> Iterator[str]:
    yield "The caller's voice stops our words." if is_heard else "The caller's voice does not stop these words."


def _at_most(_: _Teller, node: ListenNode, times: int) -> Iterator[str]:
    yield f"The call comes here at most {times} times; after that it goes on at {node.otherwise}."


def _aside(*_: Any) -> Iterator[str]:
    yield "It is asked in between, so that a return leads past it to where the caller stood."


def _told_elsewhere(*_: Any) -> Iterator[str]:
    yield from ()


_SENTENCES: Mapping[str, _Sentence] = {
    "prompts": _prompts,
    "do": _actions,
    "keep": _kept,
    "confirm_promise": _confirmed,
    "go": _onward,
    "slot": _slot,
    "open": _open,
    "answers": _answers,
    "digits": _digits,
    "correction": _correction,
    "played": _played,
    "cut_short": _cut_short,
    "end_silence_s": _end_silence,
    "no_input_after_s": _no_input_after,
    "no_input": _no_input,
    "no_match": _no_match,
    "hang_up": _hang_up,
    "commands": _commands,
    "barge_in": _barge_in,
    "at_most": _at_most,
    "otherwise": _told_elsewhere,
    "is_aside": _aside,
}
"""By field of a node."""


def _frame(teller: _Teller) -> Iterator[str]:
    """Yield what holds for the whole call."""
    file = teller.flow.file
    yield f"The flow {file.flow}, in {', '.join(file.locales)}"
    yield f"  A call begins at {file.start}."
    yield f"  The words {teller.words(file.recording_notice)} are the evidence of consent to recording."
    yield _indented(teller.onward("When our own code fails,", file.on_fault))
    if file.on_time_up is not None:
        yield _indented(teller.onward("When it has lasted as long as the policy lets any call last,", file.on_time_up))
    rule = file.on_not_understood
    if rule is not None:
        lead = f"When {rule.after_questions} questions running were not understood,"
        yield _indented(teller.onward(lead, rule.go))
        yield from map(_indented, teller.rest(rule, "after_questions", "go"))
    for key, claims in file.claims.items():
        yield f"  The words of {key} promise: {', '.join(claim.replace('_', ' ') for claim in claims)}."
    for part, lists in (("change nothing around an answer", file.around), ("are no answer", file.unsure)):
        if lists:
            yield f"  Words like {teller.phrases(lists)} {part}."
    for name, command in file.commands.items():
        yield from map(_indented, _command(teller, name, command))
    yield from map(_indented, teller.rest(file, *_TOLD_OF_FILE))


def _command(teller: _Teller, name: str, command: Command) -> Iterator[str]:
    where = "At any moment" if command.is_everywhere else "Where a node names it"
    lead = f"{where} {teller.meant_by(command)} means {name}."
    yield f"{lead} The question is put again." if command.go is None else teller.onward(f"{lead} Then", command.go)
    if command.ends_story:
        yield f"Said alone between two pauses, {name} ends free speech."
    if command.within_story:
        yield f"Within longer speech the words of {name} count, too."
    yield from teller.rest(command, "keys", "says", "go", "is_everywhere", "ends_story", "within_story")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
