"""Our field names and Jira's: what is written reads back the same, and what does not fit is named."""

import pytest

from cmmc_jira.core.fields import Fields, map_fields
from cmmc_jira.errors import JiraRefused
from support.fields import every_field


def fields(flavour: str = "cloud") -> Fields:
    return map_fields(every_field(), flavour=flavour)


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_a_value_that_is_written_reads_back_the_same(flavour: str) -> None:
    values = {
        "CMMC Requirement": "AC.L2-3.1.3",
        "CMMC Points": "3",
        "POA&M Eligible": "Yes",
        "CMMC Claim Conditions": "environment_unchanged, in_ssp",
        "CMMC Status Date": "2026-03-26",
        "Compliance Lead": "5b10",
        "Summary": "x",
        "Priority": "High",
    }
    assert fields(flavour).read(fields(flavour).write(values)) == values


def test_a_user_is_named_as_the_flavour_names_users() -> None:
    assert fields("cloud").write({"Assignee": "5b10"}) == {"assignee": {"accountId": "5b10"}}
    assert fields("datacenter").write({"Assignee": "ada"}) == {"assignee": {"name": "ada"}}


def test_what_is_empty_is_absent_and_none_empties_a_field() -> None:
    written = fields().write({"CMMC Points": None, "CMMC Claim Conditions": None, "Due Date": None})
    assert sorted(written.values(), key=str) == [None, None, []]
    assert fields().read(written) == {}


def test_fields_that_are_missing_doubled_or_of_another_type_are_all_named() -> None:
    raw = [row for row in every_field() if row["name"] != "CMMC Points"]
    raw += [{"id": "customfield_1", "name": "CMMC Level", "schema": {"type": "option"}}]
    raw = [{**row, "schema": {"type": "string"}} if row["name"] == "CMMC Status Date" else row for row in raw]
    with pytest.raises(JiraRefused) as refused:
        map_fields(raw, flavour="cloud")
    told = str(refused.value)
    assert len(told.splitlines()) == 3
    assert 'This Jira has no field "CMMC Points": run `cmmc-jira provision` to create it.' in told
    assert 'This Jira has 2 fields named "CMMC Level" (customfield_' in told
    assert 'The field "CMMC Status Date" (customfield_' in told
    assert "is of type string, not date: rename it" in told
