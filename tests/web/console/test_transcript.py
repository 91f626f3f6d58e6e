"""Words to be read and listened to."""

import pytest

from tests.builders import an_answer
from tests.reviews import a_review_entry
from voicebot.domain.doubt import Doubt
from voicebot.domain.review import ReviewKind
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import WORDS, Word
from voicebot.web.console.transcript import MOST_READ_OUT, MOST_WORDS, Transcript, transcript_of


def words_json(*words: tuple[str, float, float, float]) -> str:
    made = tuple(Word(text=text, start_s=start, end_s=end, confidence=sure) for text, start, end, sure in words)
    return WORDS.dump_json(made).decode()


def read(answer: Answer, *, locale: str = "en") -> Transcript:
    return transcript_of(answer, locale=locale)


def test_a_pause_begins_a_new_stretch_with_its_time() -> None:
    spoken = words_json(("my", 0.2, 0.4, 0.9), ("parcel", 0.5, 0.9, 0.9), ("broke", 2.0, 2.3, 0.9))
    heard = read(an_answer(words_json=spoken, text="my parcel broke", audio_key="a", state=AnswerState.DONE))
    assert [(s.start_s, [word.text for word in s.words]) for s in heard.stretches] == [
        (0.2, ["my", "parcel"]),
        (2.0, ["broke"]),
    ]
    assert (heard.text, heard.has_voice, heard.why_silent, heard.why_wordless) == ("", True, "", "")


def test_somebody_who_never_pauses_is_still_read_in_stretches() -> None:
    spoken = words_json(*((f"w{at}", at * 0.3, at * 0.3 + 0.29, 0.9) for at in range(2 * MOST_WORDS + 1)))
    assert [len(stretch.words) for stretch in read(an_answer(words_json=spoken)).stretches] == [
        MOST_WORDS,
        MOST_WORDS,
        1,
    ]


@pytest.mark.parametrize(("locale", "weighty"), [("en", Doubt.WEIGHTY), ("en-GB", Doubt.WEIGHTY), ("hr", None)])
def test_words_to_check_are_marked_with_their_reason_and_counted(locale: str, weighty: Doubt | None) -> None:
    spoken = words_json(("not", 0, 1, 1.0), ("my", 1, 2, 1.0), ("parcel", 2, 3, 1.0), ("a", 3, 4, 1), ("bird", 4, 5, 0))
    heard = read(an_answer(words_json=spoken), locale=locale)
    assert [word.doubt for word in heard.stretches[0].words] == [weighty, None, None, Doubt.UNSURE, Doubt.UNSURE]
    assert heard.doubtful == (3 if weighty else 2)
    assert heard.to_check == ("not, a, bird" if weighty else "a, bird")


def test_what_two_hearings_have_alike_is_marked_and_not_to_be_checked() -> None:
    spoken = words_json(("not", 0, 1, 1.0), ("one", 1, 2, 1.0), ("bird", 2, 3, 1))
    heard = read(an_answer(words_json=spoken, second_words_json=words_json(("Not", 0, 1, 1)), second_by="whisper"))
    words = heard.stretches[0].words
    assert [word.doubt for word in words] == [Doubt.CONFIRMED, Doubt.UNSURE, Doubt.UNSURE]
    assert [word.is_to_hear for word in words] == [False, True, True]
    assert (heard.doubtful, heard.to_check) == (2, "one, bird")


def test_no_more_words_to_check_are_read_out_than_anybody_remembers() -> None:
    unsure = words_json(*((f"w{at}", at, at + 1, 0.1) for at in range(MOST_READ_OUT + 3)))
    assert read(an_answer(words_json=unsure)).to_check.endswith(f"w{MOST_READ_OUT - 1} and 3 more")


def test_a_text_message_stands_there_as_it_was_written() -> None:
    heard = read(an_answer(text="it broke\nagain", state=AnswerState.DONE))
    assert (heard.stretches, heard.text, heard.why_silent) == ((), "it broke\nagain", "")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AnswerState.SPOOLED, "on its way"),
        (AnswerState.AWAITING_RECORDING, "carrier still holds"),
        (AnswerState.DESTROYED, "Destroyed"),
        (AnswerState.LOST, "is lost"),
    ],
)
def test_a_missing_voice_says_why(state: AnswerState, said: str) -> None:
    assert said in read(an_answer(state=state)).why_silent


@pytest.mark.parametrize(
    ("state", "said"), [(AnswerState.AWAITING_TRANSCRIPT, "being made"), (AnswerState.DONE, "No words")]
)
def test_a_voice_without_words_says_why(state: AnswerState, said: str) -> None:
    assert said in read(an_answer(state=state, audio_key="a")).why_wordless


def test_a_correction_stands_in_the_place_of_its_words_with_their_time_and_their_original() -> None:
    spoken = words_json(
        ("my", 0.2, 0.4, 0.9), ("bridge", 0.5, 0.9, 0.2), ("there", 1.0, 1.2, 0.3), ("broke", 5, 6, 0.1)
    )
    entries = [
        a_review_entry(first=1, end=3, text="fridge"),
        a_review_entry(number=2, kind=ReviewKind.ACCEPTED, first=0, end=1, text="my"),
    ]
    heard = transcript_of(an_answer(words_json=spoken), entries, locale="hr")
    mended = heard.stretches[0].words[1]
    assert (mended.text, mended.original, mended.start_s, mended.end_s) == ("fridge", "bridge there", 0.5, 1.2)
    assert (mended.first, mended.end, mended.is_checked, mended.doubt) == (1, 3, True, None)
    assert [word.doubt for word in heard.stretches[1].words] == [Doubt.UNSURE]
    assert (heard.spoken, heard.doubtful) == ("my fridge broke", 4)
    assert heard.checked_said == "3 of 4 doubtful words checked"


def test_what_a_reviewer_heard_in_an_answer_without_words_stands_there() -> None:
    wordless = an_answer(audio_key="a", state=AnswerState.DONE)
    heard = transcript_of(wordless, [a_review_entry(first=0, end=0)], locale="en")
    assert (heard.text, heard.why_wordless) == ("fridge", "")


def test_a_masked_number_is_one_mark_that_nobody_has_to_check() -> None:
    spoken = words_json(("pay", 0.0, 0.4, 0.9), ("[card number]", 0.5, 0.9, 0.9), ("", 1.0, 1.4, 0.9))
    heard = read(an_answer(words_json=spoken))
    assert [(word.text, word.doubt) for word in heard.stretches[0].words] == [("pay", None), ("[card number]", None)]
