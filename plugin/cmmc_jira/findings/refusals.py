"""What a table looks like when it holds no findings, and what to give instead."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from cmmc_jira.findings.columns import Layout, Unfit
from cmmc_jira.findings.headings import folded_heading
from cmmc_jira.findings.place import shown
from cmmc_jira.findings.status_column import Candidate, Vocabulary
from cmmc_jira.findings.table import Row
from cmmc_rules.words import Result


@dataclass(frozen=True, slots=True)
class _Look:
    """Another kind of file: patterns of column names that mark it, how many must be there, and the refusal."""

    heads: tuple[str, ...]
    at_least: int
    refusal: str


_GIVE: Final = "give the assessment's findings, with MET or NOT MET for each requirement"
_POAM: Final = _Look(
    heads=(
        "^poam (item )?id$",
        r"\bpoam status\b",
        "^plan of action",
        r"\bweakness",
        r"\bdetector source\b",
        r"\bmilestones?\b",
        r"\bscheduled completion\b",
        r"\bresources? (required|estimate)\b",
        r"\bpoint of contact\b",
        "^responsible (office|organi[sz]ation)",
        "^office org$",
        "^original detection date$",
        "^vendor dependency$",
        "^closeout (due|date|result)",
        "^allowed on (the |a )?poam",
        "^corrective action",
    ),
    at_least=2,
    refusal=f"this looks like a POA&M, which says nothing of the requirements that are not on it; {_GIVE}",
)
_LOOKS: Final = (
    _POAM,
    _Look(
        heads=(
            r"\bplugin\b",
            r"\bcvss\b",
            "^cves?$",
            r"\bvuln(erability)?\b",
            "^(host|port|protocol|ip address)$",
            "^rule (id|title)$",
            r"\bstig\b",
            "^qid$",
            "^solution$",
            "^severity$",
        ),
        at_least=2,
        refusal=f"this looks like a scanner's export, which finds weaknesses of machines; {_GIVE}",
    ),
    _Look(
        heads=(
            r"\blikelihood\b",
            r"\bprobability\b",
            r"\bimpact\b",
            r"\brisk (id|owner|score|rating|level|description|response|treatment)\b",
            r"\b(inherent|residual) risk\b",
            "^risk$",
            "^threats?$",
        ),
        at_least=2,
        refusal=f"this looks like a risk register; {_GIVE}",
    ),
    _Look(
        heads=(
            r"\bresponsibilit(y|ies)\b",
            r"\bresponsible party\b",
            "^(customer|provider|shared|csp|msp|esp)$",
            r"\b(customer|provider|csp|msp|esp) (implementation|controls?|action|configured)\b",
        ),
        at_least=1,
        refusal=f"this looks like a shared responsibility matrix, which says who does what and not how well; {_GIVE}",
    ),
    _Look(
        heads=(r"\bimprovement actions?\b", "^points achieved$", "^action (type|title|url)$", r"\bsecure score\b"),
        at_least=1,
        refusal=f"this looks like a list of improvement actions; {_GIVE}",
    ),
)
_FINDING_WORDS: Final = frozenset({Vocabulary.FINDINGS, Vocabulary.OTHER_WORDS})


def foreign(layout: Layout) -> str | None:
    """The refusal of a table that could be read, if it is a POA&M all the same: none of its states is a finding."""
    if layout.status is None or _says_findings(layout.status):
        return None
    return _POAM.refusal if _marks(layout.header, _POAM) >= _POAM.at_least else None


def refusal(unfit: Sequence[Unfit]) -> str:
    """The sentence for tables none of which holds findings: what the likeliest of them looks like."""
    for each in unfit:
        if each.asks:
            return each.because
    best = max(unfit, key=lambda each: each.ids)
    for look in _LOOKS:
        if any(_marks(header, look) >= look.at_least for each in unfit for header in _headers(each)):
            return look.refusal
    if best.ids:
        return _without_status(best)
    return (
        f"{best.because}; give a table with one requirement a row and its status, "
        'or name the column that holds the ids with --map id="…"'
    )


def _without_status(unfit: Unfit) -> str:
    plans = [each for each in unfit.candidates if each.vocabulary is Vocabulary.PLAN]
    if plans:
        return f"the column {shown(plans[0].name)} holds the states of a POA&M, which are no findings; {_GIVE}"
    numbers = [each for each in unfit.candidates if each.rank is not None and each.vocabulary is Vocabulary.NUMBERS]
    if numbers:
        return (
            f"the column {shown(numbers[0].name)} holds numbers, such as a maturity, and none says MET or NOT MET; "
            "add a column with the status of each requirement"
        )
    return (
        "this looks like a catalogue of requirements: no column says whether they are met; add a column Status with "
        'MET, NOT MET or N/A, or name the one that says it with --map status="…"'
    )


def _says_findings(status: Candidate) -> bool:
    """Whether some cell is a plain finding: what needs confirming, such as Planned, stands in POA&Ms too."""
    return status.vocabulary in _FINDING_WORDS and any(
        reading is not None and reading.confirm is None and reading.result is not Result.NOT_ASSESSED
        for reading in status.readings
    )


def _headers(unfit: Unfit) -> Collection[Row]:
    return (unfit.header,) if unfit.header is not None else unfit.table.rows[:20]


def _marks(header: Row | None, look: _Look) -> int:
    names = {folded_heading(cell) for cell in header.cells if len(cell) < 80} if header else set()  # noqa: PLR2004
    return sum(any(re.search(head, name) for head in look.heads) for name in names)
