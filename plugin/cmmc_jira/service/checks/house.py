"""Whether our own house is in order: database, law and secrets."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from cmmc_jira.errors import BadSetting, StoreUnavailable
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict

DATABASE: Final = Check(
    "database", "CMMC_JIRA_DATABASE_URL", "A delivery is accepted only when it is stored; Jira tries again a few times."
)
LAW: Final = Check("law", "the law pack of this version", "A rule that has changed since would be applied as it was.")
SECRETS: Final = Check(
    "secrets",
    "CMMC_JIRA_WEBHOOK_SECRET, CMMC_JIRA_CALENDAR_TOKEN",
    "Whoever guesses one can speak, or read, as Jira does.",
)

_YEAR: Final = timedelta(days=365)
_SHORT: Final = 16
_FEW: Final = 10
_MAKE: Final = "Make another with `openssl rand -hex 32`, set it and restart."


def database(case: Case) -> Iterator[Verdict]:
    """Yield whether the database can be opened; a to-do list that is not there yet is made."""
    try:
        case.prepare()
    except (BadSetting, StoreUnavailable) as error:
        yield from DATABASE.refused(error)
    else:
        yield DATABASE.ok("The database answers, and its schema is ours.")


def law(case: Case) -> Iterator[Verdict]:
    """Yield whether every rule was compared with its source within the last year."""
    today = case.clock.today()
    old = sorted((rule.compared, key) for key, rule in case.law.rules.items() if today - rule.compared > _YEAR)
    if old:
        yield LAW.warn(
            f"{len(old)} rules were last compared with their source more than a year ago, {old[0][1]} on {old[0][0]}.",
            "Install the newest version of this program, or compare them with the rule as it is now.",
        )
    else:
        yield LAW.ok("Every rule was compared with its source within the last year.")


def secrets(case: Case) -> Iterator[Verdict]:
    """Yield each secret that is easily guessed."""
    weak = any(len(secret) < _SHORT or len(set(secret)) < _FEW for secret in case.webhook_secrets)
    if weak:
        yield SECRETS.warn("A webhook secret is short, or of few characters.", _MAKE, where="CMMC_JIRA_WEBHOOK_SECRET")
    token = case.calendar_token
    if token is not None and len(set(token)) < _FEW:
        weak = True
        yield SECRETS.warn("The calendar token is of few characters.", _MAKE, where="CMMC_JIRA_CALENDAR_TOKEN")
    if not weak:
        yield SECRETS.ok("No secret that is set looks easy to guess.")
