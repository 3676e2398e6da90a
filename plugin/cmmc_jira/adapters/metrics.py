"""What is counted, for Prometheus: names, methods and numbers, never what people wrote."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from cmmc_jira.errors import StoreUnavailable
from cmmc_jira.service.ports import Backlog

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """A registry of our own: two services in one process do not count each other's."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._deliveries = Counter(
            "cmmc_jira_deliveries", "Webhook deliveries by how they were answered.", ["result"], registry=self._registry
        )
        self._looks = Counter(
            "cmmc_jira_looks", "Looks at assessments by how they came out.", ["outcome"], registry=self._registry
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
        answers: Callable[[], Mapping[tuple[str, str], int]],
        looked: Callable[[], datetime | None],
    ) -> None:
        """Also give the state of the to-do list, the calls to Jira and the last look, as they are when asked."""
        self._registry.register(_Present(backlog, answers, looked))

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
        answers: Callable[[], Mapping[tuple[str, str], int]],
        looked: Callable[[], datetime | None],
    ) -> None:
        self._backlog = backlog
        self._answers = answers
        self._looked = looked

    def collect(self) -> Iterable[Metric]:
        """Yield the state of the to-do list, the calls to Jira, and when a look last ended."""
        calls = CounterMetricFamily(
            "cmmc_jira_calls", "Requests to Jira by method and status of the answer.", labels=["method", "status"]
        )
        for (method, status), count in sorted(self._answers().items()):
            calls.add_metric([method, status], count)
        yield calls
        last = self._looked()
        yield GaugeMetricFamily(
            "cmmc_jira_last_look_timestamp_seconds",
            "When a look last ended; 0 before the first.",
            value=last.timestamp() if last else 0,
        )
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
