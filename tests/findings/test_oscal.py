"""OSCAL: assessment results give their findings; every other model is refused with what it is."""

from collections.abc import Mapping

import pytest

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.oscal import is_oscal, tables


def finding(target: str, state: str, **status: str) -> dict[str, object]:
    return {"target": {"type": "objective-id", "target-id": target, "status": {"state": state, **status}}}


def results(*findings: object, version: str = "1.1.3") -> dict[str, object]:
    result = {"title": "June", "start": "2026-06-01T00:00:00Z", "findings": list(findings)}
    return {"assessment-results": {"metadata": {"oscal-version": version}, "results": [result]}}


def rows(tree: Mapping[str, object]) -> list[tuple[str, tuple[str, ...]]]:
    (table,) = tables("f.json", tree)
    return [(row.place, row.cells) for row in table.rows[1:]]


def refusal(tree: Mapping[str, object]) -> str:
    with pytest.raises(BadFindings) as refused:
        tables("f.json", tree)
    return str(refused.value)


@pytest.mark.parametrize("version", ["1.0.4", "1.1.2", "1.1.3", "1.2.2"])
def test_findings_are_read_with_state_and_remarks(version: str) -> None:
    tree = results(
        finding("SC.L2-3.13.11.a", "not-satisfied", reason="fail", remarks="no FIPS module"),
        finding("ac.l2-3.1.1", "satisfied", reason="pass"),
        version=version,
    )
    assert is_oscal(tree)
    assert rows(tree) == [
        ("findings[0]", ("SC.L2-3.13.11.a", "not-satisfied", "no FIPS module")),
        ("findings[1]", ("ac.l2-3.1.1", "satisfied")),
    ]


@pytest.mark.parametrize("token", ["_3.1.2_obj.a", "SP_800_171_3.1.2_obj.a", "nist-sp-800-171r2-3.1.2.a"])
def test_tokens_lose_what_only_makes_them_tokens(token: str) -> None:
    assert rows(results(finding(token, "satisfied"))) == [("findings[0]", ("3.1.2.a", "satisfied"))]


def test_a_target_that_is_not_applicable_says_so() -> None:
    tree = results(
        {
            "target": {
                "target-id": "3.1.2",
                "status": {"state": "satisfied"},
                "implementation-status": {"state": "not-applicable"},
            }
        }
    )
    assert rows(tree) == [("findings[0]", ("3.1.2", "not-applicable"))]


def test_a_finding_that_names_nothing_keeps_its_row() -> None:
    assert [place for place, _cells in rows(results(5, {}, finding("3.1.2", "satisfied")))] == [
        "findings[0]", "findings[1]", "findings[2]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("catalog", "a catalogue of requirements, which rates nothing"),
        ("profile", "a profile"),
        ("component-definition", "a component definition"),
        ("system-security-plan", "a system security plan"),
        ("assessment-plan", "an assessment plan"),
        ("plan-of-action-and-milestones", "a POA&M, which says nothing of the requirements that are not on it"),
        ("mapping-collection", "a mapping between catalogues"),
    ],
)
def test_other_models_are_refused_with_what_they_are(model: str, told: str) -> None:
    assert is_oscal({model: {}})
    assert refusal({model: {}}).startswith(f"f.json: this is an OSCAL document, but {told}")


def test_several_results_are_several_assessments() -> None:
    tree = {"assessment-results": {"results": [{"title": "May", "findings": [1]}, {"findings": [2]}]}}
    assert refusal(tree) == (
        "f.json: this holds several assessments ('May', 'results[1]'); give the results of one alone"
    )


@pytest.mark.parametrize("body", [None, [], {}, {"results": []}, {"results": [{"findings": []}]}, {"results": "x"}])
def test_results_without_findings_are_refused(body: object) -> None:
    assert "hold no findings" in refusal({"assessment-results": body})
