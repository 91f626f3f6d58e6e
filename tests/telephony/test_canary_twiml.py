"""What the test call does on its own leg."""

from datetime import timedelta

from voicebot.domain.canary import CanarySpeech
from voicebot.telephony.canary_twiml import BETWEEN_S, KEYS, complain


def test_it_waits_complains_agrees_to_everything_and_hangs_up() -> None:
    speech = CanarySpeech(words="My parcel is late & lost.", locale="en", after=timedelta(seconds=18))
    agreed = f'<Play digits="#" /><Pause length="{BETWEEN_S}" />' * KEYS
    assert complain(speech) == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="18" />'
        '<Say voice="Polly.Joanna">My parcel is late &amp; lost.</Say><Pause length="1" />'
        f"{agreed}<Hangup /></Response>"
    )


def test_the_carrier_takes_documents_of_4000_characters() -> None:
    assert len(complain(CanarySpeech(words="word " * 300, locale="en", after=timedelta(seconds=18)))) < 4000
