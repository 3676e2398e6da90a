"""`cmmc-jira doctor` as a person and a pipeline see it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cmmc_jira.cli.main import main
from jira_sandbox.server import Running, serve

HOOK = "http://127.0.0.1:9/webhooks/jira"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Running]:
    with serve() as running:
        monkeypatch.setenv("CMMC_JIRA_URL", running.url)
        monkeypatch.setenv("CMMC_JIRA_USER", running.user)
        monkeypatch.setenv("CMMC_JIRA_TOKEN", running.token)
        monkeypatch.setenv("CMMC_JIRA_PROJECT", running.project)
        monkeypatch.setenv("CMMC_JIRA_WEBHOOK_SECRET", "0123456789abcdef0123")
        monkeypatch.setenv("CMMC_JIRA_DATABASE_URL", f"sqlite:///{tmp_path / 'list.db'}")
        yield running


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.usefixtures("sandbox")
def test_an_unprepared_project_fails_with_the_faults_first_and_provisioning_mends_it() -> None:
    before = run("doctor")
    assert before.exit_code == 1
    lacking = '"CMMC Assessment", "CMMC Remediation", "CMMC Status" and "CMMC Finding"'
    assert before.stdout.startswith(f"fault issue types: The issue types {lacking} cannot be created in CMMC.\n")
    assert "      Mend: Run `cmmc-jira provision`" in before.stdout
    assert run("provision", "--webhook-url", HOOK).exit_code == 0
    after = run("doctor", "--webhook-url", HOOK)
    assert after.exit_code == 0, after.stdout
    assert after.stdout.endswith("\nNothing would stop the work.\n")


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("url", ["nonsense", "https://cmmc.example.com/elsewhere", "http://[/webhooks/jira"])
def test_an_address_that_cannot_be_the_service_s_is_refused(url: str) -> None:
    result = run("doctor", "--webhook-url", url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "write the service's address as https://cmmc.example.com/webhooks/jira" in result.stderr


@pytest.mark.usefixtures("sandbox")
def test_json_is_one_document_without_a_secret() -> None:
    result = run("doctor", "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (document["ok"], document["unlooked"][0]) == (False, "mapping")
    assert set(document["checks"][0]) == {"check", "grade", "what", "where", "why", "mend", "passing"}
    assert "0123456789abcdef0123" not in result.output


def test_a_trial_is_made_only_where_nothing_is_wrong_and_leaves_nothing(sandbox: Running) -> None:
    before = json.loads(run("doctor", "--write-test", "--json").stdout)
    assert before["unlooked"][-1] == "test removal"
    assert not sandbox.state.issues
    run("provision", "--webhook-url", HOOK)
    after = json.loads(run("doctor", "--write-test", "--json").stdout)
    assert [row["check"] for row in after["checks"] if row["grade"] == "fault"] == []
    tried = {row["check"]: row["grade"] for row in after["checks"] if row["check"].startswith("test ")}
    assert tried.pop("test delivery") == "warn", "no service runs here"
    assert set(tried.values()) == {"ok"}
    assert not sandbox.state.issues
