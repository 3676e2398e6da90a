"""The records that the law's functions take and give. Frozen, without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cmmc_rules.answers import GateAnswer, Notice, ReasonGiven
from cmmc_rules.words import Assessor, Claim, Level, Path, Result, Route, SprsLabel, Status


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of the catalogue.

    `id` is the official id: `AC.L1-b.1.iii`, `AC.L2-3.1.3`, `AC.L3-3.1.2e`. `numbers` are the NIST numbers it stands
    for: one, except for PE.L1-b.1.ix, which has three. `points` is the deduction when NOT MET (None: no value);
    where the rule prices variants it is the full value and `variants` holds each one's points. `objectives` are the
    letters (`a`), at Level 1 with their NIST number (`3.10.4[a]`), at Level 3 none. `cite` is where it is required.
    """

    id: str
    level: Level
    family: str
    family_name: str
    name: str
    numbers: tuple[str, ...]
    summary: str
    points: int | None
    points_cite: str
    variants: Mapping[str, int]
    objectives: tuple[str, ...]
    level1: str | None
    names: tuple[str, ...]
    cite: str
    designation: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one row of an assessment says about one requirement.

    `result` is what was said of the requirement as a whole (None: only objectives were named). `objectives` maps
    letters as in `Requirement.objectives`. Several findings of one requirement (assets) are combined by the law.
    """

    requirement: str
    result: Result | None = None
    objectives: Mapping[str, Result] = field(default_factory=dict)
    variant: str | None = None
    claim: Claim | None = None
    conditions: Mapping[str, bool] = field(default_factory=dict)
    asset: str | None = None
    note: str | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Closeout:
    """A closeout assessment: by whom, and the result of each POA&M item it names."""

    by: Assessor | None = None
    results: Mapping[str, Result] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """Facts about an assessment that are no finding and no date."""

    ssp_present: bool | None = None
    level2_status_on_scope: str | None = None
    scope_changed: bool = False
    additional_evidence_available: bool | None = None
    affects_other_requirements: bool | None = None
    closeout_assessment: bool = False
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Plain calendar dates as shown in SPRS or eMASS; `as_of` is the day the evaluation is made for."""

    as_of: date
    cmmc_status_date: date | None = None
    active_assessment_end: date | None = None
    findings_report_delivered: date | None = None
    request_date: date | None = None
    closeout_assessed: date | None = None
    closeout_posted: date | None = None
    closeout_affirmed_on: date | None = None
    annual_affirmations: tuple[date, ...] = ()
    trigger: date | None = None
    filed: date | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the law needs to know about one assessment.

    `poam` names the requirements that were put on the POA&M; None: every NOT MET requirement is on it.
    `unlisted` is MET or NOT ASSESSED and says what silence means.
    """

    level: Level
    path: Path
    findings: tuple[Finding, ...]
    dates: Dates
    unlisted: Result = Result.NOT_ASSESSED
    poam: frozenset[str] | None = None
    closeout: Closeout | None = None
    context: Context = field(default_factory=Context)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A requirement that was NOT MET in the initial assessment, with its own eligibility for a POA&M."""

    requirement: str
    name: str
    points: int | None
    poam_eligible: bool
    objectives_not_met: tuple[str, ...]
    variant: str | None
    citation: str
    because: str


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """Whether a NOT MET requirement may still be re-evaluated, and the last day (32 CFR 170.17(c)(2), 170.18(c)(2))."""

    open: bool
    last_day: date | None
    reasons: tuple[ReasonGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class Appeal:
    """The last day of an appeal and whether the one filed was in time (32 CFR 170.7(b); CAP 3.28)."""

    last_day: date | None
    timely: bool | None
    citation: str | None = None
    reasons: tuple[ReasonGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the law says of one assessment on one day. Points in whole points, days in calendar days.

    `results` holds each requirement's combined result in the initial assessment, in catalogue order.
    """

    level: Level
    path: Path
    as_of: date
    posted: bool
    score: int | None
    max_score: int | None
    min_conditional_score: int | None
    score_at_worst: int | None
    score_at_best: int | None
    status: Status
    sprs_status_type: SprsLabel | None
    conditional_eligible: bool | None
    gates: tuple[GateAnswer, ...]
    reasons: tuple[ReasonGiven, ...]
    notices: tuple[Notice, ...]
    items: tuple[Item, ...]
    not_assessed: tuple[str, ...]
    results: Mapping[str, Result]
    cmmc_status_date: date | None
    deadline: date | None
    day_number: int | None
    days_remaining: int | None
    valid_through: date | None
    next_annual_affirmation_due: date | None
    affirmation_current: bool | None
    closeout_affirmation_required: bool
    retain_through: date | None
    hashing_required: bool
    reevaluation: Reevaluation
    appeal: Appeal
