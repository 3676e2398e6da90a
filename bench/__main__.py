"""Prints the figures as one table, or as JSON: `python -m bench [SECTION ...] [--json]`."""

import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from time import perf_counter
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from bench import calls, edit, evaluation, replicas, sweep, webhooks
from bench.rows import Row

SECTIONS: Final[Mapping[str, Callable[[], Iterator[Row]]]] = {
    "webhooks": webhooks.rows,
    "calls": calls.rows,
    "evaluate": evaluation.rows,
    "edit": edit.rows,
    "replicas": replicas.rows,
    "sweep": sweep.rows,
}


@click.command
@click.argument("sections", nargs=-1, type=click.Choice(list(SECTIONS)))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def main(sections: Sequence[str], *, as_json: bool) -> None:
    """Measure SECTIONS, by default all, which takes some minutes, and print the figures."""
    before = os.getloadavg()
    measured = {name: _measured(SECTIONS[name]) for name in sections or SECTIONS}
    machine = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": before,
        "load_after": os.getloadavg(),
    }
    if as_json:
        told = {
            name: {"rows": [asdict(row) for row in rows], "seconds": took} for name, (rows, took) in measured.items()
        }
        click.echo(json.dumps({"machine": machine, "sections": told}, indent=2))
        return
    _print(measured, before)


def _measured(section: Callable[[], Iterator[Row]]) -> tuple[Sequence[Row], float]:
    """Return the rows of a section, and how long it took to measure them."""
    begun = perf_counter()
    return list(section()), perf_counter() - begun


def _print(measured: Mapping[str, tuple[Sequence[Row], float]], before: Sequence[float]) -> None:
    table = Table(title="cmmc-jira", title_justify="left")
    for name in ("what", "ours", "beside it", "ratio (median; least to most)", "goal"):
        table.add_column(name, overflow="fold")
    for rows, _ in measured.values():
        for row in rows:
            table.add_row(row.what, row.ours, row.beside, row.compared(), row.told())
        table.add_section()
    console = Console(width=160)
    console.print(table)
    loads = [", ".join(f"{value:.2f}" for value in load) for load in (before, os.getloadavg())]
    took = ", ".join(f"{name} {seconds:.0f} s" for name, (_, seconds) in measured.items())
    console.print(
        f"make bench on Python {platform.python_version()}, {os.cpu_count()} processors; load {loads[0]} before, "
        f"{loads[1]} after. Ours and the thing beside it were measured in turns: how far least and most lie apart is "
        f"the machine's noise. It took: {took}."
    )


if __name__ == "__main__":
    main()
