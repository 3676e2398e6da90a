"""`cmmc-jira export`: the days of an assessment as a calendar file."""

import click

from cmmc_jira.cli.options import check_key
from cmmc_jira.cli.output import remark, write_file
from cmmc_jira.core.facts import Missing
from cmmc_jira.errors import BadFindings
from cmmc_jira.service.feed import calendar_of
from cmmc_jira.wiring import build_reconciler, settings_of


@click.command(name="export")
@click.argument("key")
@click.option("--format", "form", type=click.Choice(["ics"]), default="ics", help="What to write; ics is a calendar.")
@click.option("-o", "--output", metavar="FILE", help="Write to this file instead of standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def command(key: str, *, form: str, output: str | None, force: bool) -> None:
    """Write the days of the assessment issue KEY as a calendar: deadline, last safe days, windows, affirmations.

    A running service also serves it as a feed to subscribe to; see the operator's guide.

    \b
    Example:
      cmmc-jira export CMMC-1 --format ics -o cmmc.ics
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    del form  # there is one
    settings = settings_of()
    decided = build_reconciler(settings).decide(check_key(key, project=settings.project))
    if decided.desired.standing is None:
        found = decided.desired.found
        raise BadFindings(found.sentences if isinstance(found, Missing) else ())
    content = calendar_of(decided)
    if output is None:
        click.echo(content, nl=False)
    else:
        write_file("--output", output, content, force=force)
        remark(f"Wrote {output}: {content.count(b'BEGIN:VEVENT')} days of {key}.")
