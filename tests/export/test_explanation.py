"""Explanations for people: plain words, then the law with citation and date, then what is often got wrong."""

from datetime import date

import pytest

from cmmc_jira.export.explanation import explained
from cmmc_rules import explain as rules
from cmmc_rules.law import load_law

LAW = load_law()
DAY = date(2026, 6, 1)


@pytest.mark.parametrize("name", rules.explained(LAW))
def test_everything_that_can_be_explained_says_where_it_stands_and_since_when(name: str) -> None:
    found = rules.explain(name, LAW, DAY)
    assert found is not None
    text = explained(found)
    assert text.startswith(f"{found.id}: ")
    words = " ".join(text.split())
    for statement in found.statements:
        assert " ".join(statement.cite.split()) in words
        assert statement.since is None or f"in force since {statement.since}" in words
    assert all(len(line) <= 100 or " " not in line.strip() for line in text.splitlines())


def test_a_common_error_is_answered() -> None:
    found = rules.explain("3.13.11", LAW, DAY)
    assert found is not None
    assert "OFTEN GOT WRONG" in explained(found)
