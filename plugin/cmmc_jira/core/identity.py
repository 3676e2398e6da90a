"""How our issues are known again: by id and property, never by key, summary or status name."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

PROPERTY: Final = "cmmc-jira"
FROZEN_PROPERTY: Final = "cmmc-jira-findings"
LABEL: Final = "cmmc"
STATUS_SUBJECT: Final = "status"
ASSESSMENT_SUBJECT: Final = "assessment"

_ASSESSMENT_LABEL: Final = re.compile(r"cmmc-(\d+)")


def assessment_label(assessment_id: str) -> str:
    """Return the label that every issue of an assessment carries."""
    return f"{LABEL}-{assessment_id}"


def labels(assessment_id: str, subject: str) -> frozenset[str]:
    """Return the labels of one issue; the last one is computed from assessment and requirement and names it alone."""
    common = assessment_label(assessment_id)
    return frozenset({LABEL, common, f"{common}-{subject.lower()}"})


def assessment_of(issue_labels: frozenset[str]) -> str | None:
    """Return the id of the assessment that these labels name, if they name exactly one."""
    found = assessments_of(issue_labels)
    return next(iter(found)) if len(found) == 1 else None


def assessments_of(issue_labels: frozenset[str]) -> frozenset[str]:
    """Return the id of every assessment that these labels name."""
    return frozenset(match[1] for label in issue_labels if (match := _ASSESSMENT_LABEL.fullmatch(label)))


def digest(value: object) -> str:
    """Return 16 hexadecimal digits that are equal for equal values: SHA-256 over canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:16]


def canonical(value: object) -> str:
    """Return JSON with one spelling for one value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)


def memory_of(properties: Mapping[str, Any], key: str = PROPERTY) -> Mapping[str, Any]:
    """Return our property as it was read, or an empty mapping when it is absent or not ours."""
    value = properties.get(key)
    return value if isinstance(value, Mapping) else {}
