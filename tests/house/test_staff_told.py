"""Who was told and who can be told is decided in one place each."""

import ast

from tests.house import tree

STEPS_TAKEN = "voicebot/service/promise/climb_plan.py"


def test_which_steps_were_taken_is_asked_in_one_place() -> None:
    asking = [
        tree.place(module)
        for module in tree.modules("voicebot/service")
        for node in ast.walk(tree.parsed(module))
        if isinstance(node, ast.Compare) and "subject_id" in ast.unparse(node)
    ]
    assert asking == [STEPS_TAKEN], "call `steps_taken` instead"
