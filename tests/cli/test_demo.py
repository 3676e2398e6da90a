"""The main job from end to end: a file in, issues and a status out, over real sockets, as `make demo` runs it."""

import json
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.cli.main import main

KEYS = {
    "assessment", "status_issue", "issues_created", "score", "status", "deadline", "escalations", "jira_calls",
    "duplicates", "as_of", "days", "said",
}  # fmt: skip


def demo(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--check", "--port", "0", *arguments])


def summary(*arguments: str) -> dict[str, Any]:
    result = demo("--json", *arguments)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    assert set(found) == KEYS
    assert set(found["jira_calls"]) == {"GET", "POST", "PUT", "DELETE"}
    return found


def refused(*arguments: str) -> str:
    result = demo(*arguments)
    assert result.exit_code == 2
    assert not result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    file = tmp_path / "findings.csv"
    rows = ["AC.L2-3.1.3,NOT MET,Flow is not drawn.", "3.1.12,NOT MET,Open to the internet.", "3.12.4,MET,"]
    file.write_text("id,status,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_on_data_center_the_same_comes_of_it() -> None:
    there, here = summary("--flavour", "datacenter"), summary()
    for found in (there, here):
        assert found["jira_calls"].pop("GET")
    told = ("assessment", "status_issue", "issues_created", "score", "status", "deadline", "duplicates", "said")
    assert {name: there[name] for name in told} == {name: here[name] for name in told}


def test_both_samples_come_to_rest_with_the_issues_and_statuses_that_the_rule_gives() -> None:
    result = demo()
    assert result.exit_code == 0, result.output
    first, second = result.stdout.split("\n\n")[1:]
    assert "Conditional Level 2 (Self), score 94; the closeout must be posted by" in first
    assert "14 remediation issues, nothing twice" in first
    assert "would be No CMMC Status, no score" in second
    assert "12 remediation issues, nothing twice" in second
    assert result.stdout.count("/browse/") == 4


def test_a_file_of_ones_own_is_the_only_assessment_and_is_not_posted_unless_a_date_is_given(findings: Path) -> None:
    found = summary("--findings", str(findings))
    assert (found["assessment"], found["issues_created"], found["duplicates"]) == ("CMMC-1", 2, 0)
    assert (found["status"], found["score"], found["deadline"]) == ("Undetermined", None, None)
    assert found["jira_calls"]["DELETE"] == 0


def test_an_assessment_document_is_played_as_posted_on_its_own_day(tmp_path: Path) -> None:
    document = {
        "level": 2, "path": "C3PAO", "unlisted": "MET",
        "findings": [{"id": "AC.L2-3.1.3", "result": "NOT MET", "note": "{color:red}!x!"}],
        "dates": {"cmmc_status_date": "2026-03-26", "as_of": "2026-06-01"},
    }  # fmt: skip
    file = tmp_path / "assessment.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    found = summary("--findings", str(file))
    assert (found["status"], found["score"], found["deadline"]) == ("Conditional Level 2 (C3PAO)", 109, "2026-09-22")
    assert found["issues_created"] == 1


def test_days_are_lived_from_the_status_date_on_and_what_was_said_is_counted(tmp_path: Path) -> None:
    document = {
        "level": 2, "path": "Self", "unlisted": "MET",
        "findings": [{"id": id_, "result": "NOT MET"} for id_ in ("AC.L2-3.1.9", "AT.L2-3.2.3", "AU.L2-3.3.4")],
        "dates": {"cmmc_status_date": "2026-03-26", "as_of": "2026-06-01"},
    }  # fmt: skip
    file = tmp_path / "assessment.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    found = summary("--findings", str(file), "--to-day", "30")
    assert (found["as_of"], found["days"], found["deadline"]) == ("2026-04-25", 30, "2026-09-22")
    said = found["said"]
    assert said["comments"] == found["escalations"] == sum(said["by"].values()) > 2
    assert said["by"]["closeout/started"] == 1
    assert set(said["to"]) >= {"Dana Whitfield", "Ingrid Solberg", "Priya Raman"}


def test_without_a_conditional_status_days_pass_all_the_same_and_it_says_that_no_clock_runs(findings: Path) -> None:
    result = demo("--findings", str(findings), "--to-day", "2")
    assert result.exit_code == 0, result.output
    assert "no closeout clock runs" in result.stdout


def test_what_is_wrong_is_said_before_anything_starts(findings: Path, tmp_path: Path) -> None:
    assert "there is no such file" in refused("--findings", str(tmp_path / "none.csv"))
    assert "folder" in refused("--findings", str(tmp_path))
    assert "does not assess level 2" in refused("--findings", str(findings), "--path", "DIBCAC")
    ahead = SystemClock(ZoneInfo("UTC")).today() + timedelta(days=30)
    assert f"{ahead} lies after" in refused("--findings", str(findings), "--status-date", ahead.isoformat())
    assert "not in force" in refused("--findings", str(findings), "--status-date", "2020-01-01")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--level", "4"], "4"),
        (["--path", "Friend"], "Friend"),
        (["--status-date", "2026-02-30"], "2026-02-30"),
        (["--port", "70000"], "70000"),
        (["--to-day", "-1"], "-1"),
    ],
)
def test_an_option_that_cannot_be_is_refused_by_its_value(arguments: list[str], told: str) -> None:
    assert told in refused(*arguments)


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"--port {port} cannot be had" in refused("--port", str(port))
