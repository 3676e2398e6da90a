"""`cmmc-jira status`: the evaluation of an assessment as Jira stands now."""

import click

from cmmc_jira.cli.options import check_key
from cmmc_jira.cli.output import print_json, print_text
from cmmc_jira.core.facts import Missing
from cmmc_jira.errors import BadFindings
from cmmc_jira.export.evaluation import as_json as evaluation_json
from cmmc_jira.export.report import report
from cmmc_jira.wiring import build_reconciler, settings_of


@click.command(name="status")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print the evaluation as one JSON document.")
def command(key: str, *, as_json: bool) -> None:
    """Say how the assessment issue KEY stands: the official status first, then why, then what to do next.

    \b
    Example:
      cmmc-jira status CMMC-1
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    settings = settings_of()
    decided = build_reconciler(settings).decide(check_key(key, project=settings.project))
    if decided.desired.standing is None:
        found = decided.desired.found
        raise BadFindings(found.sentences if isinstance(found, Missing) else ())
    official = decided.desired.standing.official
    if as_json:
        print_json(evaluation_json(official))
    else:
        print_text(report(official))
