"""What doctor says of a project that is configured otherwise."""

from pathlib import Path

import pytest

from support.configured import ALL, EPICS, RENAMED, SHARED, SUBTASKS, Configured


@pytest.mark.parametrize("text", [RENAMED, SHARED, SUBTASKS, EPICS], ids=["renamed", "shared", "sub-tasks", "epics"])
def test_doctor_finds_such_a_project_ready(text: str, tmp_path: Path) -> None:
    site = Configured(text)
    site.assessed(*ALL)
    site.until_quiet()
    assert site.faults_found(tmp_path) == []


@pytest.mark.parametrize("field", ["security", "components", "customfield_20003"])
def test_doctor_misses_what_the_mapping_gives_and_no_form_shows(field: str, tmp_path: Path) -> None:
    site = Configured(RENAMED)
    site.take_off_screens(field)
    assert any(f'The form of a new "Gap" does not show {field}.' in told for told in site.faults_found(tmp_path))
