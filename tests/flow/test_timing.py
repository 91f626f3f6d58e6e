"""How long a caller who answers at once has to listen to us: what is counted, and when a flow says too much."""

import pytest

from tests.flow.small_flow import changed_files, project_texts, small_flow
from voicebot.adapters.prompt_clips import PromptClips
from voicebot.distribution import PROJECT_DIR
from voicebot.flow.check import check_flow
from voicebot.flow.inspection import Inspection
from voicebot.flow.instructions import Pause, Prompt, Words
from voicebot.flow.reader import parse_flow, read_flow
from voicebot.flow.rehearsal import PretendCall
from voicebot.flow.timing import MOST_TURNS, TimedPrompt, brisk_path, timed
from voicebot.speech.audio import duration_s

CLIPS = PromptClips(PROJECT_DIR / "flows" / "clips")
FLOWS = sorted(path.parent.name for path in (PROJECT_DIR / "flows").glob("*/flow.yaml"))


def _second(_locale: str, _words: str) -> float:
    return 1.0


def _unrecorded(_locale: str, _words: str) -> None:
    return None


def test_a_prompt_lasts_as_long_as_its_clips_and_pauses() -> None:
    prompt = Prompt(key="hello", locale="en", fragments=(Words(text="hello there"), Pause(seconds=2), Words(text="x")))
    assert timed(prompt, _second) == TimedPrompt(key="hello", seconds=4.0, is_estimated=False)


def test_words_without_a_clip_are_counted_at_150_a_minute_and_said_to_be_guessed() -> None:
    prompt = Prompt(key="hello", locale="en", fragments=(Words(text="hello there you"),))
    assert timed(prompt, _unrecorded) == TimedPrompt(key="hello", seconds=pytest.approx(1.2), is_estimated=True)


def _keys(path: tuple[TimedPrompt, ...]) -> list[str]:
    return [prompt.key for prompt in path]


def test_who_answers_at_once_tells_takes_the_first_answer_and_hears_us_out() -> None:
    assert _keys(brisk_path(small_flow(), _second)) == [
        "greet_caller", "say_notice", "ask_story", "ask_call", "promise_call",
    ]  # fmt: skip


def test_a_number_is_keyed_and_an_answer_without_a_key_is_waited_out() -> None:
    asked = small_flow(lambda _: changed_files("small/flow.yaml", '{keys: ["1"], says: ["yes"], go: promise_call}',
                                               '{says: ["yes"], go: promise_call}'))  # fmt: skip
    assert _keys(brisk_path(asked, _second)) == ["greet_caller", "say_notice", "ask_story", "ask_call"]
    first_no = {"small/flow.yaml": ('"yes": {keys: ["1"], says: ["yes"], go: promise_call}\n      ', "")}
    numbered = small_flow(lambda _: changed_files("small/flow.yaml", *first_no["small/flow.yaml"]))
    assert _keys(brisk_path(numbered, _second))[-2:] == ["ask_number", "promise_call"]


def test_a_flow_that_never_ends_is_counted_no_further_than_any_call_goes() -> None:
    endless = small_flow(
        lambda _: changed_files("small/flow.yaml", 'says: ["yes"], go: promise_call}', 'says: ["yes"], go: ask_call}')
    )
    assert _keys(brisk_path(endless, _second)).count("ask_call") == MOST_TURNS - 1


def test_who_is_connected_and_reaches_nobody_goes_on() -> None:
    complaint = read_flow(project_texts("complaint", "shared"))
    heard = _keys(brisk_path(complaint, _second, PretendCall(is_owner_in=True, is_call_owed=True)))
    assert heard[:4] == ["greet_caller", "offer_owner", "connect_owner", "owner_not_reached_owed"]


def test_a_flow_that_says_more_than_it_allows_itself_is_a_fault_where_that_is_written() -> None:
    files = changed_files("small/flow.yaml", "on_fault: end_call\n", "on_fault: end_call\nmost_speech_s: 9.5\n")
    (issue,) = check_flow(Inspection(flow=parse_flow(files), clip_s=_second))
    assert (issue.file, issue.line) == ("small/flow.yaml", 7)
    assert issue.found == "a caller who answers at once hears 10.0 s of us, and 9.5 s is the most"
    brief = {**files, "small/flow.yaml": files["small/flow.yaml"].replace("9.5", "10")}
    assert check_flow(Inspection(flow=parse_flow(brief), clip_s=_second)) == ()
    assert check_flow(Inspection(flow=parse_flow(files))) == ()


@pytest.mark.parametrize("name", FLOWS)
def test_no_flow_of_ours_keeps_a_brisk_caller_longer_than_it_says(name: str) -> None:
    """A hotline that talks for a minute and a half before it has a complaint is one that people hang up on."""
    flow = read_flow(project_texts(name, "shared"))
    path = brisk_path(flow, lambda locale, words: duration_s(CLIPS.clip(locale, words)))
    assert flow.file.most_speech_s is not None
    assert flow.file.most_speech_s <= 75
    assert sum(prompt.seconds for prompt in path) <= flow.file.most_speech_s
