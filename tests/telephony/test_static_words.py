"""Words of last resort, and the answer that lies on another host."""

from pathlib import Path

from voicebot.adapters.flow_files import FlowFiles
from voicebot.telephony.static_words import last_resort, static_words
from voicebot.telephony.twiml import StaticWords

FLOWS = Path(__file__).resolve().parents[2] / "flows"


def test_words_come_from_the_flow_with_company_and_keys_filled_in() -> None:
    flow = FlowFiles(FLOWS, FLOWS / "policy").current_flow("complaint")
    words = static_words(flow, company="Harbour Goods")
    assert words.locale == "en"
    assert words.apology.startswith("We are sorry; our system is not working.")
    assert not {"{", "}"} & set(words.apology + words.goodbye)


def test_answer_of_last_resort_asks_us_for_nothing() -> None:
    answer = last_resort(StaticWords(locale="en", apology="We are sorry.", goodbye="Goodbye."))
    assert answer == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Start><Recording track="inbound" /></Start>'
        '<Say voice="Polly.Joanna">We are sorry.</Say><Pause length="60" />'
        '<Say voice="Polly.Joanna">Goodbye.</Say><Hangup /></Response>'
    )
