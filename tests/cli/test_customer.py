"""`voicebot customers`: what a file would change is seen before anything is."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.service.lines import CALLER, OTHER, Line
from voicebot.cli import main
from voicebot.domain.customer_file import MOST_FAULTS
from voicebot.service.upkeep.customer_import import MOST_EXAMPLES

FILE = f"name;telephone;note\nMary \x1b[31mRuiz;{CALLER};rings often\nOlga;{OTHER};\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(FILE, encoding="utf-8-sig")
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["customers", *words])


def test_a_file_is_shown_then_written_and_a_number_leads_to_its_customer(line: Line, path: Path) -> None:
    seen = run("import", str(path))
    assert "new 2, changed 0, same 0, faulty 0" in seen.output
    assert "Nothing was changed" in seen.output
    assert "No customer has this number." in run("show", CALLER).output
    assert "Imported." in run("import", str(path), "--apply").output
    shown = run("show", CALLER).output
    assert "rings often" in shown
    assert "Mary [U+001B][31mRuiz" in shown
    path.write_text(FILE.replace("often", "seldom"))
    assert "line 2, +12025550143: note rings often -> rings seldom" in run("import", str(path)).output
    assert "No customer has this number." in run("show", "nobody").output


def test_more_changes_and_faults_than_are_told_are_counted(line: Line, path: Path) -> None:
    numbers = [f"+120255{at:05}" for at in range(50_100, 50_100 + MOST_EXAMPLES + 2)]
    path.write_text("name,telephone\n" + "".join(f"Maria,{number}\n" for number in numbers))
    run("import", str(path), "--apply")
    path.write_text(path.read_text().replace("Maria", "Olga") + "Eva,soon\n" * (MOST_FAULTS + 3))
    told = run("import", str(path), "--apply")
    assert told.exit_code == 1
    assert "and 3 more faults" in told.output
    assert "and 2 more changes" in told.output
    assert "leave them out with --skip-faulty" in told.output
    assert "Imported." in run("import", str(path), "--apply", "--skip-faulty").output


def test_a_file_that_is_no_text_is_refused_with_the_cure(line: Line, path: Path) -> None:
    path.write_bytes(b"name,telephone\nM\xfcller,+12025550143\n")
    told = run("import", str(path))
    assert told.exit_code == 1
    assert 'line 2 is no text in UTF-8; save the file again as "CSV UTF-8"' in told.output
