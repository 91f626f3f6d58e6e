"""A flow as a graph, and where each thing stands."""

from tests.flow.sample_turns import sample_flow
from tests.flow.small_flow import FILES, line_with, project_texts
from voicebot.flow.inspection import Inspection, is_end, links_of, silent_links_of, targets_of
from voicebot.flow.nodes import Branch
from voicebot.flow.reader import parse_flow

FLOW = parse_flow(FILES)
INSPECTION = Inspection(flow=FLOW)


def test_an_issue_stands_at_the_deepest_line_known() -> None:
    line = line_with(FILES["small/flow.yaml"], "  ask_number:")
    issue = INSPECTION.issue("nodes", "ask_number", "prompts", 7, found="x", cure="y")
    assert (issue.file, issue.line) == ("small/flow.yaml", line + 2)
    assert INSPECTION.issue("nowhere", found="x", cure="y").line == 1


def test_words_are_found_in_the_file_that_has_them() -> None:
    assert INSPECTION.file_of("prompts", "en", "ask_call") == "small/prompts.en.yaml"
    assert INSPECTION.file_of("prompts", "en", "hash_key") == "shared/prompts.en.yaml"
    assert INSPECTION.file_of("prompts", "en", "nowhere") == "small/prompts.en.yaml"
    assert INSPECTION.file_of("prompts", "hr", "ask_call") == "small/prompts.hr.yaml"


def test_every_link_of_the_flow_is_known_with_its_place() -> None:
    links = dict(INSPECTION.links())
    assert links["start",] == "greet_caller"
    assert links["commands", "person", "go"] == "promise_call"
    assert ("commands", "again", "go") not in links
    assert links["nodes", "ask_call", "answers", "no", "go"] == "ask_number"
    assert links["nodes", "ask_number", "otherwise"] == "end_call"
    assert links["nodes", "check_number", "refused"] == "ask_number"


def test_links_that_a_flow_may_have_are_known_too() -> None:
    links = dict(Inspection(flow=sample_flow()).links())
    assert links["on_time_up",] == "end_for_time"
    assert links["on_not_understood", "go"] == "stop_asking"
    assert ("on_time_up",) not in dict(INSPECTION.links())
    complaint = dict(Inspection(flow=parse_flow(project_texts("complaint", "shared"))).links())
    assert complaint["nodes", "read_back_number", "correction", "go"] == "check_number"


def test_silent_links_need_no_word_and_no_key() -> None:
    assert dict(silent_links_of(FLOW.nodes["ask_call"])) == {("no_input", "go"): "end_call"}
    assert dict(silent_links_of(FLOW.nodes["tell_window"])) == {("played",): "end_call"}
    assert len(dict(links_of(FLOW.nodes["ask_call"]))) == 5
    assert list(links_of(FLOW.nodes["end_call"])) == []
    connect = parse_flow(project_texts("complaint", "shared")).nodes["connect_owner"]
    assert [place for place, _ in silent_links_of(connect)] == [("spoke",), ("not_reached",), ("hang_up",)]


def test_listening_nodes_are_those_that_wait() -> None:
    assert [name for name, _ in INSPECTION.listening()] == ["ask_story", "ask_call", "ask_number", "tell_window"]


def test_a_link_leads_to_its_nodes_but_return_is_none() -> None:
    assert targets_of("ask_call") == ("ask_call",)
    assert targets_of((Branch(go="return"), Branch(go="ask_call"))) == ("ask_call",)


def test_only_end_nodes_end_the_call() -> None:
    assert is_end(FLOW.nodes["end_call"])
    assert not is_end(FLOW.nodes["ask_call"])
    assert not is_end(None)
