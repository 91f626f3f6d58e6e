"""The demo's acts, played with a script in place of the processes and with time that only blinks move."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.builders import MONDAY_TEN, a_breach, a_promise, an_sms
from tests.cli.demo.cases import a_case
from tests.domain.test_staff_call import a_staff_call
from voicebot.cli.demo.carrier_process import CallFinished, News, Ready
from voicebot.cli.demo.case_reader import Case
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.run import DemoFailed, Play, Watch
from voicebot.cli.demo.sandbox import CALLER, set_up
from voicebot.cli.demo.screen import Screen
from voicebot.distribution import PROJECT_DIR
from voicebot.domain.sms import SmsState
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
        self.watch, self.script, self.rang_at_s = watch, script, 0.0

    def start(self) -> None: ...

    def ring(self) -> None:
        self.rang_at_s = self.watch.at_s

    def news(self) -> list[News]:
        due = [news for at_s, news in self.script if at_s <= self.watch.at_s]
        self.script = [line for line in self.script if line[0] > self.watch.at_s]
        return due

    def is_alive(self) -> bool:
        return True


class ScriptedCasebook:
    """Holds what the service would have stored by now."""

    def __init__(self, watch: BlinkingWatch, read: Callable[[float], Case | None]) -> None:
        self.watch, self._read = watch, read

    def read(self) -> Case | None:
        return self._read(self.watch.at_s)


class NoGuesses:
    def partials(self) -> list[str]:
        return ["my kettle"]


CALL: list[tuple[float, News]] = [
    (1, Ready()),
    (12, LineEvent(1.0, Happening.PROMPT_STARTED, "greet_caller")),
    (13, LineEvent(2.0, Happening.SPEAKS, "story")),
    (14, LineEvent(3.0, Happening.PRESSED, "#")),
    (15, LineEvent(4.0, Happening.PROMPT_STARTED, "say")),
    (15, LineEvent(4.0, Happening.SAID, "Thank you.")),
    (16, LineEvent(5.0, Happening.ERROR, "closed by the other side", 31921)),
    (16, LineEvent(5.0, Happening.ERROR, "no clip", 12300)),
    (20, LineEvent(6.0, Happening.ENDED, "hotline")),
    (20, CallFinished()),
]


def _stored(at_s: float) -> Case | None:
    """Return the case: promised at 15 s, broken at 121 s, climbed at 140 s, texts delivered at 145 s."""
    if at_s < 11:
        return None
    texts = (an_sms(recipient=CALLER, state=SmsState.DELIVERED if at_s > 145 else SmsState.SENT),)
    changes: dict[str, Any] = {"answers": (), "promises": (), "breaches": (), "steps": (), "texts": texts}
    if at_s >= 15:
        changes["promises"] = (a_promise(**WINDOW),)
    if at_s >= 148:
        changes["calls_back"] = (a_staff_call(result="reached", ended_at=MONDAY_TEN),)
    if at_s >= 121:
        next_step_at = None if at_s >= 140 else MONDAY_TEN + timedelta(seconds=140)
        changes["breaches"] = (a_breach(next_step_at=next_step_at),)
    return a_case(prompts={"greet_caller": "Hello."}, **changes)


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
        teller=Storyteller(POLICY, CALLER),
        live_view=NoGuesses(),
        watch=watch,
        order_call=parts.get("order_call", lambda _sandbox, _case: ""),
    )
    return play, out


def test_the_acts_follow_one_another(tmp_path: Path) -> None:
    play, out = _play(tmp_path)
    play.run()
    told = out.getvalue()
    in_order = [
        "The service starts",
        "Somebody rings",
        "hotline   Hello.",
        "keys      #",
        "hotline   Thank you.",
        "error 12300: no clip",
        "the call ends (hotline hung up)",
        "nobody calls back",
        "the promise is broken",
        "breach",
        "The owner calls back from the case",
        "--by owner_1",
    ]
    assert [told.index(words) for words in in_order] == sorted(told.index(words) for words in in_order)
    assert "31921" not in told
    assert play.partials > 0


FAILURES = {
    "the pretend carrier to open its API": {"script": []},
    "the call to end": {"script": CALL[:-1]},
    "a promise to the caller": {"stored": lambda at_s: None},
    "the missed promise to be noticed": {"stored": lambda at_s: _stored(min(at_s, 100))},
    "the ladder to be climbed": {"stored": lambda at_s: _stored(min(at_s, 125))},
    "the texts to arrive": {"stored": lambda at_s: _stored(min(at_s, 141))},
    "the complainant to be called back": {"stored": lambda at_s: _stored(min(at_s, 147))},
}


@pytest.mark.parametrize(("what", "parts"), FAILURES.items(), ids=FAILURES.keys())
def test_each_wait_has_an_end_that_says_what_it_waited_for(tmp_path: Path, what: str, parts: dict[str, Any]) -> None:
    play, _ = _play(tmp_path, **parts)
    with pytest.raises(DemoFailed, match=f"for {what}, in vain"):
        play.run()


def test_a_call_that_is_refused_ends_the_demo_with_the_reason(tmp_path: Path) -> None:
    play, _ = _play(tmp_path, order_call=lambda _sandbox, _case: "they are talking to the hotline")
    with pytest.raises(DemoFailed, match="calling back: they are talking"):
        play.run()


def test_a_service_that_dies_ends_the_demo_at_once(tmp_path: Path) -> None:
    play, _ = _play(tmp_path, dies_at_s=3)
    with pytest.raises(DemoFailed, match="the service ended too early"):
        play.run()
    assert play.watch.seconds() < 10


def test_trouble_on_the_line_is_told(tmp_path: Path) -> None:
    play, _ = _play(tmp_path, script=[*CALL[:-1], (20, CallFinished("TimeoutError: the call was not over"))])
    with pytest.raises(DemoFailed, match="playing the call: TimeoutError"):
        play.run()
