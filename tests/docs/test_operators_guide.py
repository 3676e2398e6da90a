"""What the operator's guide says is there: its metrics, its commands, and the rights and scopes that it names."""

import re
import shlex
from pathlib import Path

import pytest

from cmmc_jira.cli.main import main
from cmmc_manifests import schema
from support.served import Served

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
SHOWN = sorted(set(re.findall(r"`cmmc-jira ([a-z][^`]*)`", GUIDE)))


def test_every_metric_has_its_alarm_and_no_other_is_named(tmp_path: Path) -> None:
    served = Served(tmp_path)
    text = served.web.get("/metrics").get_data(as_text=True)
    served.service.stop()
    kinds = dict(re.findall(r"^# TYPE (cmmc_jira_\w+) (\w+)$", text, re.MULTILINE))
    named = set(re.findall(r"^\| `(cmmc_jira_\w+)", GUIDE, re.MULTILINE))
    assert named == {name for name in kinds if not name.endswith("_created")}


@pytest.mark.parametrize("command", SHOWN)
def test_every_command_that_is_shown_is_one_that_there_is(command: str) -> None:
    name, *words = shlex.split(command.replace("…", "https://cmmc.example.com/webhooks/jira"))
    made = main.get_command(main.make_context("cmmc-jira", [name], resilient_parsing=True), name)
    assert made is not None
    made.make_context(name, words)


def test_the_rights_are_those_that_the_service_needs() -> None:
    rights = " ".join(GUIDE.partition("## Rights")[2].partition("##")[0].split())
    named = rights.partition(": ")[2].partition(", where the policy")[0].replace("; and ", ", ").split(", ")
    assert named == [spec.names["cloud"] for spec in schema.permissions()]
