"""Calls that we made about a case, as its page says them, with whom we rang, and how far each has come.

Knows: states of such calls, words for staff. Must not know: routes, who is looking.
"""

from collections.abc import Iterator

from voicebot.domain.instants import Instants
from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState, TalkRecording
from voicebot.service.queries.case_view import CaseView

_RESULTS = {
    CallOutcome.REACHED: "they spoke with the complainant",
    CallOutcome.VOICEMAIL: "voicemail or a machine answered",
    CallOutcome.NO_ANSWER: "nobody answered",
    CallOutcome.BUSY: "the line was busy",
    CallOutcome.SOMEBODY_ELSE: "somebody else answered",
    CallOutcome.FAILED: "the number could not be reached",
}
_KINDS = {
    StaffCallKind.CALLBACK: "call back by",
    StaffCallKind.LADDER: "call of the ladder to",
    StaffCallKind.RANG_IN: "the complainant on the line, for",
    StaffCallKind.SURVEY: "the hotline asks the complainant whether it is settled",
}
_OF_NOBODY = (StaffCallKind.LADDER, StaffCallKind.SURVEY)
"""Kinds in whose call nobody of the staff talks with the complainant yet."""
_RECORDINGS = {
    TalkRecording.NONE: "",
    TalkRecording.TOLD: "",
    TalkRecording.REFUSED: "; not recorded, for they said no",
    TalkRecording.WANTED: "; the recording is about to begin",
    TalkRecording.BEGUN: "; recorded, after its notice",
    TalkRecording.MACHINE: "; no recording is kept, for nobody heard the notice",
    TalkRecording.FAILED: "; not recorded: the history says why",
}
Said = tuple[str, str, str]
"""What, when, how far."""


def call_back_rows(view: CaseView, instants: Instants) -> Iterator[Said]:
    """Yield the calls to staff of a case, oldest first."""
    for call in view.staff_calls:
        name = view.names.get(call.member_id, call.member_id)
        yield (
            f"{_KINDS[call.kind]} {name}".strip(),
            instants.said(call.ordered_at),
            f"{_how_far(call, name, instants)}{_RECORDINGS[call.recording]}",
        )


def under_way_said(view: CaseView, instants: Instants) -> str:
    """Say which call about this case goes on at the moment. It is empty when none does."""
    for call in view.staff_calls:
        if call.state is not StaffCallState.ENDED and call.kind not in _OF_NOBODY:
            said = _how_far(call, view.names.get(call.member_id, call.member_id), instants)
            is_ordered = call.state is StaffCallState.WAITING
            return f"{'A call is ordered' if is_ordered else 'A call is under way'}: {said}."
    return ""


def _how_far(call: StaffCall, name: str, instants: Instants) -> str:
    if call.kind is StaffCallKind.SURVEY:
        name = "the complainant"
    match call.state:
        case StaffCallState.WAITING:
            return f"the telephone of {name} rings {instants.said(call.not_before)}"
        case StaffCallState.DIALLING | StaffCallState.RINGING:
            return f"the telephone of {name} rings"
        case StaffCallState.TAKEN if call.kind is StaffCallKind.RANG_IN:
            return f"{name} talks with the complainant"
        case StaffCallState.TAKEN:
            return f"{name} pressed 1; the complainant’s telephone rings, or they talk"
        case StaffCallState.ASKING:
            return f"the talk is over, and {name} is asked what came of it"
        case StaffCallState.ENDED:
            return f"{_result(call)}, {instants.exact(call.ended_at)}" if call.ended_at else _result(call)


def _result(call: StaffCall) -> str:
    talked = f" for {call.talk_s} s" if call.was_bridged and call.talk_s else ""
    said = _RESULTS[CallOutcome(call.result)] if call.result in set(CallOutcome) else call.result
    return f"{said}{talked}"
