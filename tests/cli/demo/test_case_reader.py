"""Reading the demo's database while the service writes it."""

import json
import shutil
from pathlib import Path

from tests.builders import a_breach, a_call, a_promise, a_step, a_ticket, a_turn, an_answer, an_sms
from voicebot.adapters.store import open_engine, open_store
from voicebot.cli.demo.case_reader import CaseReader
from voicebot.domain.utterance import Utterance, Word
from voicebot.flow.events import CallAnswered, FinishedBy, KeysPressed, UtteranceHeard
from voicebot.flow.instructions import INSTRUCTIONS, HangUp, Listen, Prompt, Speech, Words

RANG = a_call().caller_number or ""
KETTLE = Word(text="kettle", start_s=0.4, end_s=0.9, confidence=0.8)
STORY = an_answer(text="my kettle", words_json=json.dumps([KETTLE.model_dump()]))


def _prompt(key: str, *words: str) -> Prompt:
    return Prompt(key=key, locale="en", fragments=tuple(Words(text=text) for text in words))


def _store(url: str) -> None:
    speech = Speech(end_silence_s=6, pause_prompt=_prompt("wait_story", "We are still listening."))
    asked = INSTRUCTIONS.dump_json(
        (Listen(node="ask_story", prompts=(_prompt("ask_story", "Tell", "us."),), speech=speech),)
    )
    ended = INSTRUCTIONS.dump_json((HangUp(prompts=(_prompt("say_goodbye", "Goodbye."),)),))
    events = (
        CallAnswered(),
        UtteranceHeard(utterance=Utterance(), finished_by=FinishedBy.SILENCE),
        KeysPressed(keys="1"),
    )
    with open_store(open_engine(url), lambda connection: None)() as work:
        work.tickets.add(a_ticket())
        work.calls.add(a_call())
        for number, event in enumerate(events):
            said = ended if number == 2 else asked
            work.calls.add_turn(a_turn(number=number, event=event.model_dump_json(), instructions=said.decode()))
        work.tickets.add_answer(STORY)
        work.promises.add(a_promise())
        work.promises.add_breach(a_breach())
        work.promises.take_step(a_step())
        work.sms.add(an_sms())
        work.commit()


def test_before_the_database_is_migrated_there_is_no_case(tmp_path: Path) -> None:
    with CaseReader(f"sqlite:///{tmp_path / 'voicebot.db'}") as case_reader:
        assert case_reader.read(RANG) is None


def test_the_case_is_read_with_everything_that_hangs_on_it(migrated_file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'voicebot.db'}"
    shutil.copy(migrated_file, tmp_path / "voicebot.db")
    with CaseReader(url) as case_reader:
        assert case_reader.read(RANG) is None
        _store(url)
        case = case_reader.read(RANG)
        assert case_reader.read("+12025550199") is None, "the case of whom asked for"
    assert case is not None
    assert (case.ticket, case.call, case.promise) == (a_ticket(), a_call(), a_promise())
    assert (case.answers, case.steps, case.texts) == ((STORY,), (a_step(),), (an_sms(),))
    assert [breach.id for breach in case.breaches] == ["breach-1"]
    assert case.utterances == {STORY.turn_number + 1: Utterance(text="my kettle", words=(KETTLE,))}
    assert case.prompts == {
        "ask_story": "Tell us.",
        "wait_story": "We are still listening.",
        "say_goodbye": "Goodbye.",
    }
