"""Ids as people write them: what each written form names on each level, and why some name nothing."""

import csv
from pathlib import Path

import pytest

from cmmc_rules.ids import IdProblem, Named, Unplaced, find_named, objective_key, read_id
from cmmc_rules.law import load_law
from cmmc_rules.spelling import IdRead
from cmmc_rules.words import Level

REQUIREMENTS = {level: load_law().requirements(level) for level in Level}
PRACTICES = Path(__file__).parents[1] / "law" / "catalog-cmmc-1.x.csv"


def named(text: str, level: Level) -> str | IdProblem:
    """The requirement and the objectives that the text names, as one string, or the problem."""
    found = find_named(text, REQUIREMENTS[level])
    if isinstance(found, Unplaced):
        return found.problem
    return " ".join((found.requirement.id, *found.objectives))


def sentence(text: str, level: Level) -> str:
    found = find_named(text, REQUIREMENTS[level])
    assert isinstance(found, Unplaced)
    return found.because


ON_LEVEL_2 = {
    # the number, with what cells and documents leave around it
    "3.1.1": "AC.L2-3.1.1",
    "3.1.1.": "AC.L2-3.1.1",
    "3.1.1*": "AC.L2-3.1.1",
    "(3.1.1)": "AC.L2-3.1.1",
    "[3.1.1]": "AC.L2-3.1.1",
    "**3.1.1**": "AC.L2-3.1.1",
    "`3.1.1`": "AC.L2-3.1.1",
    "'3.1.1": "AC.L2-3.1.1",
    "- 3.1.1": "AC.L2-3.1.1",
    "#3.1.1": "AC.L2-3.1.1",
    "\t3.1.1 \n": "AC.L2-3.1.1",
    "3. 1.1": "AC.L2-3.1.1",
    "3.1.1\u00a0": "AC.L2-3.1.1",
    "3.1.\u00ad1": "AC.L2-3.1.1",
    "\ufeff3.1.1\u200b": "AC.L2-3.1.1",
    # with family and level in front, or the family behind
    "AC.L2-3.1.1": "AC.L2-3.1.1",
    "ac.l2-3.1.1": "AC.L2-3.1.1",
    "AC.L1-3.1.1": "AC.L2-3.1.1",
    "AC-L2-3.1.1": "AC.L2-3.1.1",
    "AC_L2_3.1.1": "AC.L2-3.1.1",
    "AC.L2.3.1.1": "AC.L2-3.1.1",
    "AC.L2- 3.1.19": "AC.L2-3.1.19",
    "IA-L2-3.5.1": "IA.L2-3.5.1",
    "AC.L2\u20113.1.1": "AC.L2-3.1.1",
    "AC.L2\u20133.1.1": "AC.L2-3.1.1",
    "AC.L2\u22123.1.1": "AC.L2-3.1.1",
    "AC.3.1.1": "AC.L2-3.1.1",
    "AC-3.1.1": "AC.L2-3.1.1",
    "AC 3.1.1": "AC.L2-3.1.1",
    "AC: 3.1.1": "AC.L2-3.1.1",
    "L2-3.1.1": "AC.L2-3.1.1",
    "3.1.1 (AC)": "AC.L2-3.1.1",
    "AC.L2-3.1.1 (AC)": "AC.L2-3.1.1",
    # with a document in front
    "NIST SP 800-171 3.6.1": "IR.L2-3.6.1",
    "NIST 800-171 3.6.1": "IR.L2-3.6.1",
    "800-171: 3.6.1": "IR.L2-3.6.1",
    "SP800-171r2 3.6.1": "IR.L2-3.6.1",
    "NIST SP 800-171 Rev. 2, Section 3.5.6": "IA.L2-3.5.6",
    "NIST SP 800-171 (Revision 2) \u00a7 3.5.6": "IA.L2-3.5.6",
    "NIST SP 800-171A 3.1.1[a]": "AC.L2-3.1.1 a",
    "CMMC AC.L2-3.1.1": "AC.L2-3.1.1",
    "CMMC 2.0 AC.L2-3.1.1": "AC.L2-3.1.1",
    "CMMC L2 3.1.1": "AC.L2-3.1.1",
    "Requirement 3.1.1": "AC.L2-3.1.1",
    "Control: 3.1.1": "AC.L2-3.1.1",
    # with words behind it
    "AC.L2-3.1.1 \u2013 AUTHORIZED ACCESS CONTROL [CUI DATA]": "AC.L2-3.1.1",
    "AC.L2-3.1.1 - Authorized Access Control (CUI Data)": "AC.L2-3.1.1",
    "3.1.2: Transaction and Function Control": "AC.L2-3.1.2",
    "3.1.1.a Authorized users are known": "AC.L2-3.1.1 a",
    "3.1.1 A list of users is kept": IdProblem.NOT_AN_ID,
    "3.1.1. A list of users is kept": IdProblem.NOT_AN_ID,
    "3.1.1[a]: Authorized users are known": "AC.L2-3.1.1 a",
    "3.8.7 Removeable Media": "MP.L2-3.8.7",
    "3.1.3 Let CUI go only where it may": "AC.L2-3.1.3",
    "3.1.19 Encrypt CUI on Mobile": "AC.L2-3.1.19",
    "3.1.8 Control CUI Flow": IdProblem.OTHER_NAME,
    # objectives
    "3.1.1[a]": "AC.L2-3.1.1 a",
    "3.1.1 [A]": "AC.L2-3.1.1 a",
    "3.1.1.a": "AC.L2-3.1.1 a",
    "3.1.1(a)": "AC.L2-3.1.1 a",
    "3.1.1a": "AC.L2-3.1.1 a",
    "3.1.1-a": "AC.L2-3.1.1 a",
    "03.01.01.a": "AC.L2-3.1.1 a",
    "AC.L2-3.1.1.f": "AC.L2-3.1.1 f",
    "AC.L2-3.1.3[e]": "AC.L2-3.1.3 e",
    "AC.L2-3.1.3.e": "AC.L2-3.1.3 e",
    "3.12.4.[h]": "CA.L2-3.12.4 h",
    "3.12.4.[i]": IdProblem.NO_OBJECTIVE,
    "3.1.1[g]": IdProblem.NO_OBJECTIVE,
    "3.4.4": "CM.L2-3.4.4",
    "3.4.4[a]": "CM.L2-3.4.4 a",
    "3.4.4[b]": IdProblem.NO_OBJECTIVE,
    # Level 1's own ids, which the catalogue's counterparts translate
    "AC.L1-b.1.i": "AC.L2-3.1.1",
    "AC.L1-b.1.i[b]": "AC.L2-3.1.1 b",
    "b.1.xv": "SI.L2-3.14.5",
    "FAR 52.204-21(b)(1)(iii)": "AC.L2-3.1.20",
    "PE.L1-b.1.ix": IdProblem.SEVERAL,
    "AC.L1-b.1.xvi": IdProblem.UNKNOWN,
    # the padded form, and Revision 3
    "03.01.01": "AC.L2-3.1.1",
    "AC.L2-03.01.01": "AC.L2-3.1.1",
    "03.10.06": "PE.L2-3.10.6",
    "03.01.23": IdProblem.UNKNOWN,
    "03.01.01.c.01": IdProblem.REV_3,
    "03.01.01.01": IdProblem.REV_3,
    "A.03.01.01.ODP[01]": IdProblem.REV_3,
    "A.03.01.01.a[01]": IdProblem.REV_3,
    "03.15.01": IdProblem.REV_3,
    "03.17.03": IdProblem.REV_3,
    "3.16.1": IdProblem.REV_3,
    "NIST SP 800-171 Rev 3 03.01.01": IdProblem.REV_3,
    "NIST SP 800-171r3: 03.01.01": IdProblem.REV_3,
    # CMMC 1.x
    "AC.1.001": "AC.L2-3.1.1",
    "AC.2.016": "AC.L2-3.1.3",
    "RE.2.138": "MP.L2-3.8.9",
    "RM.2.141": "RA.L2-3.11.1",
    "RE.2.137": IdProblem.CMMC_1,
    "AM.3.036": IdProblem.CMMC_1,
    "AC.2.999": IdProblem.CMMC_1,
    # Level 3
    "3.1.2e": IdProblem.OTHER_LEVEL,
    "3.1.2E": IdProblem.OTHER_LEVEL,
    "AC.L3-3.1.2e": IdProblem.OTHER_LEVEL,
    "AC.L3-3.1.1": IdProblem.OTHER_LEVEL,
    "AC.L2-3.1.2e": IdProblem.OTHER_LEVEL,
    "3.1.3e": IdProblem.OTHER_LEVEL,
    # several
    "3.3.1-3.3.9": IdProblem.SEVERAL,
    "3.1.4 / 3.1.5": IdProblem.SEVERAL,
    "3.1.4; 3.1.5": IdProblem.SEVERAL,
    "3.1.4, 3.1.5": IdProblem.SEVERAL,
    "3.1.4 3.1.5": IdProblem.SEVERAL,
    "3.1.4 and 3.1.5": IdProblem.SEVERAL,
    "AC.L2-3.1.4, AC.L2-3.1.5": IdProblem.SEVERAL,
    "AC.1.001, AC.1.002": IdProblem.SEVERAL,
    "3.1.1[a]; 3.1.1[b]": IdProblem.SEVERAL,
    "3.1.1[a,b]": IdProblem.SEVERAL,
    "3.1.1[a], [b]": IdProblem.SEVERAL,
    "3.1.1 a; b": IdProblem.SEVERAL,
    # other documents' ids
    "AC-2": IdProblem.SP_800_53,
    "IA-5": IdProblem.SP_800_53,
    "IA-5(1)": IdProblem.SP_800_53,
    "AC-2, AC-3": IdProblem.SP_800_53,
    "ac-6.1_obj": IdProblem.SP_800_53,
    "AC-2EN1": IdProblem.SP_800_53,
    "AC-3.1": IdProblem.SP_800_53,
    "NIST SP 800-53 AC-2": IdProblem.SP_800_53,
    # what does not exist, and what contradicts itself
    "3.13.17": IdProblem.UNKNOWN,
    "3.12.5": IdProblem.UNKNOWN,
    "3.14.10": IdProblem.UNKNOWN,
    "3.1.0": IdProblem.UNKNOWN,
    "3.1.23": IdProblem.UNKNOWN,
    "3.18.1": IdProblem.UNKNOWN,
    "IA.L2-3.1.1": IdProblem.OTHER_FAMILY,
    "XX-3.1.1": IdProblem.OTHER_FAMILY,
    "3.1.1 (IA)": IdProblem.OTHER_FAMILY,
    "AC.L2-3.1.1 (IA)": IdProblem.NOT_AN_ID,
    # families
    "3.1": IdProblem.FAMILY,
    "3.10.": IdProblem.FAMILY,
    "03.01": IdProblem.FAMILY,
    "MA / PS / PE": IdProblem.FAMILY,
    "AC": IdProblem.FAMILY,
    "AC.L2": IdProblem.FAMILY,
    "Access Control": IdProblem.FAMILY,
    "Access Control (AC)": IdProblem.FAMILY,
    "AC - Access Control": IdProblem.FAMILY,
    "3.1 ACCESS CONTROL": IdProblem.FAMILY,
    "Audit & Accountability": IdProblem.FAMILY,
    # anything else
    "": IdProblem.NOT_AN_ID,
    " ": IdProblem.NOT_AN_ID,
    "Total": IdProblem.NOT_AN_ID,
    "N/A": IdProblem.NOT_AN_ID,
    "Level 2": IdProblem.NOT_AN_ID,
    "3": IdProblem.NOT_AN_ID,
    "2026-03-26": IdProblem.NOT_AN_ID,
    "10.0.3.1": IdProblem.NOT_AN_ID,
    "13.1.1": IdProblem.NOT_AN_ID,
    "3.1.1.1": IdProblem.NOT_AN_ID,
    "3.1.123": IdProblem.NOT_AN_ID,
    "3.1.1\u00b9": IdProblem.NOT_AN_ID,
    "IT-3": IdProblem.NOT_AN_ID,
    "see 3.1.1": IdProblem.NOT_AN_ID,
    "3.1.1 N/A": IdProblem.NOT_AN_ID,
    "AC.L4-3.1.1": IdProblem.NOT_AN_ID,
    "3.1.1" + " " * 1000 + "x": IdProblem.NOT_AN_ID,
}

ON_LEVEL_1 = {
    "AC.L1-b.1.iii": "AC.L1-b.1.iii",
    "ac.l1-B.1.III": "AC.L1-b.1.iii",
    "AC.L1- b.1.iii": "AC.L1-b.1.iii",
    "b.1.iii": "AC.L1-b.1.iii",
    "(b)(1)(iii)": "AC.L1-b.1.iii",
    "52.204-21(b)(1)(iii)": "AC.L1-b.1.iii",
    "48 CFR 52.204-21(b)(1)(iii)": "AC.L1-b.1.iii",
    "FAR 52.204-21 b.1.iii": "AC.L1-b.1.iii",
    "AC.L1-b.1.iii \u2013 External Connections [FCI Data]": "AC.L1-b.1.iii",
    "AC.L1-b.1.iii[f]": "AC.L1-b.1.iii 3.1.20[f]",
    "AC.L1-b.1.iii[g]": IdProblem.NO_OBJECTIVE,
    "IA.L1-b.1.iii": IdProblem.OTHER_FAMILY,
    "b.1.xvi": IdProblem.UNKNOWN,
    "b.1.iiii": IdProblem.UNKNOWN,
    "3.1.20": "AC.L1-b.1.iii",
    "AC.L1-3.1.20": "AC.L1-b.1.iii",
    "AC.L2-3.1.20": "AC.L1-b.1.iii",
    "3.1.20[f]": "AC.L1-b.1.iii 3.1.20[f]",
    "AC.1.003": "AC.L1-b.1.iii",
    "PE.L1-b.1.ix": "PE.L1-b.1.ix",
    "PE.L1-b.1.ix[a]": IdProblem.NO_OBJECTIVE,
    "3.10.3": "PE.L1-b.1.ix 3.10.3[a] 3.10.3[b]",
    "3.10.4": "PE.L1-b.1.ix 3.10.4[a]",
    "3.10.4[a]": "PE.L1-b.1.ix 3.10.4[a]",
    "3.10.4[b]": IdProblem.NO_OBJECTIVE,
    "PE.L1-3.10.5": "PE.L1-b.1.ix 3.10.5[a] 3.10.5[b] 3.10.5[c]",
    "PE.1.133": "PE.L1-b.1.ix 3.10.4[a]",
    "3.1.3": IdProblem.UNKNOWN,
    "AC.2.016": IdProblem.UNKNOWN,
    "3.1.2e": IdProblem.OTHER_LEVEL,
}

ON_LEVEL_3 = {
    "3.1.2e": "AC.L3-3.1.2e",
    "3.1.2E": "AC.L3-3.1.2e",
    "3.1.2e.": "AC.L3-3.1.2e",
    "AC.L3-3.1.2e": "AC.L3-3.1.2e",
    "AC.L3-3.1.2": "AC.L3-3.1.2e",
    "AC-3.1.2e": "AC.L3-3.1.2e",
    "3.1.2e (AC)": "AC.L3-3.1.2e",
    "03.01.02e": "AC.L3-3.1.2e",
    "NIST SP 800-172 3.14.6e": "SI.L3-3.14.6e",
    "AC.L3-3.1.2e \u2013 Organizationally Controlled Assets": "AC.L3-3.1.2e",
    "3.1.1e": IdProblem.UNKNOWN,
    "3.10.1e": IdProblem.UNKNOWN,
    "3.1.2e[a]": IdProblem.NO_OBJECTIVE,
    "IA.L3-3.1.2e": IdProblem.OTHER_FAMILY,
    "AC.L2-3.1.2e": IdProblem.OTHER_LEVEL,
    "AC.L2-3.1.2": IdProblem.OTHER_LEVEL,
    "3.1.2": IdProblem.OTHER_LEVEL,
    "3.1.2[e]": IdProblem.OTHER_LEVEL,
    "AC.L1-b.1.i": IdProblem.OTHER_LEVEL,
    "AC.1.001": IdProblem.OTHER_LEVEL,
}


@pytest.mark.parametrize("written", ON_LEVEL_2)
def test_level_2_reads(written: str) -> None:
    assert named(written, Level.TWO) == ON_LEVEL_2[written]


@pytest.mark.parametrize("written", ON_LEVEL_1)
def test_level_1_reads(written: str) -> None:
    assert named(written, Level.ONE) == ON_LEVEL_1[written]


@pytest.mark.parametrize("written", ON_LEVEL_3)
def test_level_3_reads(written: str) -> None:
    assert named(written, Level.THREE) == ON_LEVEL_3[written]


def test_all_110_cmmc_1_practices_of_dods_mapping_name_their_requirement_and_no_other_practice_does() -> None:
    with PRACTICES.open(encoding="utf-8", newline="") as rows:
        mapping = {row["practice"]: row["requirement"] for row in csv.DictReader(rows)}
    assert len(mapping) == 110
    for practice, requirement in mapping.items():
        assert named(practice, Level.TWO) == requirement.replace(".L1-", ".L2-")
    families = {practice.partition(".")[0] for practice in mapping} | {"AM", "SA"}
    every = [f"{family}.{level}.{last:03}" for family in families for level in range(1, 6) for last in range(230)]
    assert {practice for practice in every if isinstance(read_id(practice), IdRead)} == set(mapping)


def test_a_table_that_stood_between_is_told_and_a_prefix_is_not() -> None:
    remarks = {}
    for written in ("AC.1.001", "AC.L1-b.1.i", "AC.L1-3.1.1", "3.1.1", "03.01.01"):
        found = find_named(written, REQUIREMENTS[Level.TWO])
        assert isinstance(found, Named)
        remarks[written] = found.remark
    assert remarks == {
        "AC.1.001": "'AC.1.001' is a CMMC 1.x practice; by DoD's mapping it is 3.1.1, here AC.L2-3.1.1",
        "AC.L1-b.1.i": "'AC.L1-b.1.i' is a Level 1 requirement; on Level 2 it is AC.L2-3.1.1",
        "AC.L1-3.1.1": None,
        "3.1.1": None,
        "03.01.01": None,
    }


@pytest.mark.parametrize(
    ("written", "padded"),
    [("03.01.01", True), ("3.01.01", True), ("03.10.10", True), ("3.1.1", False), ("3.10.3", False), ("3.1.20", False)],
)
def test_the_form_that_revision_3_uses_too_is_marked(written: str, padded: bool) -> None:  # noqa: FBT001 - a column
    read = read_id(written)
    assert isinstance(read, IdRead)
    assert read.padded is padded


def test_what_stands_before_and_behind_a_number_is_kept() -> None:
    assert read_id("IA.L1-3.5.2[b] Authentication") == IdRead(
        number="3.5.2", family="IA", level=Level.ONE, letter="b", title="AUTHENTICATION"
    )
    assert read_id("AC.L1-b.1.iv") == IdRead(item="b.1.iv", family="AC", level=Level.ONE)
    assert read_id("RE.2.138") == IdRead(number="3.8.9", practice="RE.2.138")


@pytest.mark.parametrize(
    ("written", "level", "because"),
    [
        ("3.13.17", Level.TWO, "'3.13.17' does not exist on Level 2; its family has 3.13.1 to 3.13.16"),
        ("3.9.3", Level.TWO, "'3.9.3' does not exist on Level 2; its family has 3.9.1, 3.9.2"),
        (
            "03.01.23",
            Level.TWO,
            (
                "'03.01.23' does not exist on Level 2, and Revision 3 of NIST SP 800-171 is not assessed; "
                "its family has 3.1.1 to 3.1.22"
            ),
        ),
        ("3.1.3", Level.ONE, "'3.1.3' does not exist on Level 1; its family has 3.1.1, 3.1.2, 3.1.20, 3.1.22"),
        ("3.6.1", Level.ONE, "'3.6.1' does not exist on Level 1"),
        ("b.1.xvi", Level.ONE, "'b.1.xvi' does not exist on Level 1; FAR 52.204-21 has b.1.i to b.1.xv"),
        (
            "IA.L2-3.1.1",
            Level.TWO,
            "'IA.L2-3.1.1' has the letters IA, but its number is that of AC.L2-3.1.1; mend one of them",
        ),
        ("3.1.2[c]", Level.TWO, "'3.1.2[c]' names no objective of AC.L2-3.1.2; it has a, b"),
        (
            "PE.L1-b.1.ix[a]",
            Level.ONE,
            (
                "'PE.L1-b.1.ix[a]' names no objective of PE.L1-b.1.ix; "
                "it has 3.10.3[a], 3.10.3[b], 3.10.4[a], 3.10.5[a], 3.10.5[b], 3.10.5[c]"
            ),
        ),
        ("3.1.2e[a]", Level.THREE, "'3.1.2e[a]' names no objective of AC.L3-3.1.2e; Level 3 requirements have none"),
        (
            "3.1.2e",
            Level.TWO,
            "'3.1.2e' is written like a requirement of Level 3, and this is Level 2; objective e is written 3.1.2[e]",
        ),
        (
            "AC.L3-3.1.2e",
            Level.TWO,
            "'AC.L3-3.1.2e' is written like a requirement of Level 3, and this is Level 2",
        ),
        ("3.1.2", Level.THREE, "'3.1.2' is no requirement of Level 3; those are written like AC.L3-3.1.2e"),
        ("AC.L2-3.1.2e", Level.THREE, "'AC.L2-3.1.2e' contradicts itself; the requirement is AC.L3-3.1.2e"),
        (
            "PE.L1-b.1.ix",
            Level.TWO,
            "'PE.L1-b.1.ix' covers PE.L2-3.10.3, PE.L2-3.10.4, PE.L2-3.10.5 on this level; name the one that is meant",
        ),
        (
            "3.1.8 Control CUI Flow",
            Level.TWO,
            "'3.1.8 Control CUI Flow' has the number of AC.L2-3.1.8, but the name of AC.L2-3.1.3; mend one of them",
        ),
        ("Total", Level.TWO, "'Total' is no requirement id; write one such as AC.L2-3.1.3 or 3.1.3"),
    ],
)
def test_the_sentence_says_what_is_wrong_and_what_would_be_right(written: str, level: Level, because: str) -> None:
    assert sentence(written, level) == because


def test_a_long_text_is_cut_in_the_sentence() -> None:
    assert len(sentence("prose " * 200, Level.TWO)) < 140


@pytest.mark.parametrize("level", Level)
def test_every_objective_is_found_by_its_letter_and_number(level: Level) -> None:
    for requirement in REQUIREMENTS[level]:
        for key in requirement.objectives:
            number, letter = (key[:-3], key[-2]) if level is Level.ONE else (requirement.numbers[0], key)
            assert objective_key(requirement, letter, number) == key
            alone = key if len(requirement.numbers) == 1 else None
            assert objective_key(requirement, letter) == alone
        assert objective_key(requirement, "z", requirement.numbers[0]) is None
        assert objective_key(requirement, "a", "3.99.9") is None
