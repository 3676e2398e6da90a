"""What holds of every assessment, whatever was found and whenever it is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import law_from, load_law, texts
from cmmc_rules.records import Assessment, Closeout, Context, Dates, Evaluation, Finding
from cmmc_rules.words import PATHS_OF_LEVEL, Assessor, Claim, Level, Path, Reason, Result, Status, Variant

LAW = load_law()
IDS = {level: [requirement.id for requirement in LAW.requirements(level)] for level in Level}
CONDITIONS = (
    "described_in_ssp",
    "in_operational_plan",
    "deficiency_reviews_and_progress",
    "arose_after_implementation",
    "in_ssp",
    "environment_changed",
)
ENCRYPTION = "SC.L2-3.13.11"
ORDER = {code: place for place, code in enumerate(Reason)}
START = date(2026, 3, 26)
DAYS = st.dates(START, date(2030, 6, 1))
CONTEXT = Context(level2_status_on_scope=Status.FINAL_2_C3PAO)
WHERE = [(level, path) for level, paths in PATHS_OF_LEVEL.items() for path in paths]
SCORED = [(level, path) for level, path in WHERE if level is not Level.ONE]

often = settings(deadline=None, max_examples=150, derandomize=True)


def assessed(level: Level, path: Path, findings: Sequence[Finding], day: date = START) -> Assessment:
    dates = Dates(as_of=day, cmmc_status_date=START)
    return Assessment(level, path, tuple(findings), dates, unlisted=Result.MET, context=CONTEXT)


@st.composite
def finding(draw: st.DrawFn, level: Level, results: Sequence[Result] = tuple(Result)) -> Finding:
    requirement = draw(st.sampled_from(LAW.requirements(level)))
    said = st.sampled_from(results)
    letters = st.sampled_from(requirement.objectives or ("a",))
    claim = draw(st.none() | st.none() | st.sampled_from(Claim))
    return Finding(
        requirement.id,
        draw(said),
        objectives=draw(st.dictionaries(letters, said, max_size=2)) if requirement.objectives else {},
        variant=draw(st.none() | st.sampled_from(Variant)),
        claim=claim,
        conditions=draw(st.dictionaries(st.sampled_from(CONDITIONS), st.booleans())) if claim else {},
        asset=draw(st.sampled_from([None, "a", "b"])),
    )


@st.composite
def assessment(draw: st.DrawFn, where: Sequence[tuple[Level, Path]] = WHERE, most: int = 12) -> Assessment:
    level, path = draw(st.sampled_from(where))
    results = draw(st.sampled_from([tuple(Result), (Result.MET, Result.NOT_MET)]))
    findings = draw(st.lists(finding(level, results), max_size=most))
    return assessed(level, path, findings, draw(DAYS))


@st.composite
def with_closeout(draw: st.DrawFn) -> Assessment:
    base = draw(assessment(SCORED, most=3))
    names = {each.requirement for each in base.findings}
    results = {name: draw(st.sampled_from([Result.MET, Result.MET, Result.NOT_MET])) for name in sorted(names)}
    closeout = Closeout(draw(st.sampled_from(Assessor)), results)
    dates = replace(base.dates, closeout_posted=draw(st.dates(START, START + timedelta(days=250))))
    return replace(base, closeout=closeout, dates=dates)


def on(assessment: Assessment, day: date) -> Evaluation:
    return evaluate(replace(assessment, dates=replace(assessment.dates, as_of=day)), LAW)


def rank(status: Status) -> int:
    return 2 if status.final else 1 if status.conditional else 0


@often
@given(assessment(SCORED), st.data())
def test_fixing_a_requirement_never_lowers_a_score_or_a_status(before: Assessment, data: st.DataObject) -> None:
    then = on(before, START)
    if not then.items or then.not_assessed:
        return
    fixed = data.draw(st.sampled_from([item.requirement for item in then.items]))
    findings = tuple(each for each in before.findings if each.requirement != fixed)
    now = on(replace(before, findings=findings), START)
    assert rank(now.status) >= rank(then.status)
    assert now.score is not None
    assert then.score is None or now.score > then.score


@often
@given(assessment(), st.data())
def test_a_further_row_never_raises_a_score(before: Assessment, data: st.DataObject) -> None:
    row = data.draw(finding(before.level))
    then, now = on(before, START), on(replace(before, findings=(*before.findings, row)), START)
    if then.score is not None and now.score is not None:
        assert now.score <= then.score
    assert rank(now.status) <= rank(then.status)


@often
@given(assessment([(Level.TWO, path) for path in PATHS_OF_LEVEL[Level.TWO]]))
def test_what_is_worth_more_than_a_point_never_leaves_a_conditional_status(given_: Assessment) -> None:
    found = on(given_, START)
    if found.status.conditional:
        dear = {item.requirement: item.variant for item in found.items if (item.points or 2) > 1}
        assert dear in ({}, {ENCRYPTION: Variant.EMPLOYED_NOT_FIPS_VALIDATED})
        assert found.score is not None
        assert 88 <= found.score <= 109
        assert len(found.items) <= 22
        assert all(item.poam_eligible for item in found.items)


@often
@given(assessment(), st.data())
def test_the_order_of_findings_never_matters(given_: Assessment, data: st.DataObject) -> None:
    rows = data.draw(st.permutations(given_.findings))
    then, now = on(given_, START), on(replace(given_, findings=tuple(rows)), START)
    assert set(now.notices) == set(then.notices)
    assert replace(now, notices=()) == replace(then, notices=())


@often
@given(with_closeout(), DAYS, DAYS)
def test_what_has_ended_never_comes_alive_by_time_passing(given_: Assessment, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    if on(given_, earlier).status is Status.NONE:
        assert on(given_, later).status is Status.NONE


@often
@given(with_closeout(), DAYS)
def test_a_conditional_status_is_never_older_than_180_days(given_: Assessment, day: date) -> None:
    found = on(given_, day)
    assert not (found.status.conditional and (day - START).days > 180)
    if found.deadline is not None:
        assert (found.day_number, found.days_remaining) == ((day - START).days, 180 - (day - START).days)
    else:
        assert (found.day_number, found.days_remaining) == (None, None)


@often
@given(with_closeout(), DAYS)
def test_only_a_complete_closeout_moves_the_score(given_: Assessment, day: date) -> None:
    initial = on(replace(given_, closeout=None), day)
    found = on(given_, day)
    if found.closeout_affirmation_required:
        assert found.score == found.max_score
        assert found.cmmc_status_date == START
    else:
        assert found.score == initial.score


@often
@given(assessment(SCORED), st.data())
def test_the_bounds_hold_and_a_gate_once_decided_stays_so(given_: Assessment, data: st.DataObject) -> None:
    then = on(given_, START)
    ends = st.sampled_from([Result.MET, Result.NOT_MET, Result.NA])
    rest = {name: data.draw(ends) for name in then.not_assessed}
    now = on(replace(given_, findings=completed(given_, rest)), START)
    assert not now.not_assessed
    if then.score_at_best is not None and then.score_at_worst is not None and now.score is not None:
        assert then.score_at_worst <= now.score <= then.score_at_best
    for before, after in zip(then.gates, now.gates, strict=True):
        assert before.held is None or before.held is after.held


def completed(given_: Assessment, rest: Mapping[str, Result]) -> tuple[Finding, ...]:
    kept = (each for each in given_.findings if each.requirement not in rest)
    return (*kept, *(Finding(name, result) for name, result in rest.items()))


@often
@given(with_closeout(), st.lists(DAYS, max_size=4), DAYS)
def test_every_evaluation_is_consistent_in_itself(given_: Assessment, affirmed: list[date], day: date) -> None:
    dates = replace(given_.dates, annual_affirmations=tuple(affirmed))
    found = on(replace(given_, dates=dates), day)
    codes = [reason.code for reason in found.reasons]
    assert codes == sorted(codes, key=ORDER.__getitem__)
    assert [item.requirement for item in found.items] == [
        name for name in IDS[found.level] if found.results[name] is Result.NOT_MET
    ]
    assert (Reason.ANNUAL_AFFIRMATION_OVERDUE in codes) is not found.affirmation_current
    assert (found.status is Status.UNDETERMINED) == bool(found.not_assessed)
    assert (found.valid_through is not None) == (found.status.final or Reason.STATUS_EXPIRED in codes)
    assert found.path in found.status or found.status in {Status.NONE, Status.UNDETERMINED}
    if found.status is Status.NONE:
        assert codes, "there is always a reason for no status"


@often
@given(assessment())
def test_before_posting_no_day_is_named(given_: Assessment) -> None:
    found = evaluate(replace(given_, dates=Dates(as_of=START)), LAW)
    days = (
        found.cmmc_status_date,
        found.deadline,
        found.day_number,
        found.days_remaining,
        found.valid_through,
        found.next_annual_affirmation_due,
        found.retain_through,
        found.reevaluation.last_day,
        found.appeal.last_day,
    )
    assert set(days) == {None}
    assert not found.posted


@often
@given(assessment())
def test_a_status_date_that_lies_ahead_has_not_come(given_: Assessment) -> None:
    early = on(given_, START - timedelta(days=1))
    assert not early.posted
    assert early.cmmc_status_date is None
    assert early.notices[-1].code == "STATUS_DATE_AHEAD"


def test_a_score_that_is_enough_even_at_worst_is_said_before_all_is_assessed() -> None:
    found = on(assessed(Level.TWO, Path.C3PAO, [Finding("AC.L2-3.1.3", Result.NOT_ASSESSED)]), START)
    assert [gate.held for gate in found.gates] == [True, True, True, True, True]
    assert found.gates[0].because == "109 of 110, at worst, is at least 0.8"
    assert (found.score, found.score_at_worst, found.score_at_best) == (None, 109, 110)
    assert (found.status, found.conditional_eligible) == (Status.UNDETERMINED, True)


def test_the_law_of_the_status_date_judges_and_not_that_of_today() -> None:
    files = dict(texts())
    name = "32-cfr-170/170.21-poam.yaml"
    files[name] = files[name].replace("{2024-12-16: 180}", "{2024-12-16: 180, 2026-06-01: 90}")
    law = law_from(files)
    open_item = assessed(Level.TWO, Path.C3PAO, [Finding("AC.L2-3.1.3", Result.NOT_MET)], date(2026, 7, 1))
    assert evaluate(open_item, law).deadline == date(2026, 9, 22)
    later = replace(open_item, dates=replace(open_item.dates, cmmc_status_date=date(2026, 6, 1)))
    assert evaluate(later, law).deadline == date(2026, 8, 30)


def test_a_finding_of_another_level_is_not_ignored() -> None:
    with pytest.raises(ValueError, match=r"Level 2 has no requirement AC\.L1-b\.1\.i"):
        on(assessed(Level.TWO, Path.SELF, [Finding("AC.L1-b.1.i", Result.MET)]), START)


def test_a_path_of_another_level_is_not_taken() -> None:
    with pytest.raises(ValueError, match="Level 2 is not assessed by DIBCAC"):
        on(assessed(Level.TWO, Path.DIBCAC, []), START)
