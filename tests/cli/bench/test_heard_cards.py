"""Numbers as long as a card's are put together of what one speaker said, and counted as they are masked."""

import json
from pathlib import Path

from voicebot.cli.bench.heard_cards import HeardCard, readable_of, said_cards, table_of
from voicebot.speech.audio import silence, write_wav


def test_two_strings_of_one_speaker_are_a_number_that_may_be_a_card_s(tmp_path: Path) -> None:
    said = [("ann", "41234567"), ("bob", "51234567"), ("ann", "91234567"), ("ann", "123456789")]
    lines = [{"set": "misc", "path": "x"}]
    for number, (speaker, digits) in enumerate(said):
        (tmp_path / f"{number}.wav").write_bytes(write_wav(silence(number + 1)))
        lines.append({"set": "fsdd_digits", "path": f"{number}.wav", "speaker": speaker, "digits": digits})
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (card,) = said_cards(tmp_path)
    assert (card.number, len(card.mulaw)) == ("4123456791234567", 4 * 8000)
    assert list(said_cards(tmp_path / "none")) == []


def test_what_was_heard_is_right_or_not_and_masked_or_not() -> None:
    digits = "four one two three four five six seven nine one two three four five six seven"
    right = HeardCard(number="4123456791234567", heard=digits)
    wrong = HeardCard(number="4123456791234567", heard="four one two yes")
    assert (right.is_right, right.is_masked, right.digits_left) == (True, True, 0)
    assert (wrong.is_right, wrong.is_masked, wrong.digits_left) == (False, False, 3)
    assert table_of([right, wrong]).row_count == 3
    assert list(readable_of([right, wrong])) == ["not masked: 4123456791234567 heard as 'four one two yes'"]
