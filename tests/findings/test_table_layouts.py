"""Layouts of many tools and hands: whatever the header, the same findings come out."""

from dataclasses import dataclass, field

import pytest

from cmmc_rules.words import Level
from support.findings_files import noticed, read, said, xlsx


@dataclass(frozen=True)
class Layout:
    name: str
    text: str
    says: dict[str, str]
    columns: dict[str, str] = field(default_factory=dict)
    file: str = "findings.csv"


TWO = {"AC.L2-3.1.1": "MET", "AC.L2-3.1.2": "NOT MET"}

LAYOUTS = [
    Layout("the plainest", "id,status\n3.1.1,MET\n3.1.2,NOT MET\n", TWO, {"id": "id", "status": "status"}),
    Layout(
        "our own template",
        "Requirement,Name,Result,Note,Owner,Asset,Variant\n"
        "AC.L2-3.1.1,Authorized Access Control,MET,,,,\n"
        "AC.L2-3.1.2,Transaction & Function Control,NOT MET,,Ana,,\n"
        "SC.L2-3.13.11,CUI Encryption,NOT MET,,,laptops,not_employed\n",
        {**TWO, "SC.L2-3.13.11": "NOT MET"},
        {
            "id": "Requirement",
            "status": "Result",
            "note": "Note",
            "owner": "Owner",
            "asset": "Asset",
            "variant": "Variant",
        },
    ),
    Layout(
        "titles above the header, family rows between",
        "Acme Corp CMMC L2 self-assessment,,,\nPrepared March 2026,,,\n,,,\n"
        "Control ID,Control Name,Implementation Status,Assessor Comments\n"
        "Access Control (AC),,,\n3.1.1,Authorized Access,Implemented,fine\n3.1.2,Functions,Not Implemented,missing\n",
        TWO,
        {"id": "Control ID", "status": "Implementation Status", "note": "Assessor Comments"},
    ),
    Layout("no header at all", "3.1.1,MET\n3.1.2,NOT MET\n", TWO, {"id": "column A", "status": "column B"}),
    Layout("names that nobody knows", "Ctl,Text,Ergebnis\n3.1.1,x,MET\n3.1.2,y,NOT MET\n", TWO, {"status": "Ergebnis"}),
    Layout(
        "id last",
        "Compliance Status,Practice Description,CMMC Practice\n"
        "Compliant,Limit access,AC.L2-3.1.1\nNon-Compliant,x,AC.L2-3.1.2\n",
        TWO,
        {"id": "CMMC Practice", "status": "Compliance Status"},
    ),
    Layout(
        "CMMC and NIST numbers side by side, and one of 800-53",
        "CMMC ID,NIST SP 800-171,NIST 800-53,Met / Not Met\n"
        "AC.L2-3.1.1,3.1.1,AC-2,Met\nAC.L2-3.1.2,3.1.2,AC-3,Not Met\n",
        TWO,
        {"id": "CMMC ID", "status": "Met / Not Met"},
    ),
    Layout(
        "a Level 1 number only where there is one",
        "Level 1,Level 2,Status\nAC.L1-3.1.1,AC.L2-3.1.1,MET\n,AC.L2-3.1.3,NOT MET\n,AC.L2-3.1.4,MET\n",
        {"AC.L2-3.1.1": "MET", "AC.L2-3.1.3": "NOT MET", "AC.L2-3.1.4": "MET"},
        {"id": "Level 2"},
    ),
    Layout(
        "objectives with full ids",
        "Assessment Objective,Determination\n3.1.1[a],Satisfied\n3.1.1[b],Other Than Satisfied\n",
        {"AC.L2-3.1.1[a]": "MET", "AC.L2-3.1.1[b]": "NOT MET"},
        {"id": "Assessment Objective", "status": "Determination"},
    ),
    Layout(
        "requirement and letter",
        "Requirement,Objective,Result\n3.1.1,a,Pass\n3.1.1,[b],Fail\n3.1.1,(c),N/A\n",
        {"AC.L2-3.1.1[a]": "MET", "AC.L2-3.1.1[b]": "NOT MET", "AC.L2-3.1.1[c]": "N/A"},
        {"objective": "Objective"},
    ),
    Layout(
        "letter before the objective's text, number on the first row only",
        "Requirement,Determination Statement,Result\n3.1.1,[a] authorized users are identified,Met\n"
        ",[b] processes are identified,Not Met\n3.1.2,[a] types of transactions are defined,Met\n",
        {"AC.L2-3.1.1[a]": "MET", "AC.L2-3.1.1[b]": "NOT MET", "AC.L2-3.1.2[a]": "MET"},
        {"objective": "Determination Statement"},
    ),
    Layout(
        "requirement rows above their objectives",
        "ID,Text,Status\nAC.L2-3.1.2,Functions,NOT MET\nAC.L2-3.1.2[a],x,MET\nAC.L2-3.1.2[b],y,NOT MET\n",
        {"AC.L2-3.1.2": "NOT MET", "AC.L2-3.1.2[a]": "MET", "AC.L2-3.1.2[b]": "NOT MET"},
    ),
    Layout(
        "assets with rows of their own",
        "Control,Asset,Status\n3.13.11,laptops,MET\n3.13.11,servers,NOT MET\n",
        {"SC.L2-3.13.11": "MET/NOT MET"},
        {"asset": "Asset"},
    ),
    Layout(
        "a semicolon, a BOM and a GRC tool's columns",
        "\ufeffurn;assessable;ref_id;name;description;compliance_result;requirement_progress;score;observations\n"
        "urn:x:ac;;AC;Access Control;;;;;\n"
        "urn:x:1;x;AC.L2-3.1.1;;;compliant;done;3;fine\nurn:x:2;x;AC.L2-3.1.2;;;partially_compliant;in_progress;1;gap\n",
        TWO,
        {"id": "ref_id", "status": "compliance_result", "note": "observations"},
    ),
    Layout("tabs", "Control\tStatus\n3.1.1\tYes\n3.1.2\tNo\n", TWO),
    Layout("bars", "Control|Status\n3.1.1|Y\n3.1.2|N\n", TWO),
    Layout("Excel's own hint", "sep=;\nControl;Status\n3.1.1;C\n3.1.2;NC\n", TWO),
    Layout(
        "workflow and finding",
        "Control,Status,Finding\n3.1.1,Complete,MET\n3.1.2,In Progress,NOT MET\n",
        TWO,
        {"status": "Finding"},
    ),
    Layout(
        "evidence, plans and shares beside the status",
        "Req #,Evidence Status,POA&M Status,Inherited,Status\n3.1.1,Yes,N/A,No,MET\n3.1.2,No,Open,Yes,NOT MET\n",
        TWO,
        {"id": "Req #", "status": "Status"},
    ),
    Layout(
        "claimed and verified",
        "Control,Claimed Status,Verified Status\n3.1.1,MET,MET\n3.1.2,MET,NOT MET\n",
        TWO,
        {"status": "Verified Status"},
    ),
    Layout(
        "self and C3PAO",
        "Practice,OSC Self Assessment Result,C3PAO Assessment Result\n3.1.1,MET,MET\n3.1.2,MET,NOT MET\n",
        TWO,
        {"status": "C3PAO Assessment Result"},
    ),
    Layout(
        "a maturity beside the status",
        "Control,Score,Implementation State\n3.1.1,5,Implemented\n3.1.2,2,Planned\n",
        TWO,
        {"status": "Implementation State"},
    ),
    Layout(
        "weights, owners and dates",
        "Req ID,Weight,Status,Responsible Party,Target Completion Date,Notes\n"
        "3.1.1,5,MET,Ana,,ok\n3.1.2,5,NOT MET,Ben,2026-05-01,missing\n",
        TWO,
        {"points": "Weight", "owner": "Responsible Party", "due": "Target Completion Date", "note": "Notes"},
    ),
    Layout(
        "a cross under the result",
        "Requirement,Yes,No,Partially,Does Not Apply,Comments\n"
        "3.1.1,X,,,,a\n3.1.2,,x,,,b\n3.1.3,,,X,,c\n3.1.4,,,,X,d\n",
        {**TWO, "AC.L2-3.1.3": "NOT MET", "AC.L2-3.1.4": "N/A"},
        {"status": "Assessment result (Yes / No / Partially / Does Not Apply)", "note": "Comments"},
    ),
    Layout(
        "boxes that are ticked or not",
        "Control,Met,Not Met,N/A\n3.1.1,TRUE,FALSE,FALSE\n3.1.2,FALSE,TRUE,FALSE\n3.1.3,FALSE,FALSE,FALSE\n"
        "3.1.4,TRUE,TRUE,FALSE\n",
        {**TWO, "AC.L2-3.1.3": "NOT ASSESSED", "AC.L2-3.1.4": "NOT ASSESSED"},
        {"status": "Assessment result (Met / Not Met / N/A)"},
    ),
    Layout("symbols", "Control,Status\n3.1.1,✅\n3.1.2,❌\n3.1.3,⬜\n", {**TWO, "AC.L2-3.1.3": "N/A"}),
    Layout("symbols and words", "Control,Status\n3.1.1,✔️ Met\n3.1.2,❌ Not Met\n", TWO),
    Layout("two columns of which one is empty", "Control,Status,Result\n3.1.1,MET,\n3.1.2,NOT MET,\n", TWO),
    Layout(
        "ragged rows",
        "Control,Name,Status,Notes\n3.1.1,a,MET\n3.1.2,b,NOT MET,x,y,z\n3.1.3\n",
        {**TWO, "AC.L2-3.1.3": "NOT ASSESSED"},
    ),
    Layout("line breaks in cells", 'Control,Notes,Status\n3.1.1,"one\ntwo",MET\n3.1.2,"a, ""b""",NOT MET\n', TWO),
    Layout("the header again on every page", "Control,Status\n3.1.1,MET\nControl,Status\n3.1.2,NOT MET\n", TWO),
    Layout(
        "ids with their names",
        "Control,Status\n3.1.1 Authorized Access Control,MET\n"
        "AC.L2-3.1.2 \N{EN DASH} Transaction & Function Control,NOT MET\n",
        TWO,
    ),
    Layout(
        "ids with the requirement's text",
        "Control,Status\n3.1.1 Limit access to users,MET\n3.1.2 Limit what they do,NOT MET\n",
        TWO,
    ),
    Layout("padded ids", "Control,Status\n03.01.01,MET\n03.01.02,NOT MET\n", TWO),
    Layout(
        "document names before ids",
        "Control,Status\nNIST SP 800-171 3.1.1,MET\nNIST SP 800-171 Rev. 2 3.1.2,NOT MET\n",
        TWO,
    ),
    Layout("CMMC 1.x practices", "Practice,Status\nAC.1.001,MET\nAC.1.002,NOT MET\n", TWO),
    Layout(
        "Level 1 items",
        "Requirement,Status\nAC.L1-b.1.i,MET\nAC.L1-b.1.ii,NOT MET\n",
        {"AC.L1-b.1.i": "MET", "AC.L1-b.1.ii": "NOT MET"},
    ),
    Layout(
        "Level 3",
        "Requirement,Status\nAC.L3-3.1.2e,MET\n3.1.3e,NOT MET\n",
        {"AC.L3-3.1.2e": "MET", "AC.L3-3.1.3e": "NOT MET"},
    ),
    Layout(
        "a Markdown table",
        "# Our findings\n\nSome prose.\n\n| Control | Status | Notes |\n|:--|:-:|--|\n"
        "| **3.1.1** | ✅ | a \\| b |\n| [3.1.2](x.md) | ❌ | |\n",
        TWO,
        {"id": "Control", "status": "Status", "note": "Notes"},
        "findings.md",
    ),
    Layout(
        "letters in a column of their own, under a name that says nothing, one of them missing",
        "Req,Step,Res\n3.1.1,a,MET\n,b,NOT MET\n3.1.2,a,MET\n,b,MET\n3.1.20,a,MET\n,b,MET\n,c,MET\n",
        {
            "AC.L2-3.1.1[a]": "MET",
            "AC.L2-3.1.1[b]": "NOT MET",
            **{f"AC.L2-3.1.2[{letter}]": "MET" for letter in "ab"},
            **{f"AC.L2-3.1.20[{letter}]": "MET" for letter in "abc"},
        },
        {"objective": "Step"},
    ),
    Layout(
        "assets that are called by letters",
        "Req,System,Status\n3.1.1,A,MET\n3.1.1,B,MET\n3.1.2,A,NOT MET\n",
        {"AC.L2-3.1.1": "MET/MET", "AC.L2-3.1.2": "NOT MET"},
        {"asset": "System"},
    ),
    Layout(
        "a Markdown table for each family",
        "## AC\nControl | Status\n--- | ---\n3.1.1 | MET\n\n## AT\nControl | Status\n--- | ---\n3.2.1 | NOT MET\n",
        {"AC.L2-3.1.1": "MET", "AT.L2-3.2.1": "NOT MET"},
        file="README.md",
    ),
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_gives_its_findings(layout: Layout) -> None:
    file = read(layout.text, layout.file)
    assert said(file) == layout.says
    assert {key: file.columns.get(key) for key in layout.columns} == layout.columns


@pytest.mark.parametrize(
    "layout", [each for each in LAYOUTS if each.file == "findings.csv"], ids=lambda layout: layout.name
)
def test_a_name_says_nothing_of_the_content(layout: Layout) -> None:
    assert said(read(layout.text, "export.dat")) == layout.says


def test_a_sheet_for_each_family_is_one_assessment() -> None:
    head = ("Control", "Status")
    file = read(
        xlsx({"AC": [head, ("3.1.1", "MET")], "AT": [head, ("3.2.1", "NOT MET")], "Notes": [("hello",)]}), "a.xlsx"
    )
    assert said(file) == {"AC.L2-3.1.1": "MET", "AT.L2-3.2.1": "NOT MET"}
    assert [finding.row for finding in file.findings] == ["AC row 2", "AT row 2"]


def test_a_sheet_of_requirements_and_one_of_their_objectives_are_one_assessment() -> None:
    file = read(
        xlsx(
            {
                "Requirements": [("Control", "Status"), ("3.1.1", "NOT MET")],
                "Objectives": [("Control", "Status"), ("3.1.1[a]", "NOT MET"), ("3.1.1[b]", "MET")],
            }
        ),
        "a.xlsx",
    )
    assert said(file) == {"AC.L2-3.1.1": "NOT MET", "AC.L2-3.1.1[a]": "NOT MET", "AC.L2-3.1.1[b]": "MET"}


def test_a_catalogue_sheet_beside_the_findings_is_left_out_and_named() -> None:
    file = read(
        xlsx(
            {
                "Catalogue": [("Control", "Text"), ("3.1.1", "Limit")],
                "Results": [("Control", "Status"), ("3.1.1", "MET")],
            }
        ),
        "a.xlsx",
    )
    assert said(file) == {"AC.L2-3.1.1": "MET"}
    assert [row for row, _because in noticed(file, "SHEET_NOT_READ")] == ["Catalogue"]


def test_the_other_status_column_is_named_with_the_option_that_takes_it() -> None:
    text = "Control,Claimed Status,Verified Status\n3.1.1,MET,NOT MET\n"
    ((_row, because),) = noticed(read(text), "COLUMN_CHOSEN")
    assert "'Verified Status'" in because
    assert '--map status="Claimed Status"' in because
    assert said(read(text, mapping={"status": "claimed status"})) == {"AC.L2-3.1.1": "MET"}


@pytest.mark.parametrize(
    "text",
    [
        "Control,Met,Not Met\n3.1.1,,X\n3.1.2,X,\n",
        "Control,Result,Implementation Status\n3.1.1,NOT MET,\n3.1.2,MET,\n",
    ],
    ids=["marks under the name of a result", "an empty column"],
)
def test_a_column_that_says_no_result_of_its_own_is_not_offered(text: str) -> None:
    file = read(text)
    assert said(file) == {"AC.L2-3.1.1": "NOT MET", "AC.L2-3.1.2": "MET"}
    assert not noticed(file, "COLUMN_CHOSEN")


def test_a_level_1_file_is_read_as_level_1_only_when_it_says_so() -> None:
    text = "Control,Status\nAC.L1-3.1.1,MET\nPE.L1-3.10.4,NOT MET\n"
    file = read(text)
    assert file.level is Level.ONE
    assert said(file)["AC.L1-b.1.i"] == "MET"
    assert said(file)["PE.L1-b.1.ix[3.10.4[a]]"] == "NOT MET"
    plain = read("Control,Status\n3.1.1,MET\n")
    assert plain.level is None
    assert said(plain) == {"AC.L2-3.1.1": "MET"}
    assert said(read("Control,Status\n3.1.1,MET\n", level=Level.ONE)) == {"AC.L1-b.1.i": "MET"}


def test_owners_and_days_are_kept_beside_the_findings() -> None:
    file = read(
        "Control,Status,Owner,Due Date\n"
        "3.1.1,NOT MET,Ana,2026-05-01\n3.1.2,NOT MET,Ben,30-Jun-2026\n3.1.2,NOT MET,Cy,\n"
    )
    assert file.owners == {"AC.L2-3.1.1": "Ana"}
    assert {key: day.isoformat() for key, day in file.due.items()} == {
        "AC.L2-3.1.1": "2026-05-01",
        "AC.L2-3.1.2": "2026-06-30",
    }
    assert noticed(file, "OWNERS_DIFFER") == [
        ("rows 3 and 4", "the rows of AC.L2-3.1.2 name 2 owners, so none was taken")
    ]
