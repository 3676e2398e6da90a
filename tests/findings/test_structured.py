"""JSON and YAML of other tools: the list or map whose ids match is found wherever it stands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.reading import read_findings
from cmmc_jira.findings.structured import tables
from cmmc_rules.law import load_law
from cmmc_rules.words import Level, Result

LAW = load_law()


def rows(tree: object) -> list[tuple[str, ...]]:
    found = tables("f.json", tree)
    return [(row.place, *row.cells) for table in found for row in table.rows]


def test_a_list_of_objects_is_a_table_with_their_keys_as_header() -> None:
    assert rows(
        [
            {"control": "3.1.1", "status": "MET", "comment": "ok"},
            {"control": "3.1.2", "status": "Not Met", "owner": {"name": "Ada", "mail": None}, "tags": ["a", "b"]},
        ]
    ) == [
        ("keys", "control", "status", "comment", "owner.name", "tags"),
        ("[0]", "3.1.1", "MET", "ok"),
        ("[1]", "3.1.2", "Not Met", "", "Ada", "a; b"),
    ]


def test_a_map_from_ids_to_words_is_a_table() -> None:
    assert rows({"results": {"3.1.1": "MET", "3.1.2": "NOT MET"}}) == [
        ("results", "Requirement", "Status"),
        ("results[3.1.1]", "3.1.1", "MET"),
        ("results[3.1.2]", "3.1.2", "NOT MET"),
    ]


def test_a_map_from_ids_to_objects_is_a_table() -> None:
    assert rows({"3.1.1": {"state": "Implemented"}, "3.1.2": {"state": "Planned"}}) == [
        ("keys", "Requirement", "state"),
        ("3.1.1", "3.1.1", "Implemented"),
        ("3.1.2", "3.1.2", "Planned"),
    ]


@pytest.mark.parametrize(
    "objectives",
    [
        {"a": "MET", "b": "NOT MET"},
        {"[a]": {"result": "MET"}, "[b]": {"result": "NOT MET"}},
    ],
)
def test_objectives_in_a_map_below_a_requirement_are_rows_of_their_own(objectives: dict[str, object]) -> None:
    found = rows(
        [{"id": "3.1.2", "result": "NOT MET", "note": "n", "objectives": objectives}, {"id": "3.1.1", "result": "MET"}]
    )
    letters = list(objectives)
    assert found == [
        ("keys", "id", "Objective", "result", "note"),
        ("[0]", "3.1.2", "", "NOT MET", "n"),
        (f"[0].objectives.{letters[0]}", "3.1.2", letters[0], "MET", "n"),
        (f"[0].objectives.{letters[1]}", "3.1.2", letters[1], "NOT MET", "n"),
        ("[1]", "3.1.1", "", "MET"),
    ]


def test_objectives_in_a_list_are_rows_and_a_requirement_without_a_status_of_its_own_is_none() -> None:
    tree = {
        "requirements": [
            {"number": "3.1.2", "parts": [{"letter": "a", "finding": "MET"}, {"letter": "b", "finding": "NOT MET"}]}
        ]
    }
    assert rows(tree) == [
        ("requirements", "number", "Objective", "finding"),
        ("requirements[0].parts[0]", "3.1.2", "a", "MET"),
        ("requirements[0].parts[1]", "3.1.2", "b", "NOT MET"),
    ]


def test_lists_that_rate_different_requirements_are_one_assessment() -> None:
    tree = {
        "families": [
            {"id": "AC", "controls": [{"id": "3.1.1", "status": "MET"}]},
            {"id": "AT", "controls": [{"id": "3.2.1", "status": "NOT MET"}]},
        ]
    }
    assert rows(tree) == [
        ("families[0].controls", "id", "status"),
        ("families[0].controls[0]", "3.1.1", "MET"),
        ("families[1].controls[0]", "3.2.1", "NOT MET"),
    ]


def test_lists_that_rate_the_same_requirement_are_several_assessments() -> None:
    tree = {
        "may": [{"id": "3.1.1", "status": "MET"}],
        "june": {"findings": [{"id": "AC.L2-3.1.1", "status": "NOT MET"}]},
    }
    with pytest.raises(BadFindings) as refused:
        tables("f.json", tree)
    (told,) = refused.value.mistakes
    assert told.startswith(
        "f.json: may and june.findings rate the same requirements, so this holds several assessments"
    )


def test_a_list_that_rates_is_taken_and_a_catalogue_beside_it_is_not() -> None:
    tree = {"catalogue": [{"id": "3.1.1", "title": "Limit access"}], "findings": [{"id": "3.1.1", "status": "MET"}]}
    assert rows(tree) == [("findings", "id", "status"), ("findings[0]", "3.1.1", "MET")]


def test_what_is_no_object_keeps_its_row_so_that_it_can_be_listed() -> None:
    assert rows([{"id": "3.1.1", "status": "MET"}, {"id": "3.1.2", "status": "MET"}, "and so on"])[-1] == (
        "[2]", "", "", "and so on",
    )  # fmt: skip


@pytest.mark.parametrize("tree", [None, 5, "3.1.1", [], {}, {"a": [1, 2]}, [{"id": "x"}], {"name": "3.1.1"}])
def test_without_ids_there_is_no_table(tree: object) -> None:
    assert tables("f.json", tree) == ()


CELLS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["3.1.1", "3.1.2[a]", "MET", "a"])
)
NAMES = st.text(max_size=5) | st.sampled_from(["id", "status", "objectives", "3.1.1", "3.1.2", "a", "b", "Requirement"])
TREES = st.recursive(
    CELLS, lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES, below, max_size=4), max_leaves=30
)


@given(TREES)
def test_any_tree_is_a_findings_file_or_refused_in_sentences(tree: object) -> None:
    told = ("one",)
    try:
        read_findings("f.json", json.dumps(tree).encode(), law=LAW, level=None)
    except BadFindings as refused:
        told = refused.mistakes
    assert all(sentence.strip() and "\n" not in sentence for sentence in told)


def test_a_document_read_as_a_findings_file_is_no_table_although_its_closeout_rates_too() -> None:
    document = {
        "level": 2,
        "path": "Self",
        "findings": [{"id": "3.1.3", "result": "NOT MET"}],
        "closeout": {"by": "OSA", "results": {"3.1.3": "MET"}},
    }
    file = read_findings("f.json", json.dumps(document).encode(), law=LAW, level=None)
    assert [(each.requirement, each.result) for each in file.findings] == [("AC.L2-3.1.3", Result.NOT_MET)]


@pytest.mark.parametrize("name", ["f.json", "f.yaml", "f"])
def test_a_nested_list_is_read_through_the_one_door(name: str) -> None:
    tree = {"results": {"requirements": [{"id": "3.1.3", "status": "Met", "objectives": {"a": "Met", "b": "Not Met"}}]}}
    file = read_findings(name, json.dumps(tree).encode(), law=LAW, level=Level.TWO)
    said = {(each.requirement, each.result, *each.objectives.items()) for each in file.findings}
    assert said == {
        ("AC.L2-3.1.3", Result.MET),
        ("AC.L2-3.1.3", None, ("a", Result.MET)),
        ("AC.L2-3.1.3", None, ("b", Result.NOT_MET)),
    }
