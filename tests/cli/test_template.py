"""`cmmc-jira template`: a blank file that `evaluate` reads back with no mapping at all."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from cmmc_jira.cli.main import main


def cmmc_jira(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def test_without_a_file_the_csv_goes_to_standard_output() -> None:
    result = cmmc_jira("template", "--level", 1)
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(list(csv.reader(StringIO(result.stdout.lstrip("\ufeff"))))) == 16


@pytest.mark.parametrize(("name", "rows"), [("a.csv", 110), ("a.xlsx", 110), ("a.XLSX", 110)])
def test_the_files_name_says_the_format(name: str, rows: int, tmp_path: Path) -> None:
    file = tmp_path / name
    result = cmmc_jira("template", "-o", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Wrote {file}: {rows} rows to fill in.\n"
    assert file.read_bytes().startswith(b"PK" if name.lower().endswith("xlsx") else b"\xef\xbb\xbfRequirement")


def filled_csv(file: Path, results: dict[str, str]) -> None:
    with file.open(encoding="utf-8-sig", newline="") as text:
        header, *rows = csv.reader(text)
    for row in rows:
        letter = row[header.index("Objective")] if "Objective" in header else ""
        row[header.index("Result")] = results.get(row[0] + letter, "MET")
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text).writerows([header, *rows])


def filled_xlsx(file: Path, results: dict[str, str]) -> None:
    book = load_workbook(file)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        letter = row[header.index("Objective")].value if "Objective" in header else ""
        row[header.index("Result")].value = results.get(f"{row[0].value}{letter or ''}", "MET")
    book.save(file)


@pytest.mark.parametrize(
    ("options", "path", "results", "not_met"),
    [
        ("--level 1", "Self", {"AC.L1-b.1.iii": "NOT MET"}, {"AC.L1-b.1.iii": []}),
        ("--level 1 --objectives", "Self", {"PE.L1-b.1.ix3.10.4[a]": "NOT MET"}, {"PE.L1-b.1.ix": ["3.10.4[a]"]}),
        ("--level 2", "Self", {"AC.L2-3.1.3": "NOT MET", "AC.L2-3.1.9": "N/A"}, {"AC.L2-3.1.3": []}),
        ("--level 2 --objectives", "C3PAO", {"AC.L2-3.1.3b": "NOT MET"}, {"AC.L2-3.1.3": ["b"]}),
        ("--level 3", "DIBCAC", {"AC.L3-3.1.2e": "NOT MET"}, {"AC.L3-3.1.2e": []}),
    ],
)
def test_a_filled_template_reads_back_as_it_was_filled(
    options: str, path: str, results: dict[str, str], not_met: dict[str, list[str]], tmp_path: Path
) -> None:
    for suffix, fill in (("csv", filled_csv), ("xlsx", filled_xlsx)):
        file = tmp_path / f"filled.{suffix}"
        assert cmmc_jira("template", *options.split(), "-o", file).exit_code == 0
        fill(file, results)
        level = options.split()[1]
        result = cmmc_jira("evaluate", file, "--level", level, "--path", path, "--as-of", "2026-06-01", "--json")
        assert (result.exit_code, result.stderr) == (0, "")
        said = json.loads(result.stdout)
        assert {item["requirement"]: item["objectives_not_met"] for item in said["items"]} == not_met
        assert (said["not_assessed"], said["notices"]) == ([], [])


def test_a_file_that_exists_is_kept_unless_it_is_forced(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine", encoding="utf-8")
    refused = cmmc_jira("template", "-o", file)
    assert refused.exit_code == 2
    assert "this file exists" in refused.stderr
    assert file.read_text(encoding="utf-8") == "mine"
    assert cmmc_jira("template", "-o", file, "--force").exit_code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfRequirement")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--level", "3", "--objectives"], "level 3 has no lettered objectives"),
        (["-o", "a.pdf"], "a blank file is written as .csv or .xlsx"),
        (["-o", "/nowhere/at/all/a.csv"], "cannot be written"),
        (["--format", "pdf"], "'pdf' is not one of 'csv', 'xlsx'"),
    ],
)
def test_what_cannot_be_written_is_refused(options: list[str], told: str) -> None:
    result = cmmc_jira("template", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
