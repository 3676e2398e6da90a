"""Which issues belong to an assessment."""

from collections.abc import Mapping
from typing import Any

from cmmc_jira.core.identity import assessment_label
from cmmc_jira.core.issues import Actual, Kind


def label_of(issue: Actual, assessment: Actual) -> bool:
    """Whether an issue carries the label of an assessment."""
    return assessment_label(assessment.id) in issue.labels


def says_so(issue: Actual, assessment: Actual) -> bool:
    """Whether an issue itself names an assessment: by label, link, parent or epic."""
    return label_of(issue, assessment) or not _named(issue).isdisjoint({assessment.id, assessment.key})


def _named(issue: Actual) -> frozenset[str]:
    """Return the assessments that an issue is tied to, by id, or by key where that is all that Jira tells."""
    return frozenset(end.id or end.key for end in issue.links if end.type_name == Kind.ASSESSMENT)


def belongs(issue: Actual, assessment: Actual) -> bool:
    """Whether a Finding issue is one of an assessment: it names it, or it names none at all.

    One that names none is only ever asked about where there is no other assessment it could be of.
    """
    return issue.kind is Kind.FINDING and (says_so(issue, assessment) or not _named(issue))


def remembered_ids(memory: Mapping[str, Any]) -> set[str]:
    """Return the ids that an assessment issue remembers as ours; what somebody broke by hand is passed over."""
    rows = memory.get("issues")
    listed = [row[0] for row in rows.values() if isinstance(row, list) and row] if isinstance(rows, Mapping) else []
    findings = memory.get("findings")
    return {str(id_) for id_ in (*listed, *(findings if isinstance(findings, list) else ())) if str(id_).isdecimal()}
