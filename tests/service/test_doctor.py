"""What `doctor` says: each thing that can be wrong is made wrong once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cmmc_jira.core.mapping import ProjectMapping, Tie
from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.core.policy import Policy
from cmmc_jira.errors import BadSetting
from cmmc_jira.service.checks.case import Case, Heard
from cmmc_jira.service.checks.verdict import Grade
from cmmc_jira.service.doctor import CHECKS, examine
from support.casework import HOOK, Break, bad, case_of, hook, over, over_datacenter
from support.clock import FrozenClock
from support.policies import shipped
from support.site import Site

PAGE_OF_CHECKS = Path(__file__).parents[2] / "docs" / "doctor.md"


@pytest.fixture(scope="module")
def provisioned() -> tuple[Site, Callable[[], None]]:
    site = Site()
    return site, site.moment()


@pytest.fixture
def ready(tmp_path: Path, provisioned: tuple[Site, Callable[[], None]]) -> tuple[Site, Case]:
    site, back = provisioned
    back()
    return site, case_of(site.state, site.app, tmp_path)


def test_a_project_that_is_ready_is_found_so_by_reads_alone(ready: tuple[Site, Case]) -> None:
    site, case = ready
    hook(case)
    for name in ("CMMC Remediation", "CMMC Remediation", "CMMC Status"):
        closed = site.issue(name, Summary="Something")
    site.person.transition(str(int(closed) - 1), "done")
    seen = len(site.state.requests)
    report = examine(case)
    assert not bad(report)
    assert (report.stopped, report.unlooked) == (False, ())
    assert [verdict.check for verdict in report.verdicts] == [check.name for check in CHECKS]
    written = {path for method, path in site.paths(seen) if method != "GET"}
    assert written == {"/rest/api/2/search/jql"}, "a search is a read, though it is posted"


def behind(minutes: float) -> Break:
    def late(site: Site, case: Case) -> Case:
        site.state.clock.frozen = now = site.state.clock.now().replace(microsecond=0)
        return replace(case, clock=FrozenClock(now + timedelta(minutes=minutes), zone="Etc/UTC"))

    return late


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
    return without_steps(site, case)


def without_steps(site: Site, case: Case) -> Case:
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


def team_managed(project: dict[str, Any]) -> dict[str, Any]:
    return {**project, "simplified": True}


def open_item(breaks: Break) -> Break:
    """What is wrong with the form that edits an issue is seen on an issue only."""

    def broken(site: Site, case: Case) -> Case:
        site.issue("CMMC Remediation", Summary="Something")
        return breaks(site, case)

    return broken


def in_zone(zone: str) -> Break:
    return lambda site, case: replace(case, clock=FrozenClock(site.state.clock.now(), zone=zone))


def without_links(site: Site, case: Case) -> Case:
    site.state.link_types.clear()
    return case


def without_option(site: Site, case: Case) -> Case:
    field = site.fields.ids["CMMC Finding"]
    for id_, context in site.state.contexts.items():
        if context.field == field:
            site.state.contexts[id_] = replace(context, options=context.options[1:])
    return case


def stuck_when_done(site: Site, case: Case) -> Case:
    site.person.transition(site.issue("CMMC Remediation", Summary="Something"), "done")
    return without_steps(site, case)


def mapped(**changes: Any) -> Break:  # noqa: ANN401  whatever a mapping holds
    return lambda _, case: replace(case, mapping=ProjectMapping(**changes))


def unsigned(site: Site, case: Case) -> Case:
    for id_, one in site.state.webhooks.hooks.items():
        site.state.webhooks.hooks[id_] = replace(one, secret=None)
    return case


def unencrypted(site: Site, case: Case) -> Case:
    site.state.webhook_hosts = frozenset({"cmmc.example.com"})
    return hooked(site, case, url="http://cmmc.example.com/webhooks/jira")


def untold(site: Site, case: Case, *, minutes: float = 21, told: float | None = None) -> Case:
    """An issue was created that many minutes ago; the last delivery came `told` minutes after it, or never."""
    site.issue("CMMC Status", Summary="Something")
    created = site.state.clock.now()
    later = FrozenClock(created + timedelta(minutes=minutes), zone="Etc/UTC")
    delivered = None if told is None else created + timedelta(minutes=told)
    return replace(case, clock=later, machine=later, heard=lambda: Heard(delivered, created))


def without_roles(site: Site, case: Case) -> Case:
    site.assessment(Compliance_Lead=site.state.service)
    return case


def lead_gone(site: Site, case: Case) -> Case:
    people = sorted(id_ for id_ in site.state.users if id_ != site.state.service)
    site.assessment(Compliance_Lead=people[0], Affirming_Official=site.state.service)
    site.state.users[people[0]] = replace(site.state.users[people[0]], active=False)
    return case


def unreadable_role(site: Site, case: Case) -> Case:
    site.take_right("ADMINISTER_PROJECTS")
    return owners(replace(NOBODY, manager_role="Developers"))(site, no_administrator(site, case))


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
    "late clock": (behind(20), "clock", Grade.FAULT, "20 minutes apart"),
    "clock on the edge": (behind(15), "clock", Grade.FAULT, "15 minutes apart"),
    "slow clock": (behind(14), "clock", Grade.WARN, "14 minutes apart"),
    "clock a minute off": (behind(-1.1), "clock", Grade.WARN, "1 minute apart"),
    "deactivated account": (
        over("/myself", lambda me: {**me, "active": False}),
        "account",
        Grade.FAULT,
        "deactivated",
    ),
    "password on Data Center": (over_datacenter("10.3.0"), "token", Grade.WARN, "personal access token"),
    "password on the newest": (over_datacenter("11.0.1"), "token", Grade.WARN, "takes no password"),
    "old Data Center": (over_datacenter("9.17.2"), "jira", Grade.WARN, "9.17.2"),
    "name with spaces": (over_datacenter("10.3.0", name="the robot"), "mentions", Grade.WARN, "Rename the account"),
    "other zone": (in_zone("Asia/Tokyo"), "zone", Grade.WARN, "Asia/Tokyo"),
    "other summer time": (in_zone("Europe/London"), "zone", Grade.WARN, "Europe/London"),
    "revoked token": (revoked, "account", Grade.FAULT, "CMMC_JIRA_TOKEN anew"),
    "absent project": (lambda _, c: replace(c, project="NOPE"), "project", Grade.FAULT, "as Jira shows it"),
    "moved project": (lambda _, c: replace(c, project="10000"), "project", Grade.FAULT, "is now CMMC"),
    "team-managed project": (over("/project/CMMC", team_managed), "project", Grade.FAULT, "company-managed"),
    "lacking permission": (without_right, "permissions", Grade.FAULT, '"Link issues"'),
    "lacking type": (without_type, "issue types", Grade.FAULT, '"CMMC Status"'),
    "lacking field": (partial(renamed, to="Points"), "fields", Grade.FAULT, '"CMMC Points"'),
    "two fields": (partial(renamed, to="CMMC Variant"), "fields", Grade.FAULT, '"CMMC Variant"'),
    "field off screen": (off_screen, "screens", Grade.FAULT, "POA&M Basis"),
    "native field off screen": (
        lambda site, case: (site.take_off_screens("duedate"), case)[1],
        "screens",
        Grade.FAULT,
        "duedate",
    ),
    "no labels": (lambda site, case: (site.take_off_screens("labels"), case)[1], "labels", Grade.FAULT, "no labels"),
    "field off the edit screen": (
        open_item(over("/editmeta", lambda _: {"fields": {"summary": {"name": "Summary", "required": True}}})),
        "edit screens",
        Grade.FAULT,
        "POA&M Basis",
    ),
    "may not be edited": (
        open_item(over("/editmeta", lambda _: {"fields": {}})),
        "edit screens",
        Grade.FAULT,
        "jira.issue.editable",
    ),
    "no link type": (without_links, "link types", Grade.FAULT, '"Relates"'),
    "lacking option": (without_option, "options", Grade.FAULT, 'the option "MET"'),
    "required field": (demanding, "required fields", Grade.FAULT, "(components)"),
    "no done status": (without_done, "statuses", Grade.FAULT, "category Done"),
    "stuck issue": (stuck, "transitions", Grade.FAULT, "no transition leads"),
    "unknown level": (mapped(security={"status": "Secret"}), "mapping", Grade.FAULT, 'the security level "Secret"'),
    "unknown component": (mapped(components={"AC": "Doors"}), "mapping", Grade.FAULT, 'no component "Doors"'),
    "unknown link type": (mapped(link_type="Belongs to"), "link types", Grade.FAULT, '"Belongs to"'),
    "renamed type": (mapped(issue_types={"status": "Report"}), "issue types", Grade.FAULT, '"Report"'),
    "stuck when done": (stuck_when_done, "transitions", Grade.FAULT, '"To Do"'),
    "lost webhook": (without_hook, "webhook", Grade.FAULT, "No webhook of CMMC"),
    "idle webhook": (switched_off, "webhook", Grade.FAULT, "switched off"),
    "deaf webhook": (partial(hooked, events=["jira:issue_created"]), "webhook", Grade.FAULT, "jira:issue_updated"),
    "other filter": (partial(hooked, jql='project = "OTHER"'), "webhook", Grade.FAULT, "OTHER"),
    "other address": (lambda _, c: replace(c, webhook_url=HOOK + "s"), "webhook", Grade.FAULT, HOOK + "s"),
    "unsigned webhook": (unsigned, "webhook", Grade.FAULT, "turned away"),
    "unencrypted webhook": (unencrypted, "webhook", Grade.WARN, "unencrypted to http://cmmc.example.com"),
    "no delivery": (untold, "deliveries", Grade.WARN, "no delivery is known"),
    "old delivery": (partial(untold, told=-2), "deliveries", Grade.WARN, "the last delivery came at"),
    "no secret": (lambda _, c: replace(c, webhook_secrets=()), "webhook", Grade.WARN, "serve"),
    "no administrator": (no_administrator, "webhook", Grade.WARN, "administrator's token"),
    "unknown owner": (owners(replace(NOBODY, families={"AC": "x@nowhere.example"})), "people", Grade.WARN, "x@nowhere"),
    "no lead": (owners(replace(NOBODY, families={"AC": Component("None such")})), "people", Grade.WARN, "None such"),
    "empty role": (owners(replace(NOBODY, manager_role="No such role")), "manager role", Grade.WARN, "No such role"),
    "unreadable role": (unreadable_role, "manager role", Grade.WARN, "Administer projects"),
    "nobody entered": (without_roles, "roles", Grade.WARN, "No Affirming Official is entered on CMMC-"),
    "lead deactivated": (lead_gone, "roles", Grade.WARN, "Compliance Lead of CMMC-"),
    "few requests left": (
        over("/priority", X_RateLimit_Limit="100", X_RateLimit_Remaining="19"),
        "rate limit",
        Grade.WARN,
        "19 more",
    ),
    "near the limit": (over("/priority", X_RateLimit_NearLimit="true"), "rate limit", Grade.WARN, "few requests"),
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


FINE: dict[str, tuple[Break, str, str]] = {
    "personal access token": (
        lambda site, case: replace(over_datacenter("10.3.0")(site, case), user=None),
        "token",
        "personal access token",
    ),
    "scoped token": (
        lambda _, case: replace(case, url="https://api.atlassian.com/ex/jira/11223344-a1b2"),
        "token",
        "the gateway",
    ),
    "delivery on its way": (partial(untold, minutes=19), "deliveries", "No delivery is known"),
    "delivery came": (partial(untold, told=0.1), "deliveries", "The last delivery came at"),
    "long ago": (partial(untold, minutes=8 * 1440), "deliveries", "No delivery is known"),
    "requests left": (
        over("/priority", X_RateLimit_Limit="100", X_RateLimit_Remaining="20"),
        "rate limit",
        "20 more requests of 100",
    ),
    "forge": (
        lambda site, case: replace(without_hook(site, case), by_forge=True),
        "webhook",
        "A Forge app brings the events",
    ),
    "as shipped": (lambda _, case: case, "mapping", "as the manifests describe it"),
    "mapped": (
        mapped(issue_types={"status": "Task"}, tie=Tie.PARENT),
        "mapping",
        'Mapped: status is "Task"; issues are tied',
    ),
    "administrator": (lambda _, case: case, "mail", "could edit without mails"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_in_order_is_told_without_a_mend(ready: tuple[Site, Case], name: str) -> None:
    site, case = ready
    hook(case)
    makes, check, says = FINE[name]
    told = [verdict for verdict in examine(makes(site, case)).verdicts if verdict.check == check]
    assert [verdict.grade for verdict in told] == [Grade.OK]
    assert says in told[0].what
    assert not told[0].mend


def listed(heading: str) -> list[str]:
    section = PAGE_OF_CHECKS.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]


def test_every_check_is_provoked_here_and_stands_on_its_page_in_its_order() -> None:
    assert listed("What it looks at") == [check.name for check in CHECKS]
    only_told = {"mail"}
    assert {check for _, check, _, _ in BREAKS.values()} | only_told == {check.name for check in CHECKS}
