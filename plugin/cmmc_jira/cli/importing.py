"""`cmmc-jira import`: attach a findings file to an assessment issue; the rest follows from the event."""

from pathlib import Path

import click

from cmmc_jira.cli.options import check_key
from cmmc_jira.cli.output import print_text
from cmmc_jira.cli.source import read_source
from cmmc_jira.core.world import World
from cmmc_jira.findings.file import FindingsFile
from cmmc_jira.findings.reading import read_findings
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.wiring import build_reconciler, settings_of
from cmmc_rules.words import Level, Result


@click.command(name="import")
@click.argument("file", type=click.Path())
@click.option("--assessment", "key", required=True, help="The key of the CMMC Assessment issue.")
def command(file: str, *, key: str) -> None:
    """Attach the findings file FILE to an assessment issue, after checking that it can be read.

    \b
    Example:
      cmmc-jira import findings.xlsx --assessment CMMC-1
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    content = read_source(file)
    settings = settings_of()
    reconciler = build_reconciler(settings)
    world = reconciler.looker.look(check_key(key, project=settings.project), thorough=False)
    level = world.assessment.fields.get("CMMC Level")
    name = Path(file).name
    read = read_findings(name, content, law=reconciler.law, level=Level(int(level)) if level else None)
    if _already(world, name, content, reconciler):
        print_text(f"{name} is attached to {world.assessment.key} already; nothing was changed.")
        return
    reconciler.looker.jira.attach(world.assessment.id, name, content, "application/octet-stream")
    print_text(_told(world, name, read))


def _already(world: World, name: str, content: bytes, reconciler: Reconciler) -> bool:
    """Whether the newest attachment of that name holds just these bytes."""
    same = [file for file in world.assessment.attachments if file.name == name and file.size == len(content)]
    newest = max(world.assessment.attachments, key=lambda file: (file.created, int(file.id)), default=None)
    return newest in same and reconciler.looker.jira.attachment(same[-1], limit=len(content)) == content


def _told(world: World, name: str, read: FindingsFile) -> str:
    counts = {result: sum(finding.result is result for finding in read.findings) for result in Result}
    shown = ", ".join(f"{count} {result}" for result, count in counts.items() if count)
    lines = [f"{name} ({read.format}: {shown}) is attached to {world.assessment.key}; the issues follow."]
    if read.notices:
        lines.append(f"{len(read.notices)} things to check are listed on the status issue.")
    return "\n".join(lines)
