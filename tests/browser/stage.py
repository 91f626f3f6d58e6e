"""The console on a real server, with cases to look at: empty, full, missed, and told in right-to-left script."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.quick_app import with_compiled_parts, with_quick_passwords
from tests.service.lines import Line, with_rules
from tests.web.console.desk import PASSWORD, hashed
from voicebot.adapters.store.logins import Logins
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Answer, Ticket
from voicebot.domain.utterance import WORDS, Word
from voicebot.service.answer.keep import retell
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.speech.audio import encode_mulaw, write_wav
from voicebot.web.app import WebOptions, create_app
from voicebot.web.console import ConsoleOptions

EMAIL = "ana@firm.example"
STORY = (
    "good morning my name is maria and i bought a washing machine from you three weeks ago it was meant to come last "
    "tuesday between ten and noon nobody came and nobody called when i rang the shop they said the driver had the "
    "wrong street and that somebody would ring me the same day that was six days ago i have rung four times since and "
    "each time i have to tell the whole story again my mother lives with me and we wash at the neighbours now"
)
DEMAND = "please deliver it this week and take the delivery fee off the bill"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A served console."""

    line: Line
    app: Flask
    url: str

    def told(self, *, carrier_call_id: str = "CA1", story: str = STORY, demand: str = DEMAND, **request: str) -> Ticket:
        """Take a whole call and give its answers these words, with times, doubts and a voice."""
        return self.retell(self.line.told_call(carrier_call_id, **request), story=story, demand=demand)

    def retell(self, answer: CallAnswer, *, story: str, demand: str) -> Ticket:
        """Give the answers of a call these words."""
        retold(self.line, answer, {"story": story, "remedy": demand})
        return self.line.ticket(answer)


@contextmanager
def served(line: Line, engine: Engine, clips_dir: Path, **options: Any) -> Iterator[Stage]:
    """Serve the application over http on a port of this machine, the console with these options."""
    server = make_server("127.0.0.1", 0, _no_app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    with_rules(line, public_url=url)
    console = ConsoleOptions(secret_key="k" * 48, logins=Logins(engine), **options)
    web = WebOptions(auth_tokens=("t" * 32,), clips_dir=clips_dir, console=console)
    app = with_quick_passwords(with_compiled_parts(create_app(line.hotline, web)))
    add_account(line.hotline, NewAccount(email=EMAIL, name="Ana Ruiz", role=Role.SUPERVISOR), hashed(PASSWORD))
    server.app = app
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Stage(line=line, app=app, url=url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _no_app(_environ: object, _start: object) -> Iterable[bytes]:
    raise AssertionError("the application is set before anybody asks")


def retold(line: Line, answer: CallAnswer, words: dict[str, str]) -> None:
    """Give the answers of a call other words."""
    with line.work() as work:
        for one in work.tickets.answers(answer.call.ticket_id):
            if one.slot in words:
                work.tickets.save_answer(_with_words(line, one, words[one.slot]))
        retell(work, answer.call.ticket_id)
        work.commit()


def _with_words(line: Line, answer: Answer, said: str) -> Answer:
    timed = tuple(_timed(said.split()))
    assert answer.audio_key is not None
    length_s = timed[-1].end_s + 0.5
    line.audio.put(answer.audio_key, write_wav(_voice(length_s)))
    return replace(answer, text=said, words_json=WORDS.dump_json(timed).decode(), duration_s=length_s)


def _timed(words: list[str]) -> Iterator[Word]:
    """Give each word a time and a confidence: a pause after every twelfth, a doubt at every ninth."""
    at_s = 0.3
    for number, word in enumerate(words, start=1):
        end_s = at_s + 0.08 + 0.045 * len(word)
        yield Word(
            text=word, start_s=round(at_s, 2), end_s=round(end_s, 2), confidence=0.38 if number % 9 == 0 else 0.93
        )
        at_s = end_s + (1.2 if number % 12 == 0 else 0.06)


def _voice(length_s: float) -> bytes:
    """Return a hum that swells like speech."""
    at = np.arange(round(length_s * 8000)) / 8000
    hum = 6000 * np.sin(2 * np.pi * 180 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * at))
    return encode_mulaw(hum.astype(np.int16))


def later(line: Line, **amount: float) -> None:
    """Step the clock and let the worker look."""
    line.clock.step(timedelta(**amount))
    line.sweep()
