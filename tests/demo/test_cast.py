"""The cast: everybody in it is somebody, and a mistake in the file is told by its place."""

import pytest

from cmmc_jira.demo.cast import Do, load_cast, read_cast
from cmmc_jira.demo.story import samples
from cmmc_jira.errors import BadSetting
from cmmc_jira.findings.reading import read_findings
from cmmc_rules.ladder import Role
from cmmc_rules.law import load_law
from cmmc_rules.words import Level, Result
from jira_sandbox import State
from support.clock import NOON

CAST = load_cast()
WHOLE = """
parts:
  finishes: [{days_left: 2, do: finish}]
  never: []
turns: [finishes]
people: {ann@example.com: never}
items: {AC.L2-3.1.9: finishes}
assessment: [{day: 62, who: compliance_lead, do: book, days: 100}]
"""


def test_everybody_in_the_cast_has_an_account_and_every_item_is_one_of_the_sample() -> None:
    assert {user.email for user in State().users.values()} >= set(CAST.people)
    story, _ = samples(NOON.date())
    read = read_findings(story.file, story.content, law=load_law(), level=Level.TWO)
    assert {row.requirement for row in read.findings if row.result is Result.NOT_MET} >= set(CAST.items)


def test_an_items_part_is_its_own_then_its_owners_then_the_next_in_turn() -> None:
    cast = read_cast(WHOLE, where="cast.yaml")
    assert cast.part("AC.L2-3.1.9", owner="ann@example.com", place=0) == cast.parts["finishes"]
    assert cast.part("AC.L2-3.1.3", owner="ann@example.com", place=0) == ()
    assert cast.part("AC.L2-3.1.3", owner="bob@example.com", place=7) == cast.parts["finishes"]
    assert cast.anybody().part("AC.L2-3.1.3", owner="ann@example.com", place=0) == cast.parts["finishes"]
    [act] = cast.assessment
    assert (act.do, act.at, act.days, act.who) == (Do.BOOK, 62, 100, Role.COMPLIANCE_LEAD)


@pytest.mark.parametrize(
    ("was", "is_", "told"),
    [
        ("do: finish", "do: sleep", "parts: finishes: do: 'sleep' is none of acknowledge, comment, finish, postpone"),
        ("do: finish", "do: book", "parts: finishes: do: 'book' is none of"),
        ("days_left: 2", "days_left: two", "parts: finishes: days_left: expected a whole number, found 'two'"),
        ("do: finish", "do: finish, days: 3", "parts: finishes: finish takes no days"),
        ("do: finish", "do: postpone", "parts: finishes: days: expected a whole number, found None"),
        ("turns: [finishes]", "turns: [dances]", "turns: there is no part 'dances'; there are finishes, never"),
        ("turns: [finishes]", "turns: []", "turns: name at least one part"),
        (": never}", ": sings}", "people: ann@example.com: there is no part 'sings'"),
        ("who: compliance_lead", "who: the boss", "assessment: who: 'the boss' is none of owner"),
        ("assessment:", "assesment:", "unknown key assesment; known are parts, turns, people, items, assessment"),
        ("parts:", "parts: [", "cast.yaml, line 4: this is not YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(was: str, is_: str, told: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_cast(WHOLE.replace(was, is_), where="cast.yaml")
    assert told in str(refused.value)
    assert str(refused.value).startswith("cast.yaml")
