"""Issues of a mapped project are read as ours: by the project's types, parents and statuses."""

from collections.abc import Mapping
from typing import Any

import pytest

from cmmc_jira.core.fields import EPIC_LINK, Fields, map_fields
from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.core.mapping import ProjectMapping, Tie, Workflow
from cmmc_jira.core.membership import belongs, says_so
from cmmc_jira.core.reading import read_issue
from support.fields import every_field

EPIC = {"id": "customfield_8", "name": "Epic Link", "schema": {"type": "any", "custom": EPIC_LINK}}


def fields(mapping: ProjectMapping, *, flavour: str = "cloud") -> Fields:
    return map_fields([*every_field(), EPIC], flavour=flavour, mapping=mapping)


def read(known: Fields, type_name: str, *, subject: str = "", **inner: Any) -> Actual | None:  # noqa: ANN401  Jira's JSON
    memory = {"cmmc-jira": {"assessment": "10001", "subject": subject}} if subject else {}
    raw = {"id": "10007", "key": "CMMC-7", "fields": {"issuetype": {"name": type_name}, **inner}, "properties": memory}
    return read_issue(raw, known)


def kind(known: Fields, type_name: str, subject: str = "") -> Kind | None:
    issue = read(known, type_name, subject=subject)
    return issue.kind if issue else None


def test_types_are_known_by_the_projects_names_alone() -> None:
    known = fields(ProjectMapping(issue_types={"assessment": "Audit"}))
    assert kind(known, "Audit") is Kind.ASSESSMENT
    assert kind(known, "CMMC Assessment") is None
    assert kind(known, "CMMC Finding") is Kind.FINDING


@pytest.mark.parametrize(
    ("subject", "meant"), [("status", Kind.STATUS), ("AC.L2-3.1.3", Kind.REMEDIATION), ("", Kind.REMEDIATION)]
)
def test_on_a_shared_type_the_property_says_which_it_is(subject: str, meant: Kind) -> None:
    known = fields(ProjectMapping(issue_types={"remediation": "Task", "status": "Task"}))
    assert kind(known, "Task", subject) is meant


def end(id_: str, type_name: str) -> Mapping[str, Any]:
    return {"id": id_, "key": f"CMMC-{id_}", "fields": {"issuetype": {"name": type_name}}}


def test_parents_and_sub_tasks_are_ends_as_links_are_where_they_tie_ours() -> None:
    inner = {
        "parent": end("1", "Audit"),
        "subtasks": [end("2", "Task")],
        "issuelinks": [{"inwardIssue": end("3", "Bug")}],
    }
    names = {"assessment": "Audit", "remediation": "Task"}
    tied = read(fields(ProjectMapping(issue_types=names, tie=Tie.PARENT)), "Task", **inner)
    linked = read(fields(ProjectMapping(issue_types=names)), "Task", **inner)
    assert tied is not None
    assert linked is not None
    assert {row.id: row.type_name for row in tied.links} == {"1": Kind.ASSESSMENT, "2": Kind.REMEDIATION, "3": "Bug"}
    assert [row.id for row in linked.links] == ["3"]


def test_data_center_names_an_epic_by_its_key_and_it_is_the_assessment() -> None:
    known = fields(ProjectMapping(issue_types={"assessment": "Epic"}, tie=Tie.EPIC), flavour="datacenter")
    finding = read(known, "CMMC Finding", customfield_8="CMMC-1")
    assert finding is not None
    first, second = (Actual(id_, f"CMMC-{id_}", Kind.ASSESSMENT, "", Category.NEW, {}) for id_ in ("1", "2"))
    assert [says_so(finding, one) for one in (first, second)] == [True, False]
    assert [belongs(finding, one) for one in (first, second)] == [True, False]


@pytest.mark.parametrize(("status", "ready"), [("VERIFIED", True), ("Rejected", False)])
def test_where_statuses_are_named_these_alone_say_ready(status: str, ready: bool) -> None:  # noqa: FBT001  a parameter of the test
    named = ProjectMapping(workflow={"remediation": Workflow(ready=frozenset({"verified"}))})
    inner: dict[str, Any] = {"status": {"name": status, "statusCategory": {"key": "done"}}}
    issue, plain = (read(fields(mapping), "CMMC Remediation", **inner) for mapping in (named, ProjectMapping()))
    assert issue is not None
    assert plain is not None
    assert (issue.ready, plain.ready) == (ready, None)


@pytest.mark.parametrize(
    ("tie", "flavour", "clause"),
    [
        (Tie.LINK, "cloud", ""),
        (Tie.PARENT, "datacenter", 'parent = "CMMC-1"'),
        (Tie.EPIC, "cloud", 'parent = "CMMC-1"'),
        (Tie.EPIC, "datacenter", 'cf[8] = "CMMC-1"'),
    ],
)
def test_children_are_asked_for_as_the_flavour_knows_them(tie: Tie, flavour: str, clause: str) -> None:
    assert fields(ProjectMapping(tie=tie), flavour=flavour).children_of("CMMC-1") == clause
