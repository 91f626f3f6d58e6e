"""The page that says who may do what says what the code does."""

from tests.house import tree
from voicebot.domain.permission import PERMISSIONS, Permission
from voicebot.domain.staff import Role


def test_the_page_of_roles_has_the_table_of_the_code() -> None:
    page = (tree.PROJECT_DIR / "docs/roles.md").read_text()
    head = f"| Somebody may | {' | '.join(Role)} |"
    rows = [[each.value, *("yes" if each in PERMISSIONS[role] else "" for role in Role)] for each in Permission]
    lines = page.splitlines()
    first = lines.index(head)
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[first + 2 :][: len(rows)]] == rows
    assert not lines[first + 2 + len(rows)]
