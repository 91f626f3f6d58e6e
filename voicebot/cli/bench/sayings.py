"""What people say to our closed questions, and what it means there, written to be spoken by a synthetic voice.

Half of these stand in no vocabulary word for word, because a list that only knew its own phrases would look better than
it is.
Knows: node names of the complaint flow. Must not know: vocabularies, recognisers.
"""

from collections.abc import Iterator

ASKED_AGAIN = "asked again"
"""What becomes of an answer that was not understood."""

_AT: dict[str, dict[str, str]] = {
    "say_recording_notice": {
        "refuse_recording": "please don't record me; i don't want to be recorded; no recording please; i'd rather not"
        " be recorded; do not record this; stop recording; um please do not record this call",
        "played": "okay; that's fine; hello; yes; is anybody there; i want to complain about my parcel",
        "person": "a supervisor please; can i speak to a manager",
    },
    "ask_story": {
        "refuse_recording": "please don't record me; i don't want to be recorded; do not record this;"
        " no recording please; stop recording; my parcel never came and please don't record me;"
        " the driver was rude but i don't want to be recorded;"
        " i would rather not be recorded; please do not record this call; my kettle broke after two days and"
        " i bought it in march but do not record me please; i do not want this recorded; can you stop recording please;"
        " i don't agree to be recorded; hold on i don't want you to record this; turn off the recording please",
        "open": "they did record me; they told me they record every call; the driver said do not record me;"
        " i asked them to stop recording and they did not; they recorded the wrong number;"
        " she told me not to record her; my record player arrived broken; there is no record of my payment;"
        " they have no record of my call;"
        " we were told that the call would not be recorded; he did not want to be recorded;"
        " the record shop sent me the wrong record; i recorded the noise the machine makes;"
        " the meter does not record the water we use; they lost the recording of my call",
    },
    "confirm_number": {
        "yes": "yes; yeah; yes please; yes you may; yes you can; yes that's fine; yes yes; yes of course you can;"
        " sure go ahead; that's right; that's correct; no problem; no worries; okay; yes this number is fine; um yes;"
        " well yes; yes it is; yes call me on this one; that would be fine; please do; by all means; i suppose so;"
        " sure no problem; yes thank you; that is my number; absolutely",
        "no": "no; nope; no thank you; no please don't; no not on this one; no i would rather not; no you may not;"
        " no it isn't; no i am at work; no no; no that is my mother's phone; that isn't right; that's wrong;"
        " not really; another number please; a different number; use another number",
        "person": "a person please; a person a person; can i speak to a manager; i want to talk to a human;"
        " someone real; let me talk to somebody real; put me through to a supervisor; supervisor; i need a real person;"
        " can i talk to someone please; no i want a person; operator",
        ASKED_AGAIN: "i am not sure; i don't know; hang on; wait a moment please; what do you mean; it depends;"
        " my parcel never arrived; let me think; who is this; hello; i have two phones; the manager was rude to me;"
        " your agent told me it was fine; maybe; could be; sorry the line is bad; i'm driving right now",
        "refuse_recording": "please don't record me; i don't want to be recorded; do not record this;"
        " no recording please; stop recording; i do not wish to be recorded",
        "again": "pardon; say that again; can you repeat that please; repeat; what did you say",
    },
    "offer_window": {
        "yes": "yes; yes that suits me; that suits me fine; that works; yes that works for me; no problem; no worries;"
        " perfect; that's fine with me; okay thank you; sounds good; that is good",
        "later": "no; no i am out all morning; no i can't; no that doesn't suit me; another time please; later please;"
        " a different time; no i am working then; can you call later; no not then; that doesn't work; i can't do that",
        ASKED_AGAIN: "i am not sure; i don't know; let me look; what time was that; hang on a second;"
        " i have to ask my wife; who will call me",
    },
    "offer_windows": {
        "first": "first; the first; the first one please; one; number one; the earliest",
        "second": "second; the second one; two; number two please; the second one is fine",
        "third": "third; the third one please; three; the last one",
        "any": "any time; whichever; any of them is fine; it doesn't matter; you choose",
        "morning": "morning; in the morning please; the morning",
        "afternoon": "afternoon; in the afternoon; the afternoon please",
        "tomorrow": "tomorrow; tomorrow please",
        "tomorrow_morning": "tomorrow morning; tomorrow morning please",
        "tuesday": "tuesday; on tuesday",
        "thursday": "thursday; thursday please",
        "others": "no; another time please; no another day; later",
        "by_text": "text me; text me instead; send me a text",
        ASKED_AGAIN: "yes; that suits me; i am not sure; let me look; i have to ask my wife; what time was that",
    },
    "announce_text": {
        "yes": "yes; yes please; okay; that is fine; no problem; sure; go ahead; yes text me; yes that is safe",
        "no": "no; please don't; don't text me; no texts please; no it is not safe; no thanks; i don't want that",
        ASKED_AGAIN: "i am not sure; i don't know; what is that; hello",
    },
    "ask_number": {
        "person": "i want a person; a person please; can i speak to a supervisor; i want to talk to a manager",
        "2025550143": "two zero two five five five zero one four three; two oh two five five five oh one four three;"
        " two zero two triple five zero one four three; it's two zero two five five five zero one four three;"
        " my number is two zero two five five five zero one four three",
        ASKED_AGAIN: "i don't know my number; i am not sure; wait a moment; i have no phone",
        "refuse_recording": "please don't record me; i don't want to be recorded",
    },
    "read_back_number": {
        "yes": "yes; that's right; yes that is right; correct; yes it is; yes yes; that's it",
        "no": "no; no that's wrong; that isn't right; that's not it; wrong; no it isn't",
        ASKED_AGAIN: "i am not sure; say it slower; hang on",
    },
}


def _sayings() -> Iterator[tuple[str, str, str]]:
    for node, by_meaning in _AT.items():
        for wanted, words in by_meaning.items():
            yield from ((node, wanted, each.strip()) for each in words.split(";"))


SAYINGS = tuple(_sayings())
"""Node, meaning, words."""
