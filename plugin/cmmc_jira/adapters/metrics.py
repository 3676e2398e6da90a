"""What is counted, for Prometheus: names, methods and numbers, never what people wrote."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from cmmc_jira.core.changes import Comment
from cmmc_jira.core.deliveries import EVERYTHING
from cmmc_jira.core.plan import Plan
from cmmc_jira.errors import StoreUnavailable
from cmmc_jira.service.ports import Backlog, Work

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_CARRIED_OUT: Final = frozenset({"done", "refused"})
_DIGEST: Final = "digest"


class Metrics:
    """A registry of our own: two services in one process do not count each other's.

    `spoken` are the rungs that there are, by ladder: no other names ever become labels.
    """

    def __init__(self, spoken: Collection[tuple[str, str]] = ()) -> None:
        self._spoken = frozenset(spoken)
        self._registry = CollectorRegistry()
        self._deliveries = Counter(
            "cmmc_jira_deliveries", "Webhook deliveries by how they were answered.", ["result"], registry=self._registry
        )
        self._looks = Counter(
            "cmmc_jira_looks", "Looks at assessments by how they came out.", ["outcome"], registry=self._registry
        )
        self._plans = Counter(
            "cmmc_jira_plans",
            "Plans for assessments by what came of them.",
            ["outcome"],
            registry=self._registry,
        )
        self._changes = Counter(
            "cmmc_jira_changes", "Changes of the plans that were carried out.", ["kind"], registry=self._registry
        )
        self._drift = Counter(
            "cmmc_jira_drift",
            "Things of ours that somebody else had changed or taken away, put right, by what they are.",
            ["what"],
            registry=self._registry,
        )
        self._rungs = Counter(
            "cmmc_jira_rungs",
            "Rungs that were spoken, by the policy's names of ladder and rung.",
            ["ladder", "rung"],
            registry=self._registry,
        )
        self._lag = Histogram(
            "cmmc_jira_lag_seconds",
            "Seconds from the first event, or the hour, that made an assessment dirty to the end of the look at it.",
            ["cause"],
            buckets=(1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "cmmc_jira_look_seconds",
            "Seconds that a look took.",
            buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 120),
            registry=self._registry,
        )

    def watch(
        self,
        *,
        backlog: Callable[[], Backlog],
        routes: Callable[[], Mapping[tuple[str, str, str], int]],
        looked: Callable[[], datetime | None],
        ticked: Callable[[], datetime | None],
    ) -> None:
        """Also give the state of the to-do list, the calls to Jira, the last look and tick, as they are when asked."""
        self._registry.register(_Present(backlog, routes, looked, ticked))

    def watch_checks(self, checks: Callable[[], tuple[int, int, datetime | None]]) -> None:
        """Also give how many faults and warnings the last look of the checks had, and when it ended."""
        self._registry.register(_Checked(checks))

    def delivered(self, result: str) -> None:
        """Count a delivery by its result: `stored`, `known`, `refused` or `away`."""
        self._deliveries.labels(result).inc()

    def looked(self, outcome: str, seconds: float) -> None:
        """Count a look by its outcome."""
        self._looks.labels(outcome).inc()
        self._seconds.observe(seconds)

    def covered(self, work: Work, seconds: float) -> None:
        """Observe the lag of a look that did all it should and took so long; `*` is no assessment."""
        if work.key != EVERYTHING:
            self._lag.labels("event" if work.hints else "schedule").observe(work.waited + seconds)

    def planned(self, outcome: str, plan: Plan) -> None:
        """Count a plan: `empty`, `held` for a person, or carried out (`done`, `refused` where Jira refused some)."""
        self._plans.labels(outcome).inc()
        if outcome not in _CARRIED_OUT:
            return
        for kind, count in plan.counts().items():
            self._changes.labels(_snake(kind)).inc(count)
        for what, count in plan.drift.items():
            self._drift.labels(what).inc(count)
        for comment in plan.of(Comment):
            named = tuple(comment.identity.split("/")[:2])
            if named in self._spoken:
                self._rungs.labels(*named).inc()
            elif named[0] == _DIGEST:
                self._rungs.labels(_DIGEST, _DIGEST).inc()

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self._registry)


class _Checked(Collector):
    """What the checks found last."""

    def __init__(self, checks: Callable[[], tuple[int, int, datetime | None]]) -> None:
        self._checks = checks

    def collect(self) -> Iterable[Metric]:
        """Yield the faults and warnings of the last look, and when it ended."""
        faults, warnings, at = self._checks()
        yield GaugeMetricFamily("cmmc_jira_check_faults", "Faults that the checks found last.", value=faults)
        yield GaugeMetricFamily("cmmc_jira_check_warnings", "Warnings that the checks had last.", value=warnings)
        yield GaugeMetricFamily(
            "cmmc_jira_checks_timestamp_seconds",
            "When the checks ended last; 0 before the first.",
            value=at.timestamp() if at else 0,
        )


class _Present(Collector):
    """What is read when somebody asks."""

    def __init__(
        self,
        backlog: Callable[[], Backlog],
        routes: Callable[[], Mapping[tuple[str, str, str], int]],
        looked: Callable[[], datetime | None],
        ticked: Callable[[], datetime | None],
    ) -> None:
        self._backlog = backlog
        self._routes = routes
        self._looked = looked
        self._ticked = ticked

    def collect(self) -> Iterable[Metric]:
        """Yield the state of the to-do list, the calls to Jira, and when a look last ended and a tick last came."""
        calls = CounterMetricFamily(
            "cmmc_jira_calls",
            "Requests to Jira by method, route and status of the answer.",
            labels=["method", "route", "status"],
        )
        for labels, count in sorted(self._routes().items()):
            calls.add_metric(labels, count)
        yield calls
        for name, meaning, at in (
            ("look", "When a look last ended; 0 before the first.", self._looked()),
            ("tick", "When the schedule last ticked; 0 before the first.", self._ticked()),
        ):
            value = at.timestamp() if at else 0
            yield GaugeMetricFamily(f"cmmc_jira_last_{name}_timestamp_seconds", meaning, value=value)
        yield from self._to_do()

    def _to_do(self) -> Iterable[Metric]:
        try:
            backlog = self._backlog()
        except StoreUnavailable:
            yield GaugeMetricFamily("cmmc_jira_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("cmmc_jira_database_up", "Whether the database answers.", value=1)
        yield GaugeMetricFamily("cmmc_jira_dirty", "Assessments that are to be looked at.", value=backlog.dirty)
        yield GaugeMetricFamily(
            "cmmc_jira_oldest_dirty_seconds", "How long the oldest of them waits.", value=backlog.oldest_seconds
        )
        yield GaugeMetricFamily(
            "cmmc_jira_parked", "Assessments that failed too often and need a person.", value=len(backlog.parked)
        )
        yield GaugeMetricFamily(
            "cmmc_jira_blocked_seconds", "How long Jira still asks us to wait.", value=backlog.blocked_seconds
        )


def _snake(name: str) -> str:
    """Return a class's name as a label: `SetFields` as `set_fields`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
