"""What the operator's guide says is there: its metrics, its commands, and the rights and scopes that it names."""

import re
import shlex
from pathlib import Path

import promql_parser
import pytest
import yaml

from cmmc_jira.cli.main import main
from cmmc_manifests import schema
from support.served import Served

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
ALERTS = yaml.safe_load((ROOT / "docs" / "alerts.yaml").read_text(encoding="utf-8"))
RULES = {rule["alert"]: rule for group in ALERTS["groups"] for rule in group["rules"]}
SHOWN = sorted(set(re.findall(r"`cmmc-jira ([a-z][^`]*)`", GUIDE)))


def exported(folder: Path) -> dict[str, str]:
    """Return the metrics that a service gives, with the type of each."""
    served = Served(folder)
    text = served.web.get("/metrics").get_data(as_text=True)
    served.service.stop()
    kinds = dict(re.findall(r"^# TYPE (cmmc_jira_\w+) (\w+)$", text, re.MULTILINE))
    return {name: kind for name, kind in kinds.items() if not name.endswith("_created")}


def asked_for(expression: str) -> set[str]:
    """Return the metrics that an expression asks for."""
    found = set()

    def visit(part: promql_parser.Expr) -> None:
        if isinstance(part, promql_parser.VectorSelector):
            found.add(str(part.name))

    promql_parser.walk(promql_parser.parse(expression), pre_visit=visit)
    return found


def test_every_metric_has_an_alert_and_every_alert_its_line_in_the_guide(tmp_path: Path) -> None:
    kinds = exported(tmp_path)
    parts = {f"{name}_bucket": name for name, kind in kinds.items() if kind == "histogram"}
    told = {alert: {parts.get(name, name) for name in asked_for(rule["expr"])} for alert, rule in RULES.items()}
    assert {name for names in told.values() for name in names} == set(kinds)
    lines = re.findall(r"^\| `(CmmcJira\w+)` \| `(cmmc_jira_\w+)` \|", GUIDE, re.MULTILINE)
    assert {alert: {name} for alert, name in lines} == told


def test_every_alert_is_as_prometheus_reads_rules() -> None:
    assert len(RULES) == sum(len(group["rules"]) for group in ALERTS["groups"])
    for rule in RULES.values():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["summary"].endswith(".")
        assert re.fullmatch(r"\d+[mhd]", rule.get("for", "1m"))
        promql_parser.parse(rule["expr"])


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
