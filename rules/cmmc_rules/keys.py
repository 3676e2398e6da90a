"""Every figure that the functions of the law compute with, by its key in `regulation/` and its kind."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeVar

from cmmc_rules import kinds
from cmmc_rules.rule import Key
from cmmc_rules.words import Assessor, Level, Path, Status

T = TypeVar("T")
ALL: Final[list[Key[Any]]] = []


def _key(name: str, kind: kinds.Kind[T]) -> Key[T]:
    key = Key(name, kind)
    ALL.append(key)
    return key


MOST_2: Final = _key("170.24.level_2.most", kinds.count)
MOST_3: Final = _key("170.24.level_3.most", kinds.count)
SSP: Final = _key("170.24.level_2.system_security_plan", kinds.requirement)
ALL_MET_1: Final = _key("170.24.level_1.scoring", kinds.nothing)
NEEDS_POAM: Final = _key("170.24.level_2.not_met_needs_poam", kinds.nothing)
ENDURING_EXCEPTION: Final = _key("170.24.findings.enduring_exception", kinds.conditions)
TEMPORARY_DEFICIENCY: Final = _key("170.24.findings.temporary_deficiency", kinds.conditions)
DOD_CIO_ADJUDICATION: Final = _key("170.24.findings.dod_cio_adjudication", kinds.conditions)

POAM_1: Final = _key("170.21.level_1.poam_permitted", kinds.flag)
LEAST_RATIO: Final[dict[Level, Key[Fraction]]] = {
    Level.TWO: _key("170.21.level_2.least_score_ratio", kinds.ratio),
    Level.THREE: _key("170.21.level_3.least_score_ratio", kinds.ratio),
}
NEVER_DEFERRED: Final = {
    Level.TWO: _key("170.21.level_2.never_deferred", kinds.cites),
    Level.THREE: _key("170.21.level_3.never_deferred", kinds.cites),
}
MOST_POINTS: Final = _key("170.21.level_2.most_points_of_item", kinds.count)
DEFERRABLE_VARIANT: Final = _key("170.21.level_2.deferrable_variant", kinds.variants)

CLOSEOUT_DAYS: Final = _key("170.21.closeout.days", kinds.count)
CLOSEOUT_COVERS: Final = _key("170.21.closeout.covers", kinds.nothing)
EXPIRY: Final = _key("170.21.closeout.expiry", kinds.nothing)
FAILURE_ENDS: Final = _key("faq.closeout.failure_ends_status", kinds.paths)
SCOPE_CHANGE: Final = _key("preamble.closeout.scope_change", kinds.nothing)
LEVEL_2_STATUS: Final = _key("170.18.prerequisite.level_2_status", kinds.status)

AFFIRMATION_YEARS: Final = _key("170.22.affirmation.every_years", kinds.count)
DIBCAC_APPEAL_DAYS: Final = _key("170.7.appeal.days", kinds.count)
CYBER_AB_APPEAL_DAYS: Final = _key("cap.appeal.business_days", kinds.count)


@dataclass(frozen=True, slots=True)
class CloseoutKeys:
    """The figures of a Conditional status and its closeout."""

    conditional: Key[Status]
    window: Key[None]
    by: Key[Assessor]


@dataclass(frozen=True, slots=True)
class ReevaluationKeys:
    """The figures of the re-evaluation of a certification assessment: its days and its three conditions."""

    business_days: Key[int]
    evidence: Key[None]
    no_effect_on_others: Key[None]
    report_not_delivered: Key[None]


@dataclass(frozen=True, slots=True)
class PathKeys:
    """The figures of one way of being assessed.

    `closeout` is None where there is no Conditional status. `reevaluation` is the statement that there is none where
    the section has none.
    """

    final: Key[Status]
    valid_years: Key[int]
    retention_years: Key[int]
    hashing: Key[bool]
    closeout: CloseoutKeys | None
    reevaluation: ReevaluationKeys | Key[None]


def _path(section: str, *, closeout_by: str | None, certification: bool) -> PathKeys:
    closeout = closeout_by and CloseoutKeys(
        conditional=_key(f"{section}.status.conditional", kinds.status),
        window=_key(f"{section}.closeout.window", kinds.nothing),
        by=_key(f"170.21.closeout.{closeout_by}", kinds.assessor),
    )
    return PathKeys(
        final=_key(f"{section}.status.final", kinds.status),
        valid_years=_key(f"{section}.validity.years", kinds.count),
        retention_years=_key(f"{section}.retention.years", kinds.count),
        hashing=_key(f"{section}.retention.hashing", kinds.flag),
        closeout=closeout or None,
        reevaluation=_reevaluation(section) if certification else _key(f"{section}.reevaluation.none", kinds.nothing),
    )


def _reevaluation(section: str) -> ReevaluationKeys:
    return ReevaluationKeys(
        business_days=_key(f"{section}.reevaluation.business_days", kinds.count),
        evidence=_key(f"{section}.reevaluation.evidence", kinds.nothing),
        no_effect_on_others=_key(f"{section}.reevaluation.no_effect_on_others", kinds.nothing),
        report_not_delivered=_key(f"{section}.reevaluation.report_not_delivered", kinds.nothing),
    )


PATHS: Final = {
    (Level.ONE, Path.SELF): _path("170.15", closeout_by=None, certification=False),
    (Level.TWO, Path.SELF): _path("170.16", closeout_by="by_self", certification=False),
    (Level.TWO, Path.C3PAO): _path("170.17", closeout_by="by_c3pao", certification=True),
    (Level.THREE, Path.DIBCAC): _path("170.18", closeout_by="by_dibcac", certification=True),
}
