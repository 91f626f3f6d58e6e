"""A newcomer reads a package's docstring first: it names what there is, and nothing that is gone."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import tree

PACKAGES = sorted(
    path.parent for path in tree.modules("voicebot") if path.name == "__init__.py" and "migrations" not in path.parts
)


def _docstring(package: Path) -> str:
    return ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""


def _parts(package: Path) -> set[str]:
    modules = {path.stem for path in package.glob("*.py") if not path.stem.startswith("__")}
    return modules | {path.parent.name for path in package.glob("*/__init__.py")}


@pytest.mark.parametrize("package", PACKAGES, ids=tree.place)
def test_the_docstring_of_a_package_names_each_of_its_modules(package: Path) -> None:
    named = set(re.findall(r"\w+", _docstring(package)))
    assert sorted(_parts(package) - named) == [], f"say in {tree.place(package)}/__init__.py what these are for"


@pytest.mark.parametrize("package", PACKAGES, ids=tree.place)
def test_the_docstring_of_a_package_names_no_module_that_is_gone(package: Path) -> None:
    files = re.findall(r"`([\w/]+\.py)`", _docstring(package))
    roots = (package, tree.PROJECT_DIR / "voicebot", tree.PROJECT_DIR)
    assert [file for file in files if not any((root / file).is_file() for root in roots)] == []
