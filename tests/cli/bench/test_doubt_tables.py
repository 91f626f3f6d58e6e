"""What the marks of doubt catch, as tables."""

from io import StringIO

from rich.console import Console

from tests.cli.bench.test_doubt_run import CLIPS
from voicebot.cli.bench.doubt_tables import THRESHOLDS, show_marks, show_thresholds


def shown(console: Console) -> list[list[str]]:
    """Return the cells of what was printed, line by line."""
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().replace("┃", "│").splitlines()
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]


def test_each_kind_of_mark_is_counted_on_both_halves() -> None:
    console = Console(file=StringIO(), width=120)
    show_marks(console, "after the call", list(CLIPS))
    lines = shown(console)
    assert [line[0] for line in lines[::4]] == [
        f"{kind}, after the call" for kind in ("unsure", "to be heard", "all marks")
    ]
    assert lines[1] == ["odd lines (to tune)", "8", "2", "50%", "12%", "100%"]
    assert lines[2] == ["even lines", "0", "0", "0%", "0%", "0%"]


def test_a_lower_threshold_catches_no_fewer_wrong_words_and_marks_no_fewer() -> None:
    console = Console(file=StringIO(), width=120)
    show_thresholds(console, list(CLIPS))
    lines = shown(console)[1:]
    assert [line[0] for line in lines if "(ours)" in line[0]] == ["0.29 (ours)"]
    assert len(lines) == len(THRESHOLDS)
    caught, marked = ([int(line[at].rstrip("%")) for line in lines] for at in (1, 2))
    assert caught == sorted(caught, reverse=True)
    assert marked == sorted(marked, reverse=True)
    assert (caught[-1], marked[-1]) < (caught[0], marked[0])
