"""Texts become a flow, or every fault of their shape at once."""

from pathlib import Path

import pytest

from tests.flow.small_flow import FILES, changed_files, line_with
from voicebot.errors import FlowFault
from voicebot.flow.reader import MIGRATIONS, flow_from_body, parse_flow, read_flow

OLD_SPECS = Path(__file__).parent / "old_specs"


def _faults(files: dict[str, str]) -> list[str]:
    with pytest.raises(FlowFault) as fault:
        parse_flow(files)
    return str(fault.value).splitlines()


def _line_of_promise(text: str) -> int:
    return line_with(text, "kind: vow") - 1


def test_a_flow_is_read_with_its_words() -> None:
    flow = read_flow(FILES)
    assert (flow.name, flow.locales) == ("small", ("en",))
    assert flow.prompts["en"]["ask_number"] == "Please key in the number."
    assert flow.vocabulary["en"]["person"].lead_ins == ("i want a",)
    assert flow.texts["en"]["sms_staff_missed"] == "Case {case}: MISSED."


def test_a_flow_own_words_win_over_shared_ones() -> None:
    files = {**FILES, "shared/prompts.en.yaml": FILES["shared/prompts.en.yaml"] + 'ask_number: "Shared."\n'}
    assert parse_flow(files).prompts["en"]["ask_number"] == "Please key in the number."


def test_body_gives_the_same_flow_again() -> None:
    flow = read_flow(FILES)
    again = flow_from_body(flow.body())
    assert again.file == flow.file
    assert again.digest == flow.digest
    assert len(flow.digest) == 64


def test_other_words_give_another_digest() -> None:
    other = changed_files("small/prompts.en.yaml", "Please key in the number.", "Please key it in.")
    assert parse_flow(other).digest != parse_flow(FILES).digest


def test_every_fault_of_shape_is_told_at_once_with_file_line_and_cure() -> None:
    text = FILES["small/flow.yaml"].replace("max_digits: 15", "max_digits: many").replace("kind: promise", "kind: vow")
    files = {**FILES, "small/flow.yaml": text, "small/vocabulary.en.yaml": '"yes": {phrases: []}\n'}
    found = _faults(files)
    assert len(found) == 3
    assert found[0].startswith(f"small/flow.yaml:{line_with(text, 'many')}: nodes.ask_number.digits.max_digits:")
    assert found[1].startswith(f"small/flow.yaml:{_line_of_promise(text)}: nodes.promise_call: Input tag 'vow'")
    assert found[2].startswith("small/vocabulary.en.yaml:1: yes.phrases:")
    assert all("; see `voicebot flows explain`" in line for line in found)


def test_a_key_that_nobody_knows_is_a_fault() -> None:
    files = changed_files("small/flow.yaml", "    at_most: 2\n", "    atmost: 2\n")
    text = files["small/flow.yaml"]
    assert _faults(files)[0].startswith(f"small/flow.yaml:{line_with(text, 'atmost')}: nodes.ask_number.atmost: Extra")


def test_text_that_is_not_yaml_is_named_by_line() -> None:
    files = {**FILES, "small/flow.yaml": "spec: 1\nnodes: [\n"}
    assert _faults(files)[0].startswith("small/flow.yaml:3: not YAML that we read")


def test_a_folder_without_a_flow_is_refused() -> None:
    files = {name: text for name, text in FILES.items() if name != "small/flow.yaml"}
    assert "0 files called flow.yaml" in _faults(files)[0]


@pytest.mark.parametrize("spec", ["spec: 7", "speck: 1"])
def test_a_spec_that_we_do_not_know_is_refused(spec: str) -> None:
    assert "begin the file with `spec: 1`" in _faults(changed_files("small/flow.yaml", "spec: 1", spec))[0]


def test_a_list_where_a_flow_should_be_is_refused() -> None:
    assert "no spec that we know" in _faults({**FILES, "small/flow.yaml": "- a\n"})[0]


@pytest.mark.parametrize("spec", sorted(MIGRATIONS))
def test_a_stored_flow_of_each_older_spec_is_migrated(spec: str) -> None:
    old = (OLD_SPECS / f"spec_{spec}.yaml").read_text()
    assert read_flow({**FILES, "small/flow.yaml": old}).file == read_flow(FILES).file


def test_a_flow_that_leads_nowhere_is_not_ready_for_calls_but_a_running_call_keeps_it() -> None:
    files = changed_files("small/flow.yaml", "    made: tell_window", "    made: nowhere")
    with pytest.raises(FlowFault, match="a link to nowhere"):
        read_flow(files)
    assert flow_from_body(parse_flow(files).body()).name == "small"
