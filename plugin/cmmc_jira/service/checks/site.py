"""Whether this is a Jira that we can work with, as whom, and whether its clock and ours agree."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict

JIRA: Final = Check("jira", "CMMC_JIRA_URL", "Without an answer from Jira nothing can be read or written.")
ACCOUNT: Final = Check(
    "account",
    "CMMC_JIRA_USER, CMMC_JIRA_TOKEN",
    "Jira may answer a stranger with empty lists, from which wrong conclusions would be drawn.",
)
CLOCK: Final = Check(
    "clock", "this machine's clock", "Days are counted by our clock and written down by Jira's: a deadline is a day."
)

_SLOW: Final = timedelta(minutes=1)
_WRONG: Final = timedelta(minutes=15)


def jira(case: Case) -> Iterator[Verdict]:
    """Yield whether Jira answers, and is of a kind that is served."""
    site = case.jira.site()
    if site.flavour == "cloud":
        yield JIRA.ok(f"Jira Cloud answers as {site.base_url}.")
    else:
        yield JIRA.fault(
            f"This is Jira Data Center or Server {site.version}, which is not served yet.", "Use a Jira Cloud site."
        )


def account(case: Case) -> Iterator[Verdict]:
    """Yield who we are to Jira."""
    me = case.jira.probe()
    name = me.get("displayName") or me.get("accountId")
    if me.get("active", True):
        yield ACCOUNT.ok(f"We act as {name}.")
    else:
        yield ACCOUNT.fault(f"The account {name} is deactivated.", "Activate it, or use another account's token.")


def clock(case: Case) -> Iterator[Verdict]:
    """Yield how far our clock and Jira's are apart."""
    before = case.clock.now()
    theirs = case.checkup.server_time()
    after = case.clock.now()
    apart = max(before - theirs, theirs - after, timedelta())
    mend = "Let both machines keep time by NTP, then look again."
    if apart < _SLOW:
        yield CLOCK.ok("Our clock and Jira's agree to the minute.")
    else:
        told = f"Our clock and Jira's are {round(apart / _SLOW)} minutes apart."
        yield CLOCK.fault(told, mend) if apart >= _WRONG else CLOCK.warn(told, mend)
