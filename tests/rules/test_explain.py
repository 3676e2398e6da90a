"""Everything that has a name can be explained, with its value, its citation and since when it is in force."""

from datetime import date

import pytest

from cmmc_rules.dated import NotInForce
from cmmc_rules.explain import Explanation, Kind, explain, explained, near
from cmmc_rules.law import load_law
from cmmc_rules.words import Authority, Gate, Reason

LAW = load_law()
TODAY = date(2026, 6, 1)


def explanation(name: str) -> Explanation:
    found = explain(name, LAW, TODAY)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [*Reason, *Gate, *LAW.text.notes.clocks])
def test_a_code_a_gate_and_a_clock_say_what_they_mean_what_to_do_and_where_it_stands(name: str) -> None:
    found = explanation(name)
    assert found.id == name
    assert found.title
    assert found.words
    assert found.do
    assert found.statements
    assert "{" not in found.words + found.do


def test_every_name_has_an_explanation_of_that_name() -> None:
    for name in explained(LAW):
        found = explanation(name)
        assert found.id == name
        assert all(statement.cite in LAW.citations for statement in found.statements)


def test_a_text_tells_the_value_in_force() -> None:
    assert "Day 180 is the last day" in explanation("conditional_closeout").words
    assert "within 21 calendar days" in explanation("appeal").words
    assert "15 business days remain" in explanation("appeal").words


def test_a_rule_gives_its_value_citation_date_and_authority() -> None:
    (statement,) = explanation("170.21.closeout.days").statements
    assert (statement.value, statement.cite, statement.since) == ("180", "32 CFR 170.21(b)", date(2024, 12, 16))
    assert statement.authority is Authority.REGULATION
    assert statement.compared == date(2026, 10, 1)
    assert "day 181 is expired" in statement.positions[0]


def test_a_rule_that_is_not_in_force_yet_has_no_value() -> None:
    found = explain("faq.phases.suspended_on", LAW, date(2026, 7, 12))
    assert found is not None
    assert (found.statements[0].value, found.statements[0].since) == (None, None)
    assert explanation("dfars.current.conditional_days").statements[0].since == date(2025, 11, 10)


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("SC.L2-3.13.11", "SC.L2-3.13.11"),
        ("3.13.11", "SC.L2-3.13.11"),
        (" sc-3.13.11 ", "SC.L2-3.13.11"),
        ("03.13.11", "SC.L2-3.13.11"),
        ("AC.L1-b.1.iii", "AC.L1-b.1.iii"),
        ("AC.L1-3.1.1", "AC.L1-b.1.i"),
        ("AC.L2-3.1.1", "AC.L2-3.1.1"),
        ("3.1.2e", "AC.L3-3.1.2e"),
    ],
)
def test_a_requirement_is_explained_in_any_spelling(text: str, requirement: str) -> None:
    found = explanation(text)
    assert (found.kind, found.id) == (Kind.REQUIREMENT, requirement)


def test_a_requirement_tells_its_points_and_whether_it_may_be_deferred() -> None:
    values = [statement.value for statement in explanation("AC.L2-3.1.20").statements]
    assert values == [None, "1 point", "may not be on the POA&M"]
    assert explanation("CA.L2-3.12.4").statements[1].value == "no points"


def test_a_requirement_with_variants_tells_each_of_them_and_the_unknown_one() -> None:
    values = [statement.value for statement in explanation("3.13.11").statements][1:]
    assert values == [
        "3 points (employed_not_fips_validated), 5 points (not_employed)",
        "may be on the POA&M",
        "may not be on the POA&M",
        "may not be on the POA&M",
    ]
    assert [statement.value for statement in explanation("3.5.3").statements][2:] == ["may not be on the POA&M"] * 3


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("all_met", "It has 15."),
        ("score_ratio", "The points count, not the requirements."),
        ("POINT_VALUE_GT_1", "Three-pointers are too."),
        ("3.5.3", "The one exception to the point limit names SC.L2-3.13.11 alone."),
        ("3.13.11", "Only where encryption is employed but not FIPS-validated."),
        ("conditional_closeout", "It runs from the CMMC Status Date"),
        ("validity", "It does not. The Conditional date stays"),
        ("CA.L2-3.12.2", "It is not. It belongs to CA.L2-3.12.2"),
    ],
)
def test_a_common_error_is_answered_where_people_ask(name: str, answer: str) -> None:
    assert any(answer in error.answer and error.cite for error in explanation(name).errors)


def test_case_and_hyphens_do_not_matter_in_codes() -> None:
    assert explanation("point-value-gt-1").id == "POINT_VALUE_GT_1"
    assert explanation("Score-Ratio").id == "score_ratio"


def test_what_has_no_name_has_no_explanation_but_its_neighbours() -> None:
    assert explain("CONDITIONAL_EXPIRE", LAW, TODAY) is None
    assert near("CONDITIONAL_EXPIRE", LAW)[0] == "CONDITIONAL_EXPIRED"
    assert near("ssp", LAW) == ("SSP_ABSENT", "ssp_present")
    assert near("zzzzzz", LAW) == ()
    assert near("", LAW) == ()


def test_before_the_rule_a_requirement_has_no_explanation() -> None:
    with pytest.raises(NotInForce):
        explain("3.1.1", LAW, date(2024, 12, 15))
