import threading

from cmmc_jira.adapters.schedule import Schedule
from cmmc_jira.errors import CmmcJiraError, StoreUnavailable


def test_it_ticks_at_once_and_goes_on_after_a_failure() -> None:
    ticks: list[int] = []
    failures: list[CmmcJiraError] = []
    third = threading.Event()

    def fire() -> None:
        ticks.append(len(ticks) + 1)
        if len(ticks) < 3:
            raise StoreUnavailable("The database is away.")
        third.set()

    schedule = Schedule(fire, failed=failures.append, seconds=0.05)
    schedule.start()
    assert ticks
    assert third.wait(10)
    schedule.stop()
    assert [str(failure) for failure in failures] == ["The database is away."] * 2


def test_stopping_what_was_never_started_is_no_fault() -> None:
    schedule = Schedule(lambda: None, failed=lambda _: None)
    schedule.stop()
    schedule.stop()
