"""`cmmc-jira provision` as a person sees it: a plan, a bar, a sentence."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from cmmc_jira.cli.main import main
from jira_sandbox.server import Running, serve

HOOK = "http://127.0.0.1:9/webhooks/jira"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with serve() as running:
        monkeypatch.setenv("CMMC_JIRA_URL", running.url)
        monkeypatch.setenv("CMMC_JIRA_USER", running.user)
        monkeypatch.setenv("CMMC_JIRA_TOKEN", running.token)
        monkeypatch.setenv("CMMC_JIRA_PROJECT", running.project)
        monkeypatch.setenv("CMMC_JIRA_WEBHOOK_SECRET", "0123456789abcdef0123")
        yield running


def provision(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["provision", *arguments])


def test_a_dry_run_numbers_what_it_would_do_and_says_why_and_does_nothing(sandbox: Running) -> None:
    types = dict(sandbox.state.issue_types)
    result = provision("--dry-run", "--webhook-url", HOOK)
    assert result.exit_code == 0
    assert '  1. Create the issue type "CMMC Assessment"\n     What people enter' in result.stdout
    assert "Nothing was changed." in result.stdout
    assert sandbox.state.issue_types == types


def test_the_first_run_makes_the_project_ready_and_the_second_says_so(sandbox: Running) -> None:
    first, second = provision("--webhook-url", HOOK), provision("--webhook-url", HOOK)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.startswith("CMMC is ready: ")
    assert not first.stderr, "a bar belongs on a terminal alone"
    assert second.stdout == "CMMC is ready: nothing is missing, and nothing was changed.\n"
    assert [hook.url for hook in sandbox.state.webhooks.hooks.values()] == [HOOK]


def test_without_an_address_it_says_that_no_webhook_was_looked_at(sandbox: Running) -> None:
    result = provision()
    assert "No webhook was looked at" in result.stdout
    assert not sandbox.state.webhooks.hooks


@pytest.mark.usefixtures("sandbox")
def test_the_secret_is_in_no_output() -> None:
    result = provision("--dry-run", "--json", "--webhook-url", HOOK)
    steps = json.loads(result.stdout)["steps"]
    assert steps[-1]["what"] == f"Create the webhook to {HOOK}, signed with the secret"
    assert "0123456789abcdef0123" not in result.output


@pytest.mark.parametrize(
    "url", ["cmmc.example.com", "https://cmmc.example.com", "ftp://cmmc.example.com/webhooks/jira"]
)
@pytest.mark.usefixtures("sandbox")
def test_an_address_that_cannot_be_the_services_is_refused(url: str) -> None:
    result = provision("--webhook-url", url)
    assert result.exit_code == 2
    assert "https://cmmc.example.com/webhooks/jira" in result.stderr


def test_a_failure_in_the_middle_says_how_far_it_came_and_the_next_run_ends_it(sandbox: Running) -> None:
    reads = 61
    with sandbox.state.lock:
        sandbox.state.faults.add({"call": reads, "when": "before", "status": 500})
    result = provision()
    assert result.exit_code == 1
    assert "steps are done; the next was:" in result.stderr
    assert provision().stdout.startswith("CMMC is ready")


def test_a_field_in_the_way_is_named_with_the_mend(sandbox: Running) -> None:
    provision()
    with sandbox.state.lock:
        twin = next(field for field in sandbox.state.fields.values() if field.name == "SSP")
        sandbox.state.fields["customfield_99999"] = type(twin)("customfield_99999", "SSP", twin.kind, twin.custom)
    result = provision()
    assert result.exit_code == 1
    assert '2 fields named "SSP"' in result.stderr
