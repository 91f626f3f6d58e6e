"""The demo's terminal, printed without one."""

import io
from pathlib import Path

from rich.console import Console

from voicebot.cli.demo.screen import Screen


def test_without_a_terminal_only_finished_lines_are_printed(tmp_path: Path) -> None:
    out = io.StringIO()
    with Screen(Console(file=out, width=80), picture=tmp_path / "demo.svg") as screen:
        assert not screen.is_watched
        screen.heading("Somebody rings")
        screen.moving("caller: my ket …")
        screen.line("hotline", "Hello. This is the complaints line.")
        screen.table("Case", ("when", "what"), [("10:00", "a promise")])
    printed = out.getvalue()
    assert "00:00  hotline   Hello. This is the complaints line." in printed
    assert "my ket" not in printed
    assert "a promise" in printed
    picture = (tmp_path / "demo.svg").read_text()
    assert "complaints&#160;line" in picture
    assert "url(http" not in picture
    clips = [line for line in picture.splitlines() if "<clipPath" in line]
    assert len(clips) > 3
    assert all(line.endswith("</clipPath>") for line in clips), "a change of the picture is short enough to be read"
    assert all(line.strip() for line in picture.splitlines())


def test_words_in_square_brackets_are_no_markup() -> None:
    out = io.StringIO()
    with Screen(Console(file=out, width=80)) as screen:
        screen.line("caller", "[unk] [bold]no[/bold]")
    assert "[unk] [bold]no[/bold]" in out.getvalue()


def test_a_path_longer_than_the_line_is_not_cut() -> None:
    out = io.StringIO()
    path = "/opt/" + "environment/" * 9 + "flows"
    with Screen(Console(file=out, width=60)) as screen:
        screen.line("demo", f"VOICEBOT_POLICY_DIR={path} voicebot tickets")
    assert path in "".join(line[17:].strip() for line in out.getvalue().splitlines())
