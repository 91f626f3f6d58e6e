"""axe-core, asked about a page that stands open in the browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
FINDINGS = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 160)}`));
}"""


def axe_source() -> str:
    """Return axe's script; without it the test is skipped."""
    if not AXE.is_file():
        pytest.skip("needs axe-core: run `npm ci --ignore-scripts` in the project's folder")
    return AXE.read_text()


def findings(page: Page, source: str) -> list[str]:
    """Return what axe-core finds wrong with this page, each with its rule and the element."""
    page.evaluate(source)
    found: list[str] = page.evaluate(FINDINGS, list(RULES))
    return found
