"""The initial findings as they stood when the CMMC Status Date was entered: compact, without notes, with a digest.

They are kept in a property of the assessment issue. Assessors' notes may be CUI and are not part of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cmmc_jira.core.identity import digest
from cmmc_rules.records import Assessment, Finding
from cmmc_rules.words import Claim, Result

VERSION: Final = 1
PROPERTY_LIMIT: Final = 32_768

_SHORT: Final = {Result.MET: "M", Result.NOT_MET: "N", Result.NA: "A", Result.NOT_ASSESSED: "-"}
_LONG: Final = {short: result for result, short in _SHORT.items()}


def freeze(assessment: Assessment, *, source: str | None) -> dict[str, Any]:
    """Return the record of an assessment's initial findings; `source` is the id of the attachment they came from.

    Rows that say the same are kept once: the law gives the same answer for them.
    """
    rows: dict[str, list[Any]] = {}
    for finding in assessment.findings:
        row = _short(finding)
        kept = rows.setdefault(finding.requirement, [])
        if row not in kept:
            kept.append(row)
    findings = {requirement: sorted(kept, key=digest) for requirement, kept in sorted(rows.items())}
    content = {
        "level": int(assessment.level),
        "path": str(assessment.path),
        "unlisted": str(assessment.unlisted),
        "poam": None if assessment.poam is None else sorted(assessment.poam),
        "ssp": assessment.context.ssp_present,
        "findings": findings,
    }
    return {"v": VERSION, **content, "digest": digest(content), "source": source}


def frozen_findings(record: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the findings of a record, in the order of the requirements' ids."""
    return tuple(_long(requirement, row) for requirement, rows in sorted(record["findings"].items()) for row in rows)


def whole(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of ours and still says what its digest says."""
    if record.get("v") != VERSION:
        return False
    content = {key: record.get(key) for key in ("level", "path", "unlisted", "poam", "ssp", "findings")}
    return digest(content) == record.get("digest")


def _short(finding: Finding) -> list[Any]:
    result = _SHORT[finding.result] if finding.result else ""
    objectives = [f"{letter}{_SHORT[said]}" for letter, said in sorted(finding.objectives.items())]
    row: list[Any] = [result, " ".join(objectives)]
    if finding.variant or finding.claim:
        conditions = sorted(name for name, holds in finding.conditions.items() if holds)
        denied = sorted(name for name, holds in finding.conditions.items() if not holds)
        row += [finding.variant or "", finding.claim.value if finding.claim else "", conditions, denied]
    return row


def _long(requirement: str, row: Sequence[Any]) -> Finding:
    result, objectives, *more = row
    variant, claim, conditions, denied = more or ("", "", (), ())
    return Finding(
        requirement=requirement,
        result=_LONG[result] if result else None,
        objectives={part[:-1]: _LONG[part[-1]] for part in objectives.split()},
        variant=variant or None,
        claim=Claim(claim) if claim else None,
        conditions={**dict.fromkeys(conditions, True), **dict.fromkeys(denied, False)},
    )
