"""The policy file backplan.yaml: read strictly, and refused with file, line and key."""

from importlib.resources import files

import pytest

from cmmc_jira.core.backplan import BackPlan, Leads, backplan_in
from cmmc_rules import keys
from cmmc_rules.law import load_law
from cmmc_rules.words import Level, Path

LAW = load_law()
LEVEL_2 = LAW.requirements(Level.TWO)
WINDOW = LAW.edition()[keys.CLOSEOUT_DAYS].value
OURS = (files("cmmc_rules") / "policy" / "backplan.yaml").read_text(encoding="utf-8")
PATHS = """paths:
  Self: {posting: 3, closeout: 7, validation: 10, buffer: 10, first_due: 21}
  C3PAO: {posting: 10, closeout: 20, validation: 15, buffer: 15, first_due: 21}
  DIBCAC: {posting: 10, closeout: 30, validation: 15, buffer: 15, first_due: 21}
"""


def read(text: str) -> tuple[BackPlan | None, list[str]]:
    mistakes: list[str] = []
    return backplan_in("backplan.yaml", text, mistakes, requirements=LEVEL_2, window=WINDOW), mistakes


def mistakes(text: str) -> list[str]:
    plan, found = read(text)
    assert plan is None
    return found


def test_the_plan_that_ships_is_read() -> None:
    plan, found = read(OURS)
    assert found == []
    assert plan
    assert plan.leads[Path.C3PAO] == Leads(posting=10, closeout=20, validation=15, buffer=15, first_due=21)
    assert plan.leads.keys() == set(Path)
    assert plan.earlier == {"SC.L2-3.13.11": 14}


def test_everything_that_ships_matters_to_an_item_that_can_be_deferred() -> None:
    plan, _ = read(OURS)
    assert plan
    deferrable = {row.id for row in LEVEL_2 if row.points == 1} | {"SC.L2-3.13.11"}
    rests = [(name, first) for name, firsts in plan.before.items() for first in firsts]
    assert [pair for pair in rests if deferrable.isdisjoint(pair)] == [
        ("CM.L2-3.4.2", "CM.L2-3.4.1"),
        ("SI.L2-3.14.6", "SI.L2-3.14.3"),
    ]


def test_only_the_paths_are_needed() -> None:
    assert read(PATHS)[1] == []
    assert read(f"{PATHS}earlier:\nbefore:\n") == read(PATHS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            PATHS.replace("  C3PAO", "  C3PA0"),
            "line 3, paths.C3PA0: the key 'C3PA0' is not known here; did you mean C3PAO?",
        ),
        (PATHS.replace("  Self", "  #"), "line 1, paths: the key 'Self' is missing; add it"),
        ("earlier: {}", "line 1, the file: the key 'paths' is missing; add it"),
        (f"{PATHS}erlier: {{}}", "line 5, erlier: the key 'erlier' is not known here; did you mean earlier?"),
        (
            PATHS.replace("first_due: 21", "start: 21", 1),
            "line 2, paths.Self: the key 'first_due' is missing; add it",
        ),
        (
            PATHS.replace("posting: 3", "posting: -3"),
            "line 2, paths.Self.posting: -3 is not a whole number of at least 0; write it in digits",
        ),
        (
            PATHS.replace("posting: 3", "posting: 2.5"),
            "line 2, paths.Self.posting: 2.5 is not a whole number of at least 0; write it in digits",
        ),
        (
            PATHS.replace("posting: 3", "posting: yes"),
            "line 2, paths.Self.posting: True is not a whole number of at least 0; write it in digits",
        ),
        (
            PATHS.replace("buffer: 10", "buffer: ten"),
            "line 2, paths.Self.buffer: 'ten' is not a whole number of at least 0; write it in digits",
        ),
        (
            PATHS.replace("buffer: 10", "buffer: 139"),
            "line 2, paths.Self: posting 3 + closeout 7 + validation 10 + buffer 139 + first_due 21 = 180 days leave",
        ),
        (
            f"{PATHS}earlier: {{AC.L2-3.1.99: 3}}",
            "line 5, earlier.AC.L2-3.1.99: AC.L2-3.1.99 is no requirement id; write it as AC.L2-3.1.3",
        ),
        (
            f"{PATHS}earlier: {{AC.L2-3.1.3: 0}}",
            "line 5, earlier.AC.L2-3.1.3: 0 is not a whole number of at least 1; write it in digits",
        ),
        (
            f"{PATHS}earlier: {{AC.L2-3.1.3: 99}}",
            "line 5, earlier.AC.L2-3.1.3: 99 days earlier leave none for the work on path C3PAO; write less than 99",
        ),
        (
            f"{PATHS}earlier: [AC.L2-3.1.3]",
            "line 5, earlier: a list stands where a mapping belongs; indent `key: value` lines below it",
        ),
        (
            f"{PATHS}before: {{AC.L2-3.1.3: [AC.L2-3.1]}}",
            "line 5, before.AC.L2-3.1.3: AC.L2-3.1 is no requirement id; write it as AC.L2-3.1.3",
        ),
        (
            f"{PATHS}before: {{AC.L2-3.1.3: AC.L2-3.1.4}}",
            "line 5, before.AC.L2-3.1.3: 'AC.L2-3.1.4' stands where a list belongs; write [AC.L2-3.1.4] or lines that",
        ),
        (
            f"{PATHS}before:\n  AC.L2-3.1.3: [AC.L2-3.1.3]",
            "line 5, before: AC.L2-3.1.3 -> AC.L2-3.1.3 goes round in a circle; take one of them out",
        ),
        (
            f"{PATHS}before:\n  AC.L2-3.1.3: [AC.L2-3.1.4]\n  AC.L2-3.1.4: [AC.L2-3.1.3]",
            "line 5, before: AC.L2-3.1.3 -> AC.L2-3.1.4 -> AC.L2-3.1.3 goes round in a circle; take one of them out",
        ),
        ("paths: }", "line 1: this is no valid YAML"),
        ("", "line 1: the file is empty; give it its content or remove it"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, sentence: str) -> None:
    assert any(told.startswith(f"backplan.yaml, {sentence}") for told in mistakes(text)), mistakes(text)


def test_a_day_less_than_all_of_the_window_is_a_plan() -> None:
    assert read(PATHS.replace("buffer: 10", "buffer: 138"))[1] == []
    assert read(f"{PATHS}earlier: {{AC.L2-3.1.3: 88}}")[1] == []


def test_the_earlier_days_fit_every_path() -> None:
    assert "on path DIBCAC; write less than 89" in mistakes(f"{PATHS}earlier: {{AC.L2-3.1.3: 89}}")[0]


def test_every_mistake_is_told_at_once_beside_those_of_other_files() -> None:
    found = ["owners.yaml, line 1: something is wrong"]
    text = f"{PATHS.replace('posting: 3', 'posting: -3')}earlier: {{XX: 1}}\nbefore: {{YY: [ZZ]}}\nmore: 1"
    assert backplan_in("backplan.yaml", text, found, requirements=LEVEL_2, window=WINDOW) is None
    assert len(found) == 6


def test_mistakes_of_other_files_do_not_spoil_this_one() -> None:
    found = ["owners.yaml, line 1: something is wrong"]
    assert backplan_in("backplan.yaml", PATHS, found, requirements=LEVEL_2, window=WINDOW)
    assert len(found) == 1
