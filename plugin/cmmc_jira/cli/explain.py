"""`cmmc-jira explain`: what a requirement, a gate, a clock or a reason code means, and where it stands."""

import os

import click

from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.cli.output import print_text
from cmmc_jira.errors import BadSetting
from cmmc_jira.export.explanation import explained
from cmmc_jira.findings.place import either, shown
from cmmc_jira.settings import read_calendar
from cmmc_rules import explain as rules
from cmmc_rules.law import load_law


@click.command("explain")
@click.argument("name", metavar="ID", required=False)
@click.option("--list", "list_all", is_flag=True, help="List everything that can be explained.")
def command(*, name: str | None, list_all: bool) -> None:
    """Explain ID in plain words, with its value, its citation and the day since which it is in force.

    ID is a requirement in any spelling, a gate, a clock, a reason code, or a rule's key.

    \b
    Examples:
      cmmc-jira explain SC.L2-3.13.11
      cmmc-jira explain BARRED_REQUIREMENT
      cmmc-jira explain --list
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    law = load_law()
    if list_all:
        print_text("\n".join(rules.explained(law)))
        return
    if name is None:
        raise click.UsageError("Missing argument 'ID'; --list shows what can be explained.")
    zone, _closures = read_calendar(os.environ)
    found = rules.explain(name, law, SystemClock(zone).today())
    if found is None:
        close = rules.near(name, law)
        mend = f"did you mean {either(close)}?" if close else "`cmmc-jira explain --list` shows them all"
        raise BadSetting(f"{shown(name)} is no requirement, gate, clock, reason code or rule; {mend}")
    print_text(explained(found))
