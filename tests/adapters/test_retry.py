import pytest

from cmmc_jira.adapters.retry import Retry
from cmmc_jira.errors import JiraRefused, JiraUnavailable


class Remote:
    """Fails as told, then answers; notes how long it was left alone in between."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.slept: list[float] = []
        self.asked = 0

    def ask(self) -> str:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


def away(after: float | None = None) -> JiraUnavailable:
    return JiraUnavailable("Away.", retry_after=after)


def test_a_read_waits_as_long_as_jira_says() -> None:
    remote = Remote(away(3), away(5))
    assert Retry(budget=20, sleep=remote.slept.append).read(remote.ask) == "answer"
    assert remote.slept == [3, 5]


def test_a_read_backs_off_from_two_seconds_with_jitter_where_jira_says_nothing() -> None:
    first = [Remote(away(), away(), away()) for _ in range(20)]
    for remote in first:
        Retry(budget=100, sleep=remote.slept.append).read(remote.ask)
        assert all(2 * 2**n <= wait <= 2 * 2**n + 2 for n, wait in enumerate(remote.slept))
    assert len({remote.slept[0] for remote in first}) > 1


def test_no_wait_is_longer_than_thirty_seconds_and_the_jitter() -> None:
    remote = Remote(*[away() for _ in range(8)])
    Retry(budget=1000, sleep=remote.slept.append).read(remote.ask)
    assert max(remote.slept) <= 32


@pytest.mark.parametrize(("budget", "asked"), [(10, 2), (9.9, 1), (19.9, 2), (20, 3)])
def test_a_wait_beyond_the_budget_is_left_to_whoever_owns_the_work(budget: float, asked: int) -> None:
    remote = Remote(*[away(10) for _ in range(9)])
    with pytest.raises(JiraUnavailable) as unavailable:
        Retry(budget=budget, sleep=remote.slept.append).read(remote.ask)
    assert unavailable.value.retry_after == 10
    assert remote.asked == asked


def test_what_a_person_must_mend_is_not_tried_again() -> None:
    remote = Remote(JiraRefused("No."))
    with pytest.raises(JiraRefused):
        Retry(sleep=remote.slept.append).read(remote.ask)
    assert (remote.asked, remote.slept) == (1, [])


def test_a_write_is_tried_once() -> None:
    remote = Remote(away(1))
    with pytest.raises(JiraUnavailable):
        Retry(sleep=remote.slept.append).write(remote.ask)
    assert (remote.asked, remote.slept) == (1, [])
