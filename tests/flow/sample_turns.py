"""Samples of the flow language in their stored form: for each event, instruction and kind of node a turn that has it.

A sample (`samples/<family>/<kind>.yaml`) says what it shows, plays the events `after` which it begins, and names one
`event` in and all instructions `told` out, as JSON has them in stored turns. `test_engine.py` plays each one, and
`house/test_completeness.py` demands one for each kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tests import quick_yaml
from tests.builders import call_facts
from tests.flow.small_flow import FILES
from voicebot.flow.definition import Flow
from voicebot.flow.engine import TurnResult, start_session, take_turn
from voicebot.flow.events import FLOW_EVENT, FlowEvent
from voicebot.flow.instructions import INSTRUCTIONS, Instruction
from voicebot.flow.reader import parse_flow

FOLDER = Path(__file__).parent / "samples"
FAMILIES = ("events", "instructions", "nodes")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One turn, as its file has it."""

    family: str
    kind: str
    what: str
    node: str | None
    """The node of this kind that the turn reaches; for the family `nodes`."""
    after: tuple[FlowEvent, ...]
    event: FlowEvent
    told: tuple[Instruction, ...]

    @property
    def name(self) -> str:
        """Return how a test is named after it."""
        return f"{self.family}/{self.kind}"

    def play(self) -> TurnResult:
        """Play the turn from the beginning of its call."""
        flow = sample_flow()
        result = TurnResult(session=start_session(flow, "en", call_facts()), instructions=())
        for event in (*self.after, self.event):
            result = take_turn(flow, result.session, event, NOW)
        return result

    def kinds(self) -> set[str]:
        """Return every kind that its instructions have, those of words and pauses included."""
        return {kind for told in self.told for kind in _kinds(told)}


def sample_flow() -> Flow:
    """Return the flow in which all samples play."""
    shared = {name: text for name, text in FILES.items() if name.startswith("shared/")}
    own = {f"sample/{path.name}": path.read_text() for path in (FOLDER / "flow").glob("*.yaml")}
    return parse_flow({**shared, **own})


def samples() -> list[Sample]:
    """Return every sample."""
    return [_read(path) for family in FAMILIES for path in sorted((FOLDER / family).glob("*.yaml"))]


def _read(path: Path) -> Sample:
    written: dict[str, Any] = quick_yaml.load(path.read_text())
    unknown = set(written) - {"what", "node", "after", "event", "told"}
    assert not unknown, f"{path.name}: nobody knows {sorted(unknown)}"
    return Sample(
        family=path.parent.name,
        kind=path.stem,
        what=written["what"],
        node=written.get("node"),
        after=tuple(FLOW_EVENT.validate_python(event) for event in written.get("after", ())),
        event=FLOW_EVENT.validate_python(written["event"]),
        told=INSTRUCTIONS.validate_python(written["told"]),
    )


def _kinds(part: object) -> Iterator[str]:
    if isinstance(part, BaseModel):
        yield from (value for name, value in part if name == "kind")
        for _name, value in part:
            yield from _kinds(value)
    elif isinstance(part, tuple):
        for each in part:
            yield from _kinds(each)
