"""What Jira holds in the end, read back from it: nothing is believed because the service says so."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, STATUS_SUBJECT, assessment_label
from cmmc_jira.core.issues import Actual, Kind
from cmmc_jira.core.reading import read_issue
from cmmc_jira.service.ports import Jira

_FOOTER: Final = re.compile(r"^\{color:#\w+\}cmmc-jira: (\S+)\{color\}\s*\Z", re.MULTILINE)
_MENTION: Final = re.compile(r"(?<!\\)\[~(?:accountid:)?([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Heard:
    """A comment of the service: when, on which issue, under which name for ever, and whom it mentions (user ids)."""

    at: datetime
    subject: str
    key: str
    identity: str
    people: tuple[str, ...]
    body: str

    def step(self, ladders: Collection[str]) -> str:
        """Return what spoke: a ladder and its rung, or the kind of what is no ladder's."""
        first, *rest = self.identity.split("/")
        return f"{first}/{rest[0]}" if first in ladders and rest else first


@dataclass(frozen=True, slots=True)
class Proof:
    """What belongs to one assessment: its status issue's key, the remediation issues, what was said, the doubles."""

    status_issue: str | None
    remediations: int
    heard: tuple[Heard, ...]
    duplicates: int

    def said(self, names: Mapping[str, str], ladders: Collection[str]) -> Mapping[str, Any]:
        """Return how much was said: in all, to each person (`names` by user id), and by each step of the ladders."""
        told = Counter(names.get(person, person) for heard in self.heard for person in set(heard.people))
        steps = Counter(heard.step(ladders) for heard in self.heard)
        return {"comments": len(self.heard), "to": dict(sorted(told.items())), "by": dict(sorted(steps.items()))}


def read_back(jira: Jira, project: str, assessment_id: str) -> Proof:
    """Return what Jira holds for one assessment; doubles are issues of one subject and equal comments on one issue."""
    issues = made_for(jira, project, assessment_id)
    user_key = map_fields(jira.fields(), flavour=jira.site().flavour).user_key
    me = str(jira.myself()[user_key])
    places = [(assessment_id, ASSESSMENT_SUBJECT, ""), *((issue.id, issue.subject, issue.key) for issue in issues)]
    said = [
        [_heard(row, subject, key) for row in jira.comments(id_) if str((row.get("author") or {}).get(user_key)) == me]
        for id_, subject, key in places
    ]
    return Proof(
        status_issue=next((issue.key for issue in issues if issue.subject == STATUS_SUBJECT), None),
        remediations=sum(issue.kind is Kind.REMEDIATION for issue in issues),
        heard=tuple(sorted(chain.from_iterable(said), key=lambda heard: heard.at)),
        duplicates=_doubles(issue.subject for issue in issues)
        + sum(_doubles(heard.body for heard in rows) for rows in said),
    )


def made_for(jira: Jira, project: str, assessment_id: str) -> Sequence[Actual]:
    """Return the remediation and status issues of one assessment, the oldest first."""
    fields = map_fields(jira.fields(), flavour=jira.site().flavour)
    jql = f'project = "{project}" AND labels = "{assessment_label(assessment_id)}"'
    ids = [str(raw["id"]) for raw in jira.search(jql, ["labels"])]
    found = [issue for raw in jira.issues(ids, fields.all_ids(), anew=ids) if (issue := read_issue(raw, fields))]
    ours = [issue for issue in found if issue.memory.get("assessment") == assessment_id]
    return sorted(
        (issue for issue in ours if issue.kind in {Kind.REMEDIATION, Kind.STATUS}), key=lambda issue: int(issue.id)
    )


def _heard(row: Mapping[str, Any], subject: str, key: str) -> Heard:
    body = str(row["body"])
    footer = _FOOTER.search(body)
    return Heard(
        at=datetime.fromisoformat(str(row["created"])),
        subject=subject,
        key=key,
        identity=footer[1] if footer else "",
        people=tuple(dict.fromkeys(_MENTION.findall(body))),
        body=body,
    )


def _doubles(names: Iterable[str]) -> int:
    return sum(count - 1 for count in Counter(names).values())
