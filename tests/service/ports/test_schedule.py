"""Where a task stands before it ever ran."""

from voicebot.service.ports import TaskState


def test_a_task_that_never_ran_has_neither_instant() -> None:
    state = TaskState(name="reconcile")
    assert (state.last_run_at, state.not_before) == (None, None)
