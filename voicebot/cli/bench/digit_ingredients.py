"""What helps a number to arrive, each thing switched off in turn.

Each caller is heard once with the decoder as it is, once with the publisher's narrower search, and once without a
grammar. The rest is decided afterwards, so that each row tells of the same voices.
Knows: hearings, flows. Must not know: how results are shown.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from voicebot.cli.bench.digit_run import QUESTION, Arrival, Caller, Gate, Heard, arrival, hear_caller, takes_any
from voicebot.domain.case_number import LENGTH
from voicebot.flow.definition import Flow
from voicebot.flow.events import FlowEvent, UtteranceHeard
from voicebot.flow.instructions import CheckNumber
from voicebot.flow.nodes import ListenNode, NumberForm
from voicebot.flow.session import FlowSession
from voicebot.service.ports import Recognisers

WIDE, NARROW, ANY_WORDS = "wide", "narrow", "any words"
"""How a caller is heard: as the hotline does, with the search that the model's publisher set, or without a grammar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ingredients:
    """What helps, all of it or all but something."""

    name: str
    hearing: str = WIDE
    has_guesses: bool = True
    """Whether more than the best guess is looked at."""
    has_check_digit: bool = True
    has_cases: bool = True
    """Whether only a case that exists is taken."""
    is_repeated: bool = True
    """Whether a number is read back, and said once more if it is wrong or was not understood."""


ALL = Ingredients(name="everything")
EACH_OFF = (
    ALL,
    Ingredients(name="without the grammar of digits", hearing=ANY_WORDS),
    Ingredients(name="without the wide search", hearing=NARROW),
    Ingredients(name="without guesses but the best", has_guesses=False),
    Ingredients(name="without the check digit", has_check_digit=False),
    Ingredients(name="without the open cases", has_cases=False),
    Ingredients(name="without both", has_check_digit=False, has_cases=False),
    Ingredients(name="without read-back and repetition", is_repeated=False),
    Ingredients(
        name="without any of them, but the grammar",
        hearing=NARROW,
        has_guesses=False,
        has_check_digit=False,
        has_cases=False,
        is_repeated=False,
    ),
)


def hear_in_each_way(wide: Recognisers, narrow: Recognisers, asked: FlowSession, caller: Caller) -> dict[str, Heard]:
    """Return what is heard of a caller in each way."""
    return {
        WIDE: hear_caller(wide, asked, caller),
        NARROW: hear_caller(narrow, asked, caller),
        ANY_WORDS: hear_caller(narrow, _without_grammar(asked), caller),
    }


def count(
    flow: Flow, asked: FlowSession, heard: Iterable[Mapping[str, Heard]], what: Ingredients, *, cases: Collection[str]
) -> Counter[Arrival]:
    """Count what becomes of numbers with these ingredients. Without `cases` there are none to look for."""
    flow = flow_of_cases(flow, has_check_digit=what.has_check_digit) if cases else flow
    gate = one_of(cases) if cases and what.has_cases else takes_any
    return Counter(
        arrival(flow, asked, _looked_at(ways[what.hearing], what), gate=gate, is_read_back=what.is_repeated)
        for ways in heard
    )


def opened(flow: Flow, asked: FlowSession, heard: Heard, cases: Collection[str]) -> bool:
    """Whether a number that is none of the cases opens one, said once and once more."""
    gate, found = one_of(cases), list[str]()

    def noted(effect: CheckNumber) -> str | None:
        number = gate(effect)
        found.extend([] if number is None else [number])
        return number

    arrival(flow_of_cases(flow), asked, heard, gate=noted)
    return bool(found)


def one_of(cases: Collection[str]) -> Gate:
    """Return the gate that only a case that exists passes."""
    return lambda effect: next((each for each in (effect.digits, *effect.others) if each in cases), None)


def flow_of_cases(flow: Flow, *, has_check_digit: bool = True) -> Flow:
    """Return the flow with a question for a case number in the place of that for a telephone number."""
    node = flow.nodes[QUESTION]
    assert isinstance(node, ListenNode), "it asks"
    assert node.digits is not None, "for digits"
    form = NumberForm.CASE_NUMBER if has_check_digit else NumberForm.ANY
    digits = node.digits.model_copy(update={"form": form, "min_digits": LENGTH, "max_digits": LENGTH})
    nodes = {**flow.nodes, QUESTION: node.model_copy(update={"digits": digits})}
    return flow.model_copy(update={"file": flow.file.model_copy(update={"nodes": nodes})})


def _without_grammar(asked: FlowSession) -> FlowSession:
    assert asked.listen is not None, "it was asked"
    assert asked.listen.speech is not None, "for words"
    speech = asked.listen.speech.model_copy(update={"grammar": None, "second_grammar": None})
    return asked.model_copy(update={"listen": asked.listen.model_copy(update={"speech": speech})})


def _looked_at(heard: Heard, what: Ingredients) -> Heard:
    if what.has_guesses:
        return heard
    return Heard(digits=heard.digits, events=_only_the_best(heard.events))


def _only_the_best(events: Sequence[FlowEvent]) -> tuple[FlowEvent, ...]:
    return tuple(_best_of(event) if isinstance(event, UtteranceHeard) else event for event in events)


def _best_of(event: UtteranceHeard) -> UtteranceHeard:
    utterance = event.utterance.model_copy(update={"numbers": event.utterance.numbers[:1]})
    return event.model_copy(update={"utterance": utterance})
