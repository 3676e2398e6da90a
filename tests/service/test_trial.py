"""`doctor --write-test`: every kind of write on one issue, of which nothing stays, whatever fails."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.service import trial
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Grade, Verdict
from cmmc_jira.wiring import build_case
from cmmc_manifests import schema
from support.served import SECRET, Served
from support.site import Site
from support.wsgi import session_for

NAMES = [check.name for check in trial.CHECKS]
PAGE_OF_CHECKS = Path(__file__).parents[2] / "docs" / "doctor.md"


@dataclass
class Rehearsal:
    """A ready project whose webhook leads to a service beside it; waiting lets Jira deliver."""

    site: Site
    served: Served
    case: Case
    waited: float = 0.0

    def pause(self, seconds: float) -> None:
        self.waited += seconds
        self.site.state.webhooks.pump(self._send)

    def _send(self, _url: str, headers: Mapping[str, str], body: bytes) -> int:
        return self.served.web.post("/webhooks/jira", data=body, headers=dict(headers)).status_code

    def run(self) -> dict[str, Verdict]:
        return {verdict.check: verdict for verdict in trial.rehearse(self.case, pause=self.pause)}

    def left(self) -> list[str]:
        """Keys and categories of the throw-away issues that are there, and what is linked with them."""
        state = self.site.state
        return [
            f"{issue.key} {state.statuses[issue.status].category}{' linked' if state.links_of(issue.id) else ''}"
            for issue in state.issues.values()
            if trial.LABEL in str(issue.values.get("labels"))
        ]


@pytest.fixture(scope="module", params=["cloud", "datacenter"])
def provisioned(request: pytest.FixtureRequest) -> tuple[Site, Callable[[], None]]:
    site = Site(flavour=request.param)
    spec, listener = schema.webhook("CMMC"), Listener("http://127.0.0.1:9/webhooks/jira", SECRET)
    JiraAdmin(site._exchange()).create_webhook(spec.name, listener, events=tuple(spec.events), jql=spec.filter)
    site.assessment()
    return site, site.moment()


@pytest.fixture
def rehearsal(provisioned: tuple[Site, Callable[[], None]], tmp_path: Path) -> Iterator[Rehearsal]:
    site, back = provisioned
    back()
    served = Served(tmp_path, state=site.state)
    served.service.tick.fire()
    retry = Retry(budget=0)
    case = build_case(served.service.settings, session=lambda: session_for(site.app), retry=retry)
    yield Rehearsal(site, served, case)
    served.service.stop()


def site_is_cloud(rehearsal: Rehearsal) -> bool:
    return not rehearsal.site.state.datacenter


def test_every_kind_of_write_is_tried_and_nothing_stays(rehearsal: Rehearsal) -> None:
    seen, links = len(rehearsal.site.state.requests), len(rehearsal.site.state.links)
    found = rehearsal.run()
    assert list(found) == NAMES
    assert {name: each.what for name, each in found.items() if each.grade is not Grade.OK} == {}
    assert ("[~accountid:" if site_is_cloud(rehearsal) else "[~service]") in found["test mention"].what
    assert "linked with CMMC-1" in found["test link"].what
    assert "taken in" in found["test delivery"].what
    assert rehearsal.left() == []
    assert len(rehearsal.site.state.links) == links
    methods = [method for method, path in rehearsal.site.paths(seen) if path.startswith("/rest/api/2/issue")]
    assert (methods.count("PUT"), methods[-1]) == (1, "DELETE")


def test_where_nothing_may_be_deleted_the_issue_is_closed_without_its_link(rehearsal: Rehearsal) -> None:
    rehearsal.site.take_right("DELETE_ISSUES")
    found = rehearsal.run()
    assert found["test removal"].grade is Grade.WARN
    assert "was closed instead" in found["test removal"].what
    assert rehearsal.left() == ["CMMC-2 done"]
    rehearsal.run()
    assert rehearsal.left() == ["CMMC-2 done", "CMMC-3 done"], "what is closed is left alone"


@pytest.mark.parametrize(
    ("right", "check"),
    [
        ("CREATE_ISSUES", "test issue"),
        ("EDIT_ISSUES", "test edit"),
        ("ADD_COMMENTS", "test mention"),
        ("LINK_ISSUES", "test link"),
        ("TRANSITION_ISSUES", "test moves"),
    ],
)
def test_a_right_that_is_missing_is_a_fault_of_its_step_and_leaves_nothing(
    rehearsal: Rehearsal, right: str, check: str
) -> None:
    rehearsal.site.take_right(right)
    found = rehearsal.run()
    assert [name for name, each in found.items() if each.grade is Grade.FAULT] == [check]
    assert all(each.mend for each in found.values() if each.grade is Grade.FAULT)
    assert rehearsal.left() == []


def test_a_delivery_that_does_not_come_is_waited_for_a_minute_and_no_longer(rehearsal: Rehearsal) -> None:
    rehearsal.site.faults(webhooks={"lose": 1})
    found = rehearsal.run()
    assert found["test delivery"].grade is Grade.FAULT
    assert "60 seconds" in found["test delivery"].what
    assert 60 <= rehearsal.waited <= 62
    assert rehearsal.left() == []


def test_deliveries_that_are_not_signed_with_our_secret_do_not_count(rehearsal: Rehearsal) -> None:
    hooks = rehearsal.site.state.webhooks.hooks
    hooks.update({id_: replace(hook, secret="another") for id_, hook in hooks.items()})
    assert rehearsal.run()["test delivery"].grade is Grade.FAULT


def test_where_the_service_does_not_run_no_delivery_is_waited_for(rehearsal: Rehearsal, tmp_path: Path) -> None:
    settings = replace(rehearsal.served.service.settings, database_url=f"sqlite:///{tmp_path / 'other.db'}")
    app = rehearsal.site.app
    rehearsal.case = build_case(settings, session=lambda: session_for(app), retry=Retry(budget=0))
    found = rehearsal.run()
    assert (found["test delivery"].grade, rehearsal.waited) == (Grade.WARN, 0)
    assert "cmmc-jira serve" in found["test delivery"].mend


class Killed(BaseException):
    """Whatever ends a process on the spot."""


class Gone:
    """A stage on which a process ends as soon as it would clear anything away."""

    def remove(self, _: str) -> None:
        raise Killed

    def links(self, _: str) -> list[str]:
        raise Killed

    def unlink(self, _: str) -> None:
        raise Killed


def test_what_a_killed_run_left_is_cleared_away_by_the_next(rehearsal: Rehearsal) -> None:
    with pytest.raises(Killed):
        trial.rehearse(replace(rehearsal.case, stage=Gone()), pause=rehearsal.pause)
    assert rehearsal.left() == ["CMMC-2 new linked"]
    assert rehearsal.run()["test removal"].what == "CMMC-3, CMMC-2 was deleted again."
    assert rehearsal.left() == []


@pytest.mark.parametrize(("when", "status"), [("before", 500), ("after", "cut")])
def test_whichever_call_fails_nothing_stays(
    provisioned: tuple[Site, Callable[[], None]], tmp_path: Path, when: str, status: int | str
) -> None:
    site, back = provisioned
    served, number, reached, silent = Served(tmp_path, state=site.state), 0, True, 0
    while reached:
        number += 1
        back()
        served.service.tick.fire()
        case = build_case(served.service.settings, session=lambda: session_for(site.app), retry=Retry(budget=0))
        rehearsal = Rehearsal(site, served, case)
        seen = len(site.state.requests)
        site.faults(call=number, when=when, status=status)
        found = rehearsal.run()
        reached = not site.state.faults.failing
        calls = site.paths(seen)
        assert rehearsal.left() == [], (number, calls)
        assert not site.state.links, (number, calls)
        silent += reached and all(each.grade is Grade.OK for each in found.values())
    assert silent == 1, "only a removal is tried again, and so may fail without a word"
    served.service.stop()
    assert number > 15


def test_every_step_stands_on_the_page_of_the_checks_in_its_order() -> None:
    section = PAGE_OF_CHECKS.read_text(encoding="utf-8").partition("## What it tries\n")[2].partition("\n## ")[0]
    assert [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:] == NAMES
