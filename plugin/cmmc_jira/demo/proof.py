"""What Jira holds in the end, read back from it: nothing is believed because the service says so."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.identity import STATUS_SUBJECT, assessment_label
from cmmc_jira.core.issues import Actual, Kind
from cmmc_jira.core.reading import read_issue
from cmmc_jira.service.ports import Jira


@dataclass(frozen=True, slots=True)
class Proof:
    """What belongs to one assessment: its status issue's key, how many remediation issues, comments and doubles."""

    status_issue: str | None
    remediations: int
    comments: int
    duplicates: int


def read_back(jira: Jira, project: str, assessment_id: str) -> Proof:
    """Return what Jira holds for one assessment; doubles are issues of one subject and equal comments on one issue."""
    fields = map_fields(jira.fields(), flavour=jira.site().flavour)
    jql = f'project = "{project}" AND labels = "{assessment_label(assessment_id)}"'
    found = [issue for raw in jira.search(jql, fields.all_ids()) if (issue := read_issue(raw, fields))]
    ours = [issue for issue in found if issue.memory.get("assessment") == assessment_id]
    me = str(jira.myself()[fields.user_key])
    said = [_said(jira.comments(id_), me, fields.user_key) for id_ in (assessment_id, *(issue.id for issue in ours))]
    return Proof(
        status_issue=next((issue.key for issue in ours if issue.subject == STATUS_SUBJECT), None),
        remediations=sum(issue.kind is Kind.REMEDIATION for issue in ours),
        comments=sum(map(len, said)),
        duplicates=_doubles(issue.subject for issue in _issues(ours)) + sum(map(_doubles, said)),
    )


def _issues(ours: Iterable[Actual]) -> Iterable[Actual]:
    return (issue for issue in ours if issue.kind in {Kind.REMEDIATION, Kind.STATUS})


def _said(comments: Iterable[Mapping[str, Any]], me: str, user_key: str) -> list[str]:
    return [str(row["body"]) for row in comments if str((row.get("author") or {}).get(user_key)) == me]


def _doubles(names: Iterable[str]) -> int:
    return sum(count - 1 for count in Counter(names).values())
