"""Questions that every call and text asks are written once, and only their values are told each time."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from voicebot.adapters.store.rows import is_one_of
from voicebot.adapters.store.tables import sms
from voicebot.domain.sms import SmsState


def test_a_question_for_one_of_some_states_is_not_written_anew_each_time() -> None:
    states = {SmsState.SENT, SmsState.QUEUED}
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        asked = select(sms.c.id).where(is_one_of(sms.c.state, states)).compile(dialect=dialect)
        assert not asked.post_compile_params
        assert set(asked.params.values()) == states
        anew = select(sms.c.id).where(sms.c.state.in_(states)).compile(dialect=dialect)
        assert anew.post_compile_params, "SQLAlchemy has come to write it once itself: `is_one_of` may go"
