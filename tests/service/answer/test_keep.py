"""What a caller said, as kept."""

from tests.service.lines import Line
from voicebot.domain.ticket import AnswerState
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import CallerHungUp, FinishedBy, KeysPressed, UtteranceHeard
from voicebot.service.answer.keep import WORDS, is_empty, spool_name


def test_words_times_and_confidence_are_kept_as_they_were_heard(line: Line) -> None:
    story = line.go_to(line.ring(), "ask_story")
    line.say(story, "my parcel came broken")
    with line.work() as work:
        (answer,) = work.tickets.answers(story.call.ticket_id)
    words = WORDS.validate_json(answer.words_json)
    assert [word.text for word in words] == ["my", "parcel", "came", "broken"]
    assert (answer.slot, answer.turn_number, answer.state) == ("story", story.turn_number, AnswerState.SPOOLED)
    assert answer.spool_name == spool_name(story.call.id, story.turn_number)


def test_what_was_said_before_the_notice_was_heard_is_never_kept(line: Line) -> None:
    notice = line.ring()
    name = spool_name(notice.call.id, 0)
    line.spool.append(name, b"voice")
    line.tell(notice, CallerHungUp(utterance=Utterance(text="hello", spool_name=name)))
    assert line.spool.files == {}
    with line.work() as work:
        assert work.tickets.answers(notice.call.ticket_id) == []


def test_a_turn_has_one_answer(line: Line) -> None:
    story = line.go_to(line.ring(), "ask_story")
    line.say(story, "first words")
    line.tell(story, UtteranceHeard(utterance=Utterance(text="second words"), finished_by=FinishedBy.KEY))
    assert line.ticket(story).problem == "first words"


def test_what_was_said_before_a_key_is_kept(line: Line) -> None:
    story = line.go_to(line.ring(), "ask_story")
    line.tell(story, KeysPressed(keys="0", utterance=line.spoken(story, "this is about")))
    assert line.ticket(story).problem == "this is about"


def test_neither_voice_nor_word_is_nothing(line: Line) -> None:
    story = line.go_to(line.ring(), "ask_story")
    assert is_empty(Utterance())
    line.tell(story, CallerHungUp(utterance=Utterance()))
    with line.work() as work:
        assert work.tickets.answers(story.call.ticket_id) == []


def test_words_without_voice_are_done_at_once(line: Line) -> None:
    story = line.go_to(line.ring(), "ask_story")
    line.tell(story, UtteranceHeard(utterance=Utterance(text="only words"), finished_by=FinishedBy.SILENCE))
    with line.work() as work:
        (answer,) = work.tickets.answers(story.call.ticket_id)
    assert answer.state is AnswerState.DONE
