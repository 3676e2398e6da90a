"""What the law says, case by case; the cases stand in tests/law."""

import pytest

from support.cases import Case, cases, seen

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_the_law_says(case: Case) -> None:
    assert {day: seen(case, day) for day in case.days} == {day: dict(wanted) for day, wanted in case.days.items()}


def test_each_sentence_is_said_once() -> None:
    sentences = [case.sentence for case in CASES]
    assert sorted(set(sentences)) == sorted(sentences)
