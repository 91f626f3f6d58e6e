"""Where an errand stands before it ever ran."""

from voicebot.service.ports import ErrandState


def test_an_errand_that_never_ran_has_neither_instant() -> None:
    state = ErrandState(name="reconcile")
    assert (state.last_run_at, state.not_before) == (None, None)
