"""Assessment documents: every key of the contract is read, every mistake is told at its key, and all at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.document import KEYS, document_file, is_document, read_document
from cmmc_rules.law import load_law
from cmmc_rules.records import Assessment, Closeout, Context, Dates, Finding
from cmmc_rules.words import Assessor, Claim, Level, Path, Result, Route

DAY = date(2026, 6, 1)
LAW = load_law()


def document(**keys: object) -> dict[str, object]:
    return {"level": 2, "path": "C3PAO", "findings": [], **keys}


def read(data: object, **options: object) -> Assessment:
    return read_document(data, law=LAW, as_of=DAY, **options)


def mistakes(data: object, **options: object) -> tuple[str, ...]:
    with pytest.raises(BadFindings) as refused:
        read(data, **options)
    return refused.value.mistakes


def only_finding(**finding: object) -> Finding:
    (found,) = read(document(findings=[finding])).findings
    return found


def test_every_key_of_the_contract_is_read() -> None:
    assert read(
        {
            "level": 2,
            "path": "C3PAO",
            "unlisted": "MET",
            "findings": [
                {"id": "AC.L2-3.1.3", "result": "NOT MET", "note": "flows", "asset": "laptops"},
                {"id": "3.13.11", "result": "NOT MET", "variant": "employed_not_fips_validated"},
                {"id": "AC.L2-3.1.1", "objectives": {"f": "NOT MET", "a": "N/A"}},
            ],
            "poam": ["3.1.3"],
            "closeout": {"by": "C3PAO", "results": {"AC.L2-3.1.3": "MET"}, "same_c3pao_as_initial": True},
            "context": {
                "ssp_present": True,
                "level2_status_on_scope": "Final Level 2 (C3PAO)",
                "scope_changed": False,
                "additional_evidence_available": True,
                "affects_other_requirements": False,
                "closeout_assessment": True,
                "route": "CYBER_AB",
            },
            "dates": {
                "as_of": "2026-10-01",
                "cmmc_status_date": "2026-03-26",
                "active_assessment_end": "2026-03-13",
                "findings_report_delivered": "2026-03-20",
                "request_date": "2026-03-16",
                "closeout_assessed": "2026-08-01",
                "closeout_posted": "2026-08-03",
                "closeout_affirmed_on": "2026-08-05",
                "annual_affirmations": ["2028-03-01", "2027-03-02"],
                "trigger": "2026-03-21",
                "filed": "2026-03-28",
            },
        }
    ) == Assessment(
        level=Level.TWO,
        path=Path.C3PAO,
        unlisted=Result.MET,
        findings=(
            Finding("AC.L2-3.1.3", Result.NOT_MET, note="flows", asset="laptops", row="findings[0]"),
            Finding("SC.L2-3.13.11", Result.NOT_MET, variant="employed_not_fips_validated", row="findings[1]"),
            Finding("AC.L2-3.1.1", objectives={"f": Result.NOT_MET, "a": Result.NA}, row="findings[2]"),
        ),
        poam=frozenset({"AC.L2-3.1.3"}),
        closeout=Closeout(Assessor.C3PAO, {"AC.L2-3.1.3": Result.MET}),
        context=Context(
            ssp_present=True,
            level2_status_on_scope="Final Level 2 (C3PAO)",
            additional_evidence_available=True,
            affects_other_requirements=False,
            closeout_assessment=True,
            route=Route.CYBER_AB,
        ),
        dates=Dates(
            as_of=date(2026, 10, 1),
            cmmc_status_date=date(2026, 3, 26),
            active_assessment_end=date(2026, 3, 13),
            findings_report_delivered=date(2026, 3, 20),
            request_date=date(2026, 3, 16),
            closeout_assessed=date(2026, 8, 1),
            closeout_posted=date(2026, 8, 3),
            closeout_affirmed_on=date(2026, 8, 5),
            annual_affirmations=(date(2027, 3, 2), date(2028, 3, 1)),
            trigger=date(2026, 3, 21),
            filed=date(2026, 3, 28),
        ),
    )


@pytest.mark.parametrize(
    ("claim", "conditions"),
    [
        (Claim.ENDURING_EXCEPTION, {"described_in_ssp": True}),
        (
            Claim.TEMPORARY_DEFICIENCY,
            {"in_operational_plan": True, "deficiency_reviews_and_progress": False, "arose_after_implementation": True},
        ),
        (Claim.DOD_CIO_ADJUDICATION, {"in_ssp": True, "environment_changed": False}),
    ],
)
def test_a_claim_comes_with_its_own_conditions(claim: Claim, conditions: dict[str, bool]) -> None:
    found = only_finding(id="3.8.4", claim=claim.value, **conditions)
    assert (found.claim, found.conditions) == (claim, conditions)


def test_a_condition_needs_its_claim() -> None:
    alone, foreign = mistakes(
        document(
            findings=[
                {"id": "3.8.4", "in_ssp": True},
                {"id": "3.8.4", "claim": "enduring_exception", "in_operational_plan": True},
            ]
        )
    )
    assert alone.startswith("findings[0].in_ssp: this is a condition of a claim, and the key claim is missing;")
    assert foreign.startswith("findings[1].in_operational_plan: this is no condition of the claim enduring_exception;")
    assert foreign.endswith("its conditions are described_in_ssp")


def test_an_id_that_nothing_can_place_is_refused_at_its_key() -> None:
    wrong = {
        "findings": [{"id": "AC-2"}, {"id": "3.1.99"}, {"id": 7}, {"id": " ", "result": "NOT MET"}],
        "poam": ["3.1", ""],
        "closeout": {"results": {"x": "MET", "": "MET"}},
    }
    places = [mistake.partition(": ")[0] for mistake in mistakes(document(**wrong))]
    assert places == [
        *(f"findings[{index}].id" for index in range(4)),
        *("poam[0]", "poam[1]", "closeout.results.x", "closeout.results."),
    ]


def test_a_finding_without_anything_in_it_is_refused_as_well() -> None:
    empty = mistakes(document(findings=[{}, {"id": None}, None]))
    assert [mistake.partition(": ")[0] for mistake in empty] == ["findings[0]", "findings[1]", "findings[2]"]


def test_null_is_absent_everywhere() -> None:
    nothing = {"result": None, "objectives": None, "variant": None, "asset": None, "note": None, "claim": None}
    data = document(
        unlisted=None,
        findings=[{"id": "3.1.1", **nothing}],
        poam=None,
        closeout=None,
        context={"ssp_present": None, "scope_changed": None},
        dates={"cmmc_status_date": None, "annual_affirmations": None},
    )
    assert read(data) == Assessment(
        level=Level.TWO,
        path=Path.C3PAO,
        findings=(Finding("AC.L2-3.1.1", row="findings[0]"),),
        dates=Dates(as_of=DAY),
    )


def test_an_empty_poam_is_not_an_absent_one() -> None:
    assert read(document(poam=[])).poam == frozenset()
    assert read(document()).poam is None


def test_timestamps_beside_a_date_are_passed_over() -> None:
    data = document(
        dates={"cmmc_status_date": "2026-03-26", "posted_at": "2026-03-27T02:00:00Z"},
        closeout={"by": "C3PAO", "posted_at": "2026-08-03T22:10:00-04:00"},
    )
    assert read(data).dates.cmmc_status_date == date(2026, 3, 26)


@pytest.mark.parametrize(
    "written", ["AC.L2-3.1.3", "ac.l1-3.1.3", " 3.1.3 ", "AC-3.1.3", "03.01.03", "NIST SP 800-171 3.1.3"]
)
def test_ids_are_taken_as_people_write_them(written: str) -> None:
    assert only_finding(id=written, result="MET").requirement == "AC.L2-3.1.3"
    assert read(document(poam=[written])).poam == {"AC.L2-3.1.3"}
    closeout = read(document(closeout={"results": {written: "MET"}})).closeout
    assert closeout is not None
    assert closeout.results == {"AC.L2-3.1.3": Result.MET}


def test_an_id_that_names_an_objective_rates_that_objective_alone() -> None:
    found = only_finding(id="3.1.1[f]", result="NOT MET")
    assert (found.result, found.objectives) == (None, {"f": Result.NOT_MET})


def test_a_level_1_number_rates_its_own_part_of_the_requirement() -> None:
    data = {"level": 1, "path": "Self", "findings": [{"id": "PE.L1-3.10.5", "result": "MET"}]}
    (found,) = read(data).findings
    assert found.requirement == "PE.L1-b.1.ix"
    assert found.objectives == dict.fromkeys(("3.10.5[a]", "3.10.5[b]", "3.10.5[c]"), Result.MET)


@pytest.mark.parametrize("letter", ["f", "F", "[f]", "3.1.1[f]", "AC.L2-3.1.1[f]"])
def test_objective_letters_are_taken_as_people_write_them(letter: str) -> None:
    assert only_finding(id="3.1.1", objectives={letter: "not met"}).objectives == {"f": Result.NOT_MET}


def test_mistakes_are_told_all_at_once_each_with_its_key() -> None:
    data = {
        "level": 2,
        "path": "self",
        "findings": [
            {"id": "3.1.1", "resutl": "MET"},
            {"id": "3.1.1", "status": "MET"},
            {"id": "3.1.1", "result": "Partial"},
            {"result": "MET"},
            "3.1.1",
            {"id": "3.1.1", "objectives": {"z": "MET"}},
        ],
        "contextt": {},
        "unlisted": "N/A",
        "poam": ["3.1.2[a]"],
        "closeout": {"by": "me", "results": {"3.1.1": "MET", "AC.L2-3.1.1": "NOT MET"}},
    }
    assert mistakes(data) == (
        "contextt: unknown key; did you mean context?",
        "unlisted: 'N/A' is not MET or NOT ASSESSED",
        "findings[0].resutl: unknown key; did you mean result?",
        "findings[1].status: unknown key; did you mean result?",
        "findings[2].result: 'Partial' is not MET, NOT MET, N/A or NOT ASSESSED",
        "findings[3]: the key id is missing; name the requirement, such as AC.L2-3.1.3",
        "findings[4]: '3.1.1' stands where a map of keys and values belongs",
        "findings[5].objectives.z: AC.L2-3.1.1 has no such objective; its objectives are a, b, c, d, e or f",
        "poam[0]: this names an objective; name the requirement, AC.L2-3.1.2, as a whole",
        "closeout.results.AC.L2-3.1.1: AC.L2-3.1.1 is MET above and NOT MET here; keep one of the two",
        "closeout.by: 'me' is not OSA, C3PAO or DIBCAC",
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-02-30", "there is no day 2026-02-30 in the calendar; correct the day or the month"),
        ("13/07/2024", "'13/07/2024' is not a date; write it as YYYY-MM-DD, such as 2026-03-26"),
        (
            "2026-03-25T09:00:00Z",
            "'2026-03-25T09:00:00Z' is a point in time; write the plain date, 2026-03-25",
        ),
        (20260326, "'20260326' is not a date; write it as YYYY-MM-DD, such as 2026-03-26"),
        ("20260326", "'20260326' is not a date; write it as YYYY-MM-DD, such as 2026-03-26"),
        ("0026-03-26", "0026-03-26 is too far from today to be meant; correct the year"),
    ],
)
def test_a_wrong_date_is_refused_with_what_would_be_right(written: object, told: str) -> None:
    assert mistakes(document(dates={"cmmc_status_date": written})) == (f"dates.cmmc_status_date: {told}",)


def test_a_status_date_may_be_the_day_itself_but_not_the_day_after() -> None:
    assert read(document(dates={"cmmc_status_date": "2026-06-01"})).dates.cmmc_status_date == DAY
    (told,) = mistakes(document(dates={"cmmc_status_date": "2026-06-02"}))
    assert told.startswith("dates.cmmc_status_date: 2026-06-02 lies after 2026-06-01, the day this is evaluated for;")
    beside = told.replace("dates.cmmc_status_date:", "--status-date:")
    assert mistakes(document(), status_date=date(2026, 6, 2)) == (beside,)


@pytest.mark.parametrize(
    ("level", "path", "right"),
    [(1, "C3PAO", "Self"), (2, "DIBCAC", "Self or C3PAO"), (3, "Self", "DIBCAC")],
)
def test_a_path_that_does_not_fit_the_level_is_refused(level: int, path: str, right: str) -> None:
    assert mistakes({"level": level, "path": path, "findings": []}) == (
        f"path: {path} does not assess level {level}; on this level write {right}",
    )


def test_a_path_that_does_not_fit_is_told_where_it_was_said() -> None:
    (told,) = mistakes({"level": 1, "path": "Self", "findings": []}, path=Path.DIBCAC)
    assert told.startswith("--path: DIBCAC does not assess level 1;")


def test_level_and_path_are_needed_from_the_document_or_beside_it() -> None:
    assert mistakes({"findings": []}) == (
        "level: missing; write 1, 2 or 3 here, or give --level",
        "path: missing; write Self, C3PAO or DIBCAC here, or give --path",
    )
    assert read({"findings": []}, level=Level.TWO, path=Path.SELF).level is Level.TWO


def test_what_is_said_beside_the_document_counts_more_and_a_contradiction_is_told() -> None:
    assessment = read(
        document(dates={"cmmc_status_date": "2026-03-26", "as_of": "2026-04-01"}),
        path=Path.SELF,
        status_date=date(2026, 3, 27),
        day=DAY,
    )
    assert (assessment.path, assessment.dates) == (Path.SELF, Dates(as_of=DAY, cmmc_status_date=date(2026, 3, 27)))
    assert [notice.because for notice in assessment.notices] == [
        "The document says path C3PAO; the option Self was taken.",
        "The document says cmmc_status_date 2026-03-26; the option 2026-03-27 was taken.",
    ]
    assert read(document(), level=Level.TWO, path=Path.C3PAO).notices == ()


def test_findings_of_one_requirement_that_disagree_are_both_kept_and_told() -> None:
    found = [{"id": "3.1.3", "result": "MET"}, {"id": "AC.L2-3.1.3", "result": "NOT MET"}]
    assessment = read(document(findings=found))
    assert [finding.result for finding in assessment.findings] == [Result.MET, Result.NOT_MET]
    assert [(notice.code, notice.requirement) for notice in assessment.notices] == [("CONFLICT", "AC.L2-3.1.3")]
    assets = [{**each, "asset": name} for each, name in zip(found, ("laptops", "servers"), strict=True)]
    assert read(document(findings=assets)).notices == ()


def test_an_evaluation_given_back_is_recognised() -> None:
    assert mistakes({"level": 2, "path": "Self", "gates": [], "items": [], "not_assessed": []}) == (
        "this is an evaluation as this command gives it; give the assessment it was made from",
    )


@pytest.mark.parametrize(
    ("data", "ours"),
    [
        (document(), True),
        ({"level": 2, "path": "C3PAO", "unlisted": "MET"}, True),
        ({"level": 2, "path": "C3PAO", "finding": []}, True),
        ({"findings": [{"id": "3.1.1", "result": "MET"}]}, True),
        ({"findings": [{"id": "3.1.1", "status": "MET"}]}, False),
        ({"findings": [{"id": "3.1.1", "result": "MET"}], "tool": "x"}, False),
        ({"path": "/home", "files": []}, False),
        ({"3.1.1": "MET"}, False),
        ([{"id": "3.1.1", "result": "MET"}], False),
        (None, False),
    ],
)
def test_a_document_is_told_from_other_tools_lists(data: object, ours: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_document(data) is ours


def test_as_a_findings_file_a_document_gives_its_findings_and_says_what_was_left() -> None:
    data = {"level": 2, "unlisted": "MET", "findings": [{"id": "3.1.1", "result": "MET"}], "poam": []}
    file = document_file("a.json", data, law=LAW)
    assert (file.level, file.path) == (Level.TWO, None)
    assert file.findings == (Finding("AC.L2-3.1.1", Result.MET, row="findings[0]"),)
    assert [notice.because for notice in file.notices] == [
        "Only its findings and what its silence means were taken, not its poam."
    ]
    assert file.unlisted is Result.MET


def test_as_a_findings_file_a_documents_mistakes_carry_the_files_name() -> None:
    with pytest.raises(BadFindings) as refused:
        document_file("a.json", document(findings=[{"id": "3.1.99"}]), law=LAW)
    assert all(mistake.startswith("a.json, findings[0].id: '3.1.99'") for mistake in refused.value.mistakes)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["3.1.1", "MET", "2026-01-01"])
)
NAMES = st.text(max_size=8) | st.sampled_from(
    [*KEYS, "id", "result", "objectives", "a", "by", "results", "as_of", "claim"]
)
TREES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES, below, max_size=5), max_leaves=25
)


@given(TREES, st.dictionaries(st.sampled_from(KEYS), TREES))
def test_whatever_a_document_holds_it_is_an_assessment_or_refused(tree: object, keys: dict[str, object]) -> None:
    for data in (tree, keys, document(**keys), document(findings=[tree])):
        assert is_document(data) in {True, False}
        told: tuple[str, ...] = ()
        try:
            assert isinstance(read(data), Assessment)
        except BadFindings as refused:
            told = refused.mistakes or ("",)
        assert all(mistake.strip() and "\n" not in mistake for mistake in told)
