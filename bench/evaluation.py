"""One evaluation of 110 findings beside a bare loop that only adds up points, and `evaluate --json` as a process."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.rounds import Compared, compared, seconds
from bench.rows import Row
from cmmc_jira.demo.story import sample
from cmmc_jira.findings.reading import read_findings
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law
from cmmc_rules.records import Assessment, Dates
from cmmc_rules.words import Level, Result
from cmmc_rules.words import Path as Way

_DAY = date(2026, 6, 1)
_FILE = "harlan-ridge.csv"
_OURS = "from cmmc_jira.cli.main import main; main()"
_BARE = "import json, sys; print(json.dumps({'read': len(open(sys.argv[1]).read())}))"


def rows() -> Iterator[Row]:
    """Yield both."""
    within = measure()
    yield _row("evaluate 110 findings", within, 1e6, "µs", "a loop that only adds points")
    yield _row("  evaluate --json as a process", process(), 1e3, "ms", "python, which reads the file and prints JSON")


def measure(*, rounds: int = 15) -> Compared:
    """Return seconds an evaluation, and seconds a bare sum over the same findings."""
    law = load_law()
    file = read_findings(_FILE, sample(_FILE), law=law, level=Level.TWO)
    assessment = Assessment(Level.TWO, Way.SELF, file.findings, Dates(as_of=_DAY, cmmc_status_date=_DAY))
    points = {row.id: row.points or 0 for row in law.requirements(Level.TWO)}

    def bare() -> int:
        score = 110
        for finding in file.findings:
            if finding.result is Result.NOT_MET:
                score -= points[finding.requirement]
        return score

    return compared(lambda: seconds(lambda: evaluate(assessment, law), 30), lambda: seconds(bare, 3000), rounds=rounds)


def process(*, rounds: int = 7) -> Compared:
    """Return seconds of a process that reads a findings file and prints JSON, and of one that knows no law."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / _FILE
        file.write_bytes(sample(_FILE))
        command = ["evaluate", str(file), "--level", "2", "--path", "Self", "--as-of", _DAY.isoformat(), "--json"]
        ours = _run([sys.executable, "-c", _OURS, *command])
        bare = _run([sys.executable, "-c", _BARE, str(file)])
        return compared(lambda: seconds(ours, 1), lambda: seconds(bare, 1), rounds=rounds)


def _run(command: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own program


def _row(what: str, taken: Compared, scale: float, unit: str, beside: str) -> Row:
    return Row(
        what,
        f"{taken.ours * scale:,.0f} {unit}",
        f"{taken.plain * scale:,.1f} {unit}, {beside}",
        taken.ratio,
        (taken.least, taken.most),
        figures={"seconds": taken.ours, "plain_seconds": taken.plain},
    )
