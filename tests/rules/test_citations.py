"""Nothing is said about the law without a citation that the law has."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cmmc_jira.export.evaluation import as_json
from cmmc_rules import keys, load
from cmmc_rules.evaluate import evaluate
from cmmc_rules.words import Authority, Gate, Reason
from support.cases import LAW, assessment, cases

ANSWERS = [as_json(evaluate(assessment(case.document, day), LAW)) for case in cases() for day in case.days]
README = Path(load.__file__).parents[1] / "README.md"


def cited() -> Iterator[tuple[str, Any]]:
    for answer in ANSWERS:
        for key in ("gates", "reasons", "items"):
            yield from ((key, each) for each in answer[key])
        for window in ("reevaluation", "appeal"):
            yield from (("reasons", each) for each in answer[window]["reasons"])


def test_every_citation_of_every_answer_is_in_the_law() -> None:
    assert {each["citation"] for _key, each in cited()} <= LAW.citations


def test_every_notice_that_cites_cites_the_law() -> None:
    given = {notice["citation"] for answer in ANSWERS for notice in answer["notices"]}
    assert given - {None} <= LAW.citations


def test_the_cases_give_every_reason_and_every_gate() -> None:
    assert {each["code"] for key, each in cited() if key == "reasons"} == set(Reason)
    assert {each["id"] for key, each in cited() if key == "gates"} == set(Gate)


def test_a_reason_cites_what_its_explanation_rests_on() -> None:
    for key, each in cited():
        if key == "reasons":
            rules = [LAW.rules[name] for name in LAW.text.notes.reasons[each["code"]].rules]
            own = [*(rule.cite for rule in rules), LAW.edition()[keys.ALL_MET_1].cite]
            assert any(each["citation"].startswith(cite) for cite in own), each


def test_every_because_is_one_short_line_without_a_full_stop() -> None:
    for _key, each in cited():
        assert 5 < len(each["because"]) < 200, each
        assert "\n" not in each["because"]
        assert not each["because"].endswith("."), each
        assert "None" not in each["because"], each
        assert "  " not in each["because"], each


def test_every_rule_that_is_computed_with_is_in_the_law() -> None:
    assert {key.name for key in keys.ALL} <= set(LAW.rules)


def test_every_citation_names_its_own_section() -> None:
    for rule in LAW.rules.values():
        if rule.section.startswith("32 CFR") and rule.authority is Authority.REGULATION:
            assert rule.cite.startswith(rule.section), rule.key


def test_all_eighteen_positions_are_told_where_they_act_and_in_the_readme() -> None:
    told = {number for rule in LAW.rules.values() for number in rule.positions}
    assert told == set(range(1, 19))
    listed = re.findall(r"^\| (\d+) \|.*$", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [int(number) for number in listed] == list(range(1, 19))


def test_the_readme_names_where_each_position_acts() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = {int(number): set(re.findall(r"`([^`]+)`", where)) for number, where in rows}
    acts = {number: {rule.key for rule in LAW.rules.values() if number in rule.positions} for number in range(1, 19)}
    assert named == acts
