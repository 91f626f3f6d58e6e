"""What comes with the package and where it lies, that is call flows with their clips and policy, pages, extras.

Authors edit `flows/` and `docs/` at the top of the repository. A wheel carries a copy of both inside the package
(`pyproject.toml` maps them in), so that it works wherever it is installed. The package is always a folder, because an
import from a zip file is ruled out by our dependencies' native libraries.

Knows: the package's own folder. Must not know: settings, the terminal.
"""

from pathlib import Path

NAME = "complaint-hotline"
"""The distribution's name on the package index.

`voicebot` is a stranger's there, while command and import keep that name.
"""

PACKAGE_DIR = Path(__file__).resolve().parent
PROJECT_DIR = PACKAGE_DIR.parent
"""The checkout, where there is one."""
_COPY = PACKAGE_DIR / "bundled"
"""Where a wheel has its copies, while a checkout has no such folder."""


def flows_dir() -> Path:
    """Return the folder of call flows that came with us, either in the wheel, or at the top of the checkout."""
    return _copied("flows")


def docs_dir() -> Path:
    """Return the folder of the operator's pages."""
    return _copied("docs")


def is_checkout() -> bool:
    """Whether we run from a checkout, where `make` is the way to install what is missing."""
    return not _COPY.is_dir()


def is_replaced_by_upgrades(folder: Path) -> bool:
    """Whether a folder belongs to the installed package, so that nobody's changes in it last."""
    return folder.resolve().is_relative_to(PACKAGE_DIR)


def how_to_add(extra: str) -> str:
    """Say how one of our extras ("voice") is installed."""
    return f"run `make install-{extra}`" if is_checkout() else f"install {NAME}[{extra}]"


def _copied(name: str) -> Path:
    return PROJECT_DIR / name if is_checkout() else _COPY / name
