"""What is recorded about one assessment: the official findings and dates, and the projection.

Two assessments come out, never mixed. The **official** one holds findings and dates as recorded; once the CMMC Status
Date is entered its initial findings are frozen, and only a recorded re-evaluation, appeal or closeout changes it.
The **projected** one is what would be if everything that is ready were accepted, and if a newer file counted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cmmc_jira.core.decisions import Decision, closeout_results, decisions, overridden
from cmmc_jira.core.freeze import freeze, frozen_findings, whole
from cmmc_jira.core.inputs import Inputs, inputs
from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.core.world import FileRead, World
from cmmc_rules.answers import Notice
from cmmc_rules.ids import Unplaced, find_named
from cmmc_rules.law import Law
from cmmc_rules.records import Assessment, Closeout, Evaluation, Finding
from cmmc_rules.words import Claim, Level, Path, Result

_CONDITIONS: Final = (
    "described_in_ssp",
    "in_operational_plan",
    "deficiency_reviews_and_progress",
    "arose_after_implementation",
    "in_ssp",
)
_UNREAD: Final = "FINDING_ISSUE_UNREAD"
_INCOMPLETE: Final = (
    "A CMMC Status Date is entered, but the findings are incomplete: give the ones that were posted. They are frozen "
    "when every requirement is assessed."
)
_DAMAGED: Final = (
    "The frozen initial findings on {key} (property cmmc-jira-findings) do not match their digest. Nothing is said "
    "about the status until a person has settled what was posted: delete the property to freeze the present findings."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded: `official` as it counts, `current` as the newest file and the Finding issues have it now.

    `record` is the frozen initial findings that hold, `fresh` whether it has still to be written, and `thaw` whether
    one has to be taken away because its date was. `source` is the file whose findings are current.
    """

    official: Assessment
    current: Assessment
    source: FileRead | None
    notices: tuple[Notice, ...] = ()
    decisions: tuple[Decision, ...] = ()
    record: Mapping[str, Any] | None = None
    fresh: bool = False
    thaw: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """What must be entered or mended before anything can be evaluated, one sentence each."""

    sentences: tuple[str, ...]
    notices: tuple[Notice, ...] = ()


def facts(world: World, law: Law, *, evaluated: Callable[[Assessment], Evaluation]) -> Facts | Missing:
    """Return what is recorded, or what is missing; `evaluated` is what the law says of an assessment."""
    source = next((file for file in world.files if file.refused is None), None)
    entered = inputs(world, source)
    if entered.missing or entered.level is None or entered.path is None:
        return Missing(entered.missing, entered.notices)
    frozen = world.assessment.frozen
    if frozen and not whole(frozen):
        return Missing((_DAMAGED.format(key=world.assessment.key),), entered.notices)
    current, notices = _current(world, source, entered.level, entered.path, entered=entered, law=law)
    record, fresh, waiting = _record(world, current, source, evaluated)
    base = current if record is None else _frozen(current, record)
    counted, refused = decisions(world.issues.values(), base, window=evaluated(base).reevaluation.last_day)
    return Facts(
        official=_official(base, entered, counted),
        current=current,
        source=source,
        notices=(*entered.notices, *waiting, *notices, *refused, *_departures(current, base)),
        decisions=counted,
        record=record,
        fresh=fresh,
        thaw=record is None and bool(frozen),
    )


def _current(
    world: World, source: FileRead | None, level: Level, path: Path, *, entered: Inputs, law: Law
) -> tuple[Assessment, tuple[Notice, ...]]:
    """Return the assessment as the newest file and the Finding issues have it now."""
    from_issues, notices = _issue_findings(world.finding_issues, level, law)
    from_file = source.findings if source else ()
    findings = _with_variants((*from_file, *from_issues), world.issues)
    off = frozenset(issue.subject for issue in world.issues.values() if issue.fields.get("On POA&M") == "No")
    named = frozenset(finding.requirement for finding in findings)
    return (
        Assessment(
            level=level,
            path=path,
            findings=findings,
            dates=entered.dates,
            unlisted=entered.unlisted if findings else Result.NOT_ASSESSED,  # no findings are no silence to read
            poam=(named - off) if off else None,
            context=entered.context,
            notices=source.notices if source else (),
        ),
        (*notices, *_disagreements(from_file, from_issues)),
    )


def _issue_findings(issues: Iterable[Actual], level: Level, law: Law) -> tuple[tuple[Finding, ...], tuple[Notice, ...]]:
    findings, notices = [], []
    for issue in issues:
        written = issue.fields.get("CMMC Requirement", "")
        named = find_named(written, law.requirements(level))
        if isinstance(named, Unplaced):
            notices.append(Notice(_UNREAD, f"{issue.key}: CMMC Requirement: {named.because}"))
            continue
        requirement = named.requirement
        if "CMMC Finding" not in issue.fields and "Objectives Not Met" not in issue.fields:
            continue
        letters = [part.strip() for part in issue.fields.get("Objectives Not Met", "").split(",") if part.strip()]
        held = {part.strip() for part in issue.fields.get("CMMC Claim Conditions", "").split(",") if part.strip()}
        claim = issue.fields.get("CMMC Claim")
        findings.append(
            Finding(
                requirement=requirement.id,
                result=Result(issue.fields["CMMC Finding"]) if "CMMC Finding" in issue.fields else None,
                objectives={letter: Result.NOT_MET for letter in letters if letter in requirement.objectives},
                variant=issue.fields.get("CMMC Variant"),
                claim=Claim(claim) if claim else None,
                conditions=_conditions(held) if claim else {},
                row=issue.key,
            )
        )
        unknown = [letter for letter in letters if letter not in requirement.objectives]
        if unknown:
            listed = ", ".join(letter[:10] for letter in unknown)
            notices.append(
                Notice(
                    "FINDING_ISSUE_UNREAD", f"{issue.key}: {requirement.id} has no objective {listed}.", requirement.id
                )
            )
    return tuple(findings), tuple(notices)


def _conditions(held: set[str]) -> dict[str, bool]:
    names = (
        "described_in_ssp",
        "in_operational_plan",
        "deficiency_reviews_and_progress",
        "arose_after_implementation",
        "in_ssp",
    )
    return {**{name: name in held for name in names}, "environment_changed": "environment_unchanged" not in held}


def _with_variants(findings: Sequence[Finding], issues: Mapping[str, Actual]) -> tuple[Finding, ...]:
    """Return findings with the variant that a person entered on the remediation issue, where the file names none."""
    return tuple(
        replace(finding, variant=issues[finding.requirement].fields.get("CMMC Variant"))
        if finding.variant is None and finding.requirement in issues
        else finding
        for finding in findings
    )


def _disagreements(from_file: Iterable[Finding], from_issues: Iterable[Finding]) -> list[Notice]:
    filed: dict[str, set[bool]] = {}
    for finding in from_file:
        filed.setdefault(finding.requirement, set()).add(_not_met(finding))
    return [
        Notice(
            "FILE_AND_ISSUE_DISAGREE",
            f"The findings file and {finding.row} disagree on {finding.requirement}; NOT MET counts.",
            requirement=finding.requirement,
            row=finding.row,
        )
        for finding in from_issues
        if finding.requirement in filed and filed[finding.requirement] != {_not_met(finding)}
    ]


def _not_met(finding: Finding) -> bool:
    return finding.result is Result.NOT_MET or Result.NOT_MET in finding.objectives.values()


def _record(
    world: World, current: Assessment, source: FileRead | None, evaluated: Callable[[Assessment], Evaluation]
) -> tuple[Mapping[str, Any] | None, bool, tuple[Notice, ...]]:
    """Return the frozen findings that hold, whether they have still to be written, and why there are none yet.

    What leaves a requirement unassessed cannot be what was posted (32 CFR 170.24(c)), so it is not frozen.
    """
    if current.dates.cmmc_status_date is None:
        return None, False, ()
    if whole(world.assessment.frozen):
        return world.assessment.frozen, False, ()
    if evaluated(current).not_assessed:
        return None, False, (Notice("NOT_FROZEN", _INCOMPLETE),)
    record = freeze(current, source=source.attachment.id if source else None)
    return {**record, "assessment": world.assessment.id}, True, ()


def _frozen(current: Assessment, record: Mapping[str, Any]) -> Assessment:
    """Return the assessment as its frozen record has it; dates and context stay as they are entered."""
    ssp = record["ssp"]
    return replace(
        current,
        level=Level(record["level"]),
        path=Path(record["path"]),
        findings=frozen_findings(record),
        unlisted=Result(record["unlisted"]),
        poam=None if record["poam"] is None else frozenset(record["poam"]),
        context=replace(current.context, ssp_present=ssp),
    )


def _departures(current: Assessment, base: Assessment) -> list[Notice]:
    """Return a notice where level or path were changed after the initial findings were frozen with others."""
    if (current.level, current.path) == (base.level, base.path):
        return []
    return [
        Notice(
            "LEVEL_OR_PATH_CHANGED",
            f"Level {current.level} ({current.path}) is entered now, but the results were posted as Level {base.level} "
            f"({base.path}), and that counts: another level or path is another assessment.",
        )
    ]


def _official(base: Assessment, entered: Inputs, counted: Iterable[Decision]) -> Assessment:
    counted = tuple(counted)
    results = closeout_results(counted)
    held = entered.dates.closeout_posted or entered.closeout_by or results
    return replace(
        base,
        findings=overridden(base.findings, counted),
        closeout=Closeout(by=entered.closeout_by, results=results) if held else None,
    )


def is_ready(issue: Actual) -> bool:
    """Whether a person moved a remediation issue to a *done* status; what we closed ourselves is no such word.

    Where the project names the statuses that say ready, these do.
    """
    done = issue.category is Category.DONE if issue.ready is None else issue.ready
    return issue.kind is Kind.REMEDIATION and done and not issue.memory.get("closed")


def ready(world: World) -> frozenset[str]:
    """Return the requirements whose remediation issue is ready for closeout; that does not make them MET."""
    return frozenset(issue.subject for issue in world.issues.values() if is_ready(issue))


def projected(found: Facts, world: World, *, posted: bool, closed_out: frozenset[str] = frozenset()) -> Assessment:
    """Return what would be if all that is ready were accepted; a newer file counts here and only here.

    With `posted` the status date stays; without, the answer is what a new assessment with these findings would earn.
    What a posted closeout has `closed_out` is MET, whatever the initial findings say of it.
    """
    done = ready(world) | closed_out
    base = overridden(found.current.findings, found.decisions)
    findings = tuple(finding for finding in base if finding.requirement not in done)
    met = tuple(Finding(requirement=requirement, result=Result.MET) for requirement in sorted(done))
    dates = found.current.dates if posted else replace(found.current.dates, cmmc_status_date=None)
    return replace(found.current, findings=(*findings, *met), dates=dates, closeout=None)
