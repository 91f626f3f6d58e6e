"""The demo's acts, played with a script in place of the processes and with time that only blinks move."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.builders import MONDAY_TEN, a_breach, a_promise, a_ticket, an_sms
from tests.cli.demo.cases import a_broken_case, a_kept_case
from tests.domain.test_staff_call import a_staff_call
from voicebot.cli.demo.carrier_process import CallFinished, News, Overheard, Ready
from voicebot.cli.demo.case_reader import Case
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.run import DemoFailed, Play, Told, Watch
from voicebot.cli.demo.sandbox import ADA, BEN, NAMES, set_up
from voicebot.cli.demo.screen import Screen
from voicebot.distribution import PROJECT_DIR
from voicebot.domain.sms import Sms, SmsState
from voicebot.flow.policy import read_policy
from voicebot.simulator.line import Happening, LineEvent

POLICY = read_policy({file.name: file.read_text() for file in (PROJECT_DIR / "flows" / "policy_demo").glob("*.yaml")})
WINDOW = {
    "window_opens_at": MONDAY_TEN + timedelta(seconds=60),
    "window_closes_at": MONDAY_TEN + timedelta(seconds=120),
}


class BlinkingWatch(Watch):
    """A second passes at each blink."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def seconds(self) -> float:
        return self.at_s

    def now(self) -> datetime:
        return (MONDAY_TEN + timedelta(seconds=self.at_s)).astimezone(UTC)

    def blink(self) -> None:
        self.at_s += 1.0


class ScriptedHotline:
    """Answers at its fifth second; may die later."""

    def __init__(self, watch: BlinkingWatch, dies_at_s: float = 1e9) -> None:
        self.watch, self.dies_at_s, self.was_started = watch, dies_at_s, False

    def start(self) -> None:
        self.was_started = True

    def is_ready(self) -> bool:
        return self.watch.at_s >= 5

    def is_alive(self) -> bool:
        return self.watch.at_s < self.dies_at_s


class ScriptedCarrier:
    """Tells what the script says once its second has come."""

    def __init__(self, watch: BlinkingWatch, script: list[tuple[float, News]]) -> None:
        self.watch, self.script = watch, script
        self.rang: list[str] = []

    def start(self) -> None: ...

    def ring(self, number: str) -> None:
        self.rang.append(number)

    def news(self) -> list[News]:
        due = [news for at_s, news in self.script if at_s <= self.watch.at_s]
        self.script = [line for line in self.script if line[0] > self.watch.at_s]
        return due

    def is_alive(self) -> bool:
        return True


class ScriptedCasebook:
    """Holds what the service would have stored by now."""

    def __init__(self, watch: BlinkingWatch, read: Callable[[str, float], Case | None]) -> None:
        self.watch, self._read = watch, read

    def read(self, caller: str) -> Case | None:
        return self._read(caller, self.watch.at_s)


class NoGuesses:
    def partials(self) -> list[str]:
        return ["my kettle"]


CALL: list[tuple[float, News]] = [
    (1, Ready()),
    (9, LineEvent(1.0, Happening.PROMPT_STARTED, "say_recording_notice")),
    (10, LineEvent(6.0, Happening.ENDED, "caller")),
    (10, CallFinished()),
    (12, LineEvent(1.0, Happening.PROMPT_STARTED, "greet_caller")),
    (13, LineEvent(2.0, Happening.SPEAKS, "story")),
    (14, LineEvent(3.0, Happening.PRESSED, "#")),
    (15, LineEvent(4.0, Happening.PROMPT_STARTED, "say")),
    (15, LineEvent(4.0, Happening.SAID, "Thank you.")),
    (16, LineEvent(5.0, Happening.ERROR, "closed by the other side", 31921)),
    (16, LineEvent(5.0, Happening.ERROR, "no clip", 12300)),
    (20, LineEvent(6.0, Happening.ENDED, "hotline")),
    (20, CallFinished()),
    (148, Overheard("+12025550161", LineEvent(1.0, Happening.SAID, "Promised call."))),
    (148, Overheard("+12025550161", LineEvent(2.0, Happening.PRESSED, "1"))),
    (148, Overheard("+12025550161", LineEvent(2.0, Happening.SPEAKS, "yes"))),
]


def _stored(caller: str, at_s: float) -> Case | None:
    """Return the cases: Ben's broken at 121 s and climbed at 140 s; Ada called back at 149 s, wrapped up at 152 s."""
    if at_s < 8:
        return None
    return _broken(at_s) if caller == BEN else _kept(at_s)


def _texts(at_s: float, arrived_s: float, to: str) -> tuple[Sms, ...]:
    return (an_sms(recipient=to, state=SmsState.DELIVERED if at_s > arrived_s else SmsState.SENT),)


def _broken(at_s: float) -> Case:
    next_step_at = None if at_s >= 140 else MONDAY_TEN + timedelta(seconds=140)
    return a_broken_case(
        promises=(a_promise(**WINDOW),) if at_s >= 9 else (),
        breaches=(a_breach(next_step_at=next_step_at),) if at_s >= 121 else (),
        steps=(),
        texts=_texts(at_s, 145, BEN),
    )


def _kept(at_s: float) -> Case:
    changes: dict[str, Any] = {} if at_s >= 152 else {"ticket": a_ticket(complainant_number=ADA)}
    return a_kept_case(
        prompts={"greet_caller": "Hello."},
        answers=(),
        promises=(a_promise(**WINDOW),) if at_s >= 15 else (),
        calls_back=(a_staff_call(result="reached", ended_at=MONDAY_TEN),) if at_s >= 149 else (),
        texts=_texts(at_s, 155, ADA),
        **changes,
    )


def _held_at(last_s: float) -> Callable[[str, float], Case | None]:
    """Return a store in which nothing changes after a second."""
    return lambda caller, at_s: _stored(caller, min(at_s, last_s))


def _play(tmp_path: Path, **parts: Any) -> tuple[Play, io.StringIO]:
    watch, out = BlinkingWatch(), io.StringIO()
    sandbox = set_up(tmp_path / "demo")
    sandbox.database.touch()
    play = Play(
        sandbox=sandbox,
        screen=Screen(Console(file=out, width=100)),
        hotline=ScriptedHotline(watch, parts.get("dies_at_s", 1e9)),
        carrier=ScriptedCarrier(watch, list(parts.get("script", CALL))),
        case_reader=ScriptedCasebook(watch, parts.get("stored", _stored)),
        ada=Told(number=ADA, teller=Storyteller(POLICY, caller=ADA, name=NAMES[ADA])),
        ben=Told(number=BEN, teller=Storyteller(POLICY, caller=BEN, name=NAMES[BEN])),
        live_view=NoGuesses(),
        watch=watch,
        run_as_staff=parts.get("run_as_staff", lambda _sandbox, _command: ""),
    )
    return play, out


def test_the_acts_follow_one_another(tmp_path: Path) -> None:
    play, out = _play(tmp_path)
    play.run()
    told = out.getvalue()
    in_order = [
        "The service starts",
        "Ben rings the complaints line",
        "the call ends (caller hung up)",
        "Ada rings, too",
        "hotline   Hello.",
        "keys      #",
        "hotline   Thank you.",
        "error 12300: no clip",
        "the call ends (hotline hung up)",
        "and nobody calls back",
        "the promise is broken",
        "breach",
        "The owner calls Ada back",
        "voicebot call 482-913-756 --by owner_1",
        "hotline   to Olive Handler: Promised call.",
        "keys      Olive Handler: 1",
        "What was agreed is written on the case",
        "voicebot tickets answered 482-913-756",
        "Ada: granted, told by call",
    ]
    assert [told.index(words) for words in in_order] == sorted(told.index(words) for words in in_order)
    assert "31921" not in told
    assert play.partials > 0


FAILURES = {
    "the pretend carrier to open its API": {"script": []},
    "the call of Ben to end": {"script": CALL[:1]},
    "the call of Ada to end": {"script": CALL[:-4]},
    "a promise to Ben": {"stored": lambda _caller, _at_s: None},
    "a promise to Ada": {"stored": _held_at(14)},
    "the missed promise to be noticed": {"stored": _held_at(100)},
    "the ladder to be climbed": {"stored": _held_at(125)},
    "the texts to arrive": {"stored": _held_at(141)},
    "the complainant to be called back": {"stored": _held_at(148)},
    "the case to be wrapped up": {"stored": _held_at(151)},
}


@pytest.mark.parametrize(("what", "parts"), FAILURES.items(), ids=FAILURES.keys())
def test_each_wait_has_an_end_that_says_what_it_waited_for(tmp_path: Path, what: str, parts: dict[str, Any]) -> None:
    play, _ = _play(tmp_path, **parts)
    with pytest.raises(DemoFailed, match=f"for {what}, in vain"):
        play.run()


@pytest.mark.parametrize("verb", ["call", "tickets"])
def test_a_command_that_is_refused_ends_the_demo_with_the_reason(tmp_path: Path, verb: str) -> None:
    refuses = {verb: "they are talking to the hotline"}
    play, _ = _play(tmp_path, run_as_staff=lambda _sandbox, command: refuses.get(command[0], ""))
    with pytest.raises(DemoFailed, match="the command was refused: they are talking"):
        play.run()


def test_a_service_that_dies_ends_the_demo_at_once(tmp_path: Path) -> None:
    play, _ = _play(tmp_path, dies_at_s=3)
    with pytest.raises(DemoFailed, match="the service ended too early"):
        play.run()
    assert play.watch.seconds() < 10


def test_trouble_on_the_line_is_told(tmp_path: Path) -> None:
    play, _ = _play(tmp_path, script=[*CALL[:-4], (20, CallFinished("TimeoutError: the call was not over"))])
    with pytest.raises(DemoFailed, match="playing the call: TimeoutError"):
        play.run()
