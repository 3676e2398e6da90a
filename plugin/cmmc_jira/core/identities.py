"""Which issue is which: each of ours is known again whatever people or apps did to what it carries."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cmmc_jira.core.identity import STATUS_SUBJECT, labels
from cmmc_jira.core.issues import Actual, Kind

_OURS = frozenset({Kind.REMEDIATION, Kind.STATUS})


def identities(assessment: Actual, read: Iterable[Actual], myself: str) -> tuple[dict[str, Actual], tuple[Actual, ...]]:
    """Return our issues by subject, and the ones of ours whose identity another issue already has.

    Identity is our property, and the assessment issue's own list of ids, which wins: an issue in it whose property was
    taken away or overwritten is still the same. A copy that a person made carries the property too, where an app copied
    it: it was not created by us, is in no list, and is left alone. Of two that we created, the older one stays. Where
    list and property are both gone, an issue that we created is known by the label that names it alone.
    """
    rows = listed(assessment)
    subjects = {id_: subject for subject, id_ in rows.items()}
    candidates: dict[str, list[Actual]] = {}
    nameless: list[Actual] = []
    for issue in (_as_listed(each, subjects.get(each.id), assessment) for each in read if each.kind in _OURS):
        if issue.memory.get("assessment") == assessment.id and issue.subject:
            if rows.get(issue.subject) == issue.id or issue.creator == myself:
                candidates.setdefault(issue.subject, []).append(issue)
        elif issue.creator == myself and not issue.memory.get("assessment"):
            nameless.append(issue)
    issues, doubles = {}, []
    for subject, same in candidates.items():
        first, *rest = sorted(same, key=lambda issue: (issue.id != rows.get(subject), int(issue.id)))
        issues[subject] = first
        doubles += rest
    for issue in sorted(nameless, key=lambda issue: int(issue.id)):
        if issue.subject and labels(assessment.id, issue.subject) <= issue.labels:
            issues.setdefault(issue.subject, _named(issue, issue.subject, assessment))
    return issues, tuple(sorted(doubles, key=lambda issue: int(issue.id)))


def listed(assessment: Actual) -> Mapping[str, str]:
    """Return the ids of our issues by subject, as an assessment issue remembers them."""
    return {subject: row[0] for subject, row in (assessment.memory.get("issues") or {}).items()}


def _as_listed(issue: Actual, subject: str | None, assessment: Actual) -> Actual:
    """Return an issue as the assessment issue's list names it; of what it remembers as another one nothing is true."""
    is_it = (issue.memory.get("assessment"), issue.memory.get("subject")) == (assessment.id, subject)
    return issue if subject is None or is_it else _named(issue, subject, assessment)


def _named(issue: Actual, subject: str, assessment: Actual) -> Actual:
    kind = Kind.STATUS if subject == STATUS_SUBJECT else Kind.REMEDIATION
    return replace(issue, kind=kind, subject=subject, memory={"assessment": assessment.id, "subject": subject})
