"""What holds for every plan back from a deadline, whatever the items, the days and the policy."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.backplan import BackPlan, Leads, Schedule, schedule
from cmmc_rules.calendar import is_business_day
from cmmc_rules.words import Path

WINDOW = 180
NAMES = [f"item {number}" for number in range(30)]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a plan is made of."""

    points: dict[str, int | None]
    plan: BackPlan
    start: date
    deadline: date
    booked: date | None
    closures: frozenset[date]

    def schedule(self, *, without: str | None = None) -> Schedule:
        return schedule(
            {name: points for name, points in self.points.items() if name != without},
            path=Path.C3PAO,
            start=self.start,
            deadline=self.deadline,
            booked=self.booked,
            plan=self.plan,
            closures=self.closures,
        )

    def days(self) -> int:
        """The business days that the work has, from its first due date on."""
        found = self.schedule()
        begin = min(safe.due for safe in found.items.values())
        each = (begin + timedelta(days=number) for number in range((found.ready_by - begin).days + 1))
        return sum(is_business_day(day, self.closures) for day in each)


@st.composite
def settings(draw: st.DrawFn, *, plain: bool = False) -> Setting:
    """Return any setting; a plain one has nothing early, nothing that rests on another, and is begun in time."""
    count = st.integers(0, 35)
    leads = Leads(draw(count), draw(count), draw(count), draw(count), draw(count))
    points = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([1, 3, 5, None]), min_size=1))
    earlier, before = {}, {}
    if not plain:
        earlier = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(1, 60), max_size=4))
        pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=12))
        order = draw(st.permutations(NAMES))  # nothing rests on what comes after it here, so there is no circle
        for one, other in pairs:
            if order.index(one) < order.index(other):
                before[other] = (*before.get(other, ()), one)
    posted = draw(st.dates(date(2025, 1, 1), date(2032, 12, 31)))
    late = st.just(0) if plain else st.integers(0, 200)
    days = st.integers(-30, 220).map(lambda number: posted + timedelta(days=number))
    return Setting(
        points=points,
        plan=BackPlan({Path.C3PAO: leads}, earlier, before),
        start=posted + timedelta(days=draw(late)),
        deadline=posted + timedelta(days=WINDOW),
        booked=None if plain else draw(st.none() | days),
        closures=draw(st.frozensets(days, max_size=5)),
    )


@given(settings())
def test_nothing_is_due_after_its_last_safe_day_and_all_days_are_business_days(setting: Setting) -> None:
    found = setting.schedule()
    assert found.items.keys() == setting.points.keys()
    for safe in found.items.values():
        assert safe.due <= safe.last <= found.ready_by
        assert is_business_day(safe.due, setting.closures)
        assert is_business_day(safe.last, setting.closures)


@given(settings())
def test_the_last_safe_day_leaves_every_lead_before_the_deadline_and_the_booking(setting: Setting) -> None:
    found, leads = setting.schedule(), setting.plan.leads[Path.C3PAO]
    own = timedelta(days=leads.validation + leads.buffer)
    assert found.ready_by + own + timedelta(days=leads.closeout + leads.posting) <= setting.deadline
    assert setting.booked is None or found.ready_by + own <= setting.booked
    assert found.ready_by <= found.validated_by <= found.decided_by


@given(settings())
def test_an_item_is_ready_as_much_earlier_as_the_policy_says(setting: Setting) -> None:
    found = setting.schedule()
    for name, safe in found.items.items():
        assert safe.last <= found.ready_by - timedelta(days=setting.plan.earlier.get(name, 0))


@given(settings())
def test_what_others_rest_on_is_never_due_after_them(setting: Setting) -> None:
    items = setting.schedule().items
    for name in items:
        for first in setting.plan.before.get(name, ()):
            if first in items:
                assert items[first].due <= items[name].due
                assert items[first].last <= items[name].last


@given(settings())
def test_nothing_is_due_before_the_work_can_go_on_unless_it_is_overdue_by_then(setting: Setting) -> None:
    for safe in setting.schedule().items.values():
        assert safe.due >= setting.start or safe.due == safe.last


@given(settings(plain=True))
def test_of_items_that_rest_on_nothing_the_heavier_is_due_first(setting: Setting) -> None:
    items = setting.schedule().items
    for name, points in setting.points.items():
        for other, fewer in setting.points.items():
            if (points or 0) > (fewer or 0):
                assert items[name].due <= items[other].due


@given(settings(plain=True))
def test_no_day_holds_more_than_its_share(setting: Setting) -> None:
    each = Counter(safe.due for safe in setting.schedule().items.values())
    share = -(-len(setting.points) // setting.days())
    assert max(each.values()) <= share + 1


@given(settings(plain=True), st.data())
def test_an_item_less_moves_the_others_by_about_a_step(setting: Setting, data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(setting.points)))
    before, after = setting.schedule().items, setting.schedule(without=gone).items
    if len(after) < 2:  # an item alone is due half-way
        return
    span = max(safe.due for safe in before.values()) - min(safe.due for safe in before.values())
    weekend = timedelta(days=6)  # a step that ends on a long weekend goes beyond it
    assert all(abs(after[name].due - before[name].due) <= span / (len(after) - 1) + weekend for name in after)


@given(settings())
def test_a_booking_never_makes_anything_later(setting: Setting) -> None:
    free = Setting(setting.points, setting.plan, setting.start, setting.deadline, None, setting.closures).schedule()
    found = setting.schedule()
    assert found.ready_by <= free.ready_by
    assert found.decided_by <= max(free.decided_by, setting.booked or date.min)
    assert all(found.items[name].last <= free.items[name].last for name in setting.points)
    if found.slack is not None and found.slack <= 0:
        assert found.items == free.items


@given(settings())
def test_the_same_items_give_the_same_plan(setting: Setting) -> None:
    assert setting.schedule() == setting.schedule()
