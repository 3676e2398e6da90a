"""What people entered on the assessment issue, as the law's records; what is wrong with it, in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cmmc_jira.core.world import FileRead, World
from cmmc_rules.answers import Notice
from cmmc_rules.records import Context, Dates
from cmmc_rules.words import PATHS_OF_LEVEL, Assessor, Level, Path, Result, Route

STATUS_DATE: Final = "CMMC Status Date"


@dataclass(frozen=True, slots=True)
class Inputs:
    """An assessment issue's entries; `missing` says what must be entered before anything can be evaluated."""

    level: Level | None
    path: Path | None
    unlisted: Result
    dates: Dates
    context: Context
    closeout_by: Assessor | None
    missing: tuple[str, ...]
    notices: tuple[Notice, ...]


def inputs(world: World, source: FileRead | None) -> Inputs:
    """Return what is entered on the assessment issue; level and path may come from the findings file instead."""
    entered = world.assessment.fields
    notices: list[Notice] = []
    level = Level(int(entered["CMMC Level"])) if "CMMC Level" in entered else source.level if source else None
    path = Path(entered["Assessment Path"]) if "Assessment Path" in entered else source.path if source else None
    if level is not None and path is None and len(PATHS_OF_LEVEL[level]) == 1:
        path = PATHS_OF_LEVEL[level][0]
    return Inputs(
        level=level,
        path=path,
        unlisted=_unlisted(entered, source),
        dates=_dates(entered, world.day, notices),
        context=_context(entered),
        closeout_by=Assessor(entered["Closeout By"]) if "Closeout By" in entered else None,
        missing=tuple(_missing(world.assessment.key, level, path)),
        notices=tuple(notices),
    )


def _unlisted(entered: Mapping[str, str], source: FileRead | None) -> Result:
    """Return what silence means: as entered, else as an assessment document says, else *not assessed*."""
    if "Unlisted Requirements" in entered:
        return Result(entered["Unlisted Requirements"])
    return (source.unlisted if source else None) or Result.NOT_ASSESSED


def _missing(key: str, level: Level | None, path: Path | None) -> list[str]:
    if level is None:
        return [f"Enter the CMMC Level on {key}: 1, 2 or 3."]
    if path is None:
        return [f"Enter the Assessment Path on {key}: Self or C3PAO."]
    if path not in PATHS_OF_LEVEL[level]:
        fitting = " or ".join(PATHS_OF_LEVEL[level])
        return [f"The Assessment Path {path} does not fit CMMC Level {level} on {key}: enter {fitting}."]
    return []


def _dates(entered: Mapping[str, str], day: date, notices: list[Notice]) -> Dates:
    def on(name: str) -> date | None:
        return date.fromisoformat(entered[name]) if name in entered else None

    status_date = on(STATUS_DATE)
    if status_date and status_date > day:
        notices.append(
            Notice(
                "STATUS_DATE_IN_FUTURE",
                f"The CMMC Status Date {status_date} is in the future and counts from that day on; "
                "it is the day the results were posted, so enter it when they are.",
            )
        )
        status_date = None
    return Dates(
        as_of=day,
        cmmc_status_date=status_date,
        active_assessment_end=on("Assessment End Date"),
        findings_report_delivered=on("Findings Report Delivered"),
        request_date=on("Re-evaluation Requested"),
        closeout_assessed=on("Closeout Assessed"),
        closeout_posted=on("Closeout Posted"),
        closeout_affirmed_on=on("Closeout Affirmed On"),
        annual_affirmations=_affirmations(entered.get("Affirmed On", ""), notices),
        trigger=on("Appeal Trigger"),
        filed=on("Appeal Filed"),
    )


def _affirmations(text: str, notices: list[Notice]) -> tuple[date, ...]:
    days = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            days.append(date.fromisoformat(part))
        except ValueError:
            notices.append(
                Notice("AFFIRMATION_UNREAD", f'"{part[:40]}" in Affirmed On is no date: write it as YYYY-MM-DD.')
            )
    return tuple(sorted(days))


def _context(entered: Mapping[str, str]) -> Context:
    def said(name: str) -> bool | None:
        return entered[name] == "Yes" if name in entered else None

    return Context(
        ssp_present=said("SSP Present"),
        level2_status_on_scope=entered.get("Level 2 Status on Scope"),
        scope_changed=said("Scope Changed") or False,
        additional_evidence_available=said("Additional Evidence"),
        affects_other_requirements=said("Affects Other Requirements"),
        route=Route(entered["Appeal Route"]) if "Appeal Route" in entered else None,
    )
