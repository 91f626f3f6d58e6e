"""A text is read into words and numbers, and a number is spelled from any of them on."""

from voicebot.domain.private.spans import PrivateKind, PrivateSpan, has_mark, read, span_of


def test_what_is_spelled_grows_until_a_long_word_or_its_length() -> None:
    reading = read("d e uh 89 then three west number 5")
    assert [spelled for spelled, _ in reading.spelled(0, longest=20)] == ["D", "DE", "DE89", "DE893", "DE893WEST"]
    assert [spelled for spelled, _ in reading.spelled(0, longest=4)] == ["D", "DE", "DE89"]
    assert [spelled for spelled, _ in read("d e 89").spelled(0, longest=20)] == ["D", "DE", "DE89"]


def test_words_before_a_number_name_it() -> None:
    reading = read("my old card says 42")
    assert reading.names({"card"}, before=4, most=2)
    assert not reading.names({"card"}, before=4, most=1)


def test_a_place_covers_all_that_stands_between() -> None:
    reading = read("say 42, uh 17!")
    (run,) = reading.runs
    span = span_of(PrivateKind.CARD, run)
    assert span == PrivateSpan(kind=PrivateKind.CARD, begin=4, end=13) == reading.place(PrivateKind.CARD, 1, 4)
    assert PrivateKind.CARD.mark == "[card number]"


def test_a_mark_is_known_and_names_nothing() -> None:
    assert has_mark("pay [card number]")
    assert not has_mark("pay [card]")
    assert [token.text for token in read("pay [card number] 42").tokens] == ["pay", "42"]
