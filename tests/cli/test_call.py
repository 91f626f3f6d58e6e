"""`voicebot calls`: a call's life on the terminal, whole."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.builders import MONDAY_TEN, a_call, a_history_entry, a_ticket, a_turn, an_answer, an_sms, call_facts
from tests.databases import copy_of
from tests.fakes import FakeJobs
from voicebot.adapters.store import open_store
from voicebot.cli import main
from voicebot.cli.call import NO_CALLS, life_page
from voicebot.domain.budget import Contact
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.call_event import CallEvent, Part
from voicebot.domain.sms import SmsState
from voicebot.domain.utterance import WORDS, Utterance, Word
from voicebot.flow.events import FLOW_EVENT, CallAnswered, CallerHungUp, FinishedBy, FlowEvent, UtteranceHeard
from voicebot.flow.instructions import INSTRUCTIONS, HangUp, Listen, Prompt
from voicebot.flow.session import FlowSession
from voicebot.service.ports import Arrival, UnitOfWork
from voicebot.service.queries.call_timeline import CallLife, CaseLife
from voicebot.service.queries.turn_timeline import LifeLine

CASE = "482719300"
LISTEN = Listen(node="ask_story", prompts=(Prompt(key="ask_story", locale="en", fragments=()),))
WORD = Word(text="broken", start_s=0, end_s=1, confidence=0.38)
WHOLE = """\
Case 482-719-300

Call 1 of 1  Mon 2 Mar 2026, 05:00:00 EST  by stream  7.5 s  caller_hung_up
  call call-1 in the log, CA00000000000000000000000000000001 at the carrier
  +0:00:00.000  carrier  call_received     from a number
  +0:00:00.000  web      call_answered     stored in 12 ms
  +0:00:00.000  flow     ticket_opened     owner_1
  +0:00:00.000  flow     says              ask_story; then waits at ask_story
  +0:00:01.250  carrier  stream_opened
  +0:00:06.004  caller   utterance_heard   at ask_story, 4.2 s of speech, 1 words, 1 unsure, ended by silence, stored in
                                           9 ms
  +0:00:06.004  flow     says              nothing; then hangs up
  +0:00:06.100  web      fault             ValueError at web/voice.py:12  [31m red
  +0:00:07.500  carrier  call_ended        caller_hung_up
  +0:00:08.000  worker   text_handed_over  sms_confirmation: queued
  +2:00:08.000  carrier  receipt           sms_confirmation: undelivered (30005)
"""


@pytest.fixture
def work(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UnitOfWork:
    """A hotline's database, named in the environment; open until the test commits."""
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'voicebot.db'}")
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path))
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    return open_store(engine, FakeJobs().on)()


def after(seconds: float) -> dict[str, object]:
    """Return the instant so long after the call's beginning."""
    return {"at": MONDAY_TEN + timedelta(seconds=seconds)}


def a_told_turn(number: int, event: FlowEvent, wait: Listen | HangUp, **given: object) -> object:
    """Build a stored turn."""
    listen = wait if isinstance(wait, Listen) else None
    session = FlowSession(flow="f", flow_digest="d", locale="en", node="ask_story", facts=call_facts(), listen=listen)
    return a_turn(
        number=number,
        event=FLOW_EVENT.dump_json(event).decode(),
        session=session.model_dump_json(),
        instructions=INSTRUCTIONS.dump_json((wait,)).decode(),
        **given,
    )


def fill(work: UnitOfWork) -> None:
    """Write one call with something from each part."""
    heard = UtteranceHeard(utterance=Utterance(duration_s=4.2), finished_by=FinishedBy.SILENCE)
    event = {"ticket_id": "ticket-1", "call_id": "call-1"}
    over = {"status": CallStatus.ENDED, "end": CallEnd.CALLER_HUNG_UP, "ended_at": MONDAY_TEN + timedelta(seconds=7.5)}
    with work:
        work.tickets.add(a_ticket(case_number=CASE))
        work.calls.add(a_call(**over))
        work.tickets.note(a_history_entry(verb="ticket_opened", after="owner_1"))
        work.calls.add_turn(a_told_turn(0, CallAnswered(), LISTEN, took_ms=12))  # type: ignore[arg-type]
        work.calls.add_turn(a_told_turn(1, heard, HangUp(), took_ms=9, **after(6.004)))  # type: ignore[arg-type]
        work.tickets.add_answer(an_answer(turn_number=0, words_json=WORDS.dump_json((WORD,)).decode(), text="broken"))
        work.events.add(CallEvent(**event, **after(1.25), part=Part.CARRIER, what="stream_opened"))  # type: ignore[arg-type]
        odd = "ValueError at web/voice.py:12 \x1b[31m\u202ered"
        work.events.add(CallEvent(**event, **after(6.1), part=Part.WEB, what="fault", detail=odd))  # type: ignore[arg-type]
        work.tickets.note(a_history_entry(verb="call_ended", actor="carrier", after="caller_hung_up", **after(7.5)))
        told = {"ticket_id": "ticket-1", "what": "text_handed_over", "detail": "sms_confirmation: queued"}
        work.events.add(CallEvent(**told, **after(8), part=Part.WORKER))  # type: ignore[arg-type]
        work.sms.add(an_sms(state=SmsState.UNDELIVERED, message_sid="SM1"))
        work.sms.add_receipt("SM1", "undelivered", 30005, MONDAY_TEN + timedelta(hours=2, seconds=8))
        work.commit()


def run(*words: str) -> Result:
    """Run a command of the group."""
    found = CliRunner().invoke(main, ["calls", *words])
    assert found.exit_code == 0, found.output
    return found


def test_a_call_is_shown_whole_and_without_control_characters(work: UnitOfWork) -> None:
    fill(work)
    assert run("show", CASE).output == WHOLE


def test_a_program_gets_the_same_as_json(work: UnitOfWork) -> None:
    fill(work)
    told = json.loads(run("show", CASE, "--json").output)
    (call,) = told["calls"]
    assert (told["case"], call["end"], call["started_at"]) == ("482-719-300", "caller_hung_up", MONDAY_TEN.isoformat())
    assert [line["what"] for line in call["lines"]][:2] == ["call_received", "call_answered"]


def test_a_case_nobody_has_is_one_sentence(work: UnitOfWork) -> None:
    found = CliRunner().invoke(main, ["calls", "show", "1"])
    assert (found.exit_code, found.output.startswith("voicebot: '1' is no case number")) == (1, True)


def test_nobody_on_the_line_is_said(work: UnitOfWork) -> None:
    assert run("live").output == "Nobody is on the line.\n"
    assert json.loads(run("live", "--json").output) == []


def test_a_live_call_is_a_line(work: UnitOfWork) -> None:
    with work:
        work.tickets.add(a_ticket(case_number=CASE))
        work.calls.add(a_call(stream_losses=1))
        work.calls.add_turn(a_told_turn(0, CallAnswered(), LISTEN))  # type: ignore[arg-type]
        work.commit()
    line = run("live").output
    assert line.startswith("482-719-300  for ")
    assert line.endswith(" s ago, 1 streams lost\n")
    assert "by stream, at ask_story, last turn " in line
    assert json.loads(run("live", "--json").output)[0]["node"] == "ask_story"


def test_a_live_call_and_a_clock_that_is_behind_are_shown_too() -> None:
    early = LifeLine(at=MONDAY_TEN - timedelta(milliseconds=1500), part=Part.WEB, what="fault")
    call = CallLife(
        call_id="c", carrier_call_id="CA1", started_at=MONDAY_TEN, ended_at=None, end="", way="record", lines=(early,)
    )
    page = list(life_page(CaseLife(case="482-719-300", zone="UTC", calls=(call,), beside=())))
    assert page[2] == "Call 1 of 1  Mon 2 Mar 2026, 10:00:00 UTC  by record  lasts"
    assert page[4] == "  -0:00:01.500  web      fault"


def test_a_case_by_text_says_that_it_has_no_call() -> None:
    line = LifeLine(at=MONDAY_TEN, part=Part.CALLER, what="text_received")
    page = list(life_page(CaseLife(case="482-719-300", zone="UTC", calls=(), beside=(line,))))
    assert page == [
        "Case 482-719-300",
        "",
        NO_CALLS,
        "  Mon 2 Mar 2026, 10:00:00 UTC  caller   text_received",
    ]


def test_a_hang_up_in_a_call_is_the_callers(work: UnitOfWork) -> None:
    with work:
        work.tickets.add(a_ticket(case_number=CASE))
        work.calls.add(a_call())
        work.calls.add_turn(a_told_turn(0, CallerHungUp(), HangUp()))  # type: ignore[arg-type]
        work.commit()
    assert "caller   caller_hung_up" in run("show", CASE).output


def test_who_was_turned_away_is_listed_and_nobody_is_said(work: UnitOfWork) -> None:
    with work:
        for sid, sender in (("CA1", "+12025550143"), ("CA2", "+12025550143"), ("CA3", "")):
            at = datetime.now(UTC)
            arrival = Arrival(kind=Contact.CALL, sid=sid, sender=sender, block="1202555", at=at)
            work.contacts.refuse(arrival, "number:at_once" if sender else "withheld:an_hour")
        work.commit()
    lines = run("turned-away").output.splitlines()
    assert len(lines) == 2
    assert any("+12025550143  call, 2 times: limit number:at_once" in line for line in lines)
    assert any("no number  call, once: limit withheld:an_hour" in line for line in lines)
    told = json.loads(run("turned-away", "--json").output)
    assert sorted(each["times"] for each in told) == [1, 2]


def test_nobody_turned_away_is_said(work: UnitOfWork) -> None:
    with work:
        work.commit()
    assert run("turned-away").output == "Nobody was turned away.\n"
