"""How long a wait lasts. It leads from what the flow says to what the endpointer decides by.

Knows: a `Listen`, limits. Must not know: audio, what is heard.
"""

from voicebot.flow.instructions import Listen
from voicebot.speech.endpointer import Limits


def limits_of(listen: Listen) -> Limits:
    """Return the limits of a wait. Where nothing is asked, no answer ends it."""
    speech = listen.speech
    if speech is None or speech.is_only_commands:
        return Limits(no_input_after_s=listen.no_input_after_s, end_silence_s=0.0, max_utterance_s=0.0)
    return Limits(
        no_input_after_s=listen.no_input_after_s,
        end_silence_s=speech.end_silence_s,
        pause_after_s=speech.pause_after_s,
        max_utterance_s=speech.max_utterance_s,
        warn_after_s=speech.warn_after_s,
    )
