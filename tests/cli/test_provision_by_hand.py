"""`cmmc-jira provision` on Data Center: what it prints is enough for an administrator who knows nothing else."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from click.testing import CliRunner, Result

from cmmc_jira.cli.main import main
from cmmc_manifests import schema
from jira_sandbox.flavour import DATACENTER
from jira_sandbox.server import Running, serve
from support.administrator import Administrator


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with serve(flavour=DATACENTER) as running:
        monkeypatch.setenv("CMMC_JIRA_URL", running.url)
        monkeypatch.delenv("CMMC_JIRA_USER", raising=False)
        monkeypatch.setenv("CMMC_JIRA_TOKEN", running.token)
        monkeypatch.setenv("CMMC_JIRA_PROJECT", running.project)
        monkeypatch.setenv("CMMC_JIRA_WEBHOOK_SECRET", "0123456789abcdef0123")
        yield running


@pytest.fixture
def administrator(sandbox: Running) -> Iterator[Administrator]:
    with requests.Session() as session:
        session.trust_env = False
        yield Administrator(sandbox.url, session)


def provision(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["provision", *arguments])
    assert result.exit_code == 0, result.output
    return result


def test_who_does_what_is_printed_once_has_a_ready_project_after_the_next_run(
    sandbox: Running, administrator: Administrator
) -> None:
    first = provision().stdout
    assert first.startswith("CMMC is not ready yet: 49 steps done.\n")
    steps = administrator.follow(first)
    assert f"CMMC needs {steps} steps of an administrator by hand" in first
    second = provision().stdout
    assert second.startswith("CMMC is ready: ")
    assert "by hand" not in second
    assert provision().stdout.startswith("CMMC is ready: nothing is missing, and nothing was changed.\n")
    assert shown(sandbox) == {
        spec.name: {row.name for row in schema.fields() if spec.key in row.used_on} for spec in schema.issue_types()
    }


def shown(sandbox: Running) -> dict[str, set[str]]:
    """Return the custom fields on the form of each issue type of ours, by what Jira says of it."""
    address = f"{sandbox.url}/rest/api/2/issue/createmeta/CMMC/issuetypes"
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    types = requests.get(address, headers=headers, timeout=5).json()["values"]
    forms = {
        row["name"]: requests.get(f"{address}/{row['id']}?maxResults=200", headers=headers, timeout=5).json()["values"]
        for row in types
        if row["name"].startswith("CMMC")
    }
    return {
        name: {row["name"] for row in rows if row["fieldId"].startswith("customfield_")} for name, rows in forms.items()
    }


def test_every_option_can_be_chosen_in_the_order_of_the_manifest(
    sandbox: Running, administrator: Administrator
) -> None:
    administrator.follow(provision().stdout)
    held = {sandbox.state.fields[row.field].name: row.options for row in sandbox.state.contexts.values()}
    assert {name: tuple(one.value for one in options) for name, options in held.items() if options} == {
        spec.name: spec.options for spec in schema.fields() if spec.options
    }


def test_a_step_that_was_forgotten_is_printed_again_and_it_alone(
    sandbox: Running, administrator: Administrator
) -> None:
    printed = provision().stdout
    head, found, tail = printed.partition('Add the options of the field "CMMC Level"')
    assert found
    administrator.follow(head + "forgotten\n" + tail.partition("\n  9. ")[2].join(["  9. ", ""]))
    again = provision().stdout
    assert "CMMC needs 1 step of an administrator by hand" in again
    assert '  1. Add the options of the field "CMMC Level"\n' in again
    administrator.follow(again)
    assert provision().stdout.startswith("CMMC is ready")
    assert sandbox.state.fields


def test_a_dry_run_tells_both_kinds_of_steps_and_changes_nothing(sandbox: Running) -> None:
    before = dict(sandbox.state.fields)
    printed = provision("--dry-run").stdout
    assert '  1. Create the issue type "CMMC Assessment"\n' in printed
    assert '  1. Add the options of the field "POA&M Eligible"\n' in printed
    assert "Nothing was changed. Leave out --dry-run to do this." in printed
    assert sandbox.state.fields == before


@pytest.mark.usefixtures("sandbox")
def test_as_json_the_steps_by_hand_stand_apart_and_say_whether_all_is_ready() -> None:
    said = json.loads(provision("--json").stdout)
    assert (said["done"], said["ready"]) == (True, False)
    assert set(said["by_hand"][0]) == {"what", "why", "page", "lines"}
    assert not {step["what"] for step in said["steps"]} & {step["what"] for step in said["by_hand"]}


def test_a_field_whose_options_others_use_gets_a_context_of_its_own_by_hand(
    sandbox: Running, administrator: Administrator
) -> None:
    administrator.follow(provision().stdout)
    provision()
    finding = next(row for row in sandbox.state.fields.values() if row.name == "CMMC Finding")
    for id_, row in sandbox.state.contexts.items():
        if row.field == finding.id:
            sandbox.state.contexts[id_] = replace(row, options=tuple(one for one in row.options if one.value == "MET"))
    again = provision().stdout
    assert f'Give the field "CMMC Finding" ({finding.id}) a context for CMMC alone' in again
    administrator.follow(again)
    assert provision().stdout.startswith("CMMC is ready: nothing is missing")
    everywhere, own = [row for row in sandbox.state.contexts.values() if row.field == finding.id]
    assert [one.value for one in everywhere.options] == ["MET"]
    assert [one.value for one in own.options] == ["MET", "NOT MET", "N/A"]


def test_the_webhook_is_made_and_what_to_enter_as_its_filter_is_said(sandbox: Running) -> None:
    hook = "http://127.0.0.1:9/webhooks/jira"
    said = provision("--webhook-url", hook).stdout
    assert 'enter project = "CMMC" as the JQL of the webhook' in said
    assert [row.url for row in sandbox.state.webhooks.hooks.values()] == [hook]
    assert "as the JQL" not in provision("--webhook-url", hook).stdout


def test_on_version_9_nothing_unsigned_is_registered_and_that_is_said(sandbox: Running) -> None:
    sandbox.state.version = (9, 12, 4)
    said = provision("--webhook-url", "http://127.0.0.1:9/webhooks/jira").stdout
    assert "No webhook was made: Jira Data Center 9.12.4 cannot sign what it sends" in said
    assert sandbox.state.webhooks.hooks == {}
    assert not [row for row in sandbox.state.requests if "webhook" in row["path"]]
