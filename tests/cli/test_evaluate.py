"""`cmmc-jira evaluate`: from a file and options to a report or one JSON document; a sentence for every wrong input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cmmc_jira.cli.main import main
from cmmc_jira.findings.file import MAX_BYTES

GOLDENS = Path(__file__).parents[1] / "export" / "goldens"
PAIR = str(GOLDENS / "conditional.assessment.json")
CSV = "Requirement,Result\n3.1.3,NOT MET\n3.1.1,MET\n"


def evaluate(*args: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, args)], input=stdin)


def as_json(*args: object, stdin: str | bytes | None = None) -> dict[str, object]:
    result = evaluate(*args, "--json", stdin=stdin)
    assert (result.exit_code, result.stderr) == (0, "")
    said = json.loads(result.stdout)
    assert isinstance(said, dict)
    return said


def refusal(*args: object, stdin: str | bytes | None = None) -> str:
    result = evaluate(*args, stdin=stdin)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    file = tmp_path / "findings.csv"
    file.write_text(CSV, encoding="utf-8")
    return file


def test_a_document_gives_its_evaluation_as_one_json_document() -> None:
    golden = (GOLDENS / "conditional.evaluation.json").read_text(encoding="utf-8")
    assert evaluate(PAIR, "--json").stdout == golden


def test_a_document_gives_its_report() -> None:
    assert evaluate(PAIR).stdout == (GOLDENS / "conditional.report.txt").read_text(encoding="utf-8")


def test_a_document_may_come_from_standard_input_as_json_or_yaml() -> None:
    text = Path(PAIR).read_text(encoding="utf-8")
    assert as_json("-", stdin=text) == as_json(PAIR)
    yaml = "level: 2\npath: Self\nunlisted: MET\nfindings:\n- {id: 3.1.3, result: NOT MET}\n"
    assert as_json("-", stdin=yaml)["score"] == 109


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.txt", "a"])
def test_a_yaml_document_is_known_by_its_keys(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text("level: 1\npath: Self\nunlisted: MET\nfindings: []\n", encoding="utf-8")
    assert as_json(file)["status"] == "Final Level 1 (Self)"


def test_options_count_more_than_the_document_and_the_contradiction_is_told() -> None:
    said = as_json(PAIR, "--path", "self", "--as-of", "2026-09-23")
    assert (said["path"], said["as_of"], said["status"]) == ("Self", "2026-09-23", "No CMMC Status")
    assert [notice["code"] for notice in said["notices"]] == ["OPTION_COUNTS"]


def test_a_findings_file_is_evaluated_with_the_options(findings: Path) -> None:
    options = ("--level", 2, "--path", "C3PAO", "--status-date", "2026-03-26", "--as-of", "2026-06-01")
    said = as_json(findings, *options, "--unlisted", "MET")
    assert (said["status"], said["score"], said["day_number"]) == ("Conditional Level 2 (C3PAO)", 109, 67)
    assert as_json(findings, *options)["status"] == "Undetermined"


def test_a_findings_file_needs_level_and_path_even_where_its_ids_suggest_the_level(findings: Path) -> None:
    level, path = refusal(findings).splitlines()
    assert level.endswith("does not say which level was assessed; add --level 2, if its ids are right")
    assert (
        path == "cmmc-jira: findings.csv: a findings file does not say who assessed; add --path Self, C3PAO or DIBCAC"
    )
    assert "--path" not in refusal(findings, "--path", "Self")
    assert "--level" not in refusal(findings, "--level", 2)


def test_rows_that_cannot_be_placed_are_in_the_notices_with_their_number(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text(CSV + "3.1.99,MET\n", encoding="utf-8")
    because = [notice["because"] for notice in as_json(file, "--level", 2, "--path", "Self")["notices"]]
    assert any("row 4" in each and "3.1.99" in each for each in because)


def test_a_map_settles_columns_and_words_and_a_profile_keeps_them(tmp_path: Path) -> None:
    file, profile = tmp_path / "f.csv", tmp_path / "p.yaml"
    file.write_text("Kontrolle,Urteil\n3.1.3,offen\n3.1.1,MET\n", encoding="utf-8")
    options = (file, "--level", 2, "--path", "Self", "--unlisted", "MET")
    maps = ("--map", "id=Kontrolle", "--map", "status=Urteil", "--map", "word:offen=NOT MET")
    result = evaluate(*options, *maps, "--save-profile", profile, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["score"] == 109
    assert as_json(*options, "--profile", profile)["score"] == 109


@pytest.mark.parametrize("said", ["x=y", "status", "=MET", "word:Planned=LATER"])
def test_a_map_that_maps_nothing_is_refused(said: str) -> None:
    assert refusal(PAIR, "--map", said).startswith("cmmc-jira: ")


@pytest.mark.parametrize("content", ["[]", "column: {}", "columns: {stat: x}", "words: {Planned: LATER}", "{"])
def test_a_wrong_profile_is_refused_by_its_name(content: str, tmp_path: Path) -> None:
    profile = tmp_path / "p.yaml"
    profile.write_text(content, encoding="utf-8")
    assert refusal(PAIR, "--profile", profile).startswith("cmmc-jira: --profile p.yaml")


def test_mistakes_of_a_document_name_the_file_and_the_key(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"level": 2, "path": "Self", "findings": [{"id": "3.1.1", "resutl": "MET"}], "poam": ["9"]}')
    first, second = refusal(file).splitlines()
    assert first == "cmmc-jira: a.json, findings[0].resutl: unknown key; did you mean result?"
    assert second.startswith("cmmc-jira: a.json, poam[0]: '9'")


def test_a_day_before_the_rule_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"level": 2, "path": "Self", "findings": [], "dates": {"as_of": "2024-12-15"}}')
    assert "was not in force on 2024-12-15" in refusal(file)
    assert as_json(file, "--as-of", "2024-12-16")["as_of"] == "2024-12-16"


def test_a_folder_a_missing_an_unreadable_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    assert "this is a folder" in refusal(tmp_path)
    assert "there is no such file" in refusal(tmp_path / "nothing.csv")
    assert "cannot be read" in refusal("a\0b")
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert "empty.csv: this file is empty" in refusal(empty)
    assert "standard input: this file is empty" in refusal("-", stdin=" \n")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert "huge.csv: this is larger than 25 MiB" in refusal(huge)
    assert MAX_BYTES == 25 * 1024 * 1024


def test_the_zone_and_the_closures_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMMC_JIRA_CLOSURES", "2026-03-16,2026-03-17")
    reevaluation = as_json(PAIR)["reevaluation"]
    assert isinstance(reevaluation, dict)
    assert reevaluation["last_day"] == "2026-03-31"
    monkeypatch.setenv("CMMC_JIRA_TIMEZONE", "Nowhere")
    assert "CMMC_JIRA_TIMEZONE is 'Nowhere'" in refusal(PAIR)


def run(*args: str) -> subprocess.CompletedProcess[str]:
    program = "from cmmc_jira.cli.main import main; main()"
    command = [sys.executable, "-c", program, *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program


def test_as_a_process_it_prints_json_and_nothing_else() -> None:
    done = run("evaluate", PAIR, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["status"] == "Conditional Level 2 (C3PAO)"


def test_as_a_process_it_refuses_a_file_with_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = run("evaluate", str(tmp_path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"cmmc-jira: {tmp_path}: this is a folder; give one file in it\n"
