"""Who was told and who can be told is decided in one place each."""

import ast

from tests.house import tree

STEPS_TAKEN = "voicebot/domain/escalation.py"


def test_which_steps_were_taken_is_asked_in_one_place() -> None:
    asking = [
        tree.place(module)
        for folder in ("voicebot/domain", "voicebot/service")
        for module in tree.modules(folder)
        for node in ast.walk(tree.parsed(module))
        if isinstance(node, ast.Compare) and "subject_id" in ast.unparse(node)
    ]
    assert asking == [STEPS_TAKEN], "call `steps_of` instead"


CHANNELS, TEXTS = "voicebot/service/outbox/channels.py", "voicebot/service/outbox/text_channel.py"
WIRED = {
    "voicebot/bootstrap/wiring.py": "registers them",
    "voicebot/bootstrap/checks.py": "hands them on to be asked before there is a hotline",
    "voicebot/bootstrap/examination.py": "hands them on to the doctor",
}
WISHES_ASKED = {
    "voicebot/service/call/incoming.py": "may this caller be promised a text",
    "voicebot/service/callback/survey.py": "may a complainant be asked by a call whether it is settled",
    "voicebot/service/outbox/compose.py": "why a complainant gets no text",
    "voicebot/service/outbox/limits.py": "the same, as a text to a complainant leaves",
}
TELEPHONES_READ = {
    "voicebot/cli/demo/command.py": "who picks up when the demo calls back",
    "voicebot/cli/demo/narration.py": "whose telephone the demo's text went to",
    "voicebot/service/callback/barrier.py": "who is rung to be connected with a complainant",
    "voicebot/service/staff/members.py": "numbers that open no case",
    TEXTS: "where a text to a member of staff goes",
}


def _used(name: str) -> set[str]:
    """Return where a function or an attribute of a name is used; the pretend carrier is nobody of ours."""
    return {
        tree.place(module)
        for module in tree.modules("voicebot")
        if not tree.place(module).startswith("voicebot/simulator/")
        for node in ast.walk(tree.parsed(module))
        if (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name)
    }


def test_whom_a_channel_reaches_is_decided_in_one_place() -> None:
    assert _used("staff_channels") == {CHANNELS, *WIRED}, "ask outbox/channels.py by which channels somebody is reached"
    assert _used("may_text_staff") == {TEXTS}, "ask outbox/channels.py whether staff can be reached"


def test_who_stopped_our_texts_is_asked_in_one_place_for_staff() -> None:
    assert _used("opted_out") == {TEXTS}, "for staff ask outbox/channels.py, which knows their requests"
    assert _used("wants_no_texts") | _used("gets_texts") == set(WISHES_ASKED), "of a complainant ask number_gate.py"


def test_a_telephone_of_staff_decides_nothing_outside_the_channel_of_texts() -> None:
    assert _used("phone") == set(TELEPHONES_READ), "ask outbox/channels.py whether staff can be reached"
