"""The settings file that the configuration guide shows is read as it stands, and shows every key there is."""

import re
from pathlib import Path

import yaml

from cmmc_jira.adapters.mapping import read_mapping
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.core.mapping_file import KEYS
from cmmc_rules.law import load_law

GUIDE = Path(__file__).parents[2] / "docs" / "configuration.md"


def shown() -> str:
    [block] = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def read(folder: Path, text: str) -> ProjectMapping:
    file = folder / "mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return read_mapping(file, load_law())


def test_the_file_that_the_guide_shows_is_a_good_one(tmp_path: Path) -> None:
    found = read(tmp_path, shown())
    assert [found.type_name(kind.key) for kind in Kind] == ["System Audit", "Task", "Task", "Observation"]
    assert found.workflow_of(Kind.REMEDIATION).routes[Category.DONE] == ("In Review", "Verified")
    assert found.component_of("AU.L2-3.3.1") == "Logging"


def test_the_guide_shows_every_key() -> None:
    assert tuple(yaml.safe_load(shown())) == KEYS


def test_each_form_of_link_that_the_guide_names_is_taken(tmp_path: Path) -> None:
    forms = re.findall(r"^  - `(.+?)`", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(forms) == 3
    assert len({read(tmp_path, f"link: {form}").tie for form in forms}) == 3
