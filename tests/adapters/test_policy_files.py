"""The policy files: ours, each replaced by one of the organisation's own, and every mistake of all of them at once."""

import re
from pathlib import Path

import pytest

from cmmc_jira.adapters.policy import NAMES, read_policy
from cmmc_jira.core.policy import Policy
from cmmc_jira.errors import BadSetting
from cmmc_rules.ladder import Clock
from cmmc_rules.law import load_law

LAW = load_law()
ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "plugin" / "cmmc_jira" / "templates" / "notices"
UNKNOWN = "this is no policy file; the names are owners.yaml, escalation.yaml, backplan.yaml."
EMPTY = (
    "CMMC_JIRA_POLICY: POLICY holds none of owners.yaml, escalation.yaml, backplan.yaml and no templates/*/*.wiki: "
    "copy ours and change them, or leave the setting out."
)
UNSAID = "templates/apeal/ended.wiki: no rung says 'apeal/ended'; did you mean appeal/ended?"
APPEAL = """\
ladders:
  appeal:
    clock: appeal
    rungs: [{id: left-1, days_left: 1, say: appeal/ending, tell: [compliance_lead]}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "policy"


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def policy(folder: Path | None = None) -> Policy:
    return read_policy(folder, LAW)


def refused(folder: Path) -> list[str]:
    with pytest.raises(BadSetting) as told:
        policy(folder)
    return [mistake.replace(str(folder), "POLICY") for mistake in told.value.mistakes]


def test_the_policy_that_ships_is_whole() -> None:
    found = policy()
    assert {ladder.clock for ladder in found.escalation.ladders} == set(Clock)
    assert found.escalation.texts == {}
    assert found.owners.people() == frozenset()


def test_every_notice_that_ships_is_said_by_a_rung_and_every_rung_says_one_that_ships() -> None:
    said = {rung.say for ladder in policy().escalation.ladders for rung in ladder.rungs}
    assert said == {file.relative_to(TEXTS).with_suffix("").as_posix() for file in TEXTS.glob("*/*.wiki")}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("owners.yaml", "families: {AC: ada@example.com}"),
        ("escalation.yaml", APPEAL),
        ("templates/appeal/ended.wiki", "Over."),
    ],
)
def test_what_the_folder_does_not_hold_is_ours(folder: Path, name: str, text: str) -> None:
    put(folder, name, text)
    found, ours = policy(folder), policy()
    assert (found.owners == ours.owners) is (name != "owners.yaml")
    assert (found.escalation.ladders == ours.escalation.ladders) is (name != "escalation.yaml")
    assert (found.escalation.texts == {}) is (not name.startswith("templates"))
    assert found.backplan == ours.backplan


def test_all_files_may_be_replaced_at_once(folder: Path) -> None:
    ours = ROOT / "rules" / "cmmc_rules" / "policy"
    for name in NAMES:
        put(folder, name, (ours / name).read_text(encoding="utf-8"))
    put(folder, "README.md", "Why we do it so.")
    put(folder, "templates/appeal/ended.wiki", "Over on {{ deadline }}.")
    put(folder, ".hidden/escalation.yaml", "what a mount keeps beside the files")
    put(folder, "templates/.hidden/appeal/ended.wiki", "the same")
    found = policy(folder)
    assert found.escalation.texts == {"appeal/ended": "Over on {{ deadline }}."}
    assert found.backplan == policy().backplan


def test_a_byte_order_mark_is_no_part_of_a_text(folder: Path) -> None:
    put(folder, "templates/appeal/ended.wiki", "\ufeffOver.")
    put(folder, "owners.yaml", "\ufefffamilies: {}")
    assert policy(folder).escalation.texts == {"appeal/ended": "Over."}


def test_the_mistakes_of_all_files_are_told_at_once_with_file_and_line(folder: Path) -> None:
    put(folder, "owners.yaml", "families:\n  XX: ada@example.com\n")
    put(folder, "escalation.yaml", APPEAL.replace("days_left: 1", "day: 7").replace("ending", "endng"))
    days = "{posting: 60, closeout: 60, validation: 60, buffer: 20, first_due: 1}"
    put(folder, "backplan.yaml", f"paths:\n  Self: {days}\n  C3PAO: {days}\n  DIBCAC: {days}\n")
    put(folder, "escalations.yml", "")
    put(folder, "templates/appeal/ended.wiki", "Over.")
    places = [re.match(r"[\w./]+(, line \d+)?", mistake) for mistake in refused(folder)]
    assert [place and place[0] for place in places] == [
        "POLICY/escalations.yml",
        "POLICY/owners.yaml, line 2",
        "POLICY/escalation.yaml, line 4",
        "POLICY/escalation.yaml, line 4",
        "templates/appeal/ended.wiki",
        "POLICY/backplan.yaml, line 2",
        "POLICY/backplan.yaml, line 3",
        "POLICY/backplan.yaml, line 4",
    ]


def test_a_text_that_cannot_be_filled_in_is_refused_at_the_rung_that_says_it(folder: Path) -> None:
    put(folder, "templates/appeal/ended.wiki", "It ended on {{ deadlin }}.")
    [mistake] = refused(folder)
    assert re.match(r"escalation\.yaml, line \d+, ladders\.appeal\.rungs\[3\]\.say: the text 'appeal/ended'", mistake)
    assert "deadlin" in mistake


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("escalation.yml", APPEAL, f"POLICY/escalation.yml: {UNKNOWN}"),
        ("Owners.YAML", "families: {}", f"POLICY/Owners.YAML: {UNKNOWN}"),
        ("notes.txt", "hm", EMPTY),
        ("templates/appeal/ended.txt", "Over.", EMPTY),
        ("owners.yaml/x", "a folder of that name", "POLICY/owners.yaml: this cannot be read: Is a directory."),
        ("templates/apeal/ended.wiki", "Over.", UNSAID),
    ],
)
def test_what_would_be_passed_over_silently_is_refused(folder: Path, name: str, text: str, sentence: str) -> None:
    put(folder, name, text)
    assert refused(folder) == [sentence]


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    put(folder, "templates/appeal/ended.wiki", "")
    (folder / "owners.yaml").write_bytes(b"\xff\xfe\x00")
    assert refused(folder) == ["POLICY/owners.yaml: this cannot be read: it is not UTF-8 text."]


def test_a_folder_that_went_away_is_refused(folder: Path) -> None:
    assert refused(folder) == ["POLICY: this cannot be read: No such file or directory."]


def test_the_examples_of_the_readme_are_policy_files(folder: Path) -> None:
    text = (ROOT / "rules" / "README.md").read_text(encoding="utf-8").split("## Policy")[1]
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    put(folder, "owners.yaml", next(each for each in examples if "families:" in each))
    put(folder, "escalation.yaml", next(each for each in examples if "ladders:" in each))
    found = policy(folder)
    assert found.owners.manager_role == "Team Leads"
    assert [rung.id for rung in found.escalation.ladders[0].rungs] == ["day-30", "day-173", "expired"]
