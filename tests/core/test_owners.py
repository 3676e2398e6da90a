"""Who owns an issue: the policy, read strictly."""

import pytest

from cmmc_jira.core.owners import Component, Owners, read_owners
from cmmc_jira.errors import BadSetting
from cmmc_rules.law import load_law
from cmmc_rules.words import Level

LAW = load_law()
LEVEL_2 = LAW.requirements(Level.TWO)


def owners(text: str) -> Owners:
    return read_owners(text, where="owners.yaml", requirements=LEVEL_2)


def test_the_requirement_decides_before_the_family() -> None:
    policy = owners("requirements: {AC.L2-3.1.3: ada@example.com}\nfamilies: {AC: bob@example.com}")
    assert policy.of(LAW.requirement("AC.L2-3.1.3"))[0] == "ada@example.com"
    assert policy.of(LAW.requirement("AC.L2-3.1.1"))[0] == "bob@example.com"
    assert policy.of(LAW.requirement("IR.L2-3.6.1"))[0] is None


def test_a_component_stands_for_its_lead() -> None:
    policy = owners("families: {AC: {component: Network}}")
    assert policy.of(LAW.requirement("AC.L2-3.1.1"))[0] == Component("Network")
    assert policy.components() == {"Network"}
    assert policy.people() == frozenset()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("familys: {}", "owners.yaml, line 1, familys: the key 'familys' is not known here; did you mean families?"),
        (
            "families: {}\nrequirements: {AC.L2-3.1.99: a@b.c}",
            "owners.yaml, line 2, requirements.AC.L2-3.1.99: AC.L2-3.1.99 is no requirement id; write it as AC.L2-3.1.3.",  # noqa: E501  the sentence as it is told
        ),
        (
            "families: {AC: 7}",
            "owners.yaml, line 1, families.AC: write a person (name@example.com) or {component: Name}.",
        ),
        (
            "families: [AC]",
            "owners.yaml, line 1, families: a list stands where a mapping belongs; indent `key: value` lines below it.",
        ),
        ("managers: {a: {}}", "owners.yaml, line 1, managers.a: name one person (name@example.com)."),
        (
            "managers:\n  a@b.c: a@b.c",
            "owners.yaml, line 2, managers.a@b.c: a@b.c cannot hear of it as their own manager; name another person, or take the line out.",  # noqa: E501  the sentence as it is told
        ),
        (
            "manager_role: [Leads]",
            "owners.yaml, line 1, manager_role: a list stands where a text belongs; write words, in quotes where YAML reads a number.",  # noqa: E501  the sentence as it is told
        ),
        (
            "- a",
            "owners.yaml, line 1, the file: a list stands where a mapping belongs; indent `key: value` lines below it.",
        ),
    ],
)
def test_a_mistake_in_the_policy_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as refused:
        owners(text)
    assert list(refused.value.mistakes) == [sentence]


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(BadSetting) as refused:
        owners("wrong: 1\nfamilies: {XX: a@b.c}\nmanagers: {a: 1}")
    assert len(refused.value.mistakes) == 3


def test_what_is_not_yaml_is_told_with_its_line() -> None:
    with pytest.raises(BadSetting, match=r"owners\.yaml, line \d: this is no valid YAML"):
        owners("families:\n  AC: [")


def test_managers_are_people_of_the_policy_and_a_role_may_stand_in_for_them() -> None:
    policy = owners("managers: {ada@example.com: bob@example.com}\nmanager_role: Managers")
    assert policy.people() == {"ada@example.com", "bob@example.com"}
    assert policy.manager_role == "Managers"
