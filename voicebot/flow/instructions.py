"""What a call may be told. This is the only way out of the engine.

`Listen`, `ConnectOwner` and `HangUp` are waits. Each turn ends with exactly one of them. The others are effects,
carried out by `service/call` in the turn's transaction. Those marked *answered* feed an event back at once
(`events.py`), and the engine goes on from there in the same turn.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Instruction(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Instruction):
    """Words spoken in one breath. The exact text is the name of its clip (adapters/prompt_clips.py)."""

    kind: Literal["words"] = "words"
    text: str


class Pause(_Instruction):
    """Silence inside a prompt, in seconds."""

    kind: Literal["pause"] = "pause"
    seconds: float


class Prompt(_Instruction):
    """One prompt with its slots filled, in the order it is heard."""

    key: str
    """Prompt key in `prompts.<locale>.yaml`."""
    locale: str
    fragments: tuple[Annotated[Words | Pause, Field(discriminator="kind")], ...]
    pace: float = 1.0
    """Share of the usual speed at which it is said, at the same pitch."""

    @property
    def text(self) -> str:
        """The whole prompt as a person would write it (for terminals, `<Say>` and the stored promise)."""
        return " ".join(part.text for part in self.fragments if isinstance(part, Words))


class DigitCollection(_Instruction):
    """Several keys that together are one answer (a telephone number, a case number)."""

    max_digits: int
    end_key: str = "#"
    inter_digit_s: float = 4.0
    """Silence between two keys after which what was keyed is taken, while `*` alone is taken after 1.5 s."""


class Speech(_Instruction):
    """What the recogniser should expect, and when the answer counts as finished. All on stream time."""

    grammar: tuple[str, ...] | None = None
    """Closed answer with the phrases that may be heard. None for open vocabulary."""
    commands: tuple[str, ...] = ()
    """Phrases that end the wait at once when a whole segment is one of them ("a supervisor")."""
    within: tuple[str, ...] = ()
    """Phrases that end the wait at once wherever they stand in a segment ("but don't record me")."""
    not_after: tuple[str, ...] = ()
    """Words shortly before such a phrase that make it somebody else's ("they said …")."""
    second_grammar: tuple[str, ...] | None = None
    """What the answer's audio is heard with once more when fewer than `enough_words` were heard."""
    is_number: bool = False
    """A number is said digit by digit, so what else may have been said is kept (`Utterance.numbers`)."""
    enough_words: int = 1
    is_only_commands: bool = False
    """Nothing is asked, so anything but a command is not heard, stops no prompt, and the wait ends with the prompts."""
    end_silence_s: float
    """Silence after speech that ends the answer.

    With `pause_prompt`, this is the silence that follows the pause prompt.
    """
    pause_after_s: float | None = None
    """Silence after speech at which `pause_prompt` is played, softly, stopped by the first sound."""
    pause_prompt: Prompt | None = None
    endings: tuple[str, ...] = ()
    """Phrases that finish the answer when the caller says them alone, last, after a pause."""
    pause_endings: tuple[str, ...] = ()
    """Phrases that finish it as the whole answer to `pause_prompt`."""
    around: tuple[str, ...] = ()
    """Words around such a phrase that change nothing."""
    max_utterance_s: float = 60.0
    warn_after_s: float | None = None
    """Seconds of answer after which `warn_prompt` says that the limit is near."""
    warn_prompt: Prompt | None = None


class Listen(_Instruction):
    """Play the prompts, then wait for the caller, in whichever way telephony chooses.

    Keys are always heard, from the first prompt on. Where nothing is asked (no `speech` but commands, no
    `no_input_after_s`) the wait ends with `PromptsPlayed`.
    """

    kind: Literal["listen"] = "listen"
    node: str
    prompts: tuple[Prompt, ...] = ()
    keys: tuple[str, ...] = ()
    """Single keys that end the wait at once (`KeysPressed`). Others are ignored."""
    standing_keys: tuple[str, ...] = ()
    """Those of them that mean the same at every question. One that was meant for the question before counts, too."""
    collect: DigitCollection | None = None
    """When set, digits are collected. `keys` then holds only for a key pressed alone first (see script.md 0)."""
    speech: Speech | None = None
    no_input_after_s: float | None = None
    """Seconds after the last prompt's end in which the first word or key must come, else `NoInput`."""
    barge_in: bool = True
    """Whether the caller's voice stops the prompts. Keys always do."""
    slot: str | None = None
    """Slot that the answer fills, kept as an Answer on the ticket."""
    is_secret: bool = False
    """A code is asked for. Neither its digits nor its voice are kept."""
    store_audio: bool = False
    """Whether this answer's voice and words are kept, but never before consent nor after refusal."""

    @property
    def asks_for_words(self) -> bool:
        """Whether the caller is asked to say something. A command may be said at any time."""
        return self.speech is not None and not self.speech.is_only_commands


class ConnectOwner(_Instruction):
    """Play the prompts, then ring whoever is responsible for the caller's case, or a person on duty, and let both talk.

    It ends with `OwnerSpoke` or `OwnerNotReached`. Where nobody can be rung any more, the latter comes at once.
    """

    kind: Literal["connect_owner"] = "connect_owner"
    node: str
    prompts: tuple[Prompt, ...] = ()
    whom: Literal["owner", "person"] = "owner"
    still: tuple[Prompt, ...] = ()
    """Said before the telephone of the next person rings."""


class HangUp(_Instruction):
    """Play the prompts, then end the call."""

    kind: Literal["hang_up"] = "hang_up"
    prompts: tuple[Prompt, ...] = ()


class LogConsent(_Instruction):
    """Effect: the notice was heard to its end, or recording was refused."""

    kind: Literal["log_consent"] = "log_consent"
    is_recording_allowed: bool
    wording_version: str
    """Digest of the exact words played."""


class DestroyRecordings(_Instruction):
    """Effect: destroy audio and words that this call has stored, while the case stays."""

    kind: Literal["destroy_recordings"] = "destroy_recordings"


class KeepAnswer(_Instruction):
    """Effect: note a closed answer on the ticket (may_text, callback_number, remedy …)."""

    kind: Literal["keep_answer"] = "keep_answer"
    slot: str
    value: str
    is_confirmed: bool = True


class RequestSupervisor(_Instruction):
    """Effect: the caller asked for a person, which is logged and counted."""

    kind: Literal["request_supervisor"] = "request_supervisor"


class MarkDanger(_Instruction):
    """Effect: the caller's words may tell of danger or self-harm, of which staff are told at once."""

    kind: Literal["mark_danger"] = "mark_danger"


class MarkListenFirst(_Instruction):
    """Effect: nobody here understood the caller, so staff listen to the answers first."""

    kind: Literal["mark_listen_first"] = "mark_listen_first"


class KeepPace(_Instruction):
    """Effect: the caller agreed that we keep for their number that they are spoken to slowly and given time."""

    kind: Literal["keep_pace"] = "keep_pace"


class CloseCase(_Instruction):
    """Effect: the complainant says that the matter is settled."""

    kind: Literal["close_case"] = "close_case"


class ReopenCase(_Instruction):
    """Effect: the complainant says that it is not settled, so a call is owed."""

    kind: Literal["reopen_case"] = "reopen_case"


class RefuseCalls(_Instruction):
    """Effect: nobody at the number that we rang asked for the call."""

    kind: Literal["refuse_calls"] = "refuse_calls"


class CheckNumber(_Instruction):
    """Effect, answered by `NumberAccepted` or `NumberRefused`."""

    kind: Literal["check_number"] = "check_number"
    digits: str
    others: tuple[str, ...] = ()
    """Other numbers that may have been said. The first that is one is meant."""


class JoinCase(_Instruction):
    """Effect, answered by `CaseJoined` or `CaseKeptApart`: put what was said to the case that the caller has."""

    kind: Literal["join_case"] = "join_case"
    case_id: str = ""
    """The case that the caller was asked about. It is empty when none was known."""
    is_claimed: bool = False
    """True when the caller has said that it is about that case."""
    is_proven: bool = False
    """True when the caller gave its code, so that it does not matter which telephone they ring from."""


class OpenCase(_Instruction):
    """Effect, answered by `CaseOpened` or `CaseNotOpened`: may the caller hear how a case stands, and act on it?"""

    kind: Literal["open_case"] = "open_case"
    case_number: str = ""
    """The nine digits that the caller gave. Empty where the case is the known one."""
    case_id: str = ""
    """The known case. Empty where a number was given."""
    code: str = ""
    """The code from our text. Empty while it is asked for by the telephone alone."""


class WithdrawCase(_Instruction):
    """Effect: the caller no longer pursues the case, has said so twice, and it is closed by their word."""

    kind: Literal["withdraw_case"] = "withdraw_case"


class FindQuestions(_Instruction):
    """Effect, answered by `QuestionsFound`: look for what is still to be asked about the complaint."""

    kind: Literal["find_questions"] = "find_questions"
    at_most: int


class MakePromise(_Instruction):
    """Effect, answered by `PromiseMade` or `NoWindowLeft`.

    An open promise of this case is moved, and with `is_later` the new window is the next after it, and after
    `offered_until`.
    """

    kind: Literal["make_promise"] = "make_promise"
    target: str
    """Name of a service-level target of the policy."""
    is_later: bool = False
    keeps_standing: bool = False
    """Whether the promise that stands is left until another window is chosen."""
    offered_until: datetime | None = None
    """When the last of the windows closes that the caller has been offered. None when there were none."""
    offers: int = 1
    """How many windows the caller is offered, with the promised one as the first of them."""
    chosen_at: datetime | None = None
    """When the window opens that the caller chose. None means the first with room."""


class TextOtherTimes(_Instruction):
    """Effect: text the caller other times for the promised call, which they may choose from by text."""

    kind: Literal["text_other_times"] = "text_other_times"


class ConfirmPromise(_Instruction):
    """Effect: the caller heard the window, and `words` are stored with the promise."""

    kind: Literal["confirm_promise"] = "confirm_promise"
    words: str
    is_confirmed_by_caller: bool


Wait = Listen | ConnectOwner | HangUp
Effect = (
    LogConsent
    | DestroyRecordings
    | KeepAnswer
    | RequestSupervisor
    | MarkDanger
    | MarkListenFirst
    | KeepPace
    | CloseCase
    | ReopenCase
    | RefuseCalls
    | CheckNumber
    | FindQuestions
    | MakePromise
    | TextOtherTimes
    | OpenCase
    | WithdrawCase
    | ConfirmPromise
)
Instruction = Annotated[
    Listen
    | ConnectOwner
    | HangUp
    | LogConsent
    | DestroyRecordings
    | KeepAnswer
    | RequestSupervisor
    | MarkDanger
    | MarkListenFirst
    | KeepPace
    | CloseCase
    | ReopenCase
    | RefuseCalls
    | CheckNumber
    | JoinCase
    | FindQuestions
    | MakePromise
    | TextOtherTimes
    | OpenCase
    | WithdrawCase
    | ConfirmPromise,
    Field(discriminator="kind"),
]

INSTRUCTIONS: TypeAdapter[tuple[Instruction, ...]] = TypeAdapter(tuple[Instruction, ...])
"""Reads and writes a turn's instructions as JSON."""
