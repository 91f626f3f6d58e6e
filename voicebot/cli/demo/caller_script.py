"""Who rings in the demo, what they say and what they press, in the words of the bundled natural voice.

Knows: prompt keys, the simulator's clips. Must not know: how the hotline understands any of it.
"""

import json
from pathlib import Path

import voicebot.simulator
from voicebot.cli.demo.sandbox import ADA, BEN
from voicebot.simulator.caller import Caller, hang_up, press, rest, speak
from voicebot.simulator.phone import BRIDGED, Phone, picked_up_by

VOICES = Path(voicebot.simulator.__file__).parent / "voices"
STORY = "story_kettle.wav"
REMEDY = "remedy_refund.wav"


def callers() -> dict[str, Caller]:
    """Return the script of each number that rings."""
    return {ADA: ada(), BEN: ben()}


def ada() -> Caller:
    """Return the script of who tells. They give two answers and a yes by voice, another time and the rest by key."""
    return (
        Caller()
        .after("ask_story", speak(VOICES / STORY), rest(0.8), press("#"))
        .after("ask_remedy", speak(VOICES / REMEDY))
        .after("confirm_number", speak(VOICES / "yes_please.wav"))
        .after("no_match_1_yes_no", press("1"))
        .during("announce_text", 3.0, press("1"))
        .after("choose_window", press("2"))
        .after("say_case_number", hang_up())
    )


def ben() -> Caller:
    """Return the script of who wants no recording, says yes by key, mostly before the end, and knows what they need."""
    return (
        Caller()
        .during("say_recording_notice", 5.0, press("8"))
        .during("confirm_number", 3.0, press("1"))
        .during("announce_text", 3.0, press("1"))
        .after("choose_window", press("1"))
        .after("confirm_promise", hang_up())
    )


def phones(owner: str) -> dict[str, Phone]:
    """Return who picks up when the owner calls back. The owner keys 1 twice, to be connected and for "spoke"."""
    takes = Caller().during("say", 6.0, press("1"), nth=1).after("say", press("1"), nth=3)
    answers = (
        Caller().during("say", 4.0, press("1")).after(BRIDGED, speak(VOICES / "yes_please.wav"), rest(1.0), hang_up())
    )
    return {owner: picked_up_by(takes), ADA: picked_up_by(answers)}


def said() -> dict[str, str]:
    """Return what is said to which question, for comparison with what was heard."""
    clips = json.loads((VOICES / "manifest.json").read_text())["clips"]
    words = {clip["file"]: " ".join(part for part in clip["parts"] if isinstance(part, str)) for clip in clips}
    return {"story": words[STORY], "remedy": words[REMEDY]}
