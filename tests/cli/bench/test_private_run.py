"""What is masked is counted over made numbers and real people's words."""

import json
from pathlib import Path

from voicebot.cli.bench.private_run import count_masked


def test_cards_are_masked_in_every_form_and_case_numbers_in_none(tmp_path: Path) -> None:
    said = [{"reference": "i bought it in may"}, {"reference": "my card is 4242 4242 4242 4242"}, {"reference": None}]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, said)))
    counted = {each.name: each for each in count_masked(tmp_path, each=20)}
    cards = [each for each in counted.values() if each.is_private]
    assert [(each.texts, each.marked) for each in cards] == [(20, 20)] * 5
    assert not any(each.marked for name, each in counted.items() if name.startswith(("case", "telephone", "eight")))
    real = counted["what real people said"]
    assert (real.texts, real.marked, real.is_private) == (2, 1, False)


def test_without_clips_only_made_numbers_are_counted(tmp_path: Path) -> None:
    assert "what real people said" not in {each.name for each in count_masked(tmp_path, each=1)}
