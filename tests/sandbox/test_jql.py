"""JQL: what queries mean, and which are refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jira_sandbox import jql
from jira_sandbox.refusals import Refused
from support.caller import Site
from support.people import DANA


@pytest.fixture(scope="module")
def site(flavour: str) -> Site:
    site = Site(flavour=flavour)
    make = site.service.create
    make("Control CUI flow", labels=["Red", "cmmc"], assignee=site.ref(DANA), duedate="2026-06-10")
    make("Encrypt backups", kind="Bug", priority={"name": "High"}, customfield_20002=5, description="AES-256 or better")
    site.state.clock.advance(timedelta(days=1))
    make("Train people", customfield_20004={"value": "NOT MET"}, customfield_20001="AC.L2-3.1.3")
    site.service.post("issue/CMMC-1/transitions", {"transition": {"id": "31"}})
    make("Look again", kind="Sub-task", parent={"key": "CMMC-2"}, priority={"name": "Low"})
    site.service.post("issue/CMMC-3/comment", {"body": "the firewall waits"})
    return site


FOUND = {
    "project = CMMC": "4 3 2 1",
    "project in (CMMC, 10000) AND key != CMMC-4": "3 2 1",
    "PROJECT = cmmc and NOT (issuetype = Bug OR type = Sub-task)": "3 1",
    "issuetype not in (Task, 'Sub-task')": "2",
    "key = CMMC-2 or id = 10002": "3 2",
    "key in (CMMC-1, cmmc-3)": "3 1",
    "key > CMMC-2": "4 3",
    "status = Done": "1",
    "statusCategory = done": "1",
    'statusCategory != "Done"': "4 3 2",
    "statusCategory = new and priority = High": "2",
    "resolution = Done": "1",
    "resolution is empty": "4 3 2",
    "labels = red": "1",
    "labels in (cmmc, nobody)": "1",
    "labels is EMPTY": "4 3 2",
    "labels is not NULL": "1",
    "labels != cmmc": "",
    "labels = EMPTY": "4 3 2",
    "assignee = 'Dana Whitfield'": "1",
    'assignee = "dana.whitfield@example.com"': "1",
    "assignee is empty": "4 3 2",
    "reporter = currentUser()": "4 3 2 1",
    "assignee in (currentUser(), EMPTY)": "4 3 2",
    "duedate = 2026-06-10": "1",
    "due <= 2026-06-10 and due > 2026-06-09": "1",
    "duedate < 2026-06-10": "",
    "due < 2w": "1",
    "created < 2026-06-02": "2 1",
    "created >= -1h": "4 3",
    "created > '2026-06-01 09:00' and created <= now()": "4 3",
    "created > '2026-06-01 08:59' and created < '2026-06-01 09:01'": "2 1",
    "updated >= 2026-06-02": "4 3 1",
    "priority > Medium": "2",
    "priority <= Low": "4",
    "parent = CMMC-2": "4",
    "summary ~ cui": "1",
    'summary ~ "CUI flow"': "1",
    'summary ~ "flow cui"': "1",
    'summary ~ "\\"flow cui\\""': "",
    "summary ~ 'encry*'": "2",
    "summary !~ people": "4 2 1",
    "text ~ firewall": "3",
    "text ~ AES-256": "2",
    '"Points" = 5': "2",
    "Points >= 5.0": "2",
    "cf[20002] < 5": "",
    "Finding = 'NOT MET'": "3",
    '"Finding[Dropdown]" = "NOT MET"': "3",
    "cf[20004] in (MET, 'NOT MET')": "3",
    "Reference ~ 'AC.L2-3.1.3'": "3",
    "project = CMMC ORDER BY created ASC, key DESC": "2 1 4 3",
    "project = CMMC ORDER BY priority DESC, key": "2 1 3 4",
    "project = CMMC ORDER BY duedate, key ASC": "1 2 3 4",
    "project = CMMC ORDER BY summary": "1 2 4 3",
    "project = CMMC && (key = CMMC-1 || key = CMMC-2) order by key": "1 2",
}  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_a_query_finds(site: Site, text: str) -> None:
    assert " ".join(key.removeprefix("CMMC-") for key in site.service.keys(text)) == FOUND[text]


REFUSED = {
    "nope = 1": "Field 'nope' does not exist or you do not have permission to view it.",
    "project = NOPE": "The value 'NOPE' does not exist for the field 'project'.",
    "status = Doing": "The value 'Doing' does not exist for the field 'status'.",
    "key = CMMC-99": "An issue with key 'CMMC-99' does not exist for field 'key'.",
    "Finding = Maybe": "The option 'Maybe' for field 'Finding' does not exist.",
    "Points = few": "Value 'few' is invalid for the 'Points' field. Enter a number.",
    "labels ~ x": "The operator '~' is not supported by the 'labels' field.",
    "summary = x": "The operator '=' is not supported by the 'summary' field.",
    "project > CMMC": "The operator '>' is not supported by the 'project' field.",
    "assignee in membersOf(jira)": "Unable to find JQL function 'membersOf(jira)'.",
    "created > startOfDay()": "Unable to find JQL function 'startOfDay()'.",
    "issuelinks is empty": "Field 'issuelinks' does not exist or you do not have permission to view it.",
    "project = CMMC ORDER BY nope": "Field 'nope' does not exist or you do not have permission to view it.",
}
MALFORMED = {
    "project": "Expecting operator",
    "project =": "Expecting either a value, list or function before the end of the query",
    "project = CMMC AND": "Expecting a field name before the end of the query",
    "(project = CMMC": "Expecting ')' before the end of the query",
    "project = CMMC labels = x": "Expecting either 'OR' or 'AND' but got 'labels'",
    "project in CMMC": "Expecting '('",
    "project in (CMMC": "Expecting ',' or ')'",
    "status was Done": "Expecting operator",
    "status changed": "Expecting operator",
    "labels is x": "The operator 'is' takes EMPTY or NULL only",
    "assignee = dana.whitfield@example.com": "The character '@' is a reserved JQL character",
    'summary ~ "open': "reserved JQL character",
    "project = CMMC ORDER key": "Expecting 'BY'",
    "issue.property[memory].n = 1": "reserved JQL character",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_exist_is_refused_in_jiras_words(site: Site, text: str) -> None:
    answer = site.service.search(text)
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [REFUSED[text]], "errors": {}})


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_outside_the_subset_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(Refused) as refused:
        jql.parse(text)
    assert refused.value.status == 400
    assert refused.value.messages[0].startswith("Error in the JQL Query: ")
    assert MALFORMED[text] in refused.value.messages[0]


def test_a_date_that_is_none_is_refused(site: Site) -> None:
    answer = site.service.search("duedate = 2026-02-30")
    assert answer.json()["errorMessages"][0].startswith("Date value '2026-02-30' for field 'duedate' is invalid.")


def test_dates_are_read_in_the_askers_zone() -> None:
    site = Site()
    site.service.create()
    away = site.state.users[DANA]
    site.state.users[DANA] = replace(away, timezone="America/New_York")
    assert site.service.keys("created >= '2026-06-01 09:00'") == ["CMMC-1"]
    assert site.caller(DANA).keys("created >= '2026-06-01 05:00'") == ["CMMC-1"]
    assert site.caller(DANA).keys("created >= '2026-06-01 05:01'") == []
