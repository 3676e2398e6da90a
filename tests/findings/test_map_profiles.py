import pytest

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.headings import Role
from cmmc_jira.findings.profile import Profile, parse_map, read_profile, write_profile
from cmmc_rules.words import Result
from support.findings_files import read, said, xlsx

TEXT = "Ctl,A,B,Remarks\n3.1.1,MET,NOT MET,x\n3.1.2,MET,Mostly done,y\n"


def _read(*options: str) -> dict[str, str]:
    profile = parse_map(options)
    return said(read(TEXT, mapping=profile.mapping, words=profile.words))


def test_options_say_columns_sheets_and_words() -> None:
    assert parse_map(
        ['status="Implementation State"', "comment=Remarks", "sheet=Results", "word:Mostly done=not met"]
    ) == (
        Profile({Role.STATUS: "Implementation State", Role.NOTE: "Remarks"}, {"Mostly done": Result.NOT_MET}, "Results")
    )


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_be_mapped(role: Role) -> None:
    assert parse_map([f"{role}=X"]).columns == {role: "X"}


@pytest.mark.parametrize(
    ("word", "result"),
    [("MET", "MET"), ("not_met", "NOT MET"), ("n/a", "N/A"), ("NA", "N/A"), ("Not Assessed", "NOT ASSESSED")],
)
def test_results_are_taken_as_people_write_them(word: str, result: str) -> None:
    assert parse_map([f"word:odd={word}"]).words == {"odd": result}


@pytest.mark.parametrize("name", ["B", "b", "column C", "C"])
def test_a_column_is_named_by_its_header_or_by_its_letter(name: str) -> None:
    # the header B is the third column: a name counts before a letter
    assert _read(f"status={name}", "word:Mostly done=N/A") == {"AC.L2-3.1.1": "NOT MET", "AC.L2-3.1.2": "N/A"}


def test_no_column_is_taken_for_what_is_mapped_to_none() -> None:
    assert [finding.note for finding in read(TEXT, mapping={"status": "A"}).findings] == ["x", "y"]
    assert [finding.note for finding in read(TEXT, mapping={"status": "A", "note": "none"}).findings] == [None, None]


def test_the_header_is_found_by_the_mapped_names() -> None:
    text = "Legend,MET,NOT MET\nsome,other,line\nfoo,bar,baz\n3.1.1,x,MET\n3.1.2,y,NOT MET\n"
    assert said(read(text, mapping={"id": "foo", "status": "baz"})) == {"AC.L2-3.1.1": "MET", "AC.L2-3.1.2": "NOT MET"}


def test_everything_wrong_with_the_options_is_told_at_once() -> None:
    with pytest.raises(BadFindings) as refused:
        parse_map(["status", "colour=red", "word:x=perhaps", "note="])
    assert [mistake.partition(";")[0] for mistake in refused.value.mistakes] == [
        "--map 'status' says nothing",
        "--map 'colour' is nothing that a column can be",
        "'perhaps' is no result",
        "--map 'note=' says nothing",
    ]


def test_a_profile_is_the_same_after_it_was_saved() -> None:
    profile = parse_map(['status="Zustand – B"', "word:läuft=NOT MET", "sheet=Blatt 1"])  # noqa: RUF001 - a user's text
    saved = write_profile(profile)
    assert read_profile("profile.yaml", saved) == profile
    assert write_profile(read_profile("profile.yaml", saved)) == saved


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    profile = parse_map(["word:No=NOT MET", "word:3=MET", "word:~=N/A", "status=Yes"])
    assert read_profile("p.yaml", write_profile(profile)) == profile


def test_json_is_a_profile_too() -> None:
    assert read_profile("p.json", b'{"columns": {"status": "B"}, "words": {"ok": "MET"}}') == (
        Profile({Role.STATUS: "B"}, {"ok": Result.MET})
    )


def test_an_option_counts_more_than_the_profile() -> None:
    kept = parse_map(["status=A", "note=Remarks", "word:x=MET"])
    assert parse_map(["status=B", "word:x=NOT MET"]).over(kept) == Profile(
        {Role.NOTE: "Remarks", Role.STATUS: "B"}, {"x": Result.NOT_MET}
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[1]", "p.yaml: a profile is a map with the keys columns, words, sheet and nothing else"),
        (b"colour: red", "p.yaml: a profile is a map with the keys columns, words, sheet and nothing else"),
        (b"columns: [a]", "p.yaml: columns and words are maps from one text to another, and sheet is a text"),
        (b"columns: {status: {a: b}}", "p.yaml: columns and words are maps from one text to another"),
        (b"words: {ok: fine}", "p.yaml: 'fine' is no result; write MET, NOT MET, N/A or NOT ASSESSED"),
        (b"columns: {color: x}", "p.yaml: --map 'color' is nothing that a column can be"),
        (b"columns: {", "p.yaml, line 1: this is no valid YAML"),
        (b"\xff\xfe\x00", "p.yaml: "),
    ],
)
def test_a_file_that_is_no_profile_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BadFindings) as refused:
        read_profile("p.yaml", content)
    assert str(refused.value).startswith(words)


def test_a_role_that_does_not_exist_is_refused_by_the_reader_too() -> None:
    with pytest.raises(BadFindings, match="--map 'colour' is nothing that a column can be"):
        read(TEXT, mapping={"colour": "A"})


def test_a_letter_or_none_is_never_looked_for_among_the_cells() -> None:
    text = "Requirement,Objective,Result,Notes\n3.1.1,a,MET,none\n3.1.1,c,NOT MET,x\n3.1.1,d,MET,y\n"
    expected = {"AC.L2-3.1.1[a]": "MET", "AC.L2-3.1.1[c]": "NOT MET", "AC.L2-3.1.1[d]": "MET"}
    assert said(read(text, mapping={"status": "C"})) == expected
    assert said(read(text, mapping={"owner": "none", "note": "D"})) == expected


def test_how_a_file_was_read_is_a_mapping_that_reads_it_again() -> None:
    sheets = {
        "AC": [("Control", "Result", "Remarks"), ("3.1.1", "MET", "x")],
        "AT": [("Practice", "Finding", "Owner"), ("3.2.1", "NOT MET", "Ana")],
    }
    first = read(xlsx(sheets), "a.xlsx")
    assert first.columns == {
        "id": "Control | Practice",
        "status": "Result | Finding",
        "note": "Remarks",
        "owner": "Owner",
    }
    second = read(xlsx(sheets), "a.xlsx", mapping=first.columns)
    assert (second.findings, second.columns, second.owners) == (first.findings, first.columns, first.owners)


def test_a_column_that_none_of_several_tables_has_is_refused() -> None:
    sheets = {"AC": [("Control", "Status"), ("3.1.1", "MET")], "AT": [("Control", "Status"), ("3.2.1", "MET")]}
    with pytest.raises(BadFindings, match=r"a\.xlsx: no table has a column called 'Onwer', as --map owner= says"):
        read(xlsx(sheets), "a.xlsx", mapping={"owner": "Onwer"})
