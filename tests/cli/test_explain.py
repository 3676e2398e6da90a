"""`cmmc-jira explain`: an answer for every name, and the close ones for a name that is none."""

import pytest
from click.testing import CliRunner, Result

from cmmc_jira.cli.main import main


def explain(*args: str) -> Result:
    return CliRunner().invoke(main, ["explain", *args])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("3.13.11", ["SC.L2-3.13.11: CUI Encryption (requirement)", "32 CFR 170.21(a)(2)(ii)", "2024-12-16"]),
        ("AC.L1-b.1.iii", ["AC.L1-b.1.iii"]),
        ("score_ratio", ["(gate)", "32 CFR 170.21(a)(2)(i)", "4/5"]),
        ("BARRED_REQUIREMENT", ["(reason code)", "AC.L2-3.1.20", "32 CFR 170.21(a)(2)(iii)"]),
        ("barred-requirement", ["BARRED_REQUIREMENT: "]),
    ],
)
def test_a_name_is_explained_with_its_citation(name: str, words: list[str]) -> None:
    result = explain(name)
    assert (result.exit_code, result.stderr) == (0, "")
    text = " ".join(result.stdout.split())
    assert [word for word in words if word not in text] == []


def test_a_name_that_is_none_is_refused_with_the_close_ones() -> None:
    result = explain("SCORE_RATO")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("did you mean score_ratio?\n")


def test_a_name_that_is_close_to_nothing_is_refused_with_where_all_are_listed() -> None:
    result = explain("\x1b[2J???")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("`cmmc-jira explain --list` shows them all\n")
    assert "\x1b" not in result.stderr


def test_without_a_name_it_says_how_to_list_them() -> None:
    result = explain()
    assert result.exit_code == 2
    assert "--list" in result.stderr


def test_the_list_holds_every_requirement() -> None:
    names = explain("--list").stdout.split()
    assert {"AC.L1-b.1.i", "AC.L2-3.1.1", "AC.L3-3.1.2e", "score_ratio", "POINT_VALUE_GT_1"} <= set(names)
