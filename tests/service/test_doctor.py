"""What `doctor` says: each thing that can be wrong is made wrong once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cmmc_jira.adapters.retry import Retry
from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.core.policy import Policy
from cmmc_jira.errors import BadSetting
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Grade, Verdict
from cmmc_jira.service.doctor import CHECKS, Report, examine
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import build_case
from cmmc_manifests import schema
from jira_sandbox import State
from support.clock import FrozenClock
from support.policies import shipped
from support.site import Site
from support.wsgi import Application, session_for

HOOK = "http://127.0.0.1:9/webhooks/jira"
SECRET = "0123456789abcdef0123"
GUIDE = Path(__file__).parents[2] / "docs" / "operators-guide.md"
SPEC = schema.webhook("CMMC")

Break = Callable[[Site, Case], Case]


def case_of(state: State, app: Application, folder: Path) -> Case:
    user = state.service_user()
    settings = Settings(
        url="http://jira.test",
        project="CMMC",
        user=user.email,
        token=user.token,
        webhook_secrets=(SECRET,),
        database_url=f"sqlite:///{folder / 'list.db'}",
    )
    clock, retry = FrozenClock(state.clock.now()), Retry(budget=0)
    return build_case(settings, clock=clock, session=lambda: session_for(app), retry=retry)


def hook(case: Case, *, url: str = HOOK, events: Iterable[str] = SPEC.events, jql: str = SPEC.filter) -> None:
    case.admin.create_webhook(SPEC.name, Listener(url, SECRET), events=tuple(events), jql=jql)


@pytest.fixture
def ready(tmp_path: Path) -> tuple[Site, Case]:
    site = Site()
    return site, case_of(site.state, site.app, tmp_path)


def bad(report: Report) -> list[Verdict]:
    return [verdict for verdict in report.verdicts if verdict.grade is not Grade.OK]


def test_a_project_that_is_ready_is_found_so_by_reads_alone(ready: tuple[Site, Case]) -> None:
    site, case = ready
    hook(case)
    site.issue("CMMC Remediation", Summary="Something")
    seen = len(site.state.requests)
    report = examine(case)
    assert not bad(report)
    assert (report.stopped, report.unlooked) == (False, ())
    assert [verdict.check for verdict in report.verdicts] == [check.name for check in CHECKS]
    written = {path for method, path in site.paths(seen) if method != "GET"}
    assert written == {"/rest/api/2/search/jql"}, "a search is a read, though it is posted"


def late(site: Site, case: Case) -> Case:
    return replace(case, clock=FrozenClock(site.state.clock.now() + timedelta(minutes=20)))


def old_law(site: Site, case: Case) -> Case:
    return replace(case, clock=FrozenClock(site.state.clock.now() + timedelta(days=1000)))


def owners(changed: Owners) -> Break:
    return lambda _, case: replace(case, policy=lambda: shipped(changed))


def refused_policy() -> Policy:
    raise BadSetting("owners.yaml:3: AC.L2-9.9.9 is no requirement id; write it as AC.L2-3.1.3.")


def unknown_priority() -> Policy:
    policy = shipped()
    ladder, *others = policy.escalation.ladders
    first = replace(ladder, rungs=(replace(ladder.rungs[0], priority="Blazing"), *ladder.rungs[1:]))
    return replace(policy, escalation=replace(policy.escalation, ladders=(first, *others)))


def without_type(site: Site, case: Case) -> Case:
    [gone] = [row.id for row in site.state.issue_types.values() if row.name == "CMMC Status"]
    for id_, scheme in site.state.type_schemes.items():
        site.state.type_schemes[id_] = replace(scheme, types=tuple(one for one in scheme.types if one != gone))
    return case


def renamed(site: Site, case: Case, *, to: str) -> Case:
    field = site.fields.ids["CMMC Points"]
    site.state.fields[field] = replace(site.state.fields[field], name=to)
    return case


def off_screen(site: Site, case: Case) -> Case:
    site.take_off_screens(site.fields.ids["POA&M Basis"])
    return case


def demanding(site: Site, case: Case) -> Case:
    site.state.required.add("components")
    return case


def without_right(site: Site, case: Case) -> Case:
    site.take_right("LINK_ISSUES")
    return case


def without_done(site: Site, case: Case) -> Case:
    done = {row.id for row in site.state.statuses.values() if row.category == "done"}
    for id_, flow in site.state.workflows.items():
        left = tuple(one for one in flow.statuses if one not in done)
        site.state.workflows[id_] = replace(flow, statuses=left)
    return case


def stuck(site: Site, case: Case) -> Case:
    site.issue("CMMC Remediation", Summary="Something")
    for id_, flow in site.state.workflows.items():
        site.state.workflows[id_] = replace(flow, transitions=())
    return case


def without_hook(site: Site, case: Case) -> Case:
    site.state.webhooks.hooks.clear()
    return case


def hooked(site: Site, case: Case, **changes: Any) -> Case:  # noqa: ANN401  whatever a webhook holds
    site.state.webhooks.hooks.clear()
    hook(case, **changes)
    return case


def switched_off(site: Site, case: Case) -> Case:
    for id_, one in site.state.webhooks.hooks.items():
        site.state.webhooks.hooks[id_] = replace(one, enabled=False)
    return case


def no_administrator(site: Site, case: Case) -> Case:
    user = site.state.service_user()
    site.state.users[user.account_id] = replace(user, admin=False)
    return case


def revoked(site: Site, case: Case) -> Case:
    user = site.state.service_user()
    site.state.users[user.account_id] = replace(user, token="another")
    return case


def newer_database(_: Site, case: Case) -> Case:
    def prepare() -> None:
        raise BadSetting("The database was written by a newer version: run that version.")

    return replace(case, prepare=prepare)


NOBODY = Owners({}, {}, {})
BREAKS: dict[str, tuple[Break, str, Grade, str]] = {
    "newer database": (newer_database, "database", Grade.FAULT, "Run that version."),
    "old law": (old_law, "law", Grade.WARN, "more than a year ago"),
    "weak secret": (lambda _, c: replace(c, webhook_secrets=("secret",)), "secrets", Grade.WARN, "openssl rand"),
    "weak token": (lambda _, c: replace(c, calendar_token="a" * 40), "secrets", Grade.WARN, "calendar token"),
    "wrong policy": (lambda _, c: replace(c, policy=refused_policy), "policy", Grade.FAULT, "owners.yaml:3"),
    "late clock": (late, "clock", Grade.FAULT, "20 minutes apart"),
    "revoked token": (revoked, "account", Grade.FAULT, "CMMC_JIRA_TOKEN anew"),
    "absent project": (lambda _, c: replace(c, project="NOPE"), "project", Grade.FAULT, "as Jira shows it"),
    "moved project": (lambda _, c: replace(c, project="10000"), "project", Grade.FAULT, "is now CMMC"),
    "lacking permission": (without_right, "permissions", Grade.FAULT, '"Link issues"'),
    "lacking type": (without_type, "issue types", Grade.FAULT, '"CMMC Status"'),
    "lacking field": (partial(renamed, to="Points"), "fields", Grade.FAULT, '"CMMC Points"'),
    "two fields": (partial(renamed, to="CMMC Variant"), "fields", Grade.FAULT, '"CMMC Variant"'),
    "field off screen": (off_screen, "screens", Grade.FAULT, "POA&M Basis"),
    "required field": (demanding, "required fields", Grade.FAULT, "(components)"),
    "no done status": (without_done, "statuses", Grade.FAULT, "category Done"),
    "stuck issue": (stuck, "transitions", Grade.FAULT, "no transition leads"),
    "lost webhook": (without_hook, "webhook", Grade.FAULT, "No webhook of CMMC"),
    "idle webhook": (switched_off, "webhook", Grade.FAULT, "switched off"),
    "deaf webhook": (partial(hooked, events=["jira:issue_created"]), "webhook", Grade.FAULT, "jira:issue_updated"),
    "other filter": (partial(hooked, jql='project = "OTHER"'), "webhook", Grade.FAULT, "OTHER"),
    "other address": (lambda _, c: replace(c, webhook_url=HOOK + "s"), "webhook", Grade.FAULT, HOOK + "s"),
    "no secret": (lambda _, c: replace(c, webhook_secrets=()), "webhook", Grade.WARN, "serve"),
    "no administrator": (no_administrator, "webhook", Grade.WARN, "administrator's token"),
    "unknown owner": (owners(replace(NOBODY, families={"AC": "x@nowhere.example"})), "people", Grade.WARN, "x@nowhere"),
    "no lead": (owners(replace(NOBODY, families={"AC": Component("None such")})), "people", Grade.WARN, "None such"),
    "empty role": (owners(replace(NOBODY, manager_role="No such role")), "manager role", Grade.WARN, "No such role"),
    "unknown priority": (lambda _, c: replace(c, policy=unknown_priority), "priorities", Grade.FAULT, '"Blazing"'),
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
    assert report.stopped or grade is Grade.WARN


def answering(status: str, headers: Mapping[str, str], body: bytes) -> Application:
    def application(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(status, list(headers.items()))
        return [body]

    return application


PAGE = {"Content-Type": "text/html"}
STRANGE: dict[str, tuple[Application, str, str]] = {
    "login page": (answering("200 OK", PAGE, b"<form>Log in</form>"), "login page", "Check that CMMC_JIRA_URL"),
    "maintenance": (answering("503 Unavailable", PAGE, b"<h1>Soon</h1>"), "maintenance", "Wait"),
    "elsewhere": (
        answering("302 Found", {"Location": "https://jira.test/rest"}, b""),
        "redirects to https://jira.test",
        "set CMMC_JIRA_URL",
    ),
    "cut short": (answering("200 OK", {"Content-Type": "application/json"}, b'{"version": "10'), "cut short", "Wait"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_answer_is_one_fault_and_the_rest_is_not_looked_at(tmp_path: Path, name: str) -> None:
    app, says, mend = STRANGE[name]
    report = examine(case_of(State(), app, tmp_path))
    [fault] = bad(report)
    assert (fault.check, fault.grade) == ("jira", Grade.FAULT)
    assert says in fault.what
    assert mend in fault.mend
    assert {"account", "project", "webhook", "priorities"} <= set(report.unlooked)


def test_every_check_is_provoked_here_and_stands_in_the_guide_in_its_order() -> None:
    section = GUIDE.read_text(encoding="utf-8").partition("## What doctor says\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
    assert rows[1:] == [check.name for check in CHECKS]
    assert {check for _, check, _, _ in BREAKS.values()} | {"jira"} == {check.name for check in CHECKS}
