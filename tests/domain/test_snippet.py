"""What a hit shows of a text."""

from voicebot.domain.search_question import read_question
from voicebot.domain.snippet import Snippet, first_word, number_snippet, snippet_of


def shown(snippet: Snippet) -> str:
    """Return a snippet with brackets around what was found."""
    return "".join(f"[{each.text}]" if each.is_hit else each.text for each in snippet.stretches)


def of(text: str, typed: str) -> tuple[str, int]:
    snippet = snippet_of(text, read_question(typed).words())
    return shown(snippet), snippet.met


def test_each_word_that_was_found_is_marked_as_it_was_written() -> None:
    assert of("It was the Café, the café!", "CAFE was") == ("It [was] the [Café], the [café]!", 2)
    assert of("המזגן מקולקל", "מקול") == ("המזגן [מקולקל]", 1)
    assert of("<b>broken</b>", "broken") == ("<b>[broken]</b>", 1)


def test_a_long_text_is_shown_around_the_first_word_that_was_found() -> None:
    text, met = of("far away " * 40 + "broken " + "and on " * 40, "broken")
    assert met == 1
    assert "[broken]" in text
    assert len(text) < 200
    assert text.startswith("… ")
    assert text.endswith(" …")


def test_nothing_is_marked_where_nothing_was_found() -> None:
    assert of("it came late", "broken") == ("it came late", 0)


def test_a_number_is_shown_whole() -> None:
    words = read_question("1020").words()
    assert (shown(number_snippet("+12025551020", words)), number_snippet("+12025551020", words).met) == (
        "[+12025551020]",
        1,
    )
    assert number_snippet("+12025551021", words).met == 0


def test_the_first_spoken_word_is_found_whose_moment_is_played() -> None:
    spoken = ["i'm", "from", "Bristol", "bristol"]
    assert first_word(spoken, read_question("brist").words()) == 2
    assert first_word(spoken, read_question("london").words()) is None


def test_what_was_found_beyond_the_end_of_what_is_shown_counts_and_is_not_shown() -> None:
    text, met = of("broken " + "and on " * 80 + "refund", "broken refund")
    assert met == 2
    assert text.startswith("[broken] and on")
    assert "refund" not in text
