"""An ear for stored voices that hears what a test tells it."""

from collections.abc import Callable

from voicebot.domain.utterance import Word


class FakeEar:
    """Hears `words` after doing `meanwhile`, and stops when it may not go on."""

    name = "fake"

    def __init__(self, words: str = "my parcel came broken!") -> None:
        self.words = words
        self.languages = ("en",)
        self.fault: Exception | None = None
        self.heard: list[int] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def supports(self, locale: str) -> bool:
        return locale in self.languages

    def hear(self, mulaw: bytes, locale: str, may_go_on: Callable[[], bool]) -> tuple[Word, ...] | None:
        assert self.supports(locale)
        self.heard.append(len(mulaw))
        self.meanwhile()
        if self.fault is not None:
            raise self.fault
        if not may_go_on():
            return None
        return tuple(Word(text=word, start_s=0, end_s=1, confidence=0.9) for word in self.words.split())
