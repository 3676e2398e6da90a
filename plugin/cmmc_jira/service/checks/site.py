"""Whether this is a Jira that we can work with, as whom, and whether its time and ours agree."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cmmc_jira.core.text import mention
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict

JIRA: Final = Check("jira", "CMMC_JIRA_URL", "Without an answer from Jira nothing can be read or written.")
ACCOUNT: Final = Check(
    "account",
    "CMMC_JIRA_USER, CMMC_JIRA_TOKEN",
    "Jira may answer a stranger with empty lists, from which wrong conclusions would be drawn.",
)
TOKEN: Final = Check(
    "token", "CMMC_JIRA_USER, CMMC_JIRA_TOKEN", "A kind of token that Jira stops taking locks the service out."
)
CLOCK: Final = Check(
    "clock", "this machine's clock", "Days are counted by our clock and written down by Jira's: a deadline is a day."
)
ZONE: Final = Check(
    "zone",
    "the service account's profile in Jira",
    "Searches and filters count days in the zone of whoever asks; the law's days are the organisation's.",
)
RATE: Final = Check(
    "rate limit", "Jira's rate limits", "When none is left Jira answers 429, and the work waits as long as it says."
)
MENTIONS: Final = Check("mentions", "the service account", "Whoever is not mentioned in Jira's own form gets no mail.")

_SLOW: Final = timedelta(minutes=1)
_WRONG: Final = timedelta(minutes=15)
_HALF_YEAR: Final = timedelta(days=182)
_OLDEST: Final = 10
_NO_BASIC: Final = 11
_FEW: Final = 0.2
_GATEWAY: Final = re.compile(r"/ex/jira/[^/]+$")


def jira(case: Case) -> Iterator[Verdict]:
    """Yield whether Jira answers, and is of a kind that is served."""
    try:
        site = case.jira.site()
    except JiraRefused as refused:
        turned_away = refused.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
        yield from JIRA.refused(refused, where=ACCOUNT.where if turned_away else "")
        return
    how = "over TLS" if urlsplit(case.url).scheme == "https" else "unencrypted, on this machine"
    if site.flavour == "cloud":
        yield JIRA.ok(f"Jira Cloud answers as {site.base_url}, {how}.")
    elif (_major(site.version) or 0) >= _OLDEST:
        yield JIRA.ok(f"Jira Data Center {site.version} answers as {site.base_url}, {how}.")
    else:
        yield JIRA.warn(
            f"This is Jira Data Center or Server {site.version}; versions before 10 are served as well as they go.",
            "Upgrade Jira: Data Center 9 reached its end of life on 2026-06-26.",
        )


def account(case: Case) -> Iterator[Verdict]:
    """Yield who we are to Jira."""
    me = case.jira.myself()
    name = me.get("displayName") or me.get("accountId") or me.get("name")
    if me.get("active", True):
        yield ACCOUNT.ok(f"We act as {name}.")
    else:
        yield ACCOUNT.fault(f"The account {name} is deactivated.", "Activate it, or use another account's token.")


def token(case: Case) -> Iterator[Verdict]:
    """Yield which kind of token is used, and whether it is the kind for this Jira."""
    gateway = _GATEWAY.search(urlsplit(case.url).path) is not None
    site = case.jira.site()
    if site.flavour == "cloud":
        kind = "a bearer token" if case.user is None else "an API token"
        yield TOKEN.ok(f"It is {kind}{', with scopes, through the gateway' if gateway else ''}.")
    elif case.user is None:
        yield TOKEN.ok("It is a personal access token.")
    else:
        ends = "takes no password" if (_major(site.version) or 0) >= _NO_BASIC else "takes none from version 11 on"
        yield TOKEN.warn(
            f"CMMC_JIRA_USER is set, so user and password are sent: Jira Data Center {ends} over REST.",
            "Make a personal access token in the account's profile, set CMMC_JIRA_TOKEN to it, and leave "
            "CMMC_JIRA_USER out.",
        )


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
        minutes = round(apart / _SLOW)
        told = f"Our clock and Jira's are {'1 minute' if minutes == 1 else f'{minutes} minutes'} apart."
        yield CLOCK.fault(told, mend) if apart >= _WRONG else CLOCK.warn(told, mend)


def zone(case: Case) -> Iterator[Verdict]:
    """Yield whether the account's zone in Jira has the same days as the organisation's, now and half a year on."""
    named, here = str(case.jira.myself().get("timeZone") or ""), case.clock.local()
    theirs = _zone(named)
    if theirs is None:
        yield ZONE.ok("Jira does not tell the account's zone.")
    elif all(_same(here + ahead, theirs) for ahead in (timedelta(), _HALF_YEAR)):
        yield ZONE.ok(f"The account's zone, {named}, has the organisation's days.")
    else:
        yield ZONE.warn(
            f"The account's zone in Jira is {named}, CMMC_JIRA_TIMEZONE is {here.tzinfo}.",
            "Set the zone in the account's profile, or CMMC_JIRA_TIMEZONE, so that both are the organisation's.",
        )


def rate(case: Case) -> Iterator[Verdict]:
    """Yield how many requests Jira still takes, where it says so."""
    room = case.checkup.headroom()
    if room is None or room.left is None or room.limit is None:
        near = room is not None and room.near
        told = "Jira says that few requests are left." if near else "Jira names no rate limit near."
        yield RATE.warn(told, _SPARE) if near else RATE.ok(told)
        return
    told = f"Jira takes {room.left} more requests of {room.limit}."
    few = room.near or room.left < _FEW * room.limit
    yield RATE.warn(told, _SPARE) if few else RATE.ok(told)


_SPARE: Final = "See which other programs use this account, and give each an account of its own; or raise the limit."


def mentions(case: Case) -> Iterator[Verdict]:
    """Yield how people are mentioned here, and whether our own account can be."""
    key = "accountId" if case.on_cloud else "name"
    name = str(case.jira.myself().get(key) or "")
    written = mention(name, case.jira.site().flavour)
    if name and written.endswith(f"{name}]"):
        yield MENTIONS.ok(f"People are mentioned as {written}.")
    else:
        yield MENTIONS.warn(
            f'The account\'s {key} "{name}" holds characters that no mention can hold.',
            "Rename the account, with letters, digits and .@_- alone.",
        )


def _major(version: str) -> int | None:
    first = version.partition(".")[0]
    return int(first) if first.isascii() and first.isdecimal() else None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None


def _same(instant: datetime, theirs: ZoneInfo) -> bool:
    return instant.astimezone(theirs).utcoffset() == instant.utcoffset()
