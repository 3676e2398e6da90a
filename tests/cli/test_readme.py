"""The commands that the documents show run, and do what the text around them says."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.cli import demo
from cmmc_jira.core.fields import map_fields
from cmmc_jira.service.ports import NewIssue
from cmmc_jira.settings import NAMES, PREFIX
from cmmc_jira.wiring import build_exchange, settings_of
from jira_sandbox.server import serve

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [block.strip().splitlines() for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)]
COMMANDS = [line.removeprefix("$ ") for block in BLOCKS for line in block]
RUNS_ON = "cmmc-jira serve"


def run(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command of ours as a person would, in a folder of its own."""
    code = "import sys; from cmmc_jira.cli.main import main; sys.argv[0] = 'cmmc-jira'; main()"
    words = [sys.executable, "-c", code, *shlex.split(command)[1:]]
    return subprocess.run(  # noqa: S603 - our own program
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def jira(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of somebody whose Jira is a sandbox with an assessment issue in it."""
    with serve(port=0) as running:
        (tmp_path / "token").write_text(running.token, encoding="utf-8")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CMMC_JIRA_")}
        yield {
            **clean,
            "CMMC_JIRA_URL": running.url,
            "CMMC_JIRA_PROJECT": running.project,
            "CMMC_JIRA_USER": running.user,
            "CMMC_JIRA_TOKEN_FILE": str(tmp_path / "token"),
        }


def test_the_readme_shows_the_two_commands_and_make_knows_them() -> None:
    made = [command.removeprefix("make ") for command in COMMANDS if command.startswith("make ")]
    assert made == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in made)


def test_every_command_of_the_readme_runs_in_the_order_shown(jira: dict[str, str], tmp_path: Path) -> None:
    ours = [command for command in COMMANDS if command.startswith("cmmc-jira ")]
    assert len(ours) == len(COMMANDS) - 4, "two of make, two exports; all others are ours"
    for command in ours:
        if command == RUNS_ON:
            continue
        if command.startswith("cmmc-jira import"):
            assert create_assessment(jira) == "CMMC-1"
        done = run(command, tmp_path, jira)
        assert done.returncode == 0, (command, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stdout or done.stderr


def test_every_demo_that_the_documents_offer_is_one_that_the_command_knows() -> None:
    documents = [README, *(guide.read_text(encoding="utf-8") for guide in ROOT.glob("docs/*.md"))]
    offered = [line for text in documents for line in re.findall(r'make demo DEMO="([^"]*)"', text)]
    assert "--to-day 181" in offered
    for options in offered:
        demo.command.make_context("demo", shlex.split(options))


def create_assessment(environment: dict[str, str]) -> str:
    """Create the assessment issue as the text asks, and return its key."""
    client = JiraClient(build_exchange(settings_of(environment)))
    fields = map_fields(client.fields(), flavour="cloud")
    values = fields.write({"Summary": "Enclave", "CMMC Level": "2", "Assessment Path": "Self"})
    types = {"project": {"key": "CMMC"}, "issuetype": {"name": "CMMC Assessment"}}
    [made] = client.create([NewIssue({**values, **types}, {})])
    return str(made.key)


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for document in [ROOT / "README.md", *ROOT.glob("*/README.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), (document.name, target)


def test_the_guide_names_every_setting() -> None:
    guide = (ROOT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(CMMC_JIRA_[A-Z_]+)`", guide, re.MULTILINE)) == {PREFIX + name for name in NAMES}
