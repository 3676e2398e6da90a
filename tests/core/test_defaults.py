"""Values that a project gives to its own fields: each as Jira wants it for its type, or refused in a sentence."""

from datetime import date
from typing import Any

import pytest

from cmmc_jira.core.defaults import Extras, Somebody, WrongValueError, typed
from cmmc_jira.core.fields import EPIC_LINK, map_fields
from cmmc_jira.core.issues import Kind
from cmmc_jira.core.mapping import ProjectMapping, Tie, Workflow
from cmmc_jira.errors import JiraRefused
from support.fields import every_field

OPTIONS = {"type": "array", "items": "option"}


@pytest.mark.parametrize(
    ("value", "schema", "json"),
    [
        ("Compliance", {"type": "option"}, {"value": "Compliance"}),
        (3, {"type": "option"}, {"value": "3"}),
        (["a", "b"], OPTIONS, [{"value": "a"}, {"value": "b"}]),
        ("a", OPTIONS, [{"value": "a"}]),
        (["a", {"id": "7"}], OPTIONS, [{"value": "a"}, {"id": "7"}]),
        (["1.0"], {"type": "array", "items": "version"}, [{"name": "1.0"}]),
        (["Logging"], {"type": "array", "items": "component"}, [{"name": "Logging"}]),
        (["x"], {"type": "array", "items": "string"}, ["x"]),
        (["Americas", "East"], {"type": "option-with-child"}, {"value": "Americas", "child": {"value": "East"}}),
        ("Americas", {"type": "option-with-child"}, {"value": "Americas"}),
        ("High", {"type": "priority"}, {"name": "High"}),
        ("Fixed", {"type": "resolution"}, {"name": "Fixed"}),
        ("words", {"type": "string"}, "words"),
        (2.5, {"type": "number"}, 2.5),
        (date(2027, 1, 31), {"type": "date"}, "2027-01-31"),
        ("2027-01-31T09:00:00.000+0000", {"type": "datetime"}, "2027-01-31T09:00:00.000+0000"),
        ("ada", {"type": "user"}, Somebody("ada")),
        (["ada"], {"type": "array", "items": "user"}, [Somebody("ada")]),
        ({"id": "7"}, {"type": "option"}, {"id": "7"}),
        ("TEAM-1", {}, "TEAM-1"),
    ],
)
def test_a_value_is_written_as_the_field_of_its_type_wants_it(value: Any, schema: dict[str, Any], json: Any) -> None:  # noqa: ANN401  whatever YAML and Jira hold
    assert typed(value, schema) == json


@pytest.mark.parametrize(
    ("value", "schema", "sentence"),
    [
        ("3", {"type": "number"}, "is a number field, and '3' is none: write digits, without quotes"),
        (True, {"type": "number"}, "is a number field, and True is none"),
        ("tomorrow", {"type": "date"}, "is a date field, and 'tomorrow' is none: write it as YYYY-MM-DD"),
        (date(2027, 1, 31), {"type": "datetime"}, "is a datetime field, and datetime.date"),
        (["a", "b"], {"type": "option"}, "takes one value, not a list of 2: write one"),
        (["a", "b", "c"], {"type": "option-with-child"}, "takes an option and the one below it, not 3 values"),
        (True, {"type": "option"}, "holds True, which YAML made of a word: write it in quotes"),
        ([None], OPTIONS, "holds nothing: write a value, or take the line out"),
    ],
)
def test_a_value_that_no_such_field_holds_is_refused(value: Any, schema: dict[str, Any], sentence: str) -> None:  # noqa: ANN401  as above
    with pytest.raises(WrongValueError) as refused:
        typed(value, schema)
    assert str(refused.value).startswith(sentence)


def test_people_are_looked_up_wherever_they_stand() -> None:
    given = Extras({"status": {"a": Somebody("ada"), "b": [Somebody("bob")], "c": "x"}}, {})
    found = given.settled(lambda name: {"name": name})
    assert found.creates == {"status": {"a": {"name": "ada"}, "b": [{"name": "bob"}], "c": "x"}}


def refused(mapping: ProjectMapping, *more: dict[str, Any], flavour: str = "cloud") -> list[str]:
    with pytest.raises(JiraRefused) as told:
        map_fields([*every_field(), *more], flavour=flavour, mapping=mapping)
    return str(told.value).splitlines()


WRITE = "write its name as Jira shows it, or its id."
ANOTHER = "name another field for it."
OWN = "give each a field of its own."
ONE = "): write the id of the one that is meant."
DIGITS = "write digits, without quotes."
TEAM = {"id": "customfield_1", "name": "Team", "schema": {"type": "option"}}
EFFORT = {"id": "customfield_2", "name": "Effort", "schema": {"type": "number"}}


def test_what_a_mapping_names_and_jira_has_otherwise_is_told_all_at_once() -> None:
    mapping = ProjectMapping(
        fields={"CMMC Points": "Deduction", "CMMC Variant": "Effort", "POA&M Basis": "customfield_10100"},
        defaults={"remediation": {"Tem": "X", "Effort": "three", "Twin": 1}},
        workflow={"status": Workflow(fields={"customfield_9": "X"})},
        where="mapping.yaml",
    )
    twins = ({"id": f"customfield_{n}", "name": "Twin", "schema": {"type": "number"}} for n in (3, 4))
    assert refused(mapping, TEAM, EFFORT, *twins) == [
        f"{where}{told}"
        for where, told in (
            ("mapping.yaml: ", f'this Jira has no field "Deduction" (our "CMMC Points"): {WRITE}'),
            ('The field "Effort" (our "CMMC Variant") ', "(customfield_2) is of type number, not select: " + ANOTHER),
            ('mapping.yaml: "CMMC Requirement" and "POA&M Basis" ', "are both the field customfield_10100: " + OWN),
            ("mapping.yaml, remediation: the field ", '"Tem" is none of this Jira\'s; did you mean "Team"?'),
            ("mapping.yaml, remediation: the field ", "\"Effort\" is a number field, and 'three' is none: " + DIGITS),
            (
                "mapping.yaml, remediation: the field ",
                '"Twin" is the name of 2 fields (customfield_3, customfield_4' + ONE,
            ),
            ("mapping.yaml, status: the field ", f'"customfield_9" is none of this Jira\'s; {WRITE}'),
        )
    ]


def test_a_field_is_found_by_name_or_id_and_one_named_otherwise_is_told() -> None:
    rows = [{**row, "name": "Deduction"} if row["name"] == "CMMC Points" else row for row in every_field()]
    level = next(row["id"] for row in rows if row["name"] == "CMMC Level")
    mapping = ProjectMapping(fields={"CMMC Points": "Deduction", "CMMC Level": level})
    found = map_fields(rows, flavour="cloud", mapping=mapping)
    assert found.ids["CMMC Level"] == level
    assert found.read({found.ids["CMMC Points"]: 3.0}) == {"CMMC Points": "3"}
    assert found.renamed == {"CMMC Points": "Deduction"}


def test_two_fields_of_one_name_are_told_apart_by_an_id() -> None:
    twin = {"id": "customfield_7", "name": "CMMC Level", "schema": {"type": "option"}}
    mapping = ProjectMapping(fields={"CMMC Level": "customfield_7"})
    assert map_fields([*every_field(), twin], flavour="cloud", mapping=mapping).ids["CMMC Level"] == "customfield_7"


@pytest.mark.parametrize(
    ("tie", "flavour", "field"),
    [
        (Tie.LINK, "cloud", ""),
        (Tie.PARENT, "cloud", "parent"),
        (Tie.PARENT, "datacenter", "parent"),
        (Tie.EPIC, "cloud", "parent"),
        (Tie.EPIC, "datacenter", "customfield_8"),
    ],
)
def test_what_ties_an_issue_to_its_assessment_depends_on_the_flavour(tie: Tie, flavour: str, field: str) -> None:
    epic = {"id": "customfield_8", "name": "Epic Link", "schema": {"type": "any", "custom": EPIC_LINK}}
    found = map_fields([*every_field(), epic], flavour=flavour, mapping=ProjectMapping(tie=tie))
    assert found.parent_id == field
    assert ({field, "subtasks"} <= set(found.all_ids())) is (tie is not Tie.LINK)


def test_data_center_without_epic_links_says_so() -> None:
    told = refused(ProjectMapping(tie=Tie.EPIC, where="mapping.yaml"), flavour="datacenter")
    assert told == ["mapping.yaml: link is epic, and this Jira has no field Epic Link: write link: parent."]


def test_as_shipped_nothing_is_added() -> None:
    plain, mapped = (
        map_fields(every_field(), flavour="cloud"),
        map_fields(every_field(), flavour="cloud", mapping=ProjectMapping()),
    )
    assert plain == mapped
    assert (plain.extras, plain.parent_id, plain.renamed) == (Extras(), "", {})
    assert all(plain.mapping.workflow_of(kind) == Workflow() for kind in Kind)
