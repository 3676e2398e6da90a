"""`cmmc-jira provision`: make a Jira project ready, after saying what that takes."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cmmc_jira.cli.output import print_json, print_text, progress
from cmmc_jira.errors import BadSetting, CmmcJiraError, JiraRefused
from cmmc_jira.service import provision
from cmmc_jira.service.admin import Admin, Listener
from cmmc_jira.service.steps import Present, Step
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import build_admin, settings_of

_HOOK = "/webhooks/jira"


@click.command(name="provision")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and why.")
@click.option("--webhook-url", metavar="URL", help=f"The address at which Jira reaches the service, with {_HOOK}.")
@click.option("--json", "as_json", is_flag=True, help="Print the steps as one JSON document.")
def command(*, dry_run: bool, webhook_url: str | None, as_json: bool) -> None:
    """Make the project CMMC_JIRA_PROJECT ready: issue types, fields, screens, link type and webhook.

    What is there is adopted by its name. Nothing that others use is changed, and nothing is ever removed. A second run
    makes reads only and says that nothing is missing. It needs the global permission Administer Jira.

    \b
    Examples:
      cmmc-jira provision --dry-run
      cmmc-jira provision --webhook-url https://cmmc.example.com/webhooks/jira
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    settings = settings_of()
    listener = _listener(webhook_url, settings)
    admin = build_admin(settings)
    with progress().status(f"Looking at {settings.project}"):
        present, steps = provision.plan(admin, settings.project, listener)
    if not dry_run and steps:
        _do(admin, present, steps)
    if as_json:
        rows = [{"what": step.what, "why": step.why} for step in steps]
        print_json({"project": present.project.key, "steps": rows, "done": not dry_run})
    else:
        print_text("\n".join(_told(present, steps, dry_run=dry_run, listener=listener)))


def _listener(url: str | None, settings: Settings) -> Listener | None:
    """Return where the webhook is to deliver, signed with the first secret, and anew while there are several."""
    if url is None:
        return None
    parts = urlsplit(url)
    mistakes = []
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.path.endswith(_HOOK):
        mistakes.append(f"--webhook-url is {url!r}: write the service's address as https://cmmc.example.com{_HOOK}.")
    if not settings.webhook_secrets:
        mistakes.append(
            "CMMC_JIRA_WEBHOOK_SECRET is not set: the webhook would be unsigned; make one with `openssl rand -hex 32`."
        )
    if mistakes:
        raise BadSetting(mistakes)
    return Listener(url, settings.webhook_secrets[0], renew=len(settings.webhook_secrets) > 1)


def _do(admin: Admin, present: Present, steps: Sequence[Step]) -> None:
    """Do the steps, with a bar while it works; where one fails, say how far it came."""
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=progress())
    with bar:
        task = bar.add_task(steps[0].what, total=len(steps))

        def done(_: Step) -> None:
            bar.advance(task)
            number = int(bar.tasks[task].completed)
            if number < len(steps):
                bar.update(task, description=steps[number].what)

        try:
            provision.provision(admin, present, steps, done=done)
        except CmmcJiraError as error:
            number = int(bar.tasks[task].completed)
            raise JiraRefused(
                f"{error}\n{number} of {len(steps)} steps are done; the next was: {steps[number].what}. "
                "Run this again when it is mended: what is there is found and not made twice."
            ) from error


def _told(present: Present, steps: Sequence[Step], *, dry_run: bool, listener: Listener | None) -> list[str]:
    key = present.project.key
    lines = []
    if not steps:
        lines.append(f"{key} is ready: nothing is missing, and nothing was changed.")
    elif dry_run:
        lines.append(f"{key} needs {_counted(steps)}:")
        for number, step in enumerate(steps, 1):
            lines += [f"{number:3}. {step.what}", f"     {step.why}"]
        lines.append("Nothing was changed. Leave out --dry-run to do this.")
    else:
        lines.append(f"{key} is ready: {_counted(steps)} done.")
    if listener is None:
        lines.append(f"No webhook was looked at: --webhook-url names the service's address, ending in {_HOOK}.")
    return lines


def _counted(steps: Sequence[Step]) -> str:
    return "1 step" if len(steps) == 1 else f"{len(steps)} steps"
