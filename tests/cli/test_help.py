"""The command as a whole: quick help with an example for each subcommand, sentences instead of tracebacks."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from cmmc_jira import errors
from cmmc_jira.cli.main import COMMANDS, main

RUNNER = CliRunner()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_subcommand_has_help_with_an_example(name: str) -> None:
    result = RUNNER.invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"cmmc-jira {name}" in result.output


def test_the_overview_lists_every_subcommand_with_its_line() -> None:
    result = RUNNER.invoke(main, ["--help"])
    assert result.exit_code == 0
    for name, (_where, says) in COMMANDS.items():
        assert name in result.output
        assert says.split()[0] in result.output


def test_the_overview_loads_no_subcommand_and_none_of_the_heavy_libraries() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from cmmc_jira.cli.main import COMMANDS, main; "
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0; "
        "heavy = {'yaml', 'openpyxl', 'flask', 'sqlalchemy', 'atlassian', 'apscheduler', 'requests'}; "
        "loaded = {where.partition(':')[0] for where, _ in COMMANDS.values()}; "
        "print(sorted((heavy | loaded) & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert done.stdout == "[]\n"


def test_the_version_is_told() -> None:
    result = RUNNER.invoke(main, ["--version"])
    assert result.exit_code == 0
    assert result.output.startswith("cmmc-jira")


@pytest.mark.parametrize(
    "args", [["nonsense"], ["evaluate"], ["evaluate", "x", "--level", "4"], ["template", "--nope"]]
)
def test_wrong_use_is_exit_2_with_nothing_on_standard_output(args: str) -> None:
    result = RUNNER.invoke(main, args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BadFindings(["one", "two"]), 2),
        (errors.BadSetting("one\ntwo"), 2),
        (errors.JiraUnavailable("one\ntwo"), 1),
        (errors.UnsafePlan("one\ntwo"), 1),
    ],
)
def test_what_we_refuse_is_told_a_sentence_a_line_with_the_errors_exit_code(
    error: errors.CmmcJiraError, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_given: str) -> bytes:
        raise error

    monkeypatch.setattr("cmmc_jira.cli.evaluate.read_source", refuse)
    result = RUNNER.invoke(main, ["evaluate", "x"])
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == "cmmc-jira: one\ncmmc-jira: two\n"


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_given: str) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("cmmc_jira.cli.evaluate.read_source", interrupt)
    result = RUNNER.invoke(main, ["evaluate", "x"])
    assert (result.exit_code, result.output) == (130, "")


def test_a_reader_that_goes_away_is_no_error_of_ours() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from cmmc_jira.cli.main import main; main()", "explain", "--list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
