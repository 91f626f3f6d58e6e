"""A telephone that the hotline may ring, with whether, when and by whom it is picked up.

    carrier.phones["+15035550188"] = picked_up_by(Caller().after("whisper_staff", press("1")), after_s=4.0)

Somebody who picks up lives through a `Caller` script from the second of answering. While two people are connected each
hears what the other says as a prompt named by its clip, and both first hear the prompt `bridged`.

Knows: scripts, sound. Must not know: who rings, or why.
"""

from dataclasses import dataclass
from pathlib import Path

from voicebot.simulator import sound
from voicebot.simulator.caller import Caller, Speak, hang_up, rest, speak
from voicebot.simulator.line import Observer

BRIDGED = "bridged"
"""What people hear, as a prompt without sound, when they are connected."""
_BEEP_S = 0.5
_RECORDS_S = 60.0
_GREETS_AFTER_S = 0.5


@dataclass(frozen=True, slots=True)
class Phone:
    """One telephone, where `status` is what becomes of a call that nobody picks up."""

    script: Caller | None = None
    """Who or what picks up. None means that nobody does."""
    answers_after_s: float = 2.0
    answered_by: str = "human"
    """What machine detection says of it, such as human, machine_start, fax or unknown."""
    greeting_s: float = 0.0
    """Length of a machine's greeting with its tone."""
    status: str = "no-answer"
    """busy, failed or no-answer."""
    observer: Observer | None = None
    """Is told what happens on this leg."""


def picked_up_by(script: Caller, *, after_s: float = 2.0) -> Phone:
    """Return a telephone that somebody picks up."""
    return Phone(script, after_s)


def voicemail(greeting: str | Path | bytes, *, after_s: float = 12.0) -> Phone:
    """Return a telephone whose machine picks up, greets, gives a tone, records a minute and hangs up."""
    words = speak(greeting)
    tone = Speak(sound.tone(1000) * round(_BEEP_S / sound.TICK_S), "beep")
    script = Caller(waits_for_tone=False).at(_GREETS_AFTER_S, words, tone, rest(_RECORDS_S), hang_up())
    greeting_s = _GREETS_AFTER_S + len(words.audio) / sound.RATE_HZ + _BEEP_S
    return Phone(script, after_s, answered_by="machine_start", greeting_s=greeting_s)


def busy() -> Phone:
    """Return a telephone on which somebody is talking."""
    return Phone(answers_after_s=1.0, status="busy")


def rings_out() -> Phone:
    """Return a telephone that nobody picks up."""
    return Phone()


def not_in_service() -> Phone:
    """Return a number that leads nowhere."""
    return Phone(answers_after_s=1.0, status="failed")
