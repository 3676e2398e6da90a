"""`cmmc-jira unpark` beside a service whose assessments have failed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.store import LONGEST_BACKOFF_SECONDS, SqlStore
from cmmc_jira.cli.main import main
from jira_sandbox.server import Running, serve
from support.clock import NOON


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with serve() as running:
        yield running


@pytest.fixture
def store(sandbox: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path / 'list.db'}"
    monkeypatch.setenv("CMMC_JIRA_URL", sandbox.url)
    monkeypatch.setenv("CMMC_JIRA_USER", sandbox.user)
    monkeypatch.setenv("CMMC_JIRA_TOKEN", sandbox.token)
    monkeypatch.setenv("CMMC_JIRA_PROJECT", sandbox.project)
    monkeypatch.setenv("CMMC_JIRA_DATABASE_URL", url)
    database = Database(url)
    yield SqlStore(database, name=sandbox.url, debounce=0)
    database.close()


def park(store: SqlStore, *keys: str) -> None:
    store.mark(*keys, now=NOON)
    for attempt in range(10):
        now = NOON + timedelta(seconds=attempt * LONGEST_BACKOFF_SECONDS)
        for work in store.claim(9, now=now):
            store.retry(work, error="The field is not on the screen.", now=now)
    assert set(store.backlog(now=NOON).parked) == set(keys)


def parked(store: SqlStore) -> list[str]:
    return sorted(store.backlog(now=NOON).parked)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["unpark", *arguments])


def test_it_says_what_is_parked_and_why_and_changes_nothing(store: SqlStore) -> None:
    assert run().stdout == "Nothing is parked.\n"
    park(store, "10001")
    assert run().stdout == "10001: The field is not on the screen.\n"
    assert parked(store) == ["10001"]


def test_one_is_tried_again_by_its_id_and_the_others_stay(store: SqlStore) -> None:
    park(store, "10001", "10002")
    result = run("10001", "--json")
    because = "The field is not on the screen."
    assert json.loads(result.stdout) == {
        "parked": [
            {"assessment": "10001", "because": because, "unparked": True},
            {"assessment": "10002", "because": because, "unparked": False},
        ]
    }
    assert parked(store) == ["10002"]


def test_one_is_tried_again_by_its_key(store: SqlStore, sandbox: Running) -> None:
    fields = {"project": {"key": sandbox.project}, "issuetype": {"name": "Task"}, "summary": "An assessment"}
    answer = requests.post(
        f"{sandbox.url}/rest/api/2/issue", json={"fields": fields}, auth=(sandbox.user, sandbox.token), timeout=10
    ).json()
    park(store, answer["id"])
    result = run(answer["key"])
    assert result.stdout == f"{answer['id']}: The field is not on the screen. Tried again now.\n"
    assert parked(store) == []


def test_all_are_tried_again(store: SqlStore) -> None:
    park(store, "10001", "10002")
    assert run("--all").exit_code == 0
    assert parked(store) == []


def test_one_that_is_not_parked_is_refused_in_a_sentence(store: SqlStore) -> None:
    park(store, "10001")
    result = run("10001", "10002")
    assert result.exit_code == 2
    assert result.stderr == "cmmc-jira: Assessment 10002 is not parked: `cmmc-jira unpark` says which are.\n"
    assert parked(store) == []
