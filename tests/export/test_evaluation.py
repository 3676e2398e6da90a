"""The JSON of an evaluation: the keys and shapes that other programs rely on."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cmmc_jira.export.evaluation import as_json, placed
from cmmc_jira.findings.document import read_document
from cmmc_rules.answers import Notice
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law
from cmmc_rules.records import Evaluation

GOLDENS = Path(__file__).parent / "goldens"
KEYS = [
    "level", "path", "as_of", "posted", "score", "max_score", "min_conditional_score", "score_at_worst",
    "score_at_best", "status", "sprs_status_type", "conditional_eligible", "gates", "reasons", "notices", "items",
    "not_assessed", "cmmc_status_date", "deadline", "day_number", "days_remaining", "valid_through",
    "next_annual_affirmation_due", "affirmation_current", "closeout_affirmation_required", "retain_through",
    "hashing_required", "reevaluation", "appeal",
]  # fmt: skip
ANSWER = ["citation", "because"]


def evaluated(document: object) -> Evaluation:
    law = load_law()
    return evaluate(read_document(document, law=law, as_of=date(2026, 6, 1)), law)


def test_the_pair_of_the_contract_is_true_to_the_letter() -> None:
    document = json.loads((GOLDENS / "conditional.assessment.json").read_text(encoding="utf-8"))
    golden = (GOLDENS / "conditional.evaluation.json").read_text(encoding="utf-8")
    assert json.dumps(as_json(evaluated(document)), indent=2, ensure_ascii=False) + "\n" == golden


@pytest.mark.parametrize(
    "document",
    [
        {"level": 1, "path": "Self", "findings": []},
        {"level": 1, "path": "Self", "unlisted": "MET", "findings": [{"id": "AC.L1-b.1.i", "result": "NOT MET"}]},
        {"level": 2, "path": "Self", "unlisted": "MET", "findings": [{"id": "3.12.4", "result": "NOT MET"}]},
        {"level": 2, "path": "C3PAO", "findings": [{"id": "3.1.1", "result": "NOT MET"}]},
        {"level": 3, "path": "DIBCAC", "unlisted": "MET", "dates": {"cmmc_status_date": "2025-01-02"}},
    ],
)
def test_all_keys_are_there_always_and_in_their_order(document: object) -> None:
    said = as_json(evaluated(document))
    assert list(said) == KEYS
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    for gate in said["gates"]:
        assert list(gate) == ["id", "held", *ANSWER]
    for reason in (*said["reasons"], *said["notices"], *said["reevaluation"]["reasons"], *said["appeal"]["reasons"]):
        assert list(reason) == ["code", "requirement", *ANSWER]
    for item in said["items"]:
        shape = ["requirement", "name", "points", "poam_eligible", "objectives_not_met", "variant", *ANSWER]
        assert list(item) == shape
    assert list(said["reevaluation"]) == ["open", "last_day", "reasons"]
    assert list(said["appeal"]) == ["last_day", "timely", "reasons"]


def test_dates_are_plain_and_absent_ones_null() -> None:
    said = as_json(evaluated({"level": 2, "path": "Self", "unlisted": "MET"}))
    assert said["as_of"] == "2026-06-01"
    assert {said[key] for key in ("cmmc_status_date", "deadline", "valid_through", "retain_through")} == {None}


@pytest.mark.parametrize(
    ("row", "because", "told"),
    [
        (None, "All is well", "All is well"),
        ("4", "4 of 110 are worth 4 points", "row 4: 4 of 110 are worth 4 points"),
        ("row 12", "'3.1.99' does not exist", "row 12: '3.1.99' does not exist"),
        ("row 12", "row 12 was not read", "row 12 was not read"),
        ("findings[3]", "it is unread", "findings[3]: it is unread"),
    ],
)
def test_a_notice_names_its_place_in_the_file_once(row: str | None, because: str, told: str) -> None:
    assert placed(Notice("UNREAD", because, row=row)) == told
    evaluation = replace(evaluated({"level": 2, "path": "Self"}), notices=(Notice("UNREAD", because, row=row),))
    assert [notice["because"] for notice in as_json(evaluation)["notices"]] == [told]
