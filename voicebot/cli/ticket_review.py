"""`voicebot tickets heard` and `words` say who has listened to a case, and print its words.

Knows: the terminal, use cases. Must not know: what is shown of an answer, players.
"""

from collections.abc import Callable, Sequence

import click

from voicebot.cli.login_name import login_name
from voicebot.domain.access import Seen
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_words import as_srt, as_text, words_of_case
from voicebot.service.ticket.heard import keep_heard


def review_commands(open_hotline: Callable[[], Hotline]) -> Sequence[click.Command]:
    """Return the commands, where each opens the hotline when it is run."""

    @click.command("heard")
    @click.argument("case")
    @click.option("--answer", "answers", multiple=True, help="Id of one answer (`show CASE --json`); default: all.")
    @click.option("--by", "actor", default=login_name, help="Who has listened (staff id); default: your login.")
    def heard(case: str, answers: tuple[str, ...], actor: str) -> None:
        """Say that somebody has listened to the voice of CASE. A case ends only when somebody has."""
        new = keep_heard(open_hotline(), case, actor=actor, answer_ids=answers)
        click.echo(f"Noted for {new} of its voices." if new else "That was noted before.")

    @click.command("words")
    @click.argument("case")
    @click.option("--srt", "answer_id", help="Id of an answer: print it as subtitles (SRT) for its voice instead.")
    def words(case: str, answer_id: str | None) -> None:
        """Print the words of CASE as they stand now, corrections in their places."""
        hotline = open_hotline()
        found = words_of_case(hotline, case)
        keep_access(hotline, Seen(case=case, at=hotline.clock.now(), staff_id=login_name()))
        click.echo(as_text(found) if answer_id is None else as_srt(found, answer_id), nl=False)

    return (heard, words)
