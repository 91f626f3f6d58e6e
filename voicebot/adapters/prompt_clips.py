"""Clips of prompts. They are WAV files named after their exact words, joined into whole prompts and kept in memory.

A deployment has a few hundred clips of about a second each (some 5 MB), so each is read once. One that somebody wants
slower is stretched the first time.
Knows: `flows/clips`, WAV. Must not know: streams, which prompt comes when.
"""

from pathlib import Path

from voicebot.errors import SettingFault
from voicebot.flow.instructions import Pause, Prompt
from voicebot.flow.prompts import clip_name
from voicebot.speech.audio import read_wav, silence
from voicebot.speech.stretch import stretched

RECORD_COMMAND = "voicebot flows record"


class PromptClips:
    """The port `PromptAudio` on a folder `<clips>/<locale>/<clip name>.wav`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clips: dict[tuple[str, str, float], bytes] = {}

    def audio(self, prompt: Prompt) -> bytes:
        """Return the whole prompt as raw mu-law 8 kHz bytes.

        Raises: SettingFault when a clip is missing or is not telephone audio.
        """
        pace = prompt.pace
        parts = (
            silence(fragment.seconds / pace)
            if isinstance(fragment, Pause)
            else self.clip(prompt.locale, fragment.text, pace=pace)
            for fragment in prompt.fragments
        )
        return b"".join(parts)

    def clip(self, locale: str, words: str, *, pace: float = 1.0) -> bytes:
        """Return one clip as raw mu-law, at `pace` times its speed. Raises: SettingFault as `audio` does."""
        known = self._clips.get((locale, words, pace))
        if known is None:
            known = self._read(locale, words) if pace == 1.0 else stretched(self.clip(locale, words), pace)
            self._clips[locale, words, pace] = known
        return known

    def can_say(self, locale: str, words: str) -> bool:
        """Whether there is a clip of exactly these words that can be played."""
        try:
            self.clip(locale, words)
        except SettingFault:
            return False
        return True

    def has_clip(self, locale: str, words: str) -> bool:
        """Whether there is a file for exactly these words."""
        return self.path(locale, words).is_file()

    def path(self, locale: str, words: str) -> Path:
        """Return where the clip of these words lies, where a region without clips of its own uses its language's."""
        own = self._folder / locale
        folder = own if own.is_dir() else self._folder / locale.split("-")[0]
        return folder / f"{clip_name(words)}.wav"

    def _read(self, locale: str, words: str) -> bytes:
        path = self.path(locale, words)
        try:
            return read_wav(path.read_bytes())
        except FileNotFoundError as fault:
            raise SettingFault(
                f'saying "{words}" in {locale}: there is no clip {path.name} in {path.parent}; run `{RECORD_COMMAND}`',
                code="clip-missing",
            ) from fault
        except (OSError, ValueError) as fault:
            raise SettingFault(
                f'saying "{words}" in {locale}: {path} cannot be used ({fault}); delete it and run `{RECORD_COMMAND}`',
                code="clip-broken",
            ) from fault
