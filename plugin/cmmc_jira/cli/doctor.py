"""`cmmc-jira doctor`: say what would stop the work, before the first write."""

import time
from dataclasses import asdict

import click

from cmmc_jira.cli.options import webhook_mistakes
from cmmc_jira.cli.output import print_json, print_text, progress
from cmmc_jira.errors import BadSetting
from cmmc_jira.service.checks.verdict import Grade, Verdict
from cmmc_jira.service.doctor import Report, examine
from cmmc_jira.service.trial import CHECKS as TRIALS
from cmmc_jira.service.trial import rehearse
from cmmc_jira.wiring import build_case, settings_of


@click.command(name="doctor")
@click.option("--webhook-url", metavar="URL", help="The address to which the webhook should deliver, if it is known.")
@click.option("--write-test", is_flag=True, help="If nothing is wrong, also try every kind of write on one issue.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
@click.pass_context
def command(ctx: click.Context, *, webhook_url: str | None, write_test: bool, as_json: bool) -> None:
    """Look at Jira, the project CMMC_JIRA_PROJECT and our own house, and say what is wrong and how it is mended.

    Jira is only read, unless --write-test is given: then, where no fault is found, one issue is created, edited,
    commented, linked, closed, opened and deleted again. The exit code is 1 when something would stop the work. What an
    administrator alone may see is looked at only with an administrator's token.

    \b
    Examples:
      cmmc-jira doctor
      cmmc-jira doctor --write-test
      cmmc-jira doctor --json --webhook-url https://cmmc.example.com/webhooks/jira
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    if webhook_url is not None and (mistakes := webhook_mistakes(webhook_url)):
        raise BadSetting(mistakes)
    case = build_case(settings_of(), webhook_url=webhook_url)
    with progress().status("Looking") as status:
        report = examine(case, looking=lambda name: status.update(f"Looking at: {name}"))
        if write_test and not report.stopped:
            status.update("Trying to write")
            report = report.tried(rehearse(case, pause=time.sleep))
        elif write_test:
            report = Report(report.verdicts, (*report.unlooked, *(check.name for check in TRIALS)))
    if as_json:
        rows = [asdict(verdict) for verdict in report.verdicts]
        print_json({"ok": not report.stopped, "checks": rows, "unlooked": list(report.unlooked)})
    else:
        print_text("\n".join(_told(report)))
    ctx.exit(1 if report.stopped else 0)


def _told(report: Report) -> list[str]:
    lines = [line for verdict in report.verdicts for line in _lines(verdict)]
    if report.unlooked:
        lines.append(f"Not looked at because of the faults above: {', '.join(report.unlooked)}.")
    faults = sum(verdict.grade is Grade.FAULT for verdict in report.verdicts)
    counted = "1 fault" if faults == 1 else f"{faults} faults"
    lines.append(f"{counted} would stop the work." if faults else "Nothing would stop the work.")
    return lines


def _lines(verdict: Verdict) -> list[str]:
    first = _plain(f"{verdict.grade:<5} {verdict.check}: {verdict.what}")
    if verdict.grade is Grade.OK:
        return [first]
    return [
        first,
        *(f"      {_plain(line)}" for line in (f"Where: {verdict.where}.", verdict.why, f"Mend: {verdict.mend}")),
    ]


def _plain(text: str) -> str:
    """Return a line with nothing in it that could steer a terminal: names come from Jira."""
    return "".join(each if each.isprintable() else " " for each in text)
