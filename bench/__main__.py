"""Prints the figures as one table."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from time import perf_counter
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import calls, evaluation, sweep, webhooks

_ASSESSMENTS: Final = (100, 1000)


def main() -> None:
    """Measure everything, which takes some minutes, and print it."""
    table = Table("what", "ours", "beside it", "ratio (median; least to most)", title="cmmc-jira", title_justify="left")
    law = evaluation.measure()
    table.add_row(
        "evaluate 110 findings",
        f"{law.ours * 1e6:,.0f} µs",
        f"{law.plain * 1e6:,.1f} µs, a loop that only adds points",
        f"{law.ratio:.0f}; {law.least:.0f} to {law.most:.0f}",
    )
    for database, hooks in (("SQLite", webhooks.on_sqlite()), ("PostgreSQL", webhooks.on_postgresql())):
        speed = hooks.throughput
        table.add_row(
            f"take webhooks in, signed and on disk: {database}",
            f"{speed.ours:,.0f} a second",
            f"{speed.plain:,.0f} a second, bare Flask",
            f"{speed.ratio:.2f}; {speed.least:.2f} to {speed.most:.2f}",
        )
        for name, ours, bare in (("p50", hooks.ours.p50, hooks.bare.p50), ("p99", hooks.ours.p99, hooks.bare.p99)):
            table.add_row(
                f"  {name} of the answer", f"{ours * 1e3:.1f} ms", f"{bare * 1e3:.1f} ms", f"{ours / bare:.1f}"
            )
    made = calls.measure()
    total = sum(made.first.values())
    alone = f"{made.alone}: computed, five calls an issue made alone"
    table.add_row("Jira calls, 0 to 110 findings", _told(made.first), alone, f"{total / made.alone:.2f}")
    table.add_row("Jira calls, a second look", _told(made.second), "", "")
    table.add_row("Jira calls, after one edit", _told(made.edit), "", "")
    table.add_row("demo --check", f"{_demo():.1f} s", "", "")
    few, many = (sweep.measure(assessments) for assessments in _ASSESSMENTS)
    for name, one, other in (
        ("first of a process", few.first, many.first),
        ("first of a day", few.thorough, many.thorough),
        ("of every other hour", few.known, many.known),
        (f"of a day, {sweep.LATENCY_MS} ms a request", few.far, many.far),
    ):
        grown = f"{other.calls / one.calls:.1f} calls, {other.processor / one.processor:.1f} processor"
        table.add_row(f"sweep, nothing due: {name}", _swept(many, other), _swept(few, one), grown)
    table.add_row("  memory it takes at most", f"{many.megabytes:.0f} MB", f"{few.megabytes:.0f} MB", "")
    console = Console(width=120)
    console.print(table)
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    console.print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load}. Ours and the thing beside it "
        "were measured in turns; how far least and most lie apart is the machine's noise."
    )


def _told(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values())} ({', '.join(f'{method} {count}' for method, count in counts.items() if count)})"


def _swept(swept: sweep.Swept, one: sweep.Sweep) -> str:
    spent = f"{one.seconds:.0f} s, {one.processor:.0f} s of processor"
    return f"{swept.assessments:,} assessments: {one.calls:,} calls, {spent}"


def _demo() -> float:
    begun = perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from cmmc_jira.cli.main import main; main()", "demo", "--check", "--json"],
        check=True,
        capture_output=True,
    )
    return perf_counter() - begun


if __name__ == "__main__":
    main()
