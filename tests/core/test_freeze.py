"""The frozen initial findings say the same when they are read back, and fit into a property."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.freeze import PROPERTY_LIMIT, freeze, frozen_findings, whole
from cmmc_rules.law import load_law
from cmmc_rules.records import Assessment, Dates, Finding
from cmmc_rules.words import Claim, Level, Path, Result

LEVEL_2 = load_law().requirements(Level.TWO)
RESULTS = st.sampled_from(list(Result))


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    requirement = draw(st.sampled_from(LEVEL_2))
    letters = st.sampled_from(requirement.objectives)
    claim = draw(st.none() | st.sampled_from(list(Claim)))
    return Finding(
        requirement=requirement.id,
        result=draw(st.none() | RESULTS),
        objectives=draw(st.dictionaries(letters, RESULTS)),
        variant=draw(st.none() | st.sampled_from(sorted(requirement.variants) or ["x"])),
        claim=claim,
        conditions=draw(st.dictionaries(st.sampled_from(["in_ssp", "environment_changed"]), st.booleans()))
        if claim
        else {},
        note=draw(st.none() | st.just("the enclave's firewall rules are not reviewed")),
        row=draw(st.none() | st.just("row 7")),
    )


def assessment(rows: tuple[Finding, ...]) -> Assessment:
    return Assessment(Level.TWO, Path.SELF, rows, Dates(as_of=date(2026, 6, 1)), poam=frozenset({"AC.L2-3.1.3"}))


def meaning(finding: Finding) -> tuple[object, ...]:
    conditions = tuple(sorted(finding.conditions.items()))
    objectives = tuple(sorted(finding.objectives.items()))
    return finding.requirement, finding.result, objectives, finding.variant, finding.claim, conditions


@given(st.lists(findings(), max_size=30).map(tuple))
def test_what_is_frozen_is_read_back_without_notes_and_without_repetition(rows: tuple[Finding, ...]) -> None:
    record = json.loads(json.dumps(freeze(assessment(rows), source="10001")))
    assert whole(record)
    back = frozen_findings(record)
    assert {meaning(row) for row in back} == {meaning(row) for row in rows}
    assert len(back) == len({meaning(row) for row in rows})
    assert all(row.note is None for row in back)
    assert "firewall" not in json.dumps(record)


@given(st.permutations([Finding(r.id, Result.NOT_MET) for r in LEVEL_2[:6]]))
def test_the_order_of_rows_does_not_change_the_digest(rows: list[Finding]) -> None:
    expected = freeze(assessment(tuple(Finding(r.id, Result.NOT_MET) for r in LEVEL_2[:6])), source=None)
    assert freeze(assessment(tuple(rows)), source=None)["digest"] == expected["digest"]


def test_a_record_that_was_changed_by_hand_is_not_whole() -> None:
    record = freeze(assessment((Finding("AC.L2-3.1.3", Result.NOT_MET),)), source=None)
    assert whole(record)
    assert not whole({**record, "findings": {}})
    assert not whole({})


def test_all_320_objectives_of_ten_assets_fit_into_a_property() -> None:
    rows = tuple(
        Finding(r.id, objectives={letter: list(Result)[(n + i) % 3]}, asset=f"asset {n}")
        for n in range(10)
        for r in LEVEL_2
        for i, letter in enumerate(r.objectives)
    )
    assert len(json.dumps(freeze(assessment(rows), source="10001"), separators=(",", ":"))) < PROPERTY_LIMIT
