"""Scripted people: what they say in real voices, what they key."""

from dataclasses import replace
from pathlib import Path

from tests.calls.house import House
from voicebot.service.listening.keypad import HEARD_ENOUGH_S
from voicebot.simulator.caller import Caller, Press, hang_up, press, rest, speak
from voicebot.simulator.line import Happening, LineCall

YES = "yes_no/yes_a7545b9f_nohash_1.wav"
NO = "yes_no/no_93ec8b84_nohash_0.wav"
STORY = "osr_harvard/OSR_us_000_0034_01.wav"
"""Three seconds: most calls are about something else than how long somebody tells."""
STORY_WORDS = "a gold ring will please most any girl"
LONG_STORY = "misc_en/jfk.wav"
"""Eleven seconds with pauses in them."""
LONG_STORY_WORDS = "what your country can do for you"
REMEDY = "osr_harvard/OSR_us_000_0034_07.wav"
REMEDY_WORDS = "the blind man counted his old coins"


def voice_caller(speech_dir: Path) -> Caller:
    """Somebody who answers everything by voice, and ends nothing by a key."""
    return (
        Caller()
        .after("ask_story", speak(speech_dir / LONG_STORY))
        .after("ask_remedy", speak(speech_dir / REMEDY))
        .after("confirm_number", speak(speech_dir / YES))
        .after("announce_text", speak(speech_dir / YES))
        .after("choose_window", press("2"))
    )


def story_teller(speech_dir: Path) -> Caller:
    """Somebody who speaks where words are asked for and keys everything else."""
    return (
        Caller()
        .after("ask_story", speak(speech_dir / STORY), rest(0.5), press("#"))
        .after("ask_remedy", speak(speech_dir / REMEDY), rest(0.5), press("#"))
        .after("confirm_number", press("1"))
        .after("announce_text", press("1"))
        .after("choose_window", press("1"))
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
        .after("choose_window", press("1"))
        .after("repeat_case_number", press("#"))
    )


def hurried(caller: Caller) -> Caller:
    """Let somebody who keys an answer press as soon as enough of the question was heard, and a key cut it."""
    reactions = (
        replace(each, offset_s=HEARD_ENOUGH_S + 0.1) if isinstance(each.actions[0], Press) else each
        for each in caller.reactions
    )
    return replace(caller, reactions=tuple(reactions))


def hurried_presser() -> Caller:
    """Somebody who goes the way of a silent presser in a third of the time: for tests of what comes of a whole call."""
    return hurried(silent_presser())


def brief_complainant() -> Caller:
    """Somebody who leaves as soon as there is a complaint: for tests of what comes of one."""
    soon = HEARD_ENOUGH_S + 0.1
    return Caller().during("ask_story", soon, press("#")).during("ask_remedy", 0.3, hang_up())


def complain(house: House) -> LineCall:
    """Let somebody ring who leaves as soon as there is a complaint, and see that they could."""
    call = house.ring(brief_complainant())
    assert call.ended_by == "caller", f"whoever would have left was kept: {', '.join(call.heard)}"
    return call


def has_spoken(call: LineCall) -> bool:
    """Whether the caller has said something to its end."""
    return any(event.kind is Happening.SPOKE for event in call.transcript)
