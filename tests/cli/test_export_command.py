"""`cmmc-jira export`: a calendar on standard output or in a file; mistakes as sentences."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from icalendar import Calendar

from cmmc_jira.cli import export
from cmmc_jira.cli.main import main
from cmmc_jira.service.reconcile import Reconciler
from support.site import Site

ENVIRON = {"CMMC_JIRA_URL": "http://127.0.0.1:1", "CMMC_JIRA_PROJECT": "CMMC", "CMMC_JIRA_TOKEN": "t"}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    site = Site()
    site.attach(site.assessment(CMMC_Status_Date="2026-05-20"), "AC.L2-3.1.3")
    site.look()

    def reconciler(_settings: object) -> Reconciler:
        return site.process()

    monkeypatch.setattr(export, "build_reconciler", reconciler)  # the Jira of the settings is the one in this process
    return site


@pytest.mark.usefixtures("site")
def test_the_calendar_goes_to_standard_output(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["export", "CMMC-1", "--format", "ics"], env=ENVIRON)
    assert (result.exit_code, result.stderr) == (0, "")
    assert Calendar.from_ical(result.stdout_bytes).walk("VEVENT")
    assert list(tmp_path.iterdir()) == []


def test_an_assessment_that_cannot_be_evaluated_yet_is_refused_in_a_sentence(site: Site) -> None:
    key = site.state.issues[site.assessment(CMMC_Level=None)].key
    result = CliRunner().invoke(main, ["export", key], env=ENVIRON)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "CMMC Level" in result.stderr


@pytest.mark.usefixtures("site")
def test_a_file_is_not_overwritten_unless_that_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "cmmc.ics"
    asked = ["export", "CMMC-1", "-o", str(file)]
    assert CliRunner().invoke(main, asked, env=ENVIRON).exit_code == 0
    first = file.read_bytes()
    again = CliRunner().invoke(main, asked, env=ENVIRON)
    assert again.exit_code == 2
    assert "this file exists" in again.stderr
    assert file.read_bytes() == first
    assert CliRunner().invoke(main, [*asked, "--force"], env=ENVIRON).exit_code == 0


@pytest.mark.parametrize("key", ["nonsense", "OTHER-1"])
def test_a_key_that_cannot_be_is_refused_in_a_sentence(key: str) -> None:
    result = CliRunner().invoke(main, ["export", key], env=ENVIRON)
    assert result.exit_code == 2
    assert key in result.stderr
