"""Listens to stored voices again, with a better recogniser that is too slow for a call, while nobody is on the line.

What it hears stands beside the words of the call and never replaces them. One voice is taken at a time, by one worker
of all, whose turn ends by itself when it was killed. A call that begins stops it at once, and the voice is taken again
later, from its beginning. A try is counted before it begins and taken back when it was not the audio that ended it, so
that audio which kills the process is not tried for ever, and nothing else gives a voice up.

A voice that its caller refused or destroyed is none that is stored, so it is never found here. What is destroyed while
it is being listened to is not brought back.
Knows: answers, calls on the line. Must not know: which recogniser it is, priorities of processes.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import NOBODY, WORDS, Word
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.answer.audio import call_of
from voicebot.service.answer.keep import TALK_SLOT
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import SecondEar, TaskState, UnitOfWork
from voicebot.speech.audio import read_wav

MOST_LISTENINGS = 3
"""Tries before a voice is left as it was heard in the call."""
TURN = "second_listening"
TURN_LASTS = timedelta(minutes=1)
"""A worker that listens says so again long before it is over."""
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


def listen_again(hotline: Hotline, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Listen to one voice again if nobody is on the line, and return how many were settled, 0 or 1.

    Raises: Unavailable when the ear or the audio store fail, and it is tried again later, after the others.
    SettingFault when the model or what reads it is missing.
    """
    ear = hotline.second_ear
    if ear is None or not is_line_free(hotline):
        return 0
    with hotline.look() as work:
        answer = next(iter(work.tickets.answers_to_hear_again(1)), None)
    turn = _Turn(hotline)
    if answer is None or not turn.take():
        return 0
    try:
        return _listen(hotline, ear, answer, lambda: is_line_free(hotline) and may_go_on() and turn.is_kept())
    finally:
        turn.give_back()


class _Turn:
    """The right to listen, which one worker of all has."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._until: datetime | None = None

    def take(self) -> bool:
        """Take it unless another worker has it. What a clock that was wrong wrote far ahead holds nobody up."""
        with self._hotline.unit_of_work() as work:
            now, state = context_of(self._hotline, work).now, work.schedule.lock(TURN)
            is_mine = state.not_before == self._until
            if not is_mine and state.not_before is not None and now < state.not_before <= now + TURN_LASTS:
                return False
            self._save(work, state, now + TURN_LASTS)
            return True

    def is_kept(self) -> bool:
        """Make it last longer, and return False when another worker took it meanwhile."""
        now = self._hotline.clock.now()
        assert self._until is not None, "it was taken"
        return TURN_LASTS / 2 < self._until - now <= TURN_LASTS or self.take()

    def give_back(self) -> None:
        """Let the next one have it."""
        with self._hotline.unit_of_work() as work:
            state = work.schedule.lock(TURN)
            if state.not_before == self._until:
                self._save(work, state, None)

    def _save(self, work: UnitOfWork, state: TaskState, until: datetime | None) -> None:
        work.schedule.save(replace(state, not_before=until))
        work.commit()
        self._until = until


def is_line_free(hotline: Hotline) -> bool:
    """Tell whether no call is on the line, on any machine."""
    with hotline.look() as work:
        return not work.calls.live_since_silence(_FOR_EVER)


def _listen(hotline: Hotline, ear: SecondEar, answer: Answer, may_go_on: Callable[[], bool]) -> int:
    call = call_of(hotline, answer)
    # A talk has two voices at once, and its recording tells them apart, which a recogniser does not.
    is_fit = call is not None and answer.slot != TALK_SLOT and ear.supports(call.locale)
    if call is None or not is_fit or answer.second_tries >= MOST_LISTENINGS:
        return _settle(hotline, answer)
    by = ear.name
    try:
        mulaw = _voice(hotline, answer)
    except ValueError:
        return _settle(hotline, answer)
    if not _change(hotline, answer, lambda kept: replace(kept, second_tries=answer.second_tries + 1)):
        return 0
    try:
        words = ear.hear(mulaw, call.locale, lambda: _is_free(may_go_on)) if mulaw else ()
    except SettingFault:
        _take_back(hotline, answer)
        raise
    if words is None:
        return _take_back(hotline, answer)
    return _change(hotline, answer, lambda kept: _heard(kept, words, by=by))


def _voice(hotline: Hotline, answer: Answer) -> bytes:
    """Return the stored voice. One that cannot be had comes after the others, and is never given up for it.

    Raises: Unavailable, ValueError when the file holds no voice.
    """
    assert answer.audio_key is not None, "only stored voices are found"
    try:
        return read_wav(hotline.audio.get(answer.audio_key))
    except Unavailable:
        last = min(answer.second_tries + 1, MOST_LISTENINGS - 1)
        _change(hotline, answer, lambda kept: replace(kept, second_tries=last))
        raise


def _is_free(may_go_on: Callable[[], bool]) -> bool:
    """Stop also while the database cannot say whether somebody is on the line."""
    try:
        return may_go_on()
    except Unavailable:
        return False


def _settle(hotline: Hotline, answer: Answer) -> int:
    return _change(hotline, answer, lambda kept: replace(kept, second_by=NOBODY))


def _take_back(hotline: Hotline, found: Answer) -> int:
    """Count the try as none, since it was not the audio that ended it."""
    _change(hotline, found, lambda kept: replace(kept, second_tries=found.second_tries))
    return 0


def _heard(answer: Answer, words: tuple[Word, ...], *, by: str) -> Answer:
    return replace(answer, second_words_json=WORDS.dump_json(words).decode(), second_by=by)


def _change(hotline: Hotline, found: Answer, change: Callable[[Answer], Answer]) -> int:
    """Change the answer as it is now, unless its voice is gone or somebody else listened meanwhile."""
    with hotline.unit_of_work() as work:
        work.calls.lock(found.call_id)
        answer = work.tickets.answer(found.id)
        if answer is None or answer.state is not AnswerState.DONE or answer.audio_key is None or answer.second_by:
            return 0
        work.tickets.save_answer(change(answer))
        work.commit()
        return 1
