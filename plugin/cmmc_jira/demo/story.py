"""The assessments that the demo plays: two of invented companies, or the one that somebody gives it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from typing import Final

from cmmc_rules.records import Assessment
from cmmc_rules.words import Level, Path

LEAD: Final = "dana.whitfield@example.com"
OFFICIAL: Final = "ingrid.solberg@example.com"

_PATHS: Final = {Level.ONE: Path.SELF, Level.TWO: Path.SELF, Level.THREE: Path.DIBCAC}
_FIRST: Final[Mapping[Level, tuple[str, str, Mapping[str, str]]]] = {
    Level.ONE: (
        "Fen Street Fasteners: shop and office",
        "fen-street.json",
        {"CAGE Codes": "0FSF1", "Unlisted Requirements": "MET"},
    ),
    Level.TWO: (
        "Harlan Ridge Precision Machining: CUI enclave",
        "harlan-ridge.csv",
        {"CAGE Codes": "0HRP7", "SSP": "HR-ENC system security plan 4.2, {written}"},
    ),
    Level.THREE: (
        "Tern Harbor Propulsion: design enclave",
        "tern-harbor.json",
        {"CAGE Codes": "0THP3", "Unlisted Requirements": "MET", "Level 2 Status on Scope": "Final Level 2 (C3PAO)"},
    ),
}
_AFTER_POSTING: Final = re.compile(r"(\d+) days after posting")


@dataclass(frozen=True, slots=True)
class Story:
    """One assessment: what people enter about it in Jira, and the file they attach.

    `entered` holds values by our field names as Jira is to hold them, people as e-mail addresses. `posted` is the CMMC
    Status Date that they enter once the findings are in, or None.
    """

    summary: str
    file: str
    content: bytes = field(repr=False)
    entered: Mapping[str, str]
    posted: date | None = None


def samples(
    today: date, *, level: Level = Level.TWO, path: Path | None = None, posted: date | None = None
) -> tuple[Story, Story]:
    """Return the two samples on this day; the first one is of `level` and `path`, posted on `posted`, else today."""
    return (
        _first(level, path or _PATHS[level], posted or today),
        Story(
            summary="Cobalt Quay Composites: enterprise, Level 2 self-assessment",
            file="cobalt-quay.json",
            content=sample("cobalt-quay.json"),
            entered={
                **_basics(Level.TWO, Path.SELF),
                "Assessment End Date": (today - timedelta(days=3)).isoformat(),
                "CAGE Codes": "0CQC2, 0CQC5",
                "SSP": "Cobalt Quay SSP 1.3",
            },
        ),
    )


def _first(level: Level, path: Path, posted: date) -> Story:
    company, file, more = _FIRST[level]
    kind = "self-assessment" if path is Path.SELF else f"{path} assessment"
    return Story(
        summary=f"{company}, Level {level} {kind}",
        file=file,
        content=_dated(sample(file), posted),
        entered={
            **_basics(level, path),
            "Assessment End Date": (posted - timedelta(days=12)).isoformat(),
            **{name: value.format(written=posted - timedelta(days=40)) for name, value in more.items()},
        },
        posted=posted,
    )


def told(file: str, content: bytes, assessment: Assessment) -> Story:
    """Return the story of the assessment that was given in a file; `assessment` is what file and options say of it."""
    dates, context = assessment.dates, assessment.context
    entered: dict[str, object] = {
        **_basics(assessment.level, assessment.path),
        "Unlisted Requirements": assessment.unlisted,
        "Assessment End Date": dates.active_assessment_end,
        "Findings Report Delivered": dates.findings_report_delivered,
        "Re-evaluation Requested": dates.request_date,
        "Closeout Assessed": dates.closeout_assessed,
        "Closeout Posted": dates.closeout_posted,
        "Closeout By": assessment.closeout.by if assessment.closeout else None,
        "Closeout Affirmed On": dates.closeout_affirmed_on,
        "Affirmed On": ", ".join(day.isoformat() for day in dates.annual_affirmations) or None,
        "Appeal Trigger": dates.trigger,
        "Appeal Filed": dates.filed,
        "Appeal Route": context.route,
        "Level 2 Status on Scope": context.level2_status_on_scope,
        "SSP Present": _yes_no(context.ssp_present),
        "Scope Changed": "Yes" if context.scope_changed else None,
        "Additional Evidence": _yes_no(context.additional_evidence_available),
        "Affects Other Requirements": _yes_no(context.affects_other_requirements),
    }
    return Story(
        summary=f"{file}: Level {assessment.level} ({assessment.path})",
        file=file,
        content=content,
        entered={name: str(value) for name, value in entered.items() if value is not None},
        posted=dates.cmmc_status_date,
    )


def sample(name: str) -> bytes:
    """Return a findings file that ships with the package."""
    return (files("cmmc_jira.demo") / "samples" / name).read_bytes()


def _dated(content: bytes, posted: date) -> bytes:
    """Return a file with "30 days after posting" written out as the day it is, as people write their target dates."""

    def day(match: re.Match[str]) -> str:
        return (posted + timedelta(days=int(match[1]))).isoformat()

    return _AFTER_POSTING.sub(day, content.decode()).encode()


def _basics(level: Level, path: Path) -> Mapping[str, str]:
    return {
        "CMMC Level": str(level.value),
        "Assessment Path": path.value,
        "Compliance Lead": LEAD,
        "Affirming Official": OFFICIAL,
    }


def _yes_no(value: bool | None) -> str | None:  # noqa: FBT001 - three values, of a record
    return None if value is None else "Yes" if value else "No"
