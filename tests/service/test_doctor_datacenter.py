"""What `doctor` says of a Jira Data Center: what only its administrator can do, by hand, and what only it has."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cmmc_jira.adapters.retry import Retry
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Grade
from cmmc_jira.service.doctor import CHECKS, examine
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import build_case
from jira_sandbox.administration import administer
from support.casework import Break, altered, bad, case_of, hook, over
from support.site import Site
from support.wsgi import session_for


@pytest.fixture(scope="module")
def provisioned() -> tuple[Site, Callable[[], None]]:
    site = Site(flavour="datacenter")
    return site, site.moment()


@pytest.fixture
def ready(tmp_path: Path, provisioned: tuple[Site, Callable[[], None]]) -> tuple[Site, Case]:
    site, back = provisioned
    back()
    return site, case_of(site.state, site.app, tmp_path)


def test_a_project_that_is_ready_is_found_so_by_reads_alone(ready: tuple[Site, Case]) -> None:
    site, case = ready
    hook(case)
    for name in ("CMMC Remediation", "CMMC Status"):
        site.issue(name, Summary="Something")
    seen = len(site.state.requests)
    report = examine(case)
    assert not bad(report)
    assert [verdict.check for verdict in report.verdicts] == [check.name for check in CHECKS]
    assert {path for method, path in site.paths(seen) if method != "GET"} <= {"/rest/api/2/search"}


def test_no_options_are_praised_that_no_form_shows(ready: tuple[Site, Case]) -> None:
    site, case = ready
    site.take_off_screens(site.fields.ids["CMMC Decision"])
    [said] = [verdict.what for verdict in examine(case).verdicts if verdict.check == "options"]
    assert said == "1 of 16 fields to choose from are on no form and could not be looked at."


def by_hand(**form: Mapping[str, Any]) -> Break:
    """Something that an administrator does on Jira's pages."""

    def broken(site: Site, case: Case) -> Case:
        administer(site.state, form)
        return case

    return broken


def strict_done(site: Site, case: Case) -> Case:
    """The workflow's way to done asks for a field that the service knows nothing of."""
    site.issue("CMMC Remediation", Summary="Something")
    form = {
        "issue_type": "CMMC Remediation",
        "statuses": [{"name": "To Do", "category": "new"}, {"name": "Done", "category": "done"}],
        "transitions": [{"name": "Close", "to": "Done", "required": ["components"]}, {"name": "Reopen", "to": "To Do"}],
    }
    return by_hand(workflow=form)(site, case)


def endless(site: Site, case: Case) -> Case:
    form = {
        "issue_type": "CMMC Remediation",
        "statuses": [{"name": "To Do", "category": "new"}],
        "transitions": [{"name": "Again", "to": "To Do"}],
    }
    return by_hand(workflow=form)(site, case)


def without_option(site: Site, case: Case) -> Case:
    field = site.fields.ids["CMMC Finding"]
    for id_, context in site.state.contexts.items():
        if context.field == field:
            site.state.contexts[id_] = replace(context, options=context.options[1:])
    return case


def off_screen(site: Site, case: Case) -> Case:
    site.take_off_screens(site.fields.ids["POA&M Basis"])
    return case


def switched_off(site: Site, case: Case) -> Case:
    [id_] = site.state.webhooks.hooks
    return by_hand(webhook={"id": id_, "enabled": False})(site, case)


def gone(site: Site, case: Case) -> Case:
    site.state.webhooks.hooks.clear()
    return case


def locked(site: Site, case: Case) -> Case:
    """Somebody tried three wrong passwords, and Jira wants to see a person."""
    name = site.state.service_user().name
    for _ in range(3):
        session_for(site.app).get("http://jira.test/rest/api/2/myself", auth=(name, "wrong"))
    settings = Settings(url="http://jira.test", project="CMMC", user=name, token=site.state.service_user().token)
    other = build_case(settings, session=lambda: session_for(site.app), retry=Retry(budget=0))
    return replace(case, user=name, jira=other.jira, checkup=other.checkup, admin=other.admin)


def deactivated(site: Site, case: Case) -> Case:
    return by_hand(user={"name": site.state.service_user().name, "active": False})(site, case)


def old(site: Site, case: Case) -> Case:
    before = {"version": "9.12.30", "versionNumbers": [9, 12, 30]}
    other = case_of(site.state, altered(site.app, "/serverInfo", lambda info: {**info, **before}), Path())
    return replace(case, jira=other.jira, checkup=other.checkup, admin=other.admin)


def unmentionable(site: Site, case: Case) -> Case:
    return over("/myself", lambda me: {**me, "name": "the robot"})(site, case)


BREAKS: dict[str, tuple[Break, str, Grade, str]] = {
    "option not made": (without_option, "options", Grade.FAULT, "do by hand the steps that it prints"),
    "screen not filled": (off_screen, "screens", Grade.FAULT, "do by hand the steps that it prints"),
    "demanded by hand": (
        by_hand(required={"field": "components", "required": True}),
        "required fields",
        Grade.FAULT,
        "(components)",
    ),
    "no way to done": (endless, "statuses", Grade.FAULT, "category Done"),
    "way to done demands": (strict_done, "transitions", Grade.FAULT, '"Close" demands'),
    "webhook switched off": (switched_off, "webhook", Grade.FAULT, "switched off"),
    "webhook deleted": (gone, "webhook", Grade.FAULT, "provision --webhook-url"),
    "deactivated account": (deactivated, "jira", Grade.FAULT, "Set CMMC_JIRA_USER and CMMC_JIRA_TOKEN anew"),
    "locked": (locked, "jira", Grade.FAULT, "Log in once in a browser"),
    "password": (lambda _, case: replace(case, user="service"), "token", Grade.WARN, "personal access token"),
    "lacking permission": (
        lambda site, case: (site.take_right("LINK_ISSUES"), case)[1],
        "permissions",
        Grade.FAULT,
        '"Link Issues"',
    ),
    "before version 10": (old, "jira", Grade.WARN, "9.12.30"),
    "unsigned before version 10": (old, "webhook", Grade.WARN, "signs no webhook"),
    "unmentionable": (unmentionable, "mentions", Grade.WARN, "Rename the account"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_wrong_is_told_with_its_place_and_its_mend(ready: tuple[Site, Case], name: str) -> None:
    site, case = ready
    hook(case)
    breaks, check, grade, says = BREAKS[name]
    report = examine(breaks(site, case))
    told = [verdict for verdict in bad(report) if verdict.check == check]
    assert told, bad(report)
    assert {verdict.grade for verdict in told} == {grade}
    assert says in " ".join(f"{verdict.what} {verdict.mend}" for verdict in told)
    assert all(verdict.where and verdict.why and verdict.mend for verdict in told)
