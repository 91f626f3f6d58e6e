"""One `Listen` on a stream. It is played, and whatever ends the wait is found out.

Order within a piece of audio. It is stored and heard. Then comes what the caller did, and then the timers. A caller's
voice stops the question where the flow allows it (`barge_in`). A key that means something always does, and silences the
recogniser. The soft prompt within a pause is stopped by the first sound, whoever made it.
Knows: the parts of this package. Must not know: stream messages, the engine.
"""

from contextlib import suppress
from functools import partial
from typing import assert_never

from voicebot.domain.utterance import Utterance
from voicebot.errors import SettingFault, Unavailable
from voicebot.flow.events import (
    FinishedBy,
    HearingFailed,
    KeysPressed,
    NoInput,
    PromptsPlayed,
    UtteranceHeard,
)
from voicebot.flow.instructions import Listen, Prompt
from voicebot.service.answer.keep import spool_name
from voicebot.service.listening.answer_audio import AnswerAudio, utterance_of
from voicebot.service.listening.ear import FIRST_SOUND_S, Ear
from voicebot.service.listening.keypad import Keypad
from voicebot.service.listening.limits import limits_of
from voicebot.service.listening.number_parts import NumberParts
from voicebot.service.listening.outcome import ListeningContext, Outcome
from voicebot.service.listening.playback import Playback
from voicebot.speech.audio import attenuate, decode_mulaw
from voicebot.speech.endpointer import Endpointer, Signal
from voicebot.telephony.media_stream import StreamCommand

DONE_KEY = "#"
SOFTER_DB = 8.0
"""How much softer the prompt within a pause is, since it must not sound like an interruption."""

SOFTER_FOR_S = 3.0
"""So long after a closed answer was as loud as its caller, softer words still belong to it.

Of 54 strings of digits 35 are right with none of it, 40 with 2 s, 41 with 3, 4 and 6 (`bench answers`).
"""


class Question:
    """One wait for the caller."""

    is_over = False
    """A question ends only by its event."""

    def __init__(
        self,
        listen: Listen,
        *,
        turn_number: int,
        locale: str,
        context: ListeningContext,
        is_new: bool = True,
        pressed_before: str = "",
    ) -> None:
        """Put a question. One that is not new follows none that a key could be left over from.

        `pressed_before` is the key that ended the question before, if one did.
        """
        self._listen = listen
        self._is_new = is_new
        self._pressed_before = pressed_before
        self._turn = turn_number
        self._locale = locale
        self._context = context
        self._keypad = Keypad(listen.keys, listen.collect, standing=listen.standing_keys)
        self._asking = Playback()
        self._aside = Playback()
        self._is_soft = False
        self._aside_audio: dict[str, bytes] = {}
        self._is_asked = False
        self._endpointer = Endpointer(limits_of(listen))
        self._ear: Ear | None = None
        self._number = NumberParts(listen, locale)
        self._audio: AnswerAudio | None = None
        self._has_failed = False
        self._has_news = False
        """Whether words have changed that nobody as loud as the caller was heard to say yet."""
        self._was_cut_by_voice = False
        self._is_line_known = context.echo.is_judged
        """Whether what is heard can be told from our own voice, which it cannot at the beginning of a stream's first
        prompt.
        """
        self._heard_from_s = 0.0
        """Seconds of this wait before what the ear hears begins."""

    def begin(self, now_s: float) -> tuple[StreamCommand, ...]:
        """Return the prompts with their marks. A failure is reported by what is fed next."""
        self._context.gate.start()
        commands: tuple[StreamCommand, ...] = ()
        try:
            self._open_audio()
            self._open_ear()
            for prompt in self._listen.prompts:
                commands += self._say(self._asking, prompt, self._context.prompts.audio(prompt), now_s)
            if self._is_new and commands:
                self._keypad.begin_at(now_s, pressed_before=self._pressed_before)
        except (SettingFault, Unavailable):
            self._has_failed = True
        return commands

    def hear(self, mulaw: bytes, now_s: float) -> Outcome:
        """Take the caller's audio up to this instant."""
        if self._has_failed:
            return Outcome(self._stop_playing(), HearingFailed(utterance=self.said_so_far()))
        try:
            return self._hear(mulaw, now_s)
        except Unavailable:
            return Outcome(self._stop_playing(), HearingFailed(utterance=self.said_so_far()))

    def _hear(self, mulaw: bytes, now_s: float) -> Outcome:
        gate = self._context.gate
        callers_before, sound_before = gate.caller_s, gate.sound_s
        self._has_news = self._listen_to(mulaw, now_s) or self._has_news
        if not self._is_line_known:
            self._look_at_line()
        is_within = self._is_within_answer()
        if gate.caller_s > callers_before:
            self._endpointer.sound(now_s - (gate.caller_quiet_s or 0.0))
        elif is_within and gate.sound_s > sound_before:
            self._endpointer.sound(now_s - (gate.quiet_s or 0.0))
        is_callers = is_within or gate.recent_caller_s >= FIRST_SOUND_S
        if self._has_news and self._listen.asks_for_words and is_callers and self._is_line_known:
            self._has_news = False
            self._note_words(now_s)
        return self._after(self._interrupted(now_s), self._time_passed(now_s))

    def press(self, key: str, now_s: float) -> Outcome:
        """Take a key. One without meaning here, or left over from before, is as if never pressed."""
        if self._keypad.is_left_over(key, now_s):
            return Outcome()
        if key == DONE_KEY and self._ear is not None and self._ear.is_open:
            return self._after(self._stop_playing(), self._done())
        if not self._keypad.matters(key):
            return Outcome()
        stopped = self._stop_playing()
        self._question_over(now_s)
        self._ear = self._number.hush(self._ear, now_s)
        answer = self._keypad.press(key, now_s)
        return self._after(stopped, Outcome() if answer is None else self._keyed(answer))

    def mark_returned(self, mark: str, now_s: float) -> Outcome:
        """Take a mark, since a prompt was heard to its end."""
        self._asking.mark_returned(mark)
        self._aside.mark_returned(mark)
        return self._prompts_passed(now_s)

    def said_so_far(self) -> Utterance | None:
        """Return what was said and stored until now, flushed, or None, and no audio kept, when there was no voice."""
        ear = self._number.begun or self._ear
        if ear is not None:
            ear.try_to_finish()
        if not self._listen.asks_for_words or ear is None or not ear.has_voice:
            self._discard_audio()
            return None
        return self._utterance(ear)

    def release(self) -> None:
        """Drop the recogniser, and store nothing more."""
        with suppress(Unavailable):  # a voice that is some moments too long is kept all the same
            self._end_audio()
        self._number.release()
        if self._ear is not None:
            self._ear.release()

    # --- the question and what is said beside it ------------------------------------------------------------

    def _open_audio(self) -> None:
        speech = self._listen.speech
        if speech is None:
            return
        if self._listen.store_audio:
            self._audio = AnswerAudio(
                self._context.spool, spool_name(self._context.call_id, self._turn), self._context.arrivals
            )
        for prompt in (speech.pause_prompt, speech.warn_prompt):
            if prompt is not None:
                self._aside_audio[prompt.key] = self._context.prompts.audio(prompt)

    def _open_ear(self) -> None:
        if self._listen.speech is not None:
            make = partial(self._context.recognisers.make, self._locale)
            self._ear = Ear(make, gate=self._context.gate, speech=self._listen.speech)

    def _say(self, playback: Playback, prompt: Prompt, audio: bytes, now_s: float) -> tuple[StreamCommand, ...]:
        self._context.observer.said(self._context.call_id, prompt.text)
        self._context.echo.playing(audio, now_s)
        return playback.play(f"{self._turn}:{prompt.key}", audio, at_s=now_s)

    def _stop_playing(self, *which: Playback) -> tuple[StreamCommand, ...]:
        """Cut what is being played, all of it where nothing is named."""
        stopped = tuple(command for playing in which or (self._asking, self._aside) for command in playing.stop())
        if stopped:
            self._context.echo.stopped()
        return stopped[:1]

    def _prompts_passed(self, now_s: float) -> Outcome:
        """See whether the question, or the soft prompt, came to its end."""
        if not self._aside.is_playing:
            self._endpointer.pause_prompt_over(now_s)
        if self._asking.is_playing or self._is_asked:
            return Outcome()
        self._keypad.question_heard()
        if not self._listen.asks_for_words and self._ear is not None and self._ear.is_command_beginning(now_s):
            return Outcome()
        self._question_over(now_s)
        waits = self._listen.asks_for_words or self._listen.no_input_after_s is not None or self._keypad.is_typing
        return Outcome() if waits else Outcome(event=PromptsPlayed(uncut=self._asking.is_uncut))

    def _question_over(self, now_s: float) -> None:
        if not self._is_asked:
            self._is_asked = True
            self._endpointer.prompts_over(now_s)
            try:
                if self._audio is not None:
                    self._audio.start()
            except Unavailable:
                self._has_failed = True  # told with the next audio: the key or mark of now counts all the same

    # --- the caller's voice ---------------------------------------------------------------------------------

    def _listen_to(self, mulaw: bytes, now_s: float) -> bool:
        """Store what came, recognise it without our own echo, and return whether the words changed."""
        gate = self._context.gate
        passed = gate.feed(self._context.echo.clean(decode_mulaw(mulaw), now_s, noise_db=gate.floor_db))
        if self._audio is not None:
            self._audio.take(mulaw, has_sound=gate.sound_s > 0)
        if len(passed) and self._number.wants_ear(self._ear, now_s):
            self._open_ear()
        return self._ear is not None and self._ear.hear(passed)

    def _look_at_line(self) -> None:
        """See whether the line's echo has been looked for by now. Where our own voice came back, hear anew."""
        echo = self._context.echo
        self._is_line_known = echo.is_judged or not self._asking.is_playing
        if echo.is_heard and self._ear is not None:
            self._has_news = False
            self._heard_from_s += self._context.gate.heard_s
            self._context.gate.start()
            self._open_ear()

    def _is_within_answer(self) -> bool:
        """Whether softer sound goes on with a closed answer, because nobody says every digit equally loud."""
        if self._ear is None or self._ear.is_open or not self._endpointer.has_words:
            return False
        quiet_s = self._context.gate.caller_quiet_s
        return quiet_s is not None and quiet_s < SOFTER_FOR_S

    def _note_words(self, now_s: float) -> None:
        assert self._ear is not None
        self._endpointer.words_changed(now_s, is_understood=self._ear.is_understood)
        if self._ear.is_understood:
            self._context.gate.caller_spoke()
            self._context.observer.partial(self._context.call_id, self._ear.transcript.text)

    def _interrupted(self, now_s: float) -> tuple[StreamCommand, ...]:
        """Stop what is being played when the caller speaks."""
        if self._ear is None or not self._listen.asks_for_words or not self._is_line_known:
            return ()
        if self._is_soft and self._aside.is_playing and self._context.gate.recent_caller_s >= FIRST_SOUND_S:
            self._endpointer.pause_prompt_over(now_s)
            return self._stop_playing(self._aside)
        if self._asking.is_playing and self._listen.barge_in and self._ear.is_caller_talking:
            stopped = self._stop_playing(self._asking)
            self._was_cut_by_voice = True
            self._question_over(now_s)
            return stopped
        return ()

    # --- time -----------------------------------------------------------------------------------------------

    def _time_passed(self, now_s: float) -> Outcome:
        self._asking.give_up_on_marks(now_s)
        self._aside.give_up_on_marks(now_s)
        if self._ear is not None and self._ear.has_command and self._is_line_known:
            return self._heard(FinishedBy.COMMAND)
        played = self._prompts_passed(now_s)
        if played.event is not None:
            return played
        if self._is_asked and self._ear is not None and self._ear.is_finished:
            return self._heard(FinishedBy.SILENCE)
        if self._keypad.is_typing and not self._number.goes_on(self._ear):
            answer = self._keypad.check(now_s)
            return Outcome() if answer is None else self._keyed(answer)
        signal = self._endpointer.check(now_s)
        return Outcome() if signal is None else self._act_on(signal, now_s)

    def _act_on(self, signal: Signal, now_s: float) -> Outcome:
        speech = self._listen.speech
        if self._keypad.is_typing:
            return self._keyed(self._keypad.typed)
        match signal:
            case Signal.NO_INPUT:
                return self._nothing_heard()
            case Signal.PAUSED:
                assert self._ear is not None, "only an answer in words has a pause"
                self._ear.asked_in_pause()
                return self._beside(speech.pause_prompt if speech else None, now_s, softer_db=SOFTER_DB)
            case Signal.NEAR_LIMIT:
                return self._beside(speech.warn_prompt if speech else None, now_s, softer_db=0.0)
            case Signal.SILENCE:
                return self._heard(FinishedBy.SILENCE)
            case Signal.LIMIT:
                return self._heard(FinishedBy.LIMIT)
            case _:
                assert_never(signal)

    def _beside(self, prompt: Prompt | None, now_s: float, *, softer_db: float) -> Outcome:
        if prompt is None:
            self._endpointer.pause_prompt_over(now_s)
            return Outcome()
        self._is_soft = softer_db > 0
        audio = attenuate(self._aside_audio[prompt.key], decibels=softer_db)
        return Outcome(self._say(self._aside, prompt, audio, now_s))

    # --- how it ends ----------------------------------------------------------------------------------------

    def _nothing_heard(self) -> Outcome:
        if self._ear is not None:
            self._ear.finish()
            if self._ear.is_understood and self._context.gate.caller_s >= FIRST_SOUND_S:
                return self._heard(FinishedBy.SILENCE)
        if self._ear is None or not self._ear.has_voice:
            self._discard_audio()
        return Outcome(event=NoInput(was_cut=self._was_cut_by_voice))

    def _heard(self, finished_by: FinishedBy) -> Outcome:
        assert self._ear is not None
        self._ear.finish()
        self._ear.hear_again()
        by = FinishedBy.COMMAND if self._ear.has_command else finished_by
        return Outcome(event=UtteranceHeard(utterance=self._utterance(self._ear), finished_by=by))

    def _done(self) -> Outcome:
        """The caller ended free speech. With nothing said the key means what the flow says it means."""
        assert self._ear is not None
        self._ear.try_to_finish()
        if not self._ear.has_voice and DONE_KEY in self._listen.keys:
            return self._keyed(DONE_KEY)
        return Outcome(event=UtteranceHeard(utterance=self._utterance(self._ear), finished_by=FinishedBy.KEY))

    def _keyed(self, answer: str) -> Outcome:
        said = self.said_so_far()
        return Outcome(event=KeysPressed(keys=answer, utterance=said, numbers_after=self._number.said_after(self._ear)))

    def _after(self, commands: tuple[StreamCommand, ...], outcome: Outcome) -> Outcome:
        """Put commands before an outcome. At the end of the wait nothing may go on playing."""
        rest = () if outcome.event is None else self._stop_playing()
        return Outcome((*commands, *outcome.commands, *rest), outcome.event)

    def _discard_audio(self) -> None:
        if self._audio is not None:
            self._audio.discard()

    def _end_audio(self) -> None:
        if self._audio is not None:
            self._audio.end()

    def _utterance(self, ear: Ear) -> Utterance:
        self._end_audio()
        utterance = utterance_of(ear.transcript, self._audio, heard_at=self._heard_at)
        return utterance.model_copy(update={"numbers": self._number.said_by(ear)})

    def _heard_at(self, fed_s: float) -> float:
        return self._heard_from_s + self._context.gate.heard_at(fed_s)
