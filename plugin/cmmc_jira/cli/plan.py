"""`cmmc-jira plan`: what would be written to Jira, and why; nothing is."""

import click

from cmmc_jira.cli.options import check_key
from cmmc_jira.cli.output import print_json, print_text
from cmmc_jira.export.plan import plan_json, plan_text
from cmmc_jira.wiring import build_reconciler, settings_of


@click.command(name="plan")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as one JSON document.")
def command(key: str, *, as_json: bool) -> None:
    """Show what would be written to Jira for the assessment issue KEY, with why on every line.

    \b
    Example:
      cmmc-jira plan CMMC-1
      cmmc-jira apply CMMC-1 --digest 0123456789abcdef
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    settings = settings_of()
    decided = build_reconciler(settings).decide(check_key(key, project=settings.project))
    if as_json:
        print_json(plan_json(decided.plan, decided.world, held=decided.held))
    else:
        print_text(plan_text(decided.plan, decided.world, held=decided.held))
