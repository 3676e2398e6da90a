"""The rights and scopes that are asked for are those that calls need: no fewer, and no more."""

import ast
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

import cmmc_jira.adapters
from cmmc_jira.adapters.exchange import AGENT
from cmmc_manifests import schema
from support.scopes import calls, document, hold, listed
from support.site import Site

PERMISSIONS: Mapping[str, Sequence[Mapping[str, str]]] = document()["permissions"]
KNOWN = {row["permission"] for rows in PERMISSIONS.values() for row in rows}
# What an edit or a create needs for some fields, beside its own right.
UNSAID = {"Assign issues", "Assignable user", "Schedule issues"}
FOLDER = os.environ.get("CMMC_JIRA_OPENAPI_DIR")
MANIFEST = Path(__file__).parents[2] / "manifests" / "cmmc_manifests" / "forge" / "manifest.yml"


def words_of_adapters() -> set[str]:
    folder = Path(cmmc_jira.adapters.__path__[0])
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py"))
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_each_right_asked_for_is_named_by_a_call() -> None:
    assert words_of_adapters() >= KNOWN - UNSAID


def test_each_right_that_a_refusal_names_is_asked_for() -> None:
    verbs = ("Browse ", "Create ", "Edit ", "Link ", "Add ", "Transition ", "Delete own ", "Administer ")
    named = {text for text in words_of_adapters() if text.startswith(verbs) and len(text.split()) <= 3}
    assert named
    assert named <= KNOWN


def test_each_right_says_what_it_is_for() -> None:
    assert all(set(row) == {"permission", "for"} and all(row.values()) for rows in PERMISSIONS.values() for row in rows)


def test_the_project_permissions_are_those_of_the_jira_manifest() -> None:
    of_project = {row["permission"] for row in PERMISSIONS["service"]}
    assert of_project == {spec.names["cloud"] for spec in schema.permissions()}


def test_each_call_is_listed_once_with_its_scopes_and_is_in_the_code() -> None:
    rows = calls()
    assert len({row["call"] for row in rows}) == len(rows)
    assert all(
        set(row) == {"call", "scope", "granular"} for row in calls("service", "doctor", "write_test", "provision")
    )
    hooks = {schema.webhook_form(kind).endpoint for kind in ("cloud", "datacenter-10")}
    code = "\n".join(words_of_adapters() | hooks)
    for row in rows:
        steps = re.split(r"/|\{\w+\}", row["call"].partition("/")[2])
        assert [step for step in steps if step not in code] == [], row["call"]


@pytest.mark.parametrize(
    ("token", "parts"), [("service", ("service", "doctor")), ("provision", ("provision", "doctor"))]
)
def test_a_token_has_the_scopes_of_its_calls_and_no_more(token: str, parts: Sequence[str]) -> None:
    of_calls = calls(*parts)
    summed = document()["tokens"][token]
    beside = calls("service")[:3] if token == "provision" else []  # what the site, its fields and the caller are
    rows = [row for row in [*of_calls, *beside] if row["scope"] != "unscoped"]
    assert summed["classic"] == sorted({row["scope"] for row in rows} - {"none"})
    assert summed["granular"] == sorted({scope for row in rows for scope in row["granular"]})


def test_the_service_needs_no_right_to_administer() -> None:
    assert not [scope for scope in document()["tokens"]["service"]["classic"] if scope.startswith("manage:")]


def test_the_forge_app_asks_for_the_services_scopes_and_for_its_own_token() -> None:
    asked = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["permissions"]["scopes"]
    assert sorted(asked) == sorted(["read:app-system-token", *document()["tokens"]["service"]["classic"]])


def test_a_request_that_no_row_names_fails_whichever_test_sends_it() -> None:
    ours = requests.Request("DELETE", "http://jira.test/rest/api/2/project/10001", headers={"User-Agent": AGENT})
    with pytest.raises(AssertionError, match=r"scopes\.yaml has no row for DELETE"):
        hold(ours.prepare())
    hold(requests.Request("DELETE", "http://jira.test/rest/api/2/project/10001").prepare())


def test_an_assessment_lived_through_sends_no_more_than_the_services_calls() -> None:
    site = Site()
    seen = len(site.state.requests)
    site.assessment()
    site.attach("CMMC-1", "AC.L2-3.1.3", "AC.L2-3.1.20")
    site.until_quiet()
    site.enter("CMMC-1", CMMC_Status_Date="2026-03-26", Assessment_End_Date="2026-03-13")
    site.until_quiet()
    sent = [(method, path) for method, path in site.paths(seen) if not path.startswith("/sandbox/")]
    assert sent
    assert [one for one in sent if not listed(*one, "service")] == []


def operations(folder: str) -> Mapping[str, Mapping[str, Any]]:
    text = (Path(folder) / "cloud-platform-v3" / "swagger-v3.v3.json").read_text(encoding="utf-8")
    return {
        f"{method.upper()} {path.removeprefix('/rest/api/3')}": operation
        for path, item in json.loads(text)["paths"].items()
        for method, operation in item.items()
    }


@pytest.mark.parametrize(
    "folder", [pytest.param(FOLDER, id="compared" if FOLDER else "not compared, CMMC_JIRA_OPENAPI_DIR is unset")]
)
def test_the_scopes_are_those_of_atlassians_own_document(folder: str | None) -> None:
    known = operations(folder) if folder else {}
    for row in calls("service", "doctor", "write_test", "provision") if folder else ():
        if row["scope"] == "unscoped":
            assert row["call"] not in known
            continue
        by_state = {one["state"]: one["scopes"] for one in known[row["call"]].get("x-atlassian-oauth2-scopes", ())}
        classic = by_state.get("Current") or ["none"]
        assert ([row["scope"]], row["granular"]) == (classic, sorted(by_state.get("Beta", ()))), row["call"]
