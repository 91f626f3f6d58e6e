"""Scripted people: what they say in real voices, what they key."""

from pathlib import Path

from voicebot.simulator.caller import Caller, press, rest, speak
from voicebot.simulator.line import Happening, LineCall

YES = "yes_no/yes_a7545b9f_nohash_1.wav"
NO = "yes_no/no_93ec8b84_nohash_0.wav"
STORY = "misc_en/jfk.wav"
STORY_WORDS = "what your country can do for you"
REMEDY = "osr_harvard/OSR_us_000_0034_07.wav"
REMEDY_WORDS = "the blind man counted his old coins"


def voice_caller(speech_dir: Path) -> Caller:
    """Somebody who answers everything by voice, and ends nothing by a key."""
    return (
        Caller()
        .after("ask_story", speak(speech_dir / STORY))
        .after("ask_remedy", speak(speech_dir / REMEDY))
        .after("confirm_number", speak(speech_dir / YES))
        .after("announce_text", speak(speech_dir / YES))
        .after("offer_window", speak(speech_dir / YES))
    )


def story_teller(speech_dir: Path) -> Caller:
    """Somebody who speaks where words are asked for and keys everything else."""
    return (
        Caller()
        .after("ask_story", speak(speech_dir / STORY), rest(0.5), press("#"))
        .after("ask_remedy", speak(speech_dir / REMEDY), rest(0.5), press("#"))
        .after("confirm_number", press("1"))
        .after("announce_text", press("1"))
        .after("offer_window", press("1"))
        .after("repeat_case_number", press("#"))
    )


def silent_presser() -> Caller:
    """Somebody who cannot speak and only keys."""
    return (
        Caller()
        .after("ask_story", press("#"))
        .after("ask_remedy", press("#"))
        .after("confirm_number", press("1"))
        .after("announce_text", press("1"))
        .after("offer_window", press("1"))
        .after("repeat_case_number", press("#"))
    )


def has_spoken(call: LineCall) -> bool:
    """Whether the caller has said something to its end."""
    return any(event.kind is Happening.SPOKE for event in call.transcript)
