"""Business days and anniversaries, on the days where they are easily wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_rules.calendar import (
    anniversary,
    anniversary_or_after,
    business_day_before,
    business_day_from,
    business_days_after,
    is_business_day,
)

DAYS = st.dates(date(2025, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 1, 1), "New Year's Day"),
        (date(2026, 1, 19), "Martin Luther King's birthday"),
        (date(2026, 2, 16), "Washington's birthday"),
        (date(2026, 5, 25), "Memorial Day"),
        (date(2026, 6, 19), "Juneteenth"),
        (date(2026, 7, 3), "Independence Day, a Saturday, observed on Friday"),
        (date(2027, 7, 5), "Independence Day, a Sunday, observed on Monday"),
        (date(2026, 9, 7), "Labor Day"),
        (date(2026, 10, 12), "Columbus Day"),
        (date(2026, 11, 11), "Veterans Day"),
        (date(2026, 11, 26), "Thanksgiving"),
        (date(2026, 12, 25), "Christmas"),
        (date(2027, 12, 31), "New Year's Day 2028, a Saturday, observed in the year before"),
        (date(2026, 6, 20), "a Saturday"),
        (date(2026, 6, 21), "a Sunday"),
    ],
)
def test_no_business_day(day: date, why: str) -> None:
    assert not is_business_day(day), why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 27), "the Friday after Thanksgiving"),
        (date(2025, 1, 9), "a day of mourning by executive order"),
        (date(2025, 12, 26), "a closure by executive order"),
        (date(2026, 12, 24), "Christmas Eve"),
        (date(2026, 4, 15), "Emancipation Day is the District's, not the nation's"),
        (date(2026, 11, 3), "Election Day"),
        (date(2026, 7, 6), "the Monday after a Fourth of July on a Saturday"),
    ],
)
def test_a_business_day(day: date, why: str) -> None:
    assert is_business_day(day), why


def test_a_closure_that_is_handed_in_is_no_business_day() -> None:
    closed = date(2026, 12, 24)
    assert not is_business_day(closed, {closed})
    assert business_days_after(date(2026, 12, 23), 1, [closed]) == date(2026, 12, 28)
    assert business_days_after(date(2026, 12, 23), 1) == closed


def test_business_days_skip_the_holiday_and_the_weekend() -> None:
    assert business_days_after(date(2026, 11, 25), 1) == date(2026, 11, 27)
    assert business_days_after(date(2026, 11, 25), 2) == date(2026, 11, 30)
    assert business_days_after(date(2026, 11, 25), 0) == date(2026, 11, 25)


def test_a_business_day_stands_for_itself() -> None:
    assert business_day_before(date(2026, 11, 27)) == business_day_from(date(2026, 11, 27)) == date(2026, 11, 27)


def test_the_business_days_around_thanksgiving() -> None:
    assert business_day_before(date(2026, 11, 26)) == date(2026, 11, 25)
    assert business_day_from(date(2026, 11, 26)) == date(2026, 11, 27)


def test_an_anniversary_of_29_february_goes_back_and_a_retention_forward() -> None:
    leap = date(2028, 2, 29)
    assert anniversary(leap, 1) == date(2029, 2, 28)
    assert anniversary_or_after(leap, 6) == date(2034, 3, 1)
    assert anniversary(leap, 4) == anniversary_or_after(leap, 4) == date(2032, 2, 29)


def test_2100_is_no_leap_year() -> None:
    assert anniversary(date(2096, 2, 29), 4) == date(2100, 2, 28)
    assert anniversary_or_after(date(2096, 2, 29), 4) == date(2100, 3, 1)


@given(DAYS, st.integers(1, 20))
def test_as_many_business_days_lie_behind_as_were_counted(day: date, number: int) -> None:
    end = business_days_after(day, number)
    assert is_business_day(end)
    days = [day + timedelta(days=each) for each in range(1, (end - day).days + 1)]
    assert sum(is_business_day(each) for each in days) == number


@given(DAYS, st.integers(1, 6))
def test_no_duty_ends_before_its_deadline_would(day: date, years: int) -> None:
    back, forward = anniversary(day, years), anniversary_or_after(day, years)
    assert forward - back in {timedelta(0), timedelta(days=1)}
    assert back.year == day.year + years
