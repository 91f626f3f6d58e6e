"""A policy whose kinds of complaint are changed for a test."""

from pathlib import Path

from tests import quick_yaml
from tests.service.lines import Line, a_policy_dir, settled, with_flows
from voicebot.flow.policy_categories import CATEGORIES_FILE


def with_kinds(line: Line, folder: Path, **kinds: dict[str, object]) -> None:
    """Let kinds of the policy have other keys: `with_kinds(line, tmp_path, price_rise={"seen_by": ["auditor"]})`.

    A kind that is given other fields asks for none of those that it had.
    """
    file = a_policy_dir(folder) / CATEGORIES_FILE
    told = quick_yaml.load(file.read_text())
    for kind, keys in kinds.items():
        told["categories"][kind] |= ({"asks": []} if "fields" in keys else {}) | keys
    file.write_text(quick_yaml.dump(told))
    with_flows(line, settled(folder))
