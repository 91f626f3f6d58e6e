"""Ready scripts of callers for the complaint flow, by name.

Knows: prompt keys of the flow, the clips beside this module. Must not know: how any of it is understood.
"""

from collections.abc import Callable
from pathlib import Path

from voicebot.simulator.caller import Caller, hang_up, press, rest, say_nothing, speak

VOICES = Path(__file__).parent / "voices"
_GIVES_UP_AFTER_S = 45.0


def complaint() -> Caller:
    """Return somebody who tells the story and the remedy by voice and keys the rest."""
    return _keyed(
        Caller()
        .after("ask_story", speak(VOICES / "story_kettle.wav"), rest(0.8), press("#"))
        .after("ask_remedy", speak(VOICES / "remedy_refund.wav"), rest(0.8), press("#"))
    )


def keys() -> Caller:
    """Return somebody who says nothing and keys every answer."""
    return _keyed(Caller().after("ask_story", press("#")).after("ask_remedy", press("#")))


def silent() -> Caller:
    """Return somebody who stays on the line without a word or a key."""
    return Caller().after("ask_story", say_nothing()).when_nothing_matches(hang_up(), after_s=_GIVES_UP_AFTER_S)


SCRIPTS: dict[str, Callable[[], Caller]] = {"complaint": complaint, "keys": keys, "silent": silent}


def _keyed(caller: Caller) -> Caller:
    return (
        caller.after("confirm_number", press("1"))
        .after("announce_text", press("1"))
        .after("choose_window", press("1"))
        .after("repeat_case_number", press("#"))
        .when_nothing_matches(hang_up(), after_s=_GIVES_UP_AFTER_S)
    )
