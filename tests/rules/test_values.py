"""The figures of the rule, each by itself, against what was read in the text apart from the YAML."""

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from cmmc_rules.law import load_law
from cmmc_rules.words import Assessor, Authority, Level, Path, SprsLabel, Status

LAW = load_law()
DAY = date(2026, 10, 1)
LEVEL_2 = LAW.requirements(Level.TWO)

FIGURES: list[tuple[str, Any, str]] = [
    ("170.4.status.names", tuple(each for each in Status if each.final or each.conditional), 'CMMC Status" (i)-(vii)'),
    ("170.4.status_date.day_zero", 0, 'CMMC Status Date"'),
    ("170.4.status_date.survives_closeout", True, 'CMMC Status Date"'),
    ("170.7.appeal.days", 21, "170.7(b)"),
    ("170.9.records.years", 6, "170.9(b)(9)"),
    ("170.14.model.level_1_requirements", 15, "170.14(c)(2)"),
    ("170.14.model.level_2_requirements", 110, "170.14(c)(3)"),
    ("170.14.model.level_3_requirements", 24, "170.14(c)(4)"),
    ("170.15.status.final", Status.FINAL_1_SELF, "170.15(a)(1)"),
    ("170.15.scope.counterparts", {"level_1": 15, "nist_sp_800_171": 17, "objectives": 59}, "170.15(c)(1)(i)-(ii)"),
    ("170.15.validity.years", 1, "170.15(a)(1)"),
    ("170.15.retention.years", 6, "170.15(c)(2)"),
    ("170.15.retention.hashing", False, "170.15(c)(2)"),
    ("170.16.status.final", Status.FINAL_2_SELF, "170.16(a)(1)(iii)"),
    ("170.16.status.conditional", Status.CONDITIONAL_2_SELF, "170.16(a)(1)(ii)"),
    ("170.16.validity.years", 3, "170.16(a)(1)"),
    ("170.16.retention.years", 6, "170.16(c)(4)"),
    ("170.16.retention.hashing", False, "170.16(c)(4)"),
    ("170.17.status.final", Status.FINAL_2_C3PAO, "170.17(a)(1)(iii)"),
    ("170.17.status.conditional", Status.CONDITIONAL_2_C3PAO, "170.17(a)(1)(ii)"),
    ("170.17.validity.years", 3, "170.17(a)(1)"),
    ("170.17.retention.years", 6, "170.17(c)(4)"),
    ("170.17.retention.hashing", True, "170.17(c)(4)"),
    ("170.17.reevaluation.business_days", 10, "170.17(c)(2)"),
    ("170.18.status.final", Status.FINAL_3_DIBCAC, "170.18(a)(1)(iii)"),
    ("170.18.status.conditional", Status.CONDITIONAL_3_DIBCAC, "170.18(a)(1)(ii)"),
    ("170.18.prerequisite.level_2_status", Status.FINAL_2_C3PAO, "170.18(a)"),
    ("170.18.validity.years", 3, "170.18(a)(1)"),
    ("170.18.retention.years", 6, "170.18(c)(4)"),
    ("170.18.retention.hashing", True, "170.18(c)(4)"),
    ("170.18.reevaluation.business_days", 10, "170.18(c)(2)"),
    ("170.21.level_1.poam_permitted", False, "170.21(a)(1)"),
    ("170.21.level_2.least_score_ratio", Fraction(4, 5), "170.21(a)(2)(i)"),
    ("170.21.level_2.most_points_of_item", 1, "170.21(a)(2)(ii)"),
    ("170.21.level_2.deferrable_variant", {"SC.L2-3.13.11": "employed_not_fips_validated"}, "170.21(a)(2)(ii)"),
    ("170.21.level_3.least_score_ratio", Fraction(4, 5), "170.21(a)(3)(i)"),
    ("170.21.closeout.days", 180, "170.21(b)"),
    ("170.21.closeout.by_self", Assessor.OSA, "170.21(b)(1)"),
    ("170.21.closeout.by_c3pao", Assessor.C3PAO, "170.21(b)(2)"),
    ("170.21.closeout.by_dibcac", Assessor.DIBCAC, "170.21(b)(3)"),
    ("170.22.affirmation.every_years", 1, "170.22(a)(3)(iii)"),
    ("170.24.findings.enduring_exception", {"described_in_ssp": True}, "170.24(b)(1)(i)"),
    (
        "170.24.findings.temporary_deficiency",
        {"in_operational_plan": True, "deficiency_reviews_and_progress": True, "arose_after_implementation": True},
        "170.24(b)(1)(ii)",
    ),
    (
        "170.24.findings.dod_cio_adjudication",
        {"in_ssp": True, "environment_changed": False},
        "170.24(c)(2)(i)(B)(8)",
    ),
    ("170.24.level_2.most", 110, "170.24(c)(2)"),
    ("170.24.level_2.least", -203, "170.24(c)(2)"),
    ("170.24.level_2.values", {"five_points": 42, "three_points": 14, "one_point": 51}, "170.24(c)(2)(i)(B)(1)-(3)"),
    ("170.24.level_2.system_security_plan", "CA.L2-3.12.4", "170.24(c)(2)(i)(B)(5)"),
    ("170.24.level_3.most", 24, "170.24(c)(3)"),
    ("170.24.level_3.least", 0, "170.24(c)(3)"),
    ("preamble.poam.largest", {"one_pointers_only": 22, "one_pointers_beside_3_13_11": 19}, "comments on POA&Ms"),
    ("dfars.current.conditional_days", 180, "DFARS 204.7501"),
    ("dfars.current.final_level_1_years", 1, "DFARS 204.7501"),
    ("dfars.current.final_level_2_years", 3, "DFARS 204.7501"),
    ("dfars.current.affirmation_years", 1, "DFARS 204.7501"),
    ("cap.appeal.business_days", 15, "CAP v2.0 3.28"),
    ("faq.sprs.labels", tuple(SprsLabel), "DoD CMMC FAQ C-A10"),
    ("faq.closeout.failure_ends_status", {Path.SELF: False, Path.C3PAO: True, Path.DIBCAC: True}, "DoD CMMC FAQ C-A8"),
    ("faq.phases.suspended_on", date(2026, 7, 13), "DoD CMMC FAQ A-A1, D-A1"),
    ("sprs.conditional.scores", {"least": 88, "most": 109}, "SPRS Level 2 Quick Entry Guide v4.0"),
]


@pytest.mark.parametrize(("key", "value", "cite"), FIGURES, ids=[key for key, _value, _cite in FIGURES])
def test_the_figure_is_what_the_text_says(key: str, value: object, cite: str) -> None:
    rule = LAW.rules[key]
    assert rule.values.on(DAY) == value
    assert type(rule.values.on(DAY)) is type(value) or not isinstance(value, int)
    assert cite in rule.cite


def test_each_phase_begins_a_calendar_year_after_the_one_before() -> None:
    begins = LAW.rules["170.3.phases.begin"].values.on(DAY)
    assert list(begins.values()) == [date(year, 11, 10) for year in (2025, 2026, 2027, 2028)]


def test_the_regulation_has_been_in_force_since_its_effective_date() -> None:
    for rule in LAW.rules.values():
        if rule.authority is Authority.REGULATION and rule.key != "170.3.phases.begin":
            assert rule.values.since(DAY) == date(2024, 12, 16), rule.key


def test_the_counts_that_the_rule_gives_are_those_of_the_catalogue() -> None:
    assert [len(LAW.requirements(level)) for level in Level] == [15, 110, 24]
    fixed = Counter(each.points for each in LEVEL_2 if not each.variants)
    assert fixed == {5: 42, 3: 14, 1: 51, None: 1}
    assert 110 - sum(each.points or 0 for each in LEVEL_2) == LAW.rules["170.24.level_2.least"].values.on(DAY)
    counterparts = {number for each in LAW.requirements(Level.ONE) for number in each.numbers}
    assert len(counterparts) == 17
    assert sum(len(each.objectives) for each in LAW.requirements(Level.ONE)) == 59


@pytest.mark.parametrize(
    ("key", "requirement"),
    [("170.24.level_2.multifactor", "IA.L2-3.5.3"), ("170.24.level_2.encryption", "SC.L2-3.13.11")],
)
def test_the_variants_are_priced_alike_in_the_rule_and_in_the_catalogue(key: str, requirement: str) -> None:
    assert LAW.rules[key].values.on(DAY) == LAW.requirement(requirement).variants
    assert LAW.rules[key].cite == LAW.requirement(requirement).points_cite


def test_every_level_2_counterpart_of_a_level_1_requirement_is_kept_off_the_poam() -> None:
    barred = LAW.rules["170.21.level_2.never_deferred"].values.on(DAY)
    counterparts = [each for each in LEVEL_2 if each.level1]
    assert len(counterparts) == 17
    assert all(each.id in barred or (each.points or 0) > 1 for each in counterparts)
