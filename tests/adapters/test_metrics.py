"""What Prometheus is told of looks at an assessment, from an event to what was said; and what it is never told."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import promql_parser
import pytest
import yaml

from cmmc_jira.adapters.metrics import Metrics
from cmmc_jira.adapters.route import route
from cmmc_jira.core.deliveries import EVERYTHING
from cmmc_jira.wiring import look_for, timed
from jira_sandbox import seed
from support.lists import ToDo
from support.policies import shipped
from support.site import Site

FLOW, SESSIONS = "AC.L2-3.1.3", "AC.L2-3.1.11"
ALERTS = Path(__file__).parents[2] / "docs" / "alerts.yaml"
LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")


class Watched:
    """A service's worker at a project, with what it is counted by."""

    def __init__(self, folder: Path, **entered: str) -> None:
        self.site, self.to_do = Site(policy=shipped()), ToDo(folder)
        self.assessment = self.site.assessment(**entered)
        self.site.attach(self.assessment, FLOW, SESSIONS)
        ladders = self.site.policy.escalation.ladders
        self.metrics = Metrics([(ladder.id, rung.id) for ladder in ladders for rung in ladder.rungs])
        process, store, clock = self.site.process(), self.to_do.store, self.to_do.clock
        jira = self.jira = self.site.client()
        reconciler = replace(process, observe=self.metrics.planned)
        reconciler.looker.jira = jira
        look = look_for(reconciler, jira=jira, store=store, clock=clock, project="CMMC")
        self.engine = self.to_do.engine(timed(look, self.metrics.covered), observe=self.metrics.looked)
        self.metrics.watch(
            backlog=lambda: store.backlog(now=clock.now()),
            routes=jira.routes,
            looked=self.engine.looked,
            ticked=lambda: None,
        )

    def event(self, *issues: str, waits: float = 0.0) -> None:
        """Let an event come, and so much later a look."""
        now = self.to_do.clock.now()
        self.to_do.store.receive(str(now), received=now, marks={self.assessment: issues})
        self.work(3 + waits)

    def work(self, later: float) -> None:
        """Do so many seconds later what is to be done."""
        self.to_do.clock.move(seconds=later)
        while self.engine.run_once():
            pass

    def told(self) -> dict[str, float]:
        """Return every sample, by its name with its labels."""
        lines = (LINE.fullmatch(line) for line in self.metrics.text().decode().splitlines())
        return {f"{found[1]}{{{found[2] or ''}}}": float(found[3]) for found in lines if found}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path, CMMC_Status_Date="2026-05-02")
    yield watched
    watched.to_do.close()


def test_the_lag_is_from_the_first_event_to_the_end_of_the_look_and_knows_events_from_hours(watched: Watched) -> None:
    watched.event(watched.assessment, waits=37)
    told = watched.told()
    assert 40 <= told['cmmc_jira_lag_seconds_sum{cause="event"}'] < 100
    assert told['cmmc_jira_lag_seconds_count{cause="event"}'] == 1
    assert 'cmmc_jira_lag_seconds_count{cause="schedule"}' not in told
    watched.to_do.store.mark(EVERYTHING, now=watched.to_do.clock.now())
    watched.work(3)
    watched.work(3)
    told = watched.told()
    assert told['cmmc_jira_lag_seconds_count{cause="event"}'] == 1
    assert told['cmmc_jira_lag_seconds_count{cause="schedule"}'] == 1


def test_plans_changes_and_rungs_are_counted_as_they_are_carried_out(watched: Watched) -> None:
    watched.event(watched.assessment)
    told = watched.told()
    assert told['cmmc_jira_changes_total{kind="create"}'] == 3
    assert told['cmmc_jira_plans_total{outcome="done"}'] >= 1
    assert told['cmmc_jira_plans_total{outcome="empty"}'] == 1
    said = {name: value for name, value in told.items() if name.startswith("cmmc_jira_rungs_total")}
    assert said == {'cmmc_jira_rungs_total{ladder="closeout",rung="day-30"}': 1}
    watched.event(watched.assessment)
    again = watched.told()
    assert again['cmmc_jira_plans_total{outcome="empty"}'] == 2
    assert all(again[name] == told[name] for name in told if name.startswith(("cmmc_jira_changes", "cmmc_jira_rungs")))


def test_calls_are_counted_by_routes_without_ids_keys_or_names(watched: Watched) -> None:
    watched.event(watched.assessment)
    routes = watched.jira.routes()
    assert ("GET", "/rest/api/2/issue/{}", "200") in routes
    assert ("PUT", "/rest/api/2/issue/{}/properties/{}", "200") in routes
    assert sum(routes.values()) == sum(watched.jira.calls().values())
    text = watched.metrics.text().decode()
    names = [word for who in seed.PEOPLE for word in who[:2]]
    for never in (watched.assessment, "CMMC-", FLOW, "findings.csv", *names):
        assert never not in re.sub(r"^#.*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("rest/api/2/issue/CMMC-7/comment", "/rest/api/2/issue/{}/comment"),
        ("rest/api/2/attachment/content/10000?redirect=false", "/rest/api/2/attachment/content/{}"),
        ("secure/attachment/10000/Harlan%20Ridge.csv", "/secure/attachment/{}/{}"),
        ("rest/api/2/project/SECRET/role/10002", "/rest/api/2/project/{}/role/{}"),
        ("rest/webhooks/1.0/webhook/12", "/rest/webhooks/1.0/webhook/{}"),
        ("a/b?token=secret", "/{}/{}"),
    ],
)
def test_a_route_says_what_is_asked_and_not_of_what(path: str, template: str) -> None:
    assert route(path) == template


def test_every_label_that_an_alert_picks_by_is_one_that_its_metric_has(watched: Watched) -> None:
    watched.event(watched.assessment)
    watched.metrics.delivered("stored")
    labels: dict[str, set[str]] = {}
    for sample in watched.told():
        name, _, inside = sample.partition("{")
        labels.setdefault(name, set()).update(re.findall(r"(\w+)=\"", inside))

    def visit(part: promql_parser.Expr) -> None:
        if isinstance(part, promql_parser.VectorSelector):
            picked = {matcher.name for matcher in part.matchers.matchers}
            assert picked <= labels.get(str(part.name), set()), part

    for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            promql_parser.walk(promql_parser.parse(rule["expr"]), pre_visit=visit)
