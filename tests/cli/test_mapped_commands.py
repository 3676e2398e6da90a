"""The commands of one settings file: provisioning, the doctor and the work itself all go by the project's own names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from cmmc_jira.cli.main import main
from jira_sandbox.server import Running, serve

MAPPING = """\
issue_types: {assessment: System Audit, remediation: Gap}
workflow: {remediation: {done: Done}}
link: {type: Blocks}
"""
FINDINGS = """\
level: 2
path: Self
unlisted: MET
findings: [{id: AC.L2-3.1.3, result: NOT MET}]
dates: {}
"""


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Running]:
    with serve() as running:
        for name in ("url", "user", "token", "project"):
            monkeypatch.setenv(f"CMMC_JIRA_{name.upper()}", getattr(running, name))
        monkeypatch.setenv("CMMC_JIRA_WEBHOOK_SECRET", "0123456789abcdef0123")
        monkeypatch.setenv("CMMC_JIRA_DATABASE_URL", f"sqlite:///{tmp_path / 'list.db'}")
        monkeypatch.setenv("CMMC_JIRA_MAPPING", str(tmp_path / "mapping.yaml"))
        (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        (tmp_path / "findings.yaml").write_text(FINDINGS, encoding="utf-8")
        yield running


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def issues(sandbox: Running) -> dict[str, str]:
    """Return the issue types of the project's issues by key."""
    asked = {"jql": "project = CMMC ORDER BY id", "fields": ["issuetype"]}
    account = (sandbox.user, sandbox.token)
    found = requests.post(f"{sandbox.url}/rest/api/2/search/jql", json=asked, auth=account, timeout=10)
    return {row["key"]: row["fields"]["issuetype"]["name"] for row in found.json()["issues"]}


def test_a_project_of_other_names_is_provisioned_found_in_order_and_worked_in(sandbox: Running, tmp_path: Path) -> None:
    assert run("provision").exit_code == 0
    doctor = run("doctor")
    assert 'assessment is "System Audit"' in doctor.stdout, doctor.stdout
    fields = {"project": {"key": "CMMC"}, "issuetype": {"name": "System Audit"}, "summary": "Enclave"}
    account = (sandbox.user, sandbox.token)
    made = requests.post(f"{sandbox.url}/rest/api/2/issue", json={"fields": fields}, auth=account, timeout=10)
    assert made.status_code == 201, made.text
    attached = run("import", str(tmp_path / "findings.yaml"), "--assessment", "CMMC-1")
    assert attached.exit_code == 0, attached.output
    applied = run("apply", "CMMC-1")
    assert applied.exit_code == 0, applied.output
    assert issues(sandbox) == {"CMMC-1": "System Audit", "CMMC-2": "Gap", "CMMC-3": "CMMC Status"}


@pytest.mark.parametrize("command", [("plan", "CMMC-1"), ("provision", "--dry-run"), ("doctor",), ("status", "CMMC-1")])
def test_a_mistake_in_the_file_is_told_before_anything_else(
    sandbox: Running, tmp_path: Path, command: tuple[str, ...]
) -> None:
    del sandbox
    (tmp_path / "mapping.yaml").write_text("issue_types: {remedation: Gap}\nlink: kin\n", encoding="utf-8")
    told = run(*command)
    assert told.exit_code == 2, told.output
    assert (
        "line 1, issue_types.remedation: remedation is no issue type of ours; did you mean remediation?" in told.stderr
    )
    assert "line 2, link: 'kin' is no way to tie issues" in told.stderr
