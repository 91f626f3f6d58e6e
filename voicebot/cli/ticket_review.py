"""`voicebot tickets heard`, `review` and `words` say who has listened to a case, mend its words, and print them.

Knows: the terminal, use cases. Must not know: what is shown of an answer, players.
"""

from collections.abc import Callable, Sequence
from typing import Any

import click

from voicebot.cli.login_name import login_name
from voicebot.domain.access import AccessKind, Seen
from voicebot.domain.review import Span
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_words import as_srt, as_text, words_of_case
from voicebot.service.ticket.heard import keep_heard
from voicebot.service.ticket.review import Reviewed, accept, correct, undo


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
        keep_access(hotline, Seen(case=case, at=hotline.clock.now(), staff_id=login_name(), kind=AccessKind.EXPORT))
        click.echo(as_text(found) if answer_id is None else as_srt(found, answer_id), nl=False)

    @click.command("review")
    @click.argument("case")
    @click.argument("answer")
    @click.option("--from", "first", type=click.IntRange(min=1), help="Number of the first word, counted from 1.")
    @click.option("--to", "last", type=click.IntRange(min=0), help="Number of the last word; default: the first.")
    @click.option("--text", help="What is said there instead. Without it the words are accepted as they stand.")
    @click.option("--undo", "number", type=int, help="Number of the entry to be taken back (`show CASE --json`).")
    @click.option("--reason", "why", default="", help="Why, if it is not plain.")
    @click.option("--by", "actor", default=login_name, help="Who has listened (staff id); default: your login.")
    def review(case: str, answer: str, number: int | None, **given: Any) -> None:
        """Correct or accept words of ANSWER of CASE, or take that back. The words as they were heard stay."""
        hotline = open_hotline()
        if number is not None:
            is_kept = undo(hotline, case, answer_id=answer, number=number, actor=given["actor"])
        else:
            is_kept = _review(hotline, case, answer, **given)
        click.echo("Kept." if is_kept else "That was so already.")

    return (heard, words, review)


def _review(
    hotline: Hotline,
    case: str,
    answer: str,
    *,
    first: int | None,
    last: int | None,
    text: str | None,
    why: str,
    actor: str,
) -> bool:
    if first is None:
        raise click.UsageError("say which words: --from, and --to for more than one")
    span = Span(first=first - 1, end=first if last is None else last)
    what = Reviewed(answer_id=answer, span=span, actor=actor)
    return accept(hotline, case, what) if text is None else correct(hotline, case, what, text=text, why=why)
