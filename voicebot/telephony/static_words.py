"""The words of last resort, taken from a flow, and a whole answer made of them that needs nothing of ours.

The answer of last resort lies on another host and speaks when ours is down. It can neither fetch a clip nor post a
form. What it records is found at the carrier later.
Source: Twilio, voice/twiml/record and voice/twiml/recording (twilio.md 1.4, 1.10).
Knows: prompts of a flow, TwiML. Must not know: where the answer is put.
"""

from twilio.twiml.voice_response import VoiceResponse

from voicebot.flow.definition import Flow
from voicebot.flow.prompts import SLOT
from voicebot.telephony.twiml import StaticWords, voice_of

SPEAKING_TIME_S = 60
"""How long somebody may speak after the apology, because nothing here notices that they are done."""


def static_words(flow: Flow, *, company: str) -> StaticWords:
    """Return the flow's apology and goodbye in its first locale."""
    locale = flow.locales[0]
    return StaticWords(
        locale=locale,
        apology=_fixed(flow, locale, key="static_fallback", company=company),
        goodbye=_fixed(flow, locale, key="say_goodbye", company=company),
    )


def last_resort(words: StaticWords) -> str:
    """Return TwiML that apologises, records what is said, thanks and ends, without asking us for anything."""
    response = VoiceResponse()
    # Not `<Record>`: its `action` would be our own dead host, or without one this answer again and again.
    response.start().recording(track="inbound")
    response.say(words.apology, **voice_of(words.locale))
    response.pause(length=SPEAKING_TIME_S)
    response.say(words.goodbye, **voice_of(words.locale))
    response.hangup()
    return str(response)


def _fixed(flow: Flow, locale: str, *, key: str, company: str) -> str:
    words = flow.prompts[locale]
    slots = {"company": company, "hash_key": words.get("hash_key", "#")}
    return SLOT.sub(lambda slot: slots.get(slot.group(1), ""), words[key])
