"""Whether what a process kept of issues is still what they remember.

Data Center cannot give the properties of many issues at once, so a process keeps what it read of them; and a property
that is written leaves no trace in when an issue was last changed. So the assessment issue, which every look reads,
holds one digest of what all its remediation issues remember.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cmmc_jira.core.changes import Change, Create, SetFields
from cmmc_jira.core.identity import STATUS_SUBJECT, digest
from cmmc_jira.core.issues import Actual

MEMORIES: Final = "memories"


def memories(issues: Mapping[str, Actual], changes: Iterable[Change] = ()) -> str:
    """Return a digest of what these issues remember, by subject, once the changes are made; empty for none.

    The status issue is left out: it changes often, and every look reads it by itself.
    """
    rows: dict[str, Mapping[str, Any]] = {subject: issue.memory for subject, issue in issues.items()}
    for change in changes:
        if isinstance(change, Create) or (isinstance(change, SetFields) and change.subject in rows):
            rows[change.subject] = change.memory
    rows.pop(STATUS_SUBJECT, None)
    return digest(rows) if rows else ""


def as_remembered(assessment: Actual, issues: Mapping[str, Actual]) -> bool:
    """Whether these issues remember what their assessment issue says they do."""
    return str(assessment.memory.get(MEMORIES, "")) == memories(issues)
