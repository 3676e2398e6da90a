"""The settings file of a project's configuration: what it may say, and a sentence for each mistake in it."""

from pathlib import Path

import pytest

from cmmc_jira.adapters.mapping import read_mapping
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping, Tie, Workflow
from cmmc_jira.errors import BadSetting
from cmmc_rules.law import load_law

LAW = load_law()


def mapping(folder: Path, text: str) -> ProjectMapping:
    file = folder / "mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return read_mapping(file, LAW)


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadSetting) as told:
        mapping(folder, text)
    return [mistake.replace(str(folder) + "/", "") for mistake in told.value.mistakes]


def test_without_a_file_everything_has_the_names_of_the_manifests() -> None:
    assert read_mapping(None, LAW) is AS_SHIPPED
    assert {AS_SHIPPED.type_name(kind.key) for kind in Kind} == set(Kind)
    assert AS_SHIPPED.field_name("CMMC Points") == "CMMC Points"
    assert (AS_SHIPPED.tie, AS_SHIPPED.link_type, AS_SHIPPED.component_of("AC.L2-3.1.3")) == (Tie.LINK, "Relates", None)


def test_a_file_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    file = str(tmp_path / "mapping.yaml")
    assert mapping(tmp_path, "{}") == ProjectMapping(where=file)
    assert mapping(tmp_path, "fields:\ndefaults: {remediation: }\ncomponents: {}") == ProjectMapping(
        defaults={"remediation": {}}, where=file
    )


def test_everything_may_be_said_at_once(tmp_path: Path) -> None:
    found = mapping(
        tmp_path,
        """\
issue_types: {assessment: Audit, remediation: Task, status: Task}
fields: {CMMC Points: Deduction, POA&M Basis: customfield_10077}
defaults: {remediation: {Team: Compliance, 10078: [a, b], Effort: 2, customfield_10079: {id: "7"}}}
workflow:
  remediation: {done: [In Review, Verified], new: Backlog, ready: [Verified], fields: {Root cause: X}}
security: {remediation: CUI only}
components: {default: Compliance, families: {AC: Identity}}
link: {type: Blocks}
""",
    )
    assert [found.type_name(kind.key) for kind in Kind] == ["Audit", "Task", "Task", "CMMC Finding"]
    assert found.field_name("POA&M Basis") == "customfield_10077"
    assert found.defaults["remediation"] == {
        "Team": "Compliance",
        "10078": ["a", "b"],
        "Effort": 2,
        "customfield_10079": {"id": "7"},
    }
    assert found.workflow_of(Kind.REMEDIATION) == Workflow(
        routes={Category.DONE: ("In Review", "Verified"), Category.NEW: ("Backlog",)},
        ready=frozenset({"verified"}),
        fields={"Root cause": "X"},
    )
    assert found.workflow_of(Kind.STATUS) == Workflow()
    assert found.security == {"remediation": "CUI only"}
    assert [found.component_of(id_) for id_ in ("AC.L2-3.1.3", "AU.L2-3.3.1")] == ["Identity", "Compliance"]
    assert (found.tie, found.link_type) == (Tie.LINK, "Blocks")


@pytest.mark.parametrize(("text", "tie"), [("link: parent", Tie.PARENT), ("link: epic", Tie.EPIC)])
def test_a_parent_or_an_epic_may_stand_for_links(tmp_path: Path, text: str, tie: Tie) -> None:
    assert mapping(tmp_path, text).tie is tie


MISTAKES = {
    "types: {}": "line 1, types: the key 'types' is not known here; did you mean issue_types?",
    "issue_types: {remedation: Gap}": (
        "line 1, issue_types.remedation: remedation is no issue type of ours; did you mean remediation?"
    ),
    "issue_types: {status: 7}": "line 1, issue_types.status: 7 stands where a text belongs; write words, in quotes",
    "issue_types: {assessment: Task, remediation: Task}": (
        'line 1, issue_types.remediation: assessment and remediation are both "Task", and nothing would tell them apart'
    ),
    "issue_types: {finding: CMMC Remediation}": (
        'line 1, issue_types.finding: remediation and finding are both "CMMC Remediation", and nothing would tell'
    ),
    "fields: {CMMC Point: Deduction}": (
        "line 1, fields.CMMC Point: CMMC Point is no field of ours; did you mean CMMC Points?"
    ),
    "fields: {Summary: Title}": "line 1, fields.Summary: Summary is Jira's own field, which is known by its id",
    "fields: {CMMC Points: X, CMMC Variant: X}": (
        'line 1, fields.CMMC Variant: "X" stands for CMMC Points already; give each a field of its own'
    ),
    "defaults: {assessment: {Team: X}}": (
        "line 1, defaults.assessment: people create the assessment issues, and Jira asks them; only remediation and"
    ),
    "defaults: {stat: {Team: X}}": "line 1, defaults.stat: stat is no issue type of ours; did you mean status?",
    "defaults: {remediation: {Summary: X}}": (
        "line 1, defaults.remediation.Summary: the service writes Summary itself; take the line out"
    ),
    "fields: {CMMC Points: Cost}\ndefaults: {remediation: {Cost: 3}}": (
        "line 2, defaults.remediation.Cost: the service writes Cost itself; take the line out"
    ),
    "defaults: {remediation: {Team: }}": "line 1, defaults.remediation.Team: there is no value; write one, or take the",
    "defaults: {remediation: Team}": "line 1, defaults.remediation: 'Team' stands where a mapping belongs",
    "workflow: {remediation: {closed: X}}": (
        "line 1, workflow.remediation.closed: the key 'closed' is not known here; known keys are done, new"
    ),
    "workflow: {status: {ready: [X]}}": "line 1, workflow.status.ready: the key 'ready' is not known here; ",
    "workflow: {remediation: {done: []}}": "line 1, workflow.remediation.done: the list is empty; name a status",
    "security: {finding: X}": "line 1, security.finding: people create the finding issues",
    "components: {AC: Identity}": "line 1, components.AC: AC is not known here; write default: Name, or families:",
    "components: {families: {XX: Y}}": "line 1, components.families.XX: XX is no family; known are AC, AT, AU",
    "link: child": "line 1, link: 'child' is no way to tie issues; write parent, epic, or {type: Relates}",
    "link: {name: X}": "line 1, link.name: the key 'name' is not known here; known keys are type.",
    "fields: [a]": "line 1, fields: a list stands where a mapping belongs; indent `key: value` lines below it",
    "": "line 1: the file is empty; give it its content or remove it",
    "a: b: c": "line 1: this is no valid YAML",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_each_mistake_has_its_sentence(tmp_path: Path, text: str) -> None:
    told, *_ = refused(tmp_path, text)
    assert told.startswith(f"mapping.yaml, {MISTAKES[text]}")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, "issue_types: {stats: X}\nfields: {CMMC Pints: Y}\nlink: kind\n")
    assert len(told) == 3
    assert [mistake.split(",")[1] for mistake in told] == [" line 1", " line 2", " line 3"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match=r"CMMC_JIRA_MAPPING: .*mapping\.yaml cannot be read: it is not UTF-8 text"):
        read_mapping(file, LAW)
