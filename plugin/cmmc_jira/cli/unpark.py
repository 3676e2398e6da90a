"""`cmmc-jira unpark`: which assessments failed too often to be tried again by themselves, and another try for them."""

import click

from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.cli.options import check_key
from cmmc_jira.cli.output import print_json, print_text
from cmmc_jira.errors import BadSetting
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import build_exchange, opened_list, settings_of


@click.command(name="unpark")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--all", "everything", is_flag=True, help="Try all that are parked again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(keys: tuple[str, ...], *, everything: bool, as_json: bool) -> None:
    """Say which assessments are parked and why; those named by KEY, or by the id on /readyz, are tried again now.

    An assessment is parked when it has failed ten times in a row. An event about it gives it one more try; this gives
    it ten. The service may run meanwhile, and needs no restart.

    \b
    Example:
      cmmc-jira unpark
      cmmc-jira unpark CMMC-1
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    settings = settings_of()
    with opened_list(settings) as store:
        now = SystemClock(settings.zone).now()
        parked = store.backlog(now=now).parked
        asked = list(parked) if everything else [_id(key, settings) for key in keys]
        tried = store.unpark(*asked, now=now)
    strange = [key for key in asked if key not in tried]
    if as_json:
        rows = [{"assessment": key, "because": why, "unparked": key in tried} for key, why in sorted(parked.items())]
        print_json({"parked": rows})
    else:
        lines = [f"{key}: {why} {'Tried again now.' if key in tried else ''}".rstrip() for key, why in parked.items()]
        print_text("\n".join(sorted(lines)) or "Nothing is parked.")
    if strange:
        raise BadSetting([f"Assessment {key} is not parked: `cmmc-jira unpark` says which are." for key in strange])


def _id(key: str, settings: Settings) -> str:
    """Return the id of an assessment that is named by its id or by its key."""
    if key.isascii() and key.isdecimal():
        return key
    jira = JiraClient(build_exchange(settings))
    return str(jira.issue(check_key(key, project=settings.project), ["issuetype"])["id"])
