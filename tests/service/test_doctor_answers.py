"""What `doctor` says where Jira answers as no Jira should: one fault, and no guess about the rest."""

from pathlib import Path

import pytest

from cmmc_jira.service.checks.verdict import Grade
from cmmc_jira.service.doctor import examine
from jira_sandbox import State
from support.casework import answering, bad, case_of
from support.wsgi import Application

PAGE = {"Content-Type": "text/html"}
STRANGE: dict[str, tuple[Application, str, str]] = {
    "login page": (answering("200 OK", PAGE, b"<form>Log in</form>"), "login page", "Check that CMMC_JIRA_URL"),
    "maintenance": (answering("503 Unavailable", PAGE, b"<h1>Soon</h1>"), "maintenance", "Wait"),
    "elsewhere": (
        answering("302 Found", {"Location": "https://jira.test/rest"}, b""),
        "redirects to https://jira.test",
        "set CMMC_JIRA_URL",
    ),
    "cut short": (answering("200 OK", {"Content-Type": "application/json"}, b'{"version": "10'), "cut short", "Wait"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_answer_is_one_fault_and_the_rest_is_not_looked_at(tmp_path: Path, name: str) -> None:
    app, says, mend = STRANGE[name]
    report = examine(case_of(State(), app, tmp_path))
    [fault] = bad(report)
    assert (fault.check, fault.grade) == ("jira", Grade.FAULT)
    assert says in fault.what
    assert mend in fault.mend
    assert {"account", "project", "webhook", "priorities"} <= set(report.unlooked)
