"""The parts of a call flow. They are the kinds of node, the links between them, and what a node may do and wait for.

There are no expressions. A link names a node, or lists nodes under named conditions. Words never stand here, only
prompt keys, and every number carries its unit in its name.

Knows: names and numbers. Must not know: files, lines, what a caller did.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from voicebot.flow.condition_names import Condition

RETURN = "return"
"""A link to the listening node where the caller last stood (after a command that changed nothing)."""

BACK = "back"
"""A link to the question before the present one, to be answered anew, or to the present one where none was before."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Seconds = Annotated[float, Field(gt=0, le=600)]
Key = Annotated[str, Field(pattern=r"^[0-9*#]$")]


class Part(BaseModel):
    """One part of a flow file. It is frozen, and without fields that nobody knows."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


class Branch(Part):
    """One line of a conditional link. The first whose condition holds is taken."""

    when: Condition | None = None
    """The condition, which the last branch does not have."""
    go: Name
    """The node to go to."""


Link = Name | Annotated[tuple[Branch, ...], Field(min_length=1)]
"""A node's name, or branches of which the last has no condition."""


class NodeAction(StrEnum):
    """What a node may do besides speaking."""

    ALLOW_RECORDING = "allow_recording"
    """The notice was heard to its end, so log consent and record from here on."""
    REFUSE_RECORDING = "refuse_recording"
    """Log the refusal and destroy what this call has recorded."""
    STAY_UNRECORDED = "stay_unrecorded"
    """The notice could not be heard to its end, so nothing is recorded, and no answer is logged."""
    REQUEST_SUPERVISOR = "request_supervisor"
    """Log and count that the caller asked for a person."""
    MARK_DANGER = "mark_danger"
    """Mark the case. The caller's words may tell of danger, so staff are told at once and look at it first."""
    LISTEN_FIRST = "listen_first"
    """Mark the case. It says that we did not understand the caller, so a person listens before anything else."""
    SLOW_DOWN = "slow_down"
    """Speak at 85 % of the speed from here on."""
    GIVE_TIME = "give_time"
    """Double every wait for the caller from here on."""
    KEEP_PACE = "keep_pace"
    """Keep for the caller's number, as the caller agreed, that they are spoken to slowly and given time."""
    LEAVE_NUMBER_OPEN = "leave_number_open"
    """Note that the caller gave no number, so that nobody asks again in this call."""
    FORGET_NUMBER = "forget_number"
    """Forget the number that was keyed."""
    WITHDRAW_CASE = "withdraw_case"
    """Close the case that the call has joined, because the caller no longer pursues it."""
    NOTE_STATUS_TOLD = "note_status_told"
    """Note that the caller has heard how the case stands, so that one that has ended stays as it is if they hang up."""
    TEXT_OTHER_TIMES = "text_other_times"
    """Text the caller other times for the promised call, of which one is chosen by answering the text."""
    CLOSE_CASE = "close_case"
    """The complainant says that the matter is settled, which closes the case, though only in a call that we made."""
    REOPEN_CASE = "reopen_case"
    """The complainant says that it is not settled, so the case is open again, and a call is owed."""
    REFUSE_CALLS = "refuse_calls"
    """Whoever picked up our call did not ask for it, so that their number is not rung again."""


class Keep(Part):
    """An answer noted on the ticket."""

    slot: Name
    """Slot of the answer."""
    value: str
    """What to note, which may hold one of the slots {caller_number}, {callback_number} and {asked_case}.

    An unknown number is not noted.
    """
    confirmed: bool = True
    """Whether the caller said so, or we only took it so."""


class _Doing(Part):
    """What every node that speaks may also do when the call reaches it."""

    prompts: tuple[Name, ...] = ()
    """Keys of the prompts to say, in order."""
    do: tuple[NodeAction, ...] = ()
    """Actions, carried out as the call reaches the node."""
    keep: tuple[Keep, ...] = ()
    """Answers noted on the ticket as the call reaches the node."""
    confirm_promise: Name | None = None
    """Key of the prompt whose words are stored as the promise. It is confirmed if slot `window` says yes."""


class Retry(Part):
    """What happens when nothing was said, or it was not understood."""

    prompts: tuple[Name, ...] = ()
    """What to say the first time, the second time …, with each more helpful than the one before."""
    after_s: Seconds | None = None
    """Seconds of silence allowed after such a prompt. Empty means as at the question."""
    go: Link
    """Where the call goes when no prompt is left."""


class Answer(Part):
    """One closed answer."""

    keys: tuple[Key, ...] = ()
    """Keys that mean it."""
    says: tuple[Name, ...] = ()
    """Lists of the vocabulary that mean it."""
    go: Link
    """Where it leads."""


class OpenAnswer(Part):
    """Free speech."""

    end_silence_s: Seconds
    """Seconds of silence that end the answer, which with `pause_after_s` are counted from the end of the pause
    prompt.
    """
    pause_after_s: Seconds | None = None
    """Seconds of silence after which the pause prompt is said softly."""
    pause_prompt: Name | None = None
    """Key of the prompt that says we are still listening."""
    ends_with: tuple[Name, ...] = ()
    """Lists of the vocabulary that finish the answer when said alone, last, after a pause ("that is everything")."""
    pause_ends_with: tuple[Name, ...] = ()
    """Lists that finish it, too, as the whole answer to the pause prompt ("no")."""
    max_utterance_s: Seconds = 60
    """Seconds after which the answer is taken as it is."""
    warn_after_s: Seconds | None = None
    """Seconds of answer after which the caller is warned of the limit."""
    warn_prompt: Name | None = None
    """Key of that warning."""
    go: Link
    """Where the call goes once something was said."""


class NumberForm(StrEnum):
    """What a number must be, so that the right one can be told among those that may have been said."""

    ANY = "any"
    """Any digits, as of an order or a telephone."""
    CASE_NUMBER = "case_number"
    """Nine digits of a case, the last of which checks the others."""


class DigitAnswer(Part):
    """A number, keyed or spoken digit by digit."""

    form: NumberForm = NumberForm.ANY
    """What the number must be. What was said wrongly, or heard wrongly, is left out of the guesses by it."""
    max_digits: Annotated[int, Field(ge=1, le=20)]
    """How many digits there can be at most."""
    min_digits: Annotated[int, Field(ge=1, le=20)] = 1
    """Fewer digits that were said are no number, since other words sounded like them."""
    inter_digit_s: Seconds = 4
    """Seconds between two keys after which what was keyed is taken."""
    slot: Name = "typed_number"
    """Slot that the digits fill."""
    is_secret: bool = False
    """Whether this is a code, of which neither digits nor voice are kept."""
    go: Link
    """Where the call goes with the digits."""


class CorrectionAnswer(Part):
    """One group of the number that was read back, said anew ("no, the second group is five five five")."""

    groups: dict[Literal["first", "second", "third", "last"], tuple[Name, ...]]
    """Which group, to the lists of the vocabulary that name it."""
    instead_of: Name
    """The one answer that such words may begin with. After any other, they correct nothing."""
    go: Link
    """Where the call goes with the corrected number in slot `typed_number`."""


class SayNode(_Doing):
    """Says and does something, then goes on at once, though without prompts it only chooses the way."""

    kind: Literal["say"]
    go: Link
    """The next node."""


class ListenNode(_Doing):
    """Says its prompts and waits for the caller.

    That may be for free speech, a closed answer, digits, or only the prompts' end.
    """

    kind: Literal["listen"]
    slot: Name | None = None
    """Slot that the answer fills. Its voice is kept with the ticket once recording is allowed."""
    open: OpenAnswer | None = None
    """Waits for free speech."""
    asks_field: bool = False
    """With `open`, whether it asks the next of the questions that were found (`find_questions`).

    Its words are the prompt `ask_field_` and the name of that field. Its answer is heard into that field of the case.
    """
    answers: dict[Name, Answer] = {}
    """Closed answers by name. Beside `open` keys that end the question, beside `digits` also words.

    A `#` there means that no digit came before it.
    """
    digits: DigitAnswer | None = None
    """Waits for digits."""
    correction: CorrectionAnswer | None = None
    """Beside `answers` to a number that was read back, takes a group of it said anew."""
    played: Link | None = None
    """Waits for nothing but the end of the prompts, and goes on here."""
    cut_short: Link | None = None
    """With `played`, this is where the call goes when the prompts were not heard to their end.

    Empty means as `played`.
    """
    end_silence_s: Seconds = 0.6
    """Seconds of silence that end a spoken closed answer or spoken digits."""
    no_input_after_s: Seconds | None = None
    """Seconds after the prompts in which the first word or key must come."""
    no_input: Retry | None = None
    """When nothing came. Needed wherever an answer is waited for."""
    no_match: Retry | None = None
    """When the answer was not understood. Needed wherever an answer is waited for."""
    hang_up: Name
    """The end node that is reached, without words, when the caller hangs up here."""
    commands: tuple[Name, ...] = ()
    """Commands heard here beside those that are heard everywhere."""
    barge_in: bool = True
    """Whether the caller's voice stops the prompts. Keys always do."""
    at_most: Annotated[int, Field(ge=1, le=9)] | None = None
    """How often the call may come here, and after that it goes to `otherwise`."""
    otherwise: Name | None = None
    """Where the call goes instead, once `at_most` is used up."""
    is_aside: bool = False
    """Whether `return` leads past it, to where the caller stood before, which is not said again if it was answered.

    For what is said in between, of which the caller's own matter goes on ("call for help if you are in danger").
    """


class PromiseNode(Part):
    """Asks the policy for a callback window and promises it."""

    kind: Literal["promise"]
    target: Name
    """Name of the service-level target."""
    later: bool = False
    """Whether a window later than the one that stands, and later than all that were offered, is wanted."""
    keeps_standing: bool = False
    """Whether the window that stands is kept until the caller has chosen another one."""
    offers: Annotated[int, Field(ge=1, le=3)] = 1
    """How many windows are offered at once, with the promised one as the first of them."""
    chosen: bool = False
    """Whether the window is wanted that slot `window` names among those offered."""
    made: Link
    """Where the call goes with a window."""
    none_left: Link
    """Where it goes when the policy has none (or none later), or the chosen one was taken meanwhile."""


class CheckNumberNode(Part):
    """Puts the digits of slot `typed_number` to the number gate."""

    kind: Literal["check_number"]
    accepted: Link
    """Where the call goes with a number we may ring, in slot `callback_number`."""
    refused: Link
    """Where it goes with one that we may not ring."""


class ConnectNode(Part):
    """Says its prompts, rings whoever is responsible for the case of this number, and lets both talk.

    With `whom: person`, it rings those on duty one after another, supervisors first.
    """

    kind: Literal["connect"]
    whom: Literal["owner", "person"] = "owner"
    """Who is rung."""
    still: tuple[Name, ...] = ()
    """Keys of the prompts to say before the next person's telephone rings, in order."""
    prompts: tuple[Name, ...] = ()
    """Keys of the prompts to say before the telephone rings, in order."""
    spoke: Link
    """Where the call goes when they have talked."""
    not_reached: Link
    """Where it goes when nobody took the call."""
    hang_up: Name
    """The end node that is reached, without words, when the caller hangs up meanwhile."""


class JoinCaseNode(Part):
    """Puts what was said to the case that the caller has. Its number and its promised call hold from then on."""

    kind: Literal["join_case"]
    joined: Link
    """Where the call goes as a part of that case."""
    apart: Link
    """Where it goes when there is no case to join any more, so that it keeps its own."""


class FindQuestionsNode(Part):
    """Looks for what is still to be asked about the kind of complaint that the caller's words suggest.

    The policy says what each kind asks (`categories.yaml`). Nothing is found where the words do not suggest a kind
    clearly, and nothing is asked that is known already. Condition `question_left` holds while something is.
    """

    kind: Literal["find_questions"]
    at_most: Annotated[int, Field(ge=1, le=2)] = 2
    """How many questions there may be."""
    go: Link
    """Where the call goes on."""


class OpenCaseNode(Part):
    """Asks for the case of slot `asked_case`, or the known one, by the code of slot `asked_code`.

    Without a code it is opened to the telephone that it is rung at, for hearing how it stands.
    """

    kind: Literal["open_case"]
    opened: Link
    """Where the call goes with that case as the known one."""
    refused: Link
    """Where it goes when the code is wrong, no case has the number, or too many were tried. All sound alike."""


class EndNode(_Doing):
    """Says its prompts and ends the call."""

    kind: Literal["end"]


Node = Annotated[
    SayNode
    | ListenNode
    | PromiseNode
    | CheckNumberNode
    | JoinCaseNode
    | OpenCaseNode
    | FindQuestionsNode
    | ConnectNode
    | EndNode,
    Field(discriminator="kind"),
]
