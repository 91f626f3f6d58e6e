"""One call on its media stream. It begins a wait, takes the stream's events, and says what to send and what happened.

After an event was reported nothing more is, until the next `begin`. Audio that comes in between is dropped,
so the caller of `feed` keeps it waiting while the turn is taken.
Knows: waits, stream values. Must not know: sockets, threads, the engine.
"""

from typing import assert_never

from voicebot.domain.utterance import Utterance
from voicebot.flow.events import CallerHungUp, CallResumed, KeysPressed
from voicebot.flow.instructions import HangUp, Listen
from voicebot.service.listening.arrivals import Arrivals
from voicebot.service.listening.goodbye import Goodbye
from voicebot.service.listening.keypad import KeyPresses
from voicebot.service.listening.outcome import ListeningContext, NobodyWatches, Observer, Outcome
from voicebot.service.listening.question import Question
from voicebot.service.listening.stream_clock import StreamClock
from voicebot.service.ports import PromptAudio, Recognisers, Spool
from voicebot.speech.echo import EchoCanceller
from voicebot.speech.energy_gate import EnergyGate, GateSettings
from voicebot.telephony.media_stream import (
    KeyPressed,
    MarkReturned,
    MediaFrame,
    StreamCommand,
    StreamEvent,
    StreamStarted,
    StreamStopped,
)


class CallListening:
    """Hearing and speaking on one stream. Belongs to one thread, but for `arrived`."""

    def __init__(
        self,
        *,
        call_id: str,
        recognisers: Recognisers,
        prompts: PromptAudio,
        spool: Spool,
        observer: Observer | None = None,
        gate_settings: GateSettings | None = None,
    ) -> None:
        self._context = ListeningContext(
            call_id=call_id,
            recognisers=recognisers,
            prompts=prompts,
            spool=spool,
            arrivals=Arrivals(),
            gate=EnergyGate(gate_settings),
            echo=EchoCanceller(),
            observer=observer or NobodyWatches(),
        )
        self._clock = StreamClock()
        self._presses = KeyPresses()
        self._wait: Question | Goodbye | None = None
        self._asked = ""
        """Name of the question put last. On a stream that has just begun there is none, and no key can be left over."""

        self._key_before = ""
        """The key that ended the question before, empty when something else did."""

    def begin(
        self, wait: Listen | HangUp, turn_number: int, locale: str, *, behind_s: float = 0.0
    ) -> tuple[StreamCommand, ...]:
        """Start a wait. Return its prompts as audio, each followed by its mark `<turn>:<prompt key>`.

        `behind_s`: seconds of audio that have come in and were not fed yet, since a turn took long. The caller hears
        the prompts so much later than what was fed last. A clip that is missing or a recogniser that cannot be had is
        reported by the next `feed` as `HearingFailed`. While saying goodbye the stream is closed instead.
        """
        self.close()
        if isinstance(wait, HangUp):
            self._wait = Goodbye(wait, turn_number, self._context)
        else:
            is_new, self._asked = self._asked not in ("", wait.node), wait.node
            self._wait = Question(
                wait,
                turn_number=turn_number,
                locale=locale,
                context=self._context,
                is_new=is_new,
                pressed_before=self._key_before,
            )
        return self._wait.begin(self._clock.now_s + behind_s)

    def arrived(self, event: StreamEvent) -> None:
        """Take note of an event that will be fed, so that voice of an answer is stored before it is heard.

        For the thread that receives. Events are fed in the order in which they arrived, and all of them or none arrive.
        """
        if isinstance(event, MediaFrame):
            self._context.arrivals.came(event.audio)
        elif isinstance(event, KeyPressed):
            self._context.arrivals.came(None)

    def feed(self, event: StreamEvent) -> Outcome:
        """Take the stream's next event, and return what to send and, once, how the wait ended."""
        if isinstance(event, MediaFrame):
            self._clock.heard(event)
            self._context.arrivals.taken()
        outcome = self._heed(event)
        if isinstance(event, KeyPressed):  # only now: what came behind a key is stored after what the key did
            self._context.arrivals.taken()
        return outcome

    def _heed(self, event: StreamEvent) -> Outcome:
        if self._wait is None:
            return Outcome()
        outcome = self._meet(self._wait, event)
        self._key_before = outcome.event.keys[-1:] if isinstance(outcome.event, KeysPressed) else ""
        if outcome.event is not None or self._wait.is_over:
            self.close()
        return outcome

    def close(self) -> None:
        """Let the recogniser go. What was being said is lost unless `StreamStopped` was fed before."""
        if self._wait is not None:
            self._wait.release()
        self._wait = None

    def _meet(self, wait: Question | Goodbye, event: StreamEvent) -> Outcome:
        now_s = self._clock.now_s
        match event:
            case MediaFrame():
                return wait.hear(event.audio, now_s)
            case KeyPressed():
                return self._pressed(wait, event.key)
            case MarkReturned():
                return wait.mark_returned(event.name, now_s)
            case StreamStarted():
                return Outcome()
            case StreamStopped():
                return self._stopped(wait, is_clean=event.is_clean)
            case _:
                assert_never(event)

    def _pressed(self, wait: Question | Goodbye, key: str) -> Outcome:
        if self._presses.is_repeated(key, self._clock.now_s):
            return Outcome()
        self._context.observer.key(self._context.call_id, key)
        return wait.press(key, self._clock.now_s)

    @staticmethod
    def _stopped(wait: Question | Goodbye, *, is_clean: bool) -> Outcome:
        said: Utterance | None = wait.said_so_far()
        if is_clean:
            return Outcome(event=CallerHungUp(utterance=said))
        if isinstance(wait, Goodbye):
            return Outcome()
        return Outcome(event=CallResumed(utterance=said))
