"""`voicebot flows draw` and `voicebot flows explain` show a flow to people: as a picture, and in sentences.

Knows: the flows folder, the terminal. Must not know: how a flow is told (`flow/sentences.py`) or drawn.
"""

from difflib import get_close_matches
from pathlib import Path

import click

from voicebot.adapters.flow_files import FlowFiles
from voicebot.config import read_settings
from voicebot.flow.definition import Flow
from voicebot.flow.draw_svg import as_svg
from voicebot.flow.draw_text import as_dot, as_mermaid
from voicebot.flow.explain import explain_language
from voicebot.flow.outline import outline_of
from voicebot.flow.schemas import json_schemas
from voicebot.flow.sentences import explain_flow, explain_node


@click.command()
@click.argument("name", default="complaint")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The file, NAME.svg if not said; also .dot or .mmd."
)
def draw(name: str, out: Path | None) -> None:
    """Draw the flow NAME (complaint) as a picture, or as text for Graphviz (.dot) or Mermaid (.mmd)."""
    flow = _flow(name)
    path = Path(f"{name}.svg") if out is None else out
    path.write_text(_drawn(flow, path.suffix), encoding="utf-8")
    click.echo(f"drew {len(flow.nodes)} nodes into {path}")


def _drawn(flow: Flow, suffix: str) -> str:
    groups, title = outline_of(flow), flow.name.replace("_", " ")
    match suffix:
        case ".svg":
            return as_svg(groups, title=title)
        case ".dot":
            return as_dot(groups, title=title)
        case ".mmd":
            return as_mermaid(groups)
    raise click.UsageError(
        f"drawing a flow: no picture ends in {suffix or 'nothing'!r}; name a .svg, .dot or .mmd file"
    )


@click.command()
@click.argument("name", required=False)
@click.argument("node", required=False)
@click.option("--schema", is_flag=True, help="Write the JSON Schemas into the flows folder instead.")
def explain(name: str | None, node: str | None, *, schema: bool) -> None:
    """Say in sentences what the flow NAME does, or one NODE of it. Without a name, print the flow language's reference.

    The name of a node alone is looked for in the flow that calls follow.
    """
    if schema:
        _write_schemas()
    elif name is None:
        click.echo(explain_language())
    elif node is None and _is_flow(name):
        click.echo(explain_flow(_flow(name)))
    else:
        flow = _flow(read_settings().flow if node is None else name)
        click.echo(explain_node(flow, _known(flow, name if node is None else node)))


def _write_schemas() -> None:
    for name, text in json_schemas().items():
        (read_settings().own_flows_dir() / name).write_text(text, encoding="utf-8")
        click.echo(f"wrote {name}")


def _known(flow: Flow, node: str) -> str:
    if node not in flow.nodes:
        near = get_close_matches(node, flow.nodes, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"`voicebot flows explain {flow.name}` has them all"
        raise click.UsageError(f"explaining a node: there is no {node} in the flow {flow.name}; {hint}")
    return node


def _is_flow(name: str) -> bool:
    return (read_settings().flows_dir / name / "flow.yaml").is_file()


def _flow(name: str) -> Flow:
    settings = read_settings()
    return FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow(name)
