"""Whatever a sound document says, it is evaluated, said as JSON and reported within its width."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.errors import BadFindings
from cmmc_jira.export.evaluation import as_json
from cmmc_jira.export.report import report
from cmmc_jira.findings.document import read_document
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law
from cmmc_rules.words import PATHS_OF_LEVEL, Assessor, Level, Result, Route, Status

LAW = load_law()
FIRST = date(2024, 12, 16)
SPECIAL = ("CA.L2-3.12.4", "SC.L2-3.13.11", "IA.L2-3.5.3", "PE.L1-b.1.ix", "AC.L2-3.1.20", "IR.L3-3.6.1e")
DAYS = st.dates(FIRST, date(2032, 1, 1)) | st.dates(FIRST, date(2199, 12, 31)) | st.just(date(2028, 2, 29))
RESULTS = st.sampled_from(Result)
FLAGS = ("ssp_present", "scope_changed", "additional_evidence_available", "affects_other_requirements")
DATES = (
    "active_assessment_end",
    "findings_report_delivered",
    "request_date",
    "closeout_posted",
    "closeout_affirmed_on",
)


def some(**keys: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=keys)


def finding(requirement: str) -> st.SearchStrategy[dict[str, object]]:
    known = LAW.requirement(requirement)
    letters = st.dictionaries(st.sampled_from(known.objectives), RESULTS) if known.objectives else st.none()
    said = some(
        result=RESULTS,
        objectives=letters,
        variant=st.sampled_from([*known.variants, "\x1b[2J"]),
        asset=st.text(max_size=4),
        note=st.text(max_size=4),
    )
    return said.map(lambda keys: {"id": requirement, **keys})


@st.composite
def documents(draw: st.DrawFn) -> dict[str, object]:
    level = draw(st.sampled_from(Level))
    every = [requirement.id for requirement in LAW.requirements(level)]
    ids = st.sampled_from([name for name in SPECIAL if name in every]) | st.sampled_from(every)
    closeout = some(
        by=st.sampled_from(Assessor),
        results=st.dictionaries(ids, st.sampled_from([Result.MET, Result.NOT_MET]), max_size=4),
    )
    context = some(
        route=st.sampled_from(Route),
        level2_status_on_scope=st.sampled_from(Status),
        **dict.fromkeys(FLAGS, st.booleans()),
    )
    dates = some(
        annual_affirmations=st.lists(DAYS.map(str), max_size=3),
        cmmc_status_date=DAYS.map(str),
        **dict.fromkeys(DATES, DAYS.map(str)),
    )
    return {
        "level": int(level),
        "path": draw(st.sampled_from(PATHS_OF_LEVEL[level])),
        "findings": draw(st.lists(ids.flatmap(finding), max_size=8)),
        "dates": {**draw(dates), "as_of": str(draw(DAYS))},
        **draw(
            some(
                unlisted=st.sampled_from([Result.MET, Result.NOT_ASSESSED]),
                poam=st.lists(ids, max_size=4),
                closeout=closeout,
                context=context,
            )
        ),
    }


@given(documents())
def test_a_sound_document_is_evaluated_and_said(document: dict[str, object]) -> None:
    try:
        assessment = read_document(document, law=LAW, as_of=FIRST)
    except BadFindings as refused:
        told = refused.mistakes
    else:
        told = ()
        evaluation = evaluate(assessment, LAW)
        text = report(evaluation)
        said = as_json(evaluation)
        assert json.loads(json.dumps(said, allow_nan=False)) == said
        assert max(map(len, text.splitlines())) <= 100
        assert evaluation.posted or "days left" not in text
    assert all("lies after" in mistake for mistake in told)
