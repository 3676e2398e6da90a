"""Days as the law counts them: anniversaries, and business days less the federal holidays (5 U.S.C. 6103)."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def anniversary(start: date, years: int) -> date:
    """The day `years` after `start`; from 29 February it goes back to the 28th, so that no deadline comes late."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def anniversary_or_after(start: date, years: int) -> date:
    """The day `years` after `start`; from 29 February it goes forward to 1 March, so that no duty ends early."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def months_before(day: date, number: int) -> date:
    """The day `number` months before `day`, or the last one of that month where it has no such day."""
    return day - relativedelta(months=number)


def is_business_day(day: date, closures: Collection[date] = ()) -> bool:
    """Whether `day` is a Monday to Friday, no federal holiday on its observed date and none of `closures`.

    Closures by executive order are no holidays of 5 U.S.C. 6103; who observes them hands them in.
    """
    return day.weekday() < SATURDAY and day not in _federal_holidays(day.year) and day not in closures


def business_days_after(day: date, number: int, closures: Collection[date] = ()) -> date:
    """The `number`-th business day after `day`; `day` itself is not counted."""
    while number:
        day += ONE_DAY
        number -= is_business_day(day, closures)
    return day


def business_day_before(day: date, closures: Collection[date] = ()) -> date:
    """The last business day on or before `day`."""
    while not is_business_day(day, closures):
        day -= ONE_DAY
    return day


def business_day_from(day: date, closures: Collection[date] = ()) -> date:
    """The first business day on or after `day`."""
    while not is_business_day(day, closures):
        day += ONE_DAY
    return day


@cache
def _federal_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("US", years=year, observed=True))
