"""How answers to our questions are taken. They are right, wrong, or asked again, on the product's own path.

A clip is said to one question of a flow as a caller would say it on a stream. Our listening hears it, our engine
decides. Real people's clips are those of `VOICEBOT_SPEECH_DIR`, while the sayings below are spoken by the synthetic
voice that makes our prompts, where it is installed.
Knows: flows, listening, the engine. Must not know: sockets, the database.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.decoding import NoPrompts, NoSpool
from voicebot.cli.bench.outside_ear import last_voiced
from voicebot.cli.bench.sayings import ASKED_AGAIN, SAYINGS
from voicebot.flow.definition import Flow
from voicebot.flow.engine import take_turn
from voicebot.flow.events import FlowEvent, NoInput
from voicebot.flow.journey import Scene, listen_again, travel
from voicebot.flow.session import CallFacts, FlowSession
from voicebot.service.listening import CallListening
from voicebot.service.ports import Recognisers
from voicebot.speech.audio import RATE_HZ, encode_mulaw, read_wav
from voicebot.telephony.media_stream import MarkReturned, MediaFrame, SendMark

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""When the questions are put."""
_FRAME = RATE_HZ // 50
_LINE_NOISE = 8.0
"""Level of the silence around a clip, in steps of 16 bits, which is about -72 dB, a quiet line."""
_FACTS = CallFacts(company="Example", case_number="482719300", caller_number="+12025550143", can_text=True, zone="UTC")
_NON_ANSWERS = ("librispeech_other", "osr_harvard", "asterisk_en", "misc_en")
_TALK = (*_NON_ANSWERS, "sphinx", "telephone", "intent_slots")
"""What may stand in a story, but of some nobody wrote down the words."""
CUT_SHORT = "cut short"
"""What becomes of a story that is taken to be over while it is still being told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A clip said to a question, and how it should be taken, such as an exit ("yes", "person"), digits, or asked
    again.
    """

    group: str
    node: str
    words: str
    mulaw: bytes
    wanted: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """How it was taken."""

    said: Said
    as_what: str
    heard: str

    @property
    def result(self) -> str:
        """Whether that was right, wrong, or only asked again."""
        if self.as_what == self.said.wanted:
            return "right"
        return ASKED_AGAIN if self.as_what == ASKED_AGAIN else "wrong"


def real_answers(folder: Path) -> Iterator[Said]:
    """Yield clips of real people.

    They are yes and no, strings of digits, and speech that answers none of our questions.
    """
    for line in map(json.loads, (folder / "manifest.jsonl").read_text().splitlines()):
        if line["lang"] != "en" or not line.get("reference"):
            continue
        mulaw = read_wav((folder / line["path"]).read_bytes())
        if line["set"] == "yes_no":
            yield Said(group="yes and no", node="confirm_number", words=line["reference"], mulaw=mulaw,
                       wanted=line["reference"])  # fmt: skip
        elif line["set"] == "fsdd_digits":
            digits = "".join(filter(str.isdigit, Path(line["path"]).stem.rsplit("_", 1)[-1]))
            yield Said(
                group="strings of digits", node="ask_number", words=line["reference"], mulaw=mulaw, wanted=digits
            )
        elif line["set"] in _NON_ANSWERS:
            for node in ("confirm_number", "offer_window", "ask_number"):
                yield Said(group=f"no answer, at {node}", node=node, words=line["reference"], mulaw=mulaw,
                           wanted=ASKED_AGAIN)  # fmt: skip


def real_stories(folder: Path) -> Iterator[Said]:
    """Yield what real people say at length, because as a story none of it is a refusal, a request for a person or an
    end.
    """
    for line in map(json.loads, (folder / "manifest.jsonl").read_text().splitlines()):
        if line["lang"] == "en" and line["set"] in _TALK:
            mulaw = read_wav((folder / line["path"]).read_bytes())
            yield Said(group="stories", node="ask_story", words=line.get("reference") or line["path"], mulaw=mulaw,
                       wanted="open")  # fmt: skip


def spoken_answers(say: Callable[[str], bytes], *, group: str) -> Iterator[Said]:
    """Yield the sayings in a voice."""
    for node, wanted, words in SAYINGS:
        yield Said(group=group, node=node, words=words, mulaw=say(words), wanted=wanted)


def take_answer(flow: Flow, recognisers: VoskRecognisers, said: Said) -> Taken:
    """Say the clip to its question and return what the flow took it for."""
    asked = asked_at(flow, said.node)
    event, left_s = hear_answer(recognisers, asked, said.mulaw)
    utterance, as_what = getattr(event, "utterance", None), taken_as(flow, asked, event)
    is_cut_short = as_what == "open" and left_s > 0
    heard = utterance.text if utterance else event.kind
    return Taken(said=said, as_what=CUT_SHORT if is_cut_short else as_what, heard=heard)


def asked_at(flow: Flow, node: str, prompt: str = "") -> FlowSession:
    """Return the session of a call to which a question was just put, in other words if `prompt` names some."""
    scene = Scene(flow, NOW)
    asked = travel(scene, _session_of(flow), node, exit_name="bench").session
    return listen_again(scene, asked, keys=(prompt,)).session if prompt else asked


def _session_of(flow: Flow) -> FlowSession:
    return FlowSession(flow=flow.name, flow_digest=flow.digest, locale="en", node=flow.file.start, facts=_FACTS)


def hear_answer(recognisers: Recognisers, asked: FlowSession, mulaw: bytes) -> tuple[FlowEvent, float]:
    """Say a clip to a question. Return what happened, and how many seconds of the clip's speech were still to come."""
    assert asked.listen is not None, "every question asked is one that listens"
    call = CallListening(call_id="bench", recognisers=recognisers, prompts=NoPrompts(), spool=NoSpool())
    marks = [each.name for each in call.begin(asked.listen, 1, asked.locale) if isinstance(each, SendMark)]
    before = _silence(0.5) + mulaw
    line = before + _silence(20)
    # An announcement ends as the caller's words do: the worst instant for them. A question has been asked before.
    asked_at = 0 if asked.listen.asks_for_words else len(before) // _FRAME * _FRAME
    for at in range(0, len(line), _FRAME):
        event = call.feed(MediaFrame(line[at : at + _FRAME], at * 1000 // RATE_HZ)).event
        if at == asked_at and event is None:
            event = _marks_back(call, marks)
        if event is not None:
            return event, max(0.0, (last_voiced(before) - at) / RATE_HZ)
    return NoInput(), 0.0


def _marks_back(call: CallListening, marks: list[str]) -> FlowEvent | None:
    for mark in marks:
        event = call.feed(MarkReturned(mark)).event
        if event is not None:
            return event
    return None


def _silence(seconds: float) -> bytes:
    noise = np.random.default_rng(1).normal(0, _LINE_NOISE, round(seconds * RATE_HZ))
    return encode_mulaw(np.rint(noise).astype(np.int16))


def taken_as(flow: Flow, asked: FlowSession, event: FlowEvent) -> str:
    """Return what the flow makes of an event at a question, such as an exit ("yes", "person"), digits, or asked
    again.
    """
    result = take_turn(flow, asked, event, NOW)
    way = result.exits[0].split(".")
    if way[1] == "digits":
        return result.session.slots["typed_number"]
    if way[0] == "commands":
        return way[1]
    return way[2] if way[1] == "answers" else ASKED_AGAIN if way[1] in ("no_match", "no_input") else way[1]
