"""Vosk itself, on the bundled clip."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.installed_model import model_folder, recognisers
from voicebot.adapters.speech_model import CHECK_CLIP
from voicebot.adapters.vosk_recogniser import VoskRecogniser, VoskRecognisers, load_recognisers
from voicebot.config import Settings
from voicebot.domain.utterance import Alternative, Hypothesis
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.ports import Seat
from voicebot.speech.audio import decode_mulaw, pcm_bytes, read_wav, silence


def _pcm(mulaw: bytes) -> bytes:
    return pcm_bytes(decode_mulaw(mulaw))


def _clip() -> bytes:
    return _pcm(read_wav(CHECK_CLIP.read_bytes()))


def _feed(recogniser: VoskRecogniser, pcm: bytes, *, size: int = 320) -> list[Hypothesis]:
    found = [recogniser.accept(pcm[at : at + size]) for at in range(0, len(pcm), size)]
    return [segment for segment in found if segment is not None]


def test_open_recogniser_hears_words_with_times_and_confidence() -> None:
    recogniser = recognisers().make("en", None)
    segments = _feed(recogniser, _clip() + _pcm(silence(2)))
    assert [segment.text for segment in segments if segment.text] == ["one two three"]
    words = segments[0].words
    assert all(0 < word.start_s < word.end_s < 2.5 and 0 < word.confidence <= 1 for word in words)
    assert [word.start_s for word in words] == sorted(word.start_s for word in words)
    assert recogniser.finish() == Hypothesis()


def test_partial_grows_while_words_come_and_is_empty_after_a_segment() -> None:
    recogniser = recognisers().make("en-US", None)
    seen = []
    pcm = _clip() + _pcm(silence(2))
    for at in range(0, len(pcm), 320):
        recogniser.accept(pcm[at : at + 320])
        seen.append(recogniser.partial())
    assert "one two" in seen
    assert seen[-1] == ""


@pytest.mark.parametrize("size", [2, 320, 5000, 10**6])
def test_pieces_of_any_size_are_heard_alike(size: int) -> None:
    recogniser = recognisers().make("en", ("one", "two", "three"))
    heard = [segment.text for segment in _feed(recogniser, _clip(), size=size)] + [recogniser.finish().text]
    assert " ".join(heard).split() == ["one", "two", "three"]


def test_segment_can_be_settled_early_and_the_next_one_keeps_the_time() -> None:
    recogniser = recognisers().make("en", None)
    assert _feed(recogniser, _clip()) == []
    assert recogniser.settle().text == "one two three"
    assert (recogniser.partial(), recogniser.settle().text) == ("", "")
    _feed(recogniser, _clip())
    again = recogniser.settle()
    assert again.text == "one two three"
    assert again.words[0].start_s > len(_clip()) / 16000


def test_grammar_hears_only_its_phrases_and_marks_the_rest() -> None:
    recogniser = recognisers().make("en", ("two",))
    heard = [*_feed(recogniser, _clip()), recogniser.finish()]
    words = [word for segment in heard for word in segment.text.split()]
    assert "two" in words
    assert set(words) == {"two", "[unk]"}


def test_phrases_that_the_model_cannot_hear_are_dropped_and_said_once() -> None:
    with capture_logs() as logs:
        for _ in range(2):
            recogniser = recognisers().make("en", ("one two three", "blorfquist", "yes blorfquist"))
            _feed(recogniser, _clip())
            assert recogniser.finish().text == "one two three"
    assert [(log["event"], log["phrases"]) for log in logs] == [
        ("grammar_phrases_dropped", ("blorfquist", "yes blorfquist"))
    ]


def test_unknown_phrases_are_named() -> None:
    assert recognisers().unknown_phrases("en", ("yes", "yes blorfquist", "a supervisor")) == ("yes blorfquist",)


def test_silence_is_no_words() -> None:
    recogniser = recognisers().make("en", None)
    segments = _feed(recogniser, _pcm(silence(12)))
    assert {segment.text for segment in segments} <= {""}
    assert recogniser.finish() == Hypothesis()


def test_finished_recogniser_takes_no_more() -> None:
    recogniser = recognisers().make("en", None)
    recogniser.finish()
    with pytest.raises(AssertionError):
        recogniser.accept(_pcm(silence(1)))


def test_engine_that_fails_makes_hearing_unavailable() -> None:
    recogniser = VoskRecogniser(BrokenEngine(), noise_words=frozenset())
    with pytest.raises(Unavailable):
        recogniser.accept(_pcm(silence(1)))
    with pytest.raises(Unavailable):
        recogniser.finish()
    final = VoskRecogniser(BrokenEngine(), noise_words=frozenset())
    with pytest.raises(Unavailable):
        final.finish()


def test_engine_that_refuses_to_be_made_makes_hearing_unavailable() -> None:
    with pytest.raises(Unavailable) as fault:
        recognisers().make("en", (5,))  # type: ignore[arg-type]
    assert fault.value.code == "recogniser"


def test_what_a_model_makes_of_a_breath_is_no_word() -> None:
    recogniser = VoskRecogniser(BreathingEngine(), noise_words=frozenset({"huh"}))
    assert recogniser.accept(_pcm(silence(0.2))) is None
    assert recogniser.partial() == ""
    assert recogniser.finish() == Hypothesis()


def test_language_without_a_model_is_unavailable() -> None:
    assert recognisers().supports("en-GB")
    assert not recognisers().supports("hr")
    with pytest.raises(Unavailable) as fault:
        recognisers().make("hr", None)
    assert fault.value.code == "no-model"


def test_places_are_counted() -> None:
    ours = VoskRecognisers({}, limit=2)
    seat = Seat(holder="+12025550143")
    assert (ours.reserve(seat), ours.has_room(seat), ours.reserve(seat)) == (True, True, True)
    assert (ours.has_room(seat), ours.reserve(seat)) == (False, False)
    ours.release(seat)
    assert (ours.has_room(seat), ours.reserve(seat)) == (True, True)
    ours.release(seat)
    ours.release(seat)
    with pytest.raises(AssertionError):
        ours.release(seat)


def test_installed_models_are_loaded() -> None:
    model_folder()
    assert load_recognisers(Settings().model_dir, limit=1).supports("en")


def test_missing_model_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="voicebot model install") as fault:
        load_recognisers(tmp_path, limit=1)
    assert fault.value.code == "model-missing"
    with pytest.raises(SettingFault) as broken:
        VoskRecognisers({"en": tmp_path}, limit=1)
    assert broken.value.code == "model-broken"


class BrokenEngine:
    """Fails whatever it is asked."""

    def AcceptWaveform(self, data: bytes) -> int:  # noqa: N802  Vosk's name
        """Fail."""
        raise RuntimeError("engine")

    def FinalResult(self) -> str:  # noqa: N802
        """Fail."""
        raise RuntimeError("engine")


class BreathingEngine:
    """Hears what models hear in a breath."""

    def AcceptWaveform(self, data: bytes) -> int:  # noqa: N802
        """Never end a segment."""
        return 0

    def PartialResult(self) -> str:  # noqa: N802
        """Guess."""
        return '{"partial": "huh"}'

    def FinalResult(self) -> str:  # noqa: N802
        """Be sure."""
        return '{"text": "huh", "result": [{"word": "huh", "start": 0, "end": 0.2, "conf": 1.0}]}'


def test_alternatives_come_with_what_speaks_against_them() -> None:
    """The best is the hypothesis itself, and of a part that is settled early there are others, too."""
    recogniser = recognisers().make("en", ("one", "two", "three", "oh", "four"), alternatives=5)
    segments = [*_feed(recogniser, _clip() + _pcm(silence(2)), size=10**6), recogniser.finish()]
    whole = next(segment for segment in segments if segment.text)
    assert whole.text == "one two three"
    assert [word.text for word in whole.words] == ["one", "two", "three"]
    assert whole.alternatives[0] == Alternative(text=whole.text, words=whole.words)
    assert [one.cost for one in whole.alternatives] == sorted(one.cost for one in whole.alternatives)
    assert segments[-1] == Hypothesis(), "silence has no alternatives"
