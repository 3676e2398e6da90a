"""One evaluation of 110 findings beside a bare loop that only adds up points."""

from datetime import date

from bench.rounds import Compared, compared, seconds
from cmmc_jira.demo.story import sample
from cmmc_jira.findings.reading import read_findings
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law
from cmmc_rules.records import Assessment, Dates
from cmmc_rules.words import Level, Path, Result

_DAY = date(2026, 6, 1)


def measure(*, rounds: int = 15) -> Compared:
    """Return seconds an evaluation, and seconds a bare sum over the same findings."""
    law = load_law()
    file = read_findings("harlan-ridge.csv", sample("harlan-ridge.csv"), law=law, level=Level.TWO)
    assessment = Assessment(Level.TWO, Path.SELF, file.findings, Dates(as_of=_DAY, cmmc_status_date=_DAY))
    points = {row.id: row.points or 0 for row in law.requirements(Level.TWO)}

    def bare() -> int:
        score = 110
        for finding in file.findings:
            if finding.result is Result.NOT_MET:
                score -= points[finding.requirement]
        return score

    return compared(lambda: seconds(lambda: evaluate(assessment, law), 30), lambda: seconds(bare, 3000), rounds=rounds)
