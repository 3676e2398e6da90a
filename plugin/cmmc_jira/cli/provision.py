"""`cmmc-jira provision`: make a Jira project ready, after saying what that takes."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cmmc_jira.cli.options import HOOK_PATH, webhook_mistakes
from cmmc_jira.cli.output import print_json, print_text, progress
from cmmc_jira.errors import BadSetting, CmmcJiraError, JiraRefused
from cmmc_jira.service import provision
from cmmc_jira.service.admin import Admin, Listener
from cmmc_jira.service.steps import ByHand, CreateWebhook, OursToDo, Present, Step, by_hand, by_us
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import build_admin, project_words, settings_of

_ROUNDS: Final = 2
"""After what we do by ourselves, Data Center is looked at once more: a person's steps then name what there is now."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a run: what was found, what we did or would do, and what is left to a person."""

    present: Present
    steps: Sequence[OursToDo]
    by_hand: Sequence[ByHand]
    dry_run: bool


@click.command(name="provision")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and why.")
@click.option("--webhook-url", metavar="URL", help=f"The address at which Jira reaches the service, with {HOOK_PATH}.")
@click.option("--json", "as_json", is_flag=True, help="Print the steps as one JSON document.")
def command(*, dry_run: bool, webhook_url: str | None, as_json: bool) -> None:
    """Make the project CMMC_JIRA_PROJECT ready: issue types, fields, screens, link type, role, filters and webhook.

    What is there is adopted by its name. Nothing that others use is changed, and nothing is ever removed. A second run
    makes reads only and says that nothing is missing. It needs the global permission Administer Jira. On Data Center
    it prints the steps that an administrator has to do by hand; run it again after them.

    \b
    Examples:
      cmmc-jira provision --dry-run
      cmmc-jira provision --webhook-url https://cmmc.example.com/webhooks/jira
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    settings = settings_of()
    listener = _listener(webhook_url, settings)
    mapping, manager_role = project_words(settings)
    admin = build_admin(settings)

    def plan() -> tuple[Present, tuple[Step, ...]]:
        with progress().status(f"Looking at {settings.project}"):
            return provision.plan(admin, settings.project, listener, mapping=mapping, manager_role=manager_role)

    outcome = _run(admin, plan, dry_run=dry_run)
    if as_json:
        print_json(
            {
                "project": outcome.present.project.key,
                "steps": [{"what": step.what, "why": step.why} for step in outcome.steps],
                "by_hand": [asdict(step) for step in outcome.by_hand],
                "done": not dry_run,
                "ready": not outcome.by_hand and (not dry_run or not outcome.steps),
            }
        )
    else:
        print_text("\n".join(_told(outcome, listener=listener)))


def _listener(url: str | None, settings: Settings) -> Listener | None:
    """Return where the webhook is to deliver, signed with the first secret, and anew while there are several."""
    if url is None:
        return None
    mistakes = webhook_mistakes(url)
    if not settings.webhook_secrets:
        mistakes.append(
            "CMMC_JIRA_WEBHOOK_SECRET is not set: the webhook would be unsigned; make one with `openssl rand -hex 32`."
        )
    if mistakes:
        raise BadSetting(mistakes)
    return Listener(url, settings.webhook_secrets[0], renew=len(settings.webhook_secrets) > 1)


def _run(admin: Admin, plan: Callable[[], tuple[Present, tuple[Step, ...]]], *, dry_run: bool) -> _Outcome:
    present, steps = plan()
    if dry_run:
        return _Outcome(present, by_us(steps), by_hand(steps), dry_run)
    made: list[OursToDo] = []
    for _ in range(_ROUNDS if present.host.datacenter else 1):
        ours = by_us(steps)
        if not ours:
            break
        _do(admin, present, ours)
        made += ours
        if present.host.datacenter:
            present, steps = plan()
    return _Outcome(present, made, by_hand(steps), dry_run)


def _do(admin: Admin, present: Present, steps: Sequence[OursToDo]) -> None:
    """Do the steps, with a bar while it works; where one fails, say how far it came."""
    console = progress()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
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


def _told(outcome: _Outcome, *, listener: Listener | None) -> list[str]:
    key, steps, hand = outcome.present.project.key, outcome.steps, outcome.by_hand
    lines = []
    if outcome.dry_run and steps:
        lines.append(f"{key} needs {_counted(steps)}:")
        for number, step in enumerate(steps, 1):
            lines += [f"{number:3}. {step.what}", f"     {step.why}"]
    elif steps:
        lines.append(f"{key} is {'not ready yet' if hand else 'ready'}: {_counted(steps)} done.")
    elif not hand:
        lines.append(f"{key} is ready: nothing is missing, and nothing was changed.")
    if hand:
        lines += told_by_hand(key, hand)
    if outcome.dry_run and (steps or hand):
        lines.append("Nothing was changed. Leave out --dry-run to do this." if steps else "Nothing was changed.")
    return [*lines, *_told_of_webhook(outcome, listener)]


def told_by_hand(key: str, steps: Sequence[ByHand]) -> list[str]:
    """Return the numbered steps of a person, each with its reason, its page and what to press and enter there."""
    lines = [f"{key} needs {_counted(steps)} of an administrator by hand, for which this Jira has no REST:"]
    for number, step in enumerate(steps, 1):
        lines += [f"{number:3}. {step.what}", f"     {step.why}", f"     Page: {step.page}"]
        lines += [f"     - {line}" for line in step.lines]
    return [*lines, "When they are done, run this again: it does what they make possible, and says when all is ready."]


def _told_of_webhook(outcome: _Outcome, listener: Listener | None) -> list[str]:
    present = outcome.present
    if listener is None:
        return [f"No webhook was looked at: --webhook-url names the service's address, ending in {HOOK_PATH}."]
    if present.host.signs_webhooks:
        made = not outcome.dry_run and present.host.datacenter
        return [step.why for step in outcome.steps if made and isinstance(step, CreateWebhook)]
    version = ".".join(map(str, present.host.version)) or "of an unknown version"
    lacks = f"No webhook was made: Jira Data Center {version} cannot sign what it sends, and the service takes in"
    return [f"{lacks} nothing unsigned. Changes are noticed by the hourly look; Data Center 10 signs."]


def _counted(steps: Sequence[Step]) -> str:
    return "1 step" if len(steps) == 1 else f"{len(steps)} steps"
