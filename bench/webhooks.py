"""How fast signed webhooks are taken in, each one on disk, beside a bare Flask endpoint on the same server."""

import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.receiver import SECRET
from bench.rounds import Compared
from bench.rows import Row
from support.postgres import PostgresServer

SHARE = 0.5
SLOWER = 3.0
_CLIENTS = 8
_REQUESTS = 100
_ACCEPTED = 202
_number = count()


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst of deliveries: how many a second, and seconds until the answer for the middle and the slowest."""

    a_second: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians over the rounds of both servers, and the ratio of their throughputs."""

    ours: Burst
    bare: Burst
    throughput: Compared


def rows() -> Iterator[Row]:
    """Yield throughput and the slowest answers, on SQLite and on PostgreSQL."""
    for database, hooks in (("SQLite", on_sqlite()), ("PostgreSQL", on_postgresql())):
        speed = hooks.throughput
        yield Row(
            f"webhooks taken in, signed and on disk: {database}",
            f"{speed.ours:,.0f} a second",
            f"{speed.plain:,.0f} a second, bare Flask",
            speed.ratio,
            (speed.least, speed.most),
            goal=f"at least {SHARE}",
            met=speed.ratio >= SHARE,
            figures={"a_second": speed.ours, "bare_a_second": speed.plain},
        )
        for name, ours, bare in (("p50", hooks.ours.p50, hooks.bare.p50), ("p99", hooks.ours.p99, hooks.bare.p99)):
            slowest = name == "p99"
            yield Row(
                f"  {name} of the answer",
                f"{ours * 1e3:.1f} ms",
                f"{bare * 1e3:.1f} ms",
                ours / bare,
                goal=f"at most {SLOWER}" if slowest else "",
                met=ours / bare <= SLOWER if slowest else None,
                figures={"seconds": ours, "bare_seconds": bare},
            )


def on_sqlite() -> Measured:
    """Return how they compare with a SQLite file, which waits for the disk as it does in use."""
    with TemporaryDirectory() as folder:
        return measure(f"sqlite:///{Path(folder) / 'bench.db'}")


def on_postgresql() -> Measured:
    """Return how they compare with a PostgreSQL server on this machine that waits for the disk."""
    server = PostgresServer(durable=True)
    try:
        return measure(server.create())
    finally:
        server.close()


def measure(url: str, *, rounds: int = 7) -> Measured:
    """Return how the two compare over interleaved bursts of 800 deliveries by 8 clients."""
    with _receiver(url) as ours, _receiver() as bare:
        for port in (ours, bare):
            _burst(port)
        pairs = [(_burst(ours), _burst(bare)) for _ in range(rounds)]
    ratios = sorted(one.a_second / other.a_second for one, other in pairs)
    one, other = _middle([pair[0] for pair in pairs]), _middle([pair[1] for pair in pairs])
    return Measured(one, other, Compared(one.a_second, other.a_second, median(ratios), ratios[0], ratios[-1]))


def _middle(bursts: list[Burst]) -> Burst:
    return Burst(
        median(row.a_second for row in bursts), median(row.p50 for row in bursts), median(row.p99 for row in bursts)
    )


@contextmanager
def _receiver(*database: str) -> Iterator[int]:
    with subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.receiver", *database], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if process.stdout is None:
                raise OSError("no pipe")
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _burst(port: int) -> Burst:
    begun = perf_counter()
    with ThreadPoolExecutor(_CLIENTS) as clients:
        took = [each for some in clients.map(lambda _: _client(port), range(_CLIENTS)) for each in some]
    seconds = perf_counter() - begun
    cuts = quantiles(took, n=100)
    return Burst(len(took) / seconds, cuts[49], cuts[98])


def _client(port: int) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port)
    took = []
    for _ in range(_REQUESTS):
        body, headers = _delivery(next(_number))
        begun = perf_counter()
        connection.request("POST", "/webhooks/jira", body, headers)
        answer = connection.getresponse()
        answer.read()
        took.append(perf_counter() - begun)
        if answer.status != _ACCEPTED:
            raise RuntimeError(f"answered {answer.status}")
    connection.close()
    return took


def _delivery(number: int) -> tuple[bytes, dict[str, str]]:
    issue = {
        "id": str(10_000 + number % 50),
        "key": f"CMMC-{number % 50}",
        "fields": {
            "issuetype": {"name": "CMMC Remediation"},
            "project": {"key": "CMMC"},
            "labels": ["cmmc", "cmmc-10001", "cmmc-10001-ac.l2-3.1.3"],
            "description": "x" * 4000,
        },
    }
    body = json.dumps({"timestamp": number, "webhookEvent": "jira:issue_updated", "issue": issue}).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/json",
        "X-Hub-Signature": f"sha256={signature}",
        "X-Atlassian-Webhook-Identifier": f"bench-{number}",
    }
