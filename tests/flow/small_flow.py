"""A whole flow of few nodes, and a way to break it: what the tests of reading and checking work on."""

from collections.abc import Callable
from pathlib import Path

from voicebot.distribution import PROJECT_DIR
from voicebot.flow.check_words import NEEDED_TEXTS
from voicebot.flow.definition import Flow
from voicebot.flow.reader import parse_flow

FLOW = """\
spec: 1
flow: small
locales: [en]
start: greet_caller
recording_notice: say_notice
on_fault: end_call
claims:
  promise_call: [manager_told, caller_texted]
commands:
  person: {keys: ["0"], says: [person], ends_story: true, go: promise_call}
  again: {keys: ["*"]}
nodes:
  greet_caller:
    kind: say
    prompts: [greet_caller, say_notice]
    go:
      - {when: is_overflow, go: end_call}
      - {go: ask_story}
  ask_story:
    kind: listen
    prompts: [ask_story]
    slot: story
    open: {end_silence_s: 3, go: ask_call}
    no_input_after_s: 7
    no_input: {prompts: [ask_story], go: end_call}
    no_match: {go: end_call}
    hang_up: end_call
  ask_call:
    kind: listen
    prompts: [ask_call]
    slot: wants_call
    answers:
      "yes": {keys: ["1"], says: ["yes"], go: promise_call}
      "no": {keys: ["2"], says: ["no"], go: ask_number}
    no_input_after_s: 6
    no_input: {go: end_call}
    no_match: {go: end_call}
    hang_up: end_call
  ask_number:
    kind: listen
    prompts: [ask_number]
    digits: {max_digits: 15, go: check_number}
    no_input_after_s: 6
    no_input: {go: end_call}
    no_match: {go: end_call}
    at_most: 2
    otherwise: end_call
    hang_up: end_call
  check_number:
    kind: check_number
    accepted: promise_call
    refused: ask_number
  promise_call:
    kind: promise
    target: standard
    made: tell_window
    none_left: end_call
  tell_window:
    kind: listen
    prompts: [promise_call]
    played: end_call
    hang_up: end_call
  end_call:
    kind: end
"""

PROMPTS = """\
greet_caller: "Hello. This is {company}."
say_notice: "We record what you say."
ask_story: "Please tell us what happened, then press {hash_key}."
ask_call: "May we call you? For yes, press 1. For no, press 2."
ask_number: "Please key in the number."
promise_call: "We will call you {day}, between {from} and {to}."
"""

SHARED = """\
hash_key: "pound"
go_on_speaking: "Please go on."
say_goodbye: "Goodbye."
static_fallback: "Please say what happened, then press {hash_key}."
"""

_OWN_TEXTS = """\
sms_confirmation: "{company}: your case is {case}."
sms_staff_missed: "Case {case}: MISSED."
"""
_OTHERS = (name for name in NEEDED_TEXTS if f"{name}:" not in _OWN_TEXTS)
TEXTS = _OWN_TEXTS + "".join(f'{name}: "Case {{case}}."\n' for name in _OTHERS)

VOCABULARY = """\
"yes": {phrases: ["yes", "that's fine"], first_words: ["yes"]}
"no": {phrases: ["no"], first_words: ["no"]}
person:
  phrases: [person, manager]
  lead_ins: [i want a]
"""

CALLS = (PROJECT_DIR / "flows/shared/calls.en.yaml").read_text()

FILES = {
    "small/flow.yaml": FLOW,
    "small/prompts.en.yaml": PROMPTS,
    "small/vocabulary.en.yaml": VOCABULARY,
    "shared/prompts.en.yaml": SHARED,
    "shared/texts.en.yaml": TEXTS,
    "shared/calls.en.yaml": CALLS,
}


def changed_files(file: str, old: str, new: str) -> dict[str, str]:
    """Return the files with one piece of one of them replaced."""
    assert FILES[file].count(old) == 1, f"{old!r} stands {FILES[file].count(old)} times in {file}"
    return {**FILES, file: FILES[file].replace(old, new)}


def small_flow(change: Callable[[dict[str, str]], dict[str, str]] = dict) -> Flow:
    """Return the flow, its files changed first."""
    return parse_flow(change(dict(FILES)))


def line_with(text: str, piece: str) -> int:
    """Return the number of the first line that holds a piece."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if piece in line)


def project_texts(*folders: str) -> dict[str, str]:
    """Return the YAML files of folders of the project's own flows, by name from the flows folder."""
    flows = Path(__file__).resolve().parents[2] / "flows"
    return {f"{name}/{path.name}": path.read_text() for name in folders for path in (flows / name).glob("*.yaml")}


def joining_flow() -> Flow:
    """Return the flow with a node that puts the call to a known case, once a number was keyed."""
    old = "    accepted: promise_call\n    refused: ask_number\n"
    node = "  join_case:\n    kind: join_case\n    joined: tell_window\n    apart: promise_call\n"
    return parse_flow(changed_files("small/flow.yaml", old, old.replace("promise_call", "join_case") + node))


def offering_flow() -> Flow:
    """Return the flow with several windows offered at once, one of which is chosen, or others are asked for."""
    nodes = """\
  promise_call:
    kind: promise
    target: standard
    offers: 3
    made: offer_windows
    none_left: end_call
  offer_windows:
    kind: listen
    prompts: [offer_first, offer_second]
    slot: window
    answers:
      first: {keys: ["1"], go: take_window}
      second: {keys: ["2"], go: take_window}
      others: {keys: ["3"], go: promise_later}
    no_input_after_s: 6
    no_input: {go: tell_window}
    no_match: {go: tell_window}
    hang_up: end_call
  take_window:
    kind: promise
    target: standard
    chosen: true
    made: tell_window
    none_left: promise_call
  promise_later:
    kind: promise
    target: standard
    later: true
    offers: 3
    made: offer_windows
    none_left: tell_window
"""
    old = "  promise_call:\n    kind: promise\n    target: standard\n    made: tell_window\n    none_left: end_call\n"
    words = 'offer_first: "First: {day_1}, {from_1} to {to_1}."\noffer_second: "Second: {day_2}, {from_2} to {to_2}."\n'
    files = changed_files("small/flow.yaml", old, nodes)
    return parse_flow(files | {"small/prompts.en.yaml": PROMPTS + words})
