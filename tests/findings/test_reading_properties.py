"""What holds for every file: it is read or refused, in any order of rows, and our own template comes back."""

import csv
from collections.abc import Sequence
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.template import Format, blank_file
from cmmc_rules.records import Finding
from cmmc_rules.words import Level, Result
from support.findings_files import LAW, codes, read, said, xlsx

TWO = LAW.requirements(Level.TWO)
WORDS = {"MET": Result.MET, "not met": Result.NOT_MET, "N/A": Result.NA, "": Result.NOT_ASSESSED}
SAMPLES = [
    b"Control,Status,Notes\n3.1.1,MET,x\n3.1.2,NOT MET,y\n",
    b"sep=;\nControl;Status\n3.1.1;MET\n",
    b"# T\n\n| id | status |\n|---|---|\n| 3.1.1 | MET |\n",
    b'[{"id": "3.1.1", "status": "MET"}, {"id": "3.1.2", "status": "NOT MET"}]',
    b"- id: 3.1.1\n  status: MET\n",
    b'{"level": 2, "path": "Self", "findings": [{"id": "3.1.1", "result": "MET"}]}',
    "Control,Status\n3.1.1,MET\n".encode("utf-16"),
    xlsx({"A": [("Control", "Status"), ("3.1.1", "MET"), ("3.1.2", "NOT MET")]}),
]
NAMES = ["a.csv", "a.xlsx", "a.md", "a.json", "a.yaml", "a"]
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _read_or_refused(content: bytes, name: str) -> None:
    told: tuple[str, ...] = (name,)
    try:
        file = read(content, name)
    except BadFindings as refused:
        told = refused.mistakes
    else:
        assert len(file.digest) == 64
    assert told
    assert all(mistake.startswith(name) for mistake in told)


@MANY
@given(content=st.binary(max_size=400), name=st.sampled_from(NAMES))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    _read_or_refused(content, name)


@MANY
@given(text=st.text(max_size=400), name=st.sampled_from(NAMES))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    _read_or_refused(text.encode("utf-8", "surrogatepass"), name)


@MANY
@given(data=st.data(), sample=st.sampled_from(SAMPLES), name=st.sampled_from(NAMES))
def test_any_damaged_file_is_read_or_refused(data: st.DataObject, sample: bytes, name: str) -> None:
    content = bytearray(sample)
    for _each in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        how = data.draw(st.sampled_from(["set", "cut", "put"]))
        if how == "set" and content:
            content[at] = data.draw(st.integers(0, 255))
        elif how == "cut":
            del content[at : at + data.draw(st.integers(1, 40))]
        else:
            content[at:at] = data.draw(st.binary(max_size=8))
    _read_or_refused(bytes(content), name)


CELLS = st.one_of(
    st.sampled_from(
        [*WORDS, *(requirement.id for requirement in TWO[:5]), "3.1", "AC-2", "[a]", "Status", "Control", "Open"]
    ),
    st.text(max_size=12),
)


def _text(rows: Sequence[Sequence[str]]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


@MANY
@given(rows=st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    _read_or_refused(_text(rows).encode("utf-8", "surrogatepass"), "a.csv")


ROWS = st.lists(
    st.tuples(
        st.sampled_from(TWO).flatmap(
            lambda requirement: st.sampled_from(
                [
                    requirement.id,
                    requirement.numbers[0],
                    *(f"{requirement.id}[{each}]" for each in requirement.objectives),
                ]
            )
        ),
        st.sampled_from(list(WORDS)),
        st.sampled_from(["", "laptops", "servers"]),
    ),
    min_size=1,
    max_size=30,
)


def _without_place(finding: Finding) -> tuple[object, ...]:
    return finding.requirement, finding.result, sorted(finding.objectives.items()), finding.asset


@MANY
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[str, str, str]], random: object) -> None:
    shuffled = list(rows)
    getattr(random, "shuffle")(shuffled)  # noqa: B009 - hypothesis types its generator as an object
    head = ("Requirement", "Status", "Asset")
    first, second = read(_text([head, *rows])), read(_text([head, *shuffled]))
    assert sorted(map(_without_place, first.findings), key=repr) == sorted(
        map(_without_place, second.findings), key=repr
    )
    assert sorted(codes(first)) == sorted(codes(second))
    assert (first.level, first.columns) == (second.level, second.columns)


@MANY
@given(rows=ROWS)
def test_every_row_is_told_once(rows: list[tuple[str, str, str]]) -> None:
    file = read(_text([("Requirement", "Status", "Asset"), *rows]))
    assert [finding.row for finding in file.findings] == [f"row {number}" for number in range(2, len(rows) + 2)]
    for finding, (_written, word, asset) in zip(file.findings, rows, strict=True):
        assert {finding.result, *finding.objectives.values()} - {None} == {WORDS[word]}
        assert finding.asset == (asset or None)


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize(
    ("level", "objectives"),
    [(Level.ONE, False), (Level.ONE, True), (Level.TWO, False), (Level.TWO, True), (Level.THREE, False)],
)
def test_our_own_template_comes_back_with_every_row(level: Level, objectives: bool, kind: Format) -> None:  # noqa: FBT001 - a table's column
    requirements = LAW.requirements(level)
    file = read(blank_file(requirements, objectives=objectives, kind=kind), f"blank.{kind}", level=level)
    expected = {
        f"{requirement.id}[{letter}]" if letter else requirement.id
        for requirement in requirements
        for letter in (requirement.objectives if objectives else ("",))
    }
    assert said(file) == dict.fromkeys(expected, "NOT ASSESSED")
    assert codes(file) == ["NOTHING_ASSESSED"]
    assert file.level is level
    assert file.columns["status"] == "Result"


def test_our_own_template_filled_in_says_what_was_filled_in() -> None:
    rows = list(csv.DictReader(StringIO(blank_file(TWO, objectives=False, kind=Format.CSV).decode("utf-8-sig"))))
    for row in rows:
        row["Result"] = "NOT MET" if row["Requirement"] == "SC.L2-3.13.11" else "MET"
        row["Variant"] = "employed_not_fips_validated" if row["Requirement"] == "SC.L2-3.13.11" else ""
    file = read(_text([list(rows[0]), *(list(row.values()) for row in rows)]))
    assert [finding.variant for finding in file.findings if finding.result is Result.NOT_MET] == [
        "employed_not_fips_validated"
    ]
    assert len(file.findings) == 110
    assert file.notices == ()
