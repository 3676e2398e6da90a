"""Lives of assessments in which every notice is said, each by the shipped policy, as a person would read it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from cmmc_jira.core.changes import Comment
from cmmc_jira.core.issues import Category
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.text import resolve
from cmmc_jira.core.world import World
from cmmc_rules.records import Finding
from cmmc_rules.words import Result
from support.policies import shipped
from support.worlds import LEAD, carry_out, decide, edit, enter, not_met, world

DAY_0 = date(2026, 6, 1)
FLOW, ALERT, CHANGE = "AC.L2-3.1.3", "AU.L2-3.3.4", "CM.L2-3.4.3"
OFFICIAL, OWNER, MANAGER = "official-1", "owner-1", "manager-1"
NAMES = {LEAD: "Lea Lead", OFFICIAL: "Olivia Official", OWNER: "Ola Owner", MANAGER: "Max Manager"}
POLICY = shipped(Owners({}, {}, {"ola@example.com": "max@example.com"}))
SAYS = {f"{ladder.id}/{rung.id}": rung.say for ladder in POLICY.escalation.ladders for rung in ladder.rungs}
OTHERS = {"clock": "corrected", "late": "late-date", "digest": "digest"}
THREE_YEARS = 3 * 370
_NEXT = re.compile(r"h3\. The next notices\n.*\n\|(\d{4}-\d\d-\d\d)\|")

Act = Callable[[World], World]


@dataclass(frozen=True, slots=True)
class Life:
    """One assessment: how it begins, until which day (counted from day 0) it is lived, what people do on which day."""

    begin: World
    until: int
    acts: Mapping[int, Act] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A notice: which text it is, and the comment with its heading."""

    say: str
    comment: str


def spoken(life: Life) -> list[Spoken]:
    """Return everything that is said in a life, in order, going from each notice to the next one announced."""
    seen, heard, number = life.begin, list[Spoken](), 0
    while number <= life.until:
        seen = replace(seen, day=DAY_0 + timedelta(days=number))
        seen = life.acts.get(number, lambda same: same)(seen)
        for _ in range(5):
            wanted, todo = decide(seen, policy=POLICY)
            if not todo.changes:
                break
            seen = carry_out(todo, seen)
            heard += [_heard(change, number, seen) for change in todo.of(Comment)]
        else:
            raise AssertionError(todo.changes)
        announced = _NEXT.search(wanted.issues["status"].description)
        ahead = [(date.fromisoformat(announced[1]) - DAY_0).days] if announced else []
        number = min([day for day in (*life.acts, *ahead) if day > number], default=life.until + 1)
    return [row for row in heard if row.say]


def _heard(change: Comment, number: int, seen: World) -> Spoken:
    ladder, rung, *_ = change.identity.split("/")
    keys = {subject: issue.key for subject, issue in seen.issues.items()}
    heading = f"Day {number}, {seen.day:%A} {seen.day}, on {change.subject}: {change.identity}"
    say = SAYS.get(f"{ladder}/{rung}", OTHERS.get(ladder, ""))
    return Spoken(say, f"{heading}\n\n{resolve(change.body, keys)}")


def _assessed(*requirements: str, met: str = "AC.L2-3.1.1", official: bool = True, **entered: str) -> World:
    findings = not_met(*requirements) or [Finding(met, Result.MET, row="row 2")]
    by_default = {"Affirming_Official": OFFICIAL} if official else {}
    seen = world(findings, day=DAY_0, **{**by_default, **entered})
    return replace(seen, people=NAMES, owners={"ola@example.com": OWNER, "max@example.com": MANAGER})


def _owned(seen: World, *subjects: str, **entered: str) -> World:
    for subject in subjects:
        seen = edit(seen, subject, Assignee=OWNER, **entered)
    return seen


def _ready(seen: World, *subjects: str) -> World:
    for subject in subjects:
        seen = edit(seen, subject, category=Category.DONE)
    return seen


def _ready_and_booked(seen: World) -> World:
    return enter(_ready(seen, FLOW), Closeout_Booked="2026-10-12")


def _closed_out(seen: World, subject: str, by: str) -> World:
    seen = edit(seen, subject, CMMC_Decision="closeout", CMMC_Decision_Date=seen.day.isoformat(), CMMC_Finding="MET")
    return enter(seen, Closeout_Posted=seen.day.isoformat(), Closeout_By=by)


POSTED = DAY_0.isoformat()
C3PAO = {"Assessment_Path": "C3PAO"}
LEVEL_3 = {"CMMC_Level": "3", "Assessment_Path": "DIBCAC", "Level_2_Status_on_Scope": "Final Level 2 (C3PAO)"}
LEVEL_1 = {"CMMC_Level": "1"}
TAILORED = "AT.L3-3.2.2e"
AFFIRMED: Mapping[int, Act] = {
    367: lambda seen: enter(seen, Affirmed_On="2027-06-03"),
    710: lambda seen: enter(seen, Affirmed_On="2027-06-03, 2028-05-11"),
    1060: lambda seen: enter(seen, Affirmed_On="2027-06-03, 2028-05-11, 2029-04-26"),
}

LIVES: Mapping[str, Life] = {
    "Self, nobody does anything": Life(
        _assessed(FLOW, CMMC_Status_Date=POSTED), 190, {1: lambda seen: _owned(seen, FLOW)}
    ),
    "C3PAO, nobody does anything and no official is entered": Life(
        _assessed(FLOW, ALERT, CMMC_Status_Date=POSTED, official=False, **C3PAO), 190
    ),
    "Level 3, nobody does anything": Life(_assessed(TAILORED, CMMC_Status_Date=POSTED, **LEVEL_3), 190),
    "Self, ready and booked": Life(_assessed(FLOW, CMMC_Status_Date=POSTED), 175, {1: _ready_and_booked}),
    "C3PAO, ready and booked": Life(_assessed(FLOW, CMMC_Status_Date=POSTED, **C3PAO), 175, {1: _ready_and_booked}),
    "Self, dates are moved": Life(
        _assessed(FLOW, ALERT, CHANGE, CMMC_Status_Date=POSTED),
        45,
        {
            1: lambda seen: _owned(seen, FLOW, ALERT, CHANGE, Due_Date="2026-07-15"),
            2: lambda seen: _owned(seen, FLOW, Due_Date="2026-11-20"),
            3: lambda seen: _owned(seen, FLOW, Due_Date="2026-07-15"),
            40: lambda seen: enter(seen, CMMC_Status_Date="2026-05-20"),
        },
    ),
    "Self, a date after the last safe day": Life(
        _assessed(FLOW, CMMC_Status_Date=POSTED),
        170,
        {1: lambda seen: _owned(seen, FLOW, Due_Date="2026-11-20")},
    ),
    "Self, closed out on day 100": Life(
        _assessed(FLOW, CMMC_Status_Date=POSTED), 105, {100: lambda seen: _closed_out(seen, FLOW, "OSA")}
    ),
    "Level 3, closed out on day 100": Life(
        _assessed(TAILORED, CMMC_Status_Date=POSTED, **LEVEL_3),
        105,
        {100: lambda seen: _closed_out(seen, TAILORED, "DIBCAC")},
    ),
    "C3PAO, closed out with an item NOT MET": Life(
        _assessed(FLOW, ALERT, CMMC_Status_Date=POSTED, **C3PAO),
        105,
        {100: lambda seen: _closed_out(seen, FLOW, "C3PAO")},
    ),
    "Level 3, closed out with an item NOT MET": Life(
        _assessed(TAILORED, "AT.L3-3.2.1e", CMMC_Status_Date=POSTED, official=False, **LEVEL_3),
        105,
        {100: lambda seen: _closed_out(seen, TAILORED, "DIBCAC")},
    ),
    "Self, Final at once": Life(_assessed(CMMC_Status_Date=POSTED), THREE_YEARS, AFFIRMED),
    "C3PAO, Final at once": Life(_assessed(CMMC_Status_Date=POSTED, official=False, **C3PAO), THREE_YEARS, AFFIRMED),
    "Level 3, Final at once": Life(_assessed(met=TAILORED, CMMC_Status_Date=POSTED, **LEVEL_3), THREE_YEARS, AFFIRMED),
    "Level 1": Life(_assessed(met="AC.L1-b.1.i", CMMC_Status_Date=POSTED, **LEVEL_1), 380),
    "C3PAO, not posted": Life(
        _assessed(
            FLOW,
            "AC.L2-3.1.1",
            Assessment_End_Date=POSTED,
            Appeal_Route="CYBER_AB",
            Appeal_Trigger=POSTED,
            **C3PAO,
        ),
        40,
    ),
    "Level 3, not posted": Life(
        _assessed(TAILORED, Assessment_End_Date=POSTED, Appeal_Route="DIBCAC", Appeal_Trigger=POSTED, **LEVEL_3), 40
    ),
    "Self, no status, a target": Life(
        _assessed(FLOW, "AC.L2-3.1.1", CMMC_Status_Date=POSTED, Target_Reassessment="2026-10-01"), 135
    ),
}


def goldens() -> Mapping[str, str]:
    """Return a page for each text: the first time it is said in each life."""
    pages: dict[str, list[str]] = {}
    for name, life in LIVES.items():
        met: set[str] = set()
        for row in spoken(life):
            if row.say not in met:
                pages.setdefault(row.say, []).append(f"==== {name}. {row.comment}")
            met.add(row.say)
    return {say: "\n".join(page) for say, page in sorted(pages.items())}
