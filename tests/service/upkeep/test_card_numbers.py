"""Numbers of payment cards are destroyed in words and voice where the policy says so, and all else is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.lines import CALLER, FLOWS_DIR, Line, a_policy_dir, with_flows
from tests.service.texting import write_text
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.case_field import FieldName
from voicebot.domain.private.masking import lift_key
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS
from voicebot.errors import Unavailable
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.original import lift_mask, open_original
from voicebot.service.upkeep.card_numbers import destroy_card_numbers
from voicebot.service.upkeep.retention import hold_case
from voicebot.speech.audio import MULAW_SILENCE, read_wav

CARD = "4242 4242 4242 4242"
SPOKEN = "pay it to 4242 4242 4242 4242 please"
BEGINS, ENDS = round((1.2 - 0.15) * 8000), round((2.7 + 0.15) * 8000)


def destroying(line: Line, folder: Path) -> Line:
    """Let the policy ask for destruction."""
    policy = a_policy_dir(folder / "policy")
    kept = (policy / "retention.yaml").read_text()
    (policy / "retention.yaml").write_text(kept.replace("card_numbers: mask", "card_numbers: destroy"))
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    return line


def told(line: Line, *, is_over: bool = True) -> CallAnswer:
    """Take a call in which a card's number is said."""
    answer = line.say(line.reach("ask_story"), SPOKEN, seconds=4.0)
    if is_over:
        end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    return answer


def story(line: Line, call: CallAnswer) -> Answer:
    with line.work() as work:
        return work.tickets.answers(call.call.ticket_id)[0]


def voice(line: Line, call: CallAnswer) -> bytes:
    return read_wav(line.audio.files[str(story(line, call).audio_key)])


def everything(line: Line) -> str:
    """Return all that the database holds, as text."""
    with line.work() as work:
        connection = work.connection
        dump = connection.connection.dbapi_connection.iterdump()
        return "\n".join(dump)


def test_words_and_samples_of_a_number_are_overwritten_and_the_rest_stays(line: Line, tmp_path: Path) -> None:
    call = told(destroying(line, tmp_path))
    case, before, said = line.ticket(call).case_number, voice(line, call), story(line, call)
    write_note(line.hotline, case, text=f"they gave {CARD} and 03.05.1980", actor="owner_1")
    keep_fields(line.hotline, case, {FieldName.ADDRESS: f"Mill Lane 4, {CARD}"}, actor="owner_1")
    write_text(line, f"my card {CARD} cvc 123, born 03.05.1980", "SM1", sender=CALLER)
    assert "4242" in everything(line)
    assert destroy_card_numbers(line.hotline) == 1
    after = voice(line, call)
    assert after[BEGINS:ENDS] == MULAW_SILENCE * (ENDS - BEGINS) != before[BEGINS:ENDS]
    assert (after[:BEGINS], after[ENDS:]) == (before[:BEGINS], before[ENDS:])
    left = everything(line)
    assert "4242" not in left
    assert "cvc 123" not in left
    assert left.count("03.05.1980") >= 2, "only what belongs to cards goes"
    words, kept = WORDS.validate_json(story(line, call).words_json), WORDS.validate_json(said.words_json)
    assert [word.text for word in words] == ["pay", "it", "to", "[card number]", "", "", "", "please"]
    assert [(word.start_s, word.end_s) for word in words] == [(word.start_s, word.end_s) for word in kept]
    assert (
        line.ticket(call).problem
        == "pay it to [card number] please\nmy card [card number] cvc [card code], born 03.05.1980"
    )
    assert line.verbs(call.call.ticket_id)[-1] == "card_numbers_destroyed"
    assert destroy_card_numbers(line.hotline) == 0, "once is enough"


def test_a_number_that_goes_on_in_the_next_answer_is_overwritten_in_the_voice_of_both(
    line: Line, tmp_path: Path
) -> None:
    """Once the words are gone nobody finds the voice any more, in which one half after the other stays to be heard."""
    destroying(line, tmp_path)
    told = line.say(line.reach("ask_story"), "it is 4242 4242", seconds=4.0)
    line.say(told, "4242 4242 please", seconds=4.0)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    assert destroy_card_numbers(line.hotline) == 1
    with line.work() as work:
        answers = work.tickets.answers(told.call.ticket_id)
    assert [answer.text for answer in answers] == ["it is [card number]", "[card number] please"]
    for answer, begins in zip(answers, (0.8, 0), strict=True):
        said = read_wav(line.audio.files[str(answer.audio_key)])[round(begins * 8000) : round((begins + 0.7) * 8000)]
        assert said == MULAW_SILENCE * len(said)


def test_a_number_that_broke_off_with_the_line_is_destroyed_once_and_noted_once(line: Line, tmp_path: Path) -> None:
    """Looked for over the whole case, and destroyed call by call, it would be noted in the history in every run."""
    destroying(line, tmp_path)
    first = line.say(line.reach("ask_story"), "it is 4242 4242", seconds=4.0)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    line.say(line.key(line.reach("ask_matter", CALLER, "CA2"), "1"), "4242 4242 please", seconds=4.0)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    assert [destroy_card_numbers(line.hotline) for _ in range(3)] == [1, 0, 0]
    assert line.verbs(first.call.ticket_id).count("card_numbers_destroyed") == 1


def test_a_number_whose_mark_was_lifted_is_destroyed_neither_in_words_nor_in_the_voice(
    line: Line, tmp_path: Path
) -> None:
    call = told(destroying(line, tmp_path))
    case, before = line.ticket(call).case_number, voice(line, call)
    open_original(line.hotline, case, why="they ask", actor="deputy_1")
    lift_mask(line.hotline, case, lift_key(CARD), why="it is an order", actor="deputy_1")
    write_note(line.hotline, case, text="and they gave 5555 5555 5555 4444", actor="owner_1")
    assert destroy_card_numbers(line.hotline) == 1
    assert (story(line, call).text, voice(line, call)) == (SPOKEN, before)
    assert "5555" not in everything(line)
    assert destroy_card_numbers(line.hotline) == 0, "nothing is left to do"


def test_without_that_policy_everything_stays(line: Line) -> None:
    call = told(line)
    before = voice(line, call)
    assert destroy_card_numbers(line.hotline) == 0
    assert voice(line, call) == before
    assert story(line, call).text == SPOKEN


def test_a_live_call_and_a_hold_are_waited_for(line: Line, tmp_path: Path) -> None:
    call = told(destroying(line, tmp_path), is_over=False)
    assert destroy_card_numbers(line.hotline) == 0
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    hold_case(line.hotline, line.ticket(call).case_number, reason="a court asks", actor="owner_1")
    assert destroy_card_numbers(line.hotline) == 0
    assert CARD in story(line, call).text


def test_a_voice_that_cannot_be_had_keeps_the_words_for_the_next_run(line: Line, tmp_path: Path) -> None:
    call = told(destroying(line, tmp_path))
    kept = dict(line.audio.files)
    line.audio.files.clear()
    with pytest.raises(Unavailable, match="1 cases stay"):
        destroy_card_numbers(line.hotline)
    assert CARD in story(line, call).text
    line.audio.files.update(kept)
    assert destroy_card_numbers(line.hotline) == 1


def test_what_changes_meanwhile_is_left_to_the_next_run(line: Line, tmp_path: Path) -> None:
    call = told(destroying(line, tmp_path))
    line.use(audio=_Changing(line, story(line, call)))
    assert destroy_card_numbers(line.hotline) == 0
    assert destroy_card_numbers(line.hotline) == 1


class _Changing:
    """A store while whose work somebody else changes the answer, once."""

    def __init__(self, line: Line, answer: Answer) -> None:
        self._line, self._audio, self._answer = line, line.audio, answer
        self._is_changed = False

    def get(self, key: str) -> bytes:
        if not self._is_changed:
            self._is_changed = True
            with self._line.work() as work:
                work.tickets.save_answer(replace(self._answer, second_tries=1))
                work.commit()
        return self._audio.get(key)

    def put(self, key: str, wav: bytes) -> None:
        self._audio.put(key, wav)
