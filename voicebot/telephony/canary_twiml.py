"""What the hotline's test call does on its own leg, as TwiML: wait, complain, and agree to every question with a key.

It hears nothing, so it goes by time alone. `#` ends a story, skips a question, and says yes to each offer of the flow.
A key that comes between two questions is lost and the next one counts.
Source: Twilio, voice/twiml/{say,play,pause}: `<Play digits>` presses keys, `<Pause>` knows whole seconds.
Knows: the document. Must not know: numbers, what comes of it.
"""

from datetime import timedelta

from twilio.twiml.voice_response import VoiceResponse

from voicebot.domain.canary import CanarySpeech
from voicebot.telephony.twiml import voice_of

KEYS = 9
"""More than the flow has questions after the complaint."""
BETWEEN_S = 6
"""Between two keys: the caller is asked meanwhile."""
LONGEST = timedelta(minutes=4)
"""The carrier ends the leg then, whatever goes on."""


def complain(speech: CanarySpeech) -> str:
    """Return the document of the ordered leg."""
    response = VoiceResponse()
    response.pause(length=round(speech.after.total_seconds()))
    response.say(speech.words, **voice_of(speech.locale))
    response.pause(length=1)
    for _ in range(KEYS):
        response.play(digits="#")
        response.pause(length=BETWEEN_S)
    response.hangup()
    return str(response)
