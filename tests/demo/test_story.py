"""The samples say what the demo promises, by the rule and not by their own word."""

import json
from datetime import date

import pytest

from cmmc_jira.demo.story import LEAD, OFFICIAL, Story, sample, samples, told
from cmmc_jira.findings.document import read_document
from cmmc_jira.findings.reading import read_findings
from cmmc_manifests import schema
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law
from cmmc_rules.records import Assessment, Dates, Evaluation
from cmmc_rules.words import Level, Path, Reason, SprsLabel, Status

DAY = date(2026, 6, 1)
LAW = load_law()
FIRST, SECOND = samples(DAY)
FIELDS = {spec.name: spec for spec in schema.fields()}


def evaluated(story: Story, *, notices: frozenset[str] = frozenset()) -> Evaluation:
    file = read_findings(story.file, story.content, law=LAW, level=Level.TWO)
    assert {notice.code for notice in file.notices} == notices
    return evaluate(Assessment(Level.TWO, Path.SELF, file.findings, Dates(DAY, story.posted)), LAW)


def test_the_first_sample_is_a_lawful_conditional_status_with_14_items() -> None:
    found = evaluated(FIRST)
    assert (found.score, found.status, found.not_assessed) == (94, Status.CONDITIONAL_2_SELF, ())
    assert all(gate.held for gate in found.gates)
    assert sorted(item.points or 0 for item in found.items) == [*[1] * 13, 3]
    assert all(item.poam_eligible for item in found.items)
    assert len({item.requirement[:2] for item in found.items}) == 11


def test_the_second_sample_is_blocked_in_every_way_and_has_no_score() -> None:
    found = evaluated(SECOND, notices=frozenset({"VARIANT_BY_TEMPLATE"}))
    assert (found.score, found.status, found.sprs_status_type) == (None, Status.NONE, SprsLabel.NO_SCORE)
    assert {reason.code for reason in found.reasons} >= {Reason.SSP_ABSENT, Reason.BARRED_REQUIREMENT}
    by_id = {item.requirement: item for item in found.items}
    assert by_id["CA.L2-3.12.4"].objectives_not_met == ("c",)
    assert not by_id["AC.L2-3.1.20"].poam_eligible
    assert sum(item.points == 5 for item in found.items) >= 5


def test_the_notes_hold_what_a_careless_writer_would_let_through() -> None:
    text = sample(FIRST.file).decode()
    assert all(mark in text for mark in ("{color:red}", "[~accountid:", "| CMM-02 |", "!cui-cover.png!", "*.exe"))


LEVEL_1, LEVEL_3 = samples(DAY, level=Level.ONE)[0], samples(DAY, level=Level.THREE)[0]


@pytest.mark.parametrize(
    ("story", "status"),
    [(LEVEL_1, "No CMMC Status"), (LEVEL_3, "Conditional Level 3 (DIBCAC)")],
    ids=["level 1", "level 3"],
)
def test_the_first_sample_of_another_level_is_that_levels(story: Story, status: str) -> None:
    said = {**json.loads(story.content), "dates": {"cmmc_status_date": DAY.isoformat()}}
    found = evaluate(read_document(said, law=LAW, as_of=DAY), LAW)
    assert found.status == status
    assert story.entered["CMMC Level"] == str(said["level"])
    assert story.entered["Assessment Path"] == said["path"]
    assert story.entered["Unlisted Requirements"] == said["unlisted"]


def test_a_certification_assessment_is_not_called_a_self_assessment() -> None:
    first, _ = samples(DAY, path=Path.C3PAO)
    assert first.summary.endswith(", Level 2 C3PAO assessment")


@pytest.mark.parametrize("story", [FIRST, SECOND, LEVEL_1, LEVEL_3], ids=lambda story: story.file)
def test_everything_entered_fits_a_field_of_the_assessment_issue(story: Story) -> None:
    for name, value in story.entered.items():
        assert "assessment" in FIELDS[name].used_on
        assert not FIELDS[name].options or value in FIELDS[name].options, name


def test_target_dates_are_counted_from_the_day_of_posting() -> None:
    lines = FIRST.content.decode().splitlines()
    assert next(line for line in lines if line.startswith("3.13.11,")).endswith(",2026-09-29")
    assert "after posting" not in FIRST.content.decode()


def test_the_first_is_posted_today_and_the_second_not_at_all() -> None:
    assert (FIRST.posted, SECOND.posted) == (DAY, None)
    assert samples(DAY, posted=date(2026, 5, 1))[0].posted == date(2026, 5, 1)


def test_an_assessment_document_is_entered_in_full() -> None:
    document = {
        "level": 2, "path": "C3PAO", "unlisted": "MET", "findings": [{"id": "3.1.3", "result": "NOT MET"}],
        "context": {"ssp_present": True, "scope_changed": True},
        "dates": {"cmmc_status_date": "2026-03-26", "active_assessment_end": "2026-03-13",
                  "annual_affirmations": ["2026-05-01"]},
    }  # fmt: skip
    story = told("a.json", b"{}", read_document(document, law=LAW, as_of=DAY))
    assert story.posted == date(2026, 3, 26)
    assert story.entered == {
        "CMMC Level": "2", "Assessment Path": "C3PAO", "Compliance Lead": LEAD, "Affirming Official": OFFICIAL,
        "Unlisted Requirements": "MET", "Assessment End Date": "2026-03-13", "Affirmed On": "2026-05-01",
        "SSP Present": "Yes", "Scope Changed": "Yes",
    }  # fmt: skip
