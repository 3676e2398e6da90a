"""Whom and which day a file names for the work on a requirement."""

from collections.abc import Mapping, Sequence
from datetime import date

from cmmc_jira.findings.days import read_day
from cmmc_jira.findings.place import shown
from cmmc_jira.findings.places import together
from cmmc_jira.findings.rows import Stated
from cmmc_rules.answers import Notice


def owners_and_days(stated: Sequence[Stated]) -> tuple[Mapping[str, str], Mapping[str, date], tuple[Notice, ...]]:
    """Owners and due days by requirement id, where the rows agree on an owner (else none) and the earliest of the days.

    Notices tell the days that cannot be read with certainty and the owners that differ.
    """
    owners: dict[str, dict[str, list[str]]] = {}
    days: dict[str, date] = {}
    notices = []
    for each in stated:
        requirement, row = each.requirement.id, each.finding.row or ""
        if each.owner:
            owners.setdefault(requirement, {}).setdefault(each.owner, []).append(row)
        if not each.due:
            continue
        day = read_day(each.due)
        if isinstance(day, date):
            days[requirement] = min(day, days.get(requirement, day))
        else:
            notices.append(Notice("DATE_UNREAD", f"the date {shown(each.due)} {day}", requirement, row=row))
    for requirement, named in owners.items():
        if len(named) > 1:
            because = f"the rows of {requirement} name {len(named)} owners, so none was taken"
            places = together(place for rows in named.values() for place in rows)
            notices.append(Notice("OWNERS_DIFFER", because, requirement, row=places))
    settled = {requirement: next(iter(named)) for requirement, named in owners.items() if len(named) == 1}
    return settled, days, tuple(notices)
