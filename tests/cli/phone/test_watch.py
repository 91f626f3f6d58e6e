"""What is looked at beside the line: how the hotline is, the case, words of this call alone, texts to this number."""

import json
from dataclasses import replace
from pathlib import Path

from tests.builders import MONDAY_TEN
from tests.cli.phone.facts import a_case, some_facts
from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, NUMBER, StandIn
from voicebot.cli.phone.case_facts import CaseFacts, CaseReader
from voicebot.cli.phone.hotline import HotlineProbe
from voicebot.cli.phone.watch import Watch
from voicebot.simulator import LineCall, Message


class Reader(CaseReader):
    """Reads what the test puts here."""

    def __init__(self) -> None:
        self.case: CaseFacts | None = None

    def read(self, carrier_call_id: str) -> CaseFacts | None:
        return self.case


def test_each_thing_is_told_once_when_it_changes(hotline: StandIn, make_carrier: MakeCarrier, tmp_path: Path) -> None:
    hotline.answers("/readyz", "")
    file = tmp_path / "live.jsonl"
    file.write_text(_line("call-1", "said", "of an earlier call"))
    carrier, told, reader = make_carrier(), list[dict[str, object]](), Reader()
    watch = Watch(carrier, some_facts(hotline.url, tmp_path, live_view=file), HotlineProbe(hotline.url), told.append)
    watch.begin()
    watch.look(reader)
    assert told == [{"type": "hotline", "name": "ready", "why": ""}]
    watch.call = LineCall("CA1", CALLER, NUMBER)
    told.clear()
    with file.open("a") as live:
        live.write(_line("call-1", "partial", "my kettle") + _line("call-2", "said", "to somebody else"))
    watch.look(reader)
    assert told == [], "whose words they are is not known yet"
    reader.case = a_case()
    watch.look(reader)
    watch.look(reader)
    assert told == [reader.case.told(), {"type": "partial", "text": "my kettle"}]
    told.clear()
    reader.case = replace(a_case(), promise="Ana calls you tomorrow.")
    for number, recipient in enumerate((CALLER, "+12025550199")):
        _deliver(carrier.ledger.messages, f"SM{number}", recipient)
    watch.look(reader)
    assert told == [reader.case.told(), {"type": "text", "body": f"to {CALLER}"}]


def _line(call: str, kind: str, text: str) -> str:
    return json.dumps({"call": call, "kind": kind, "text": text}) + "\n"


def _deliver(messages: dict[str, Message], sid: str, recipient: str) -> None:
    messages[sid] = Message(
        sid=sid,
        sender=NUMBER,
        recipient=recipient,
        body=f"to {recipient}",
        direction="outbound-api",
        created_at=MONDAY_TEN,
        updated_at=MONDAY_TEN,
        status="sent",
    )
