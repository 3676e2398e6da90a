"""OSCAL assessment results (JSON or YAML, 1.0.4 to 1.2.x): their findings as a table.

Model: https://pages.nist.gov/OSCAL-Reference/models/v1.1.3/assessment-results/json-reference/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.place import shown
from cmmc_jira.findings.table import Row, Table, bounded

HEADER = ("Requirement", "Status", "Note")
_RESULTS = "assessment-results"
_OTHERS = {
    "catalog": "a catalogue of requirements, which rates nothing",
    "profile": "a profile, which selects requirements and rates none",
    "component-definition": "a component definition, which describes products and rates nothing",
    "system-security-plan": "a system security plan, which says what is planned and not what was found",
    "assessment-plan": "an assessment plan, which says what will be assessed and not what was found",
    "plan-of-action-and-milestones": "a POA&M, which says nothing of the requirements that are not on it",
    "mapping-collection": "a mapping between catalogues, which rates nothing",
}
_MODELS = frozenset({_RESULTS, *_OTHERS})
# Tokens may hold neither brackets nor a leading digit, so tools write `SP_800_171_3.1.1`, `_3.1.1`, `…_obj.a`.
_PREFIX = re.compile(r"^(?:_+|(?:nist[_-])?sp[_-]?800[_-]171(?:r2)?[_-])", re.IGNORECASE)
_PART = re.compile(r"[._-](?:obj|smt|stmt|objective)[._-]", re.IGNORECASE)


def is_oscal(tree: object) -> bool:
    """Whether a JSON or YAML value is a document of one of OSCAL's models."""
    return isinstance(tree, Mapping) and bool(_MODELS & set(tree))


def tables(name: str, tree: Mapping[str, Any]) -> tuple[Table, ...]:
    """The findings of an assessment-results document as one table; raises `BadFindings` for every other model."""
    for model, says in _OTHERS.items():
        if model in tree and _RESULTS not in tree:
            raise BadFindings(f"{name}: this is an OSCAL document, but {says}; give the assessment results")
    found = _list(_map(tree.get(_RESULTS)).get("results"))
    rated = [(index, _map(result)) for index, result in enumerate(found) if _list(_map(result).get("findings"))]
    if not rated:
        raise BadFindings(f"{name}: these OSCAL assessment results hold no findings; export them with their findings")
    if len(rated) > 1:
        titles = ", ".join(shown(result.get("title") or f"results[{index}]") for index, result in rated)
        raise BadFindings(f"{name}: this holds several assessments ({titles}); give the results of one alone")
    index, result = rated[0]
    key = f"{_RESULTS}.results[{index}].findings"
    return (Table("", bounded(name, (Row(key, HEADER), *_rows(_list(result["findings"]))))),)


def _rows(findings: Sequence[object]) -> Iterator[Row]:
    for index, finding in enumerate(findings):
        target = _map(_map(finding).get("target"))
        status = target.get("status")
        state = status if isinstance(status, str) else _text(_map(status).get("state"))
        if _text(_map(target.get("implementation-status")).get("state")) == "not-applicable":
            state = "not-applicable"
        note = _text(_map(status).get("remarks")) or _text(_map(finding).get("description"))
        written = _text(target.get("target-id")) or _text(_map(finding).get("title")) or "no target-id"
        yield Row(f"findings[{index}]", (_requirement(written), state, note))


def _requirement(token: str) -> str:
    return _PART.sub(".", _PREFIX.sub("", token))


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
